"""A local Slack: its Web API over HTTP, for slack_sdk's own client and for tests that read the channels.

    async with SlackImpersonator() as slack:
        team = slack.add_team()
        slack.add_channel("C1", name="world")
        client = AsyncWebClient(token=team.token, base_url=slack.base_url)
        ...
        assert slack.channel("C1").messages[0].headline == "…"

The world, its methods and rules are in the modules whose names begin with `slack_`.
"""

import socket
from collections.abc import Sequence
from typing import Any, Self

from aiohttp import web

from tests.impersonators.faults import Fault, FaultPlan
from tests.impersonators.journal import Journal
from tests.impersonators.loopback import Answered, LoopbackServer, Now, Received, Reply, read_body, wall_clock
from tests.impersonators.slack_methods import METHODS, Call, SlackRefusal
from tests.impersonators.slack_world import SlackChannel, SlackMessage, SlackUser, SlackWorld, Team

CONTENT_TYPE = "application/json; charset=utf-8"


class SlackImpersonator:
    """Every team of an imaginary Slack behind one address."""

    name = "slack"

    def __init__(self, *, now: Now = wall_clock, journal: Journal | None = None) -> None:
        self.world = SlackWorld()
        self._now = now
        self._server = LoopbackServer(self, journal)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.stop()

    async def start(self, listener: socket.socket | None = None) -> None:
        """Listen on 127.0.0.1, on a free port or on a copy of a listening socket."""
        await self._server.start(listener)

    async def stop(self) -> None:
        """Stop, and let hanging requests go."""
        await self._server.stop()

    @property
    def base_url(self) -> str:
        """Return what `AsyncWebClient(base_url=…)` needs."""
        return f"{self._server.url}/api/"

    @property
    def faults(self) -> FaultPlan:
        """Return the plan by which requests fail."""
        return self._server.faults

    @property
    def requests(self) -> Sequence[Received]:
        """Return everything received, oldest first."""
        return self._server.requests

    async def arrived(self, count: int) -> None:
        """Wait until so many requests have been received in all."""
        await self._server.arrived(count)

    @property
    def answers(self) -> Sequence[Answered]:
        """Return what callers got; requests that still hang are missing."""
        return self._server.answers

    def calls(self, method: str) -> list[Received]:
        """Return the requests of one method."""
        return [request for request in self.requests if request.operation == method]

    def add_team(
        self, team_id: str = "T1", *, name: str = "Foreign desk", token: str = "", **more: Any
    ) -> Team:
        """Install the bot in a team; `more` are fields of Team."""
        team = Team(team_id, name, token or f"xoxb-{team_id}-not-a-secret", **more)
        self.world.teams[team_id] = team
        return team

    def add_channel(self, channel_id: str, *, name: str = "", team: str = "", **more: Any) -> SlackChannel:
        """Open a channel, in the first team unless one is named; `more` are fields of SlackChannel."""
        home = self.world.teams[team or next(iter(self.world.teams))]
        channel = SlackChannel(channel_id, name or channel_id.lower(), home.id, **more)
        home.channels[channel_id] = channel
        return channel

    def add_user(self, user_id: str, *, name: str = "", team: str = "", **more: Any) -> SlackUser:
        """Let a person join; `more` are fields of SlackUser."""
        home = self.world.teams[team or next(iter(self.world.teams))]
        home.users[user_id] = SlackUser(user_id, name or user_id.lower(), **more)
        return home.users[user_id]

    def channel(self, channel_id: str) -> SlackChannel:
        """Return a channel with its messages."""
        return self.world.channel(channel_id)

    @property
    def messages(self) -> list[SlackMessage]:
        """Return the messages of every channel."""
        channels = (channel for team in self.world.teams.values() for channel in team.channels.values())
        return sorted((message for channel in channels for message in channel.messages), key=lambda m: m.ts)

    async def understand(self, number: int, request: web.Request) -> Received:
        """Read a request, whichever of the three ways its arguments came in."""
        method = request.path.removeprefix("/api/")
        return Received(
            number=number,
            at=self._now(),
            operation=method,
            path=request.path,
            headers={key.lower(): value for key, value in request.headers.items()},
            body=await read_body(request),
            posts=method == "chat.postMessage",
        )

    def perform(self, received: Received) -> Reply:
        """Run the method, or refuse it as Slack does: with status 200 and `ok: false`."""
        try:
            team = self._caller(received)
        except SlackRefusal as refusal:
            return Reply(200, refusal.body, content_type=CONTENT_TYPE)
        try:
            body = self._run(received, team)
        except SlackRefusal as refusal:
            body = refusal.body
        return Reply(200, body, {"x-oauth-scopes": ",".join(team.scopes)}, CONTENT_TYPE)

    def _run(self, received: Received, team: Team) -> dict[str, Any]:
        method = METHODS.get(received.operation)
        if method is None:
            raise SlackRefusal("unknown_method", req_method=received.operation)
        body = method(Call(self.world, team, received.body, received.at.timestamp()))
        if received.posts:
            self._note_accepted(received, body)
        return body

    def _note_accepted(self, received: Received, body: dict[str, Any]) -> None:
        self._server.note(
            "accepted",
            n=received.number,
            channel=body["channel"],
            id=body["ts"],
            folded=False,
            metadata=received.body.get("metadata"),
            body=received.body,
        )

    def _caller(self, received: Received) -> Team:
        bearer = received.headers.get("authorization", "").removeprefix("Bearer ")
        token = bearer or received.body.get("token")
        if not token:
            raise SlackRefusal("not_authed")
        team = self.world.team_of_token(token)
        if team is None:
            raise SlackRefusal("invalid_auth")
        if team.revoked:
            raise SlackRefusal("token_revoked")
        return team

    def misbehave(self, fault: Fault, received: Received) -> Reply:
        """Word a rate limit with whole seconds, and a server error as the HTML page that a gateway sends."""
        if fault.status == 429:
            headers = {"Retry-After": str(max(1, round(fault.retry_after_s)))} if fault.retry_after_s else {}
            return Reply(429, {"ok": False, "error": "ratelimited"}, headers, CONTENT_TYPE)
        return Reply(fault.status, "<html><body>Server Error</body></html>", content_type="text/html")
