"""A local Slack: Web API, Socket Mode and signed HTTP, for stock slack_sdk and slack-bolt, with people in it.

    async with SlackImpersonator() as slack:
        team = slack.add_team()
        slack.add_channel("C1", name="world")
        slack.add_user("U1", name="quint")
        client = AsyncWebClient(token=team.token, base_url=slack.base_url)
        handler = AsyncSocketModeHandler(AsyncApp(client=client), team.app_token)
        await handler.connect_async()

        quint = slack.person("U1")
        sight = await quint.types("/news", "subscribe Kim Jong Un", channel="C1")
        assert "Watching #world" in sight.text
        await quint.presses("Confirm")
        assert slack.channel("C1").texts() == ["quint watches …"]

The world, its methods and rules are in the modules whose names begin with `slack_`.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from aiohttp import web

from tests.impersonators.faults import Fault, FaultPlan
from tests.impersonators.journal import Journal
from tests.impersonators.loopback import (
    Answered,
    LoopbackServer,
    Now,
    Received,
    Reply,
    SentFile,
    read_body,
    wall_clock,
)
from tests.impersonators.slack_delivery import ACK_LIMIT_S, Envelope, Json
from tests.impersonators.slack_dispatch import Dispatch
from tests.impersonators.slack_events import Admin
from tests.impersonators.slack_http import Postman
from tests.impersonators.slack_manifest import granted
from tests.impersonators.slack_messages import SlackMessage
from tests.impersonators.slack_methods import Call
from tests.impersonators.slack_people import Person
from tests.impersonators.slack_serving import HTML, UPLOAD, misbehaviour, operation, serve
from tests.impersonators.slack_socket import PATH, Sockets
from tests.impersonators.slack_world import SlackChannel, SlackUser, SlackWorld, Team, UserGroup


class SlackImpersonator:
    """Every team of an imaginary Slack behind one address."""

    name = "slack"

    def __init__(
        self,
        *,
        now: Now = wall_clock,
        journal: Journal | None = None,
        ack_limit_s: float = ACK_LIMIT_S,
        signing_clock: Callable[[], float] = time.time,
    ) -> None:
        """Take `now` for dates and half hours; `ack_limit_s` is real time, also of triggers."""
        self.world = SlackWorld()
        self.trigger_limit_s = ack_limit_s
        self.sockets = Sockets(self.world, ack_limit_s)
        self.postman = Postman(ack_limit_s, signing_clock)
        self._now = now
        self._server = LoopbackServer(self, journal)
        self._server.talks[PATH] = self.sockets.talk
        self._dispatch = Dispatch(self.world, self.sockets, self.postman)
        self._telling: set[asyncio.Task[Any]] = set()

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
        for task in list(self._telling):
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)
        self.sockets.cut()
        await self.postman.close()
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
        """Return the requests of one method, or of response_url."""
        return [request for request in self.requests if request.operation == method]

    @property
    def envelopes(self) -> list[Envelope]:
        """Return every payload that was sent to the bot, and what became of it."""
        return self._dispatch.envelopes

    @property
    def timeouts(self) -> list[Envelope]:
        """Return the payloads that the bot did not acknowledge in time."""
        return [envelope for envelope in self.envelopes if envelope.outcome == "operation_timeout"]

    def install(self, manifest: Mapping[str, Any], team_id: str = "T1", **more: Any) -> Team:
        """Install an app in a team by its manifest: with those rights, commands and events, and no others."""
        return self.add_team(team_id, **granted(manifest), **more)

    def add_team(
        self, team_id: str = "T1", *, name: str = "Foreign desk", token: str = "", **more: Any
    ) -> Team:
        """Install the bot in a team; `more` are fields of Team."""
        team = Team(team_id, name, token or f"xoxb-{team_id}-not-a-secret", **more)
        self.world.teams[team_id] = team
        return team

    def add_channel(
        self,
        channel_id: str,
        *,
        name: str = "",
        team: str = "",
        members: Sequence[str] | None = None,
        **more: Any,
    ) -> SlackChannel:
        """Open a channel, in the first team unless one is named; full members are in it unless it is private."""
        home = self.team(team)
        channel = SlackChannel(channel_id, name or channel_id.lower(), home.id, **more)
        home.open(channel, members)
        return channel

    def add_user(self, user_id: str, *, name: str = "", team: str = "", **more: Any) -> SlackUser:
        """Let a person join, and the public channels too unless they are a guest; `more` are fields of SlackUser."""
        user = SlackUser(user_id, name or user_id.lower(), **more)
        self.team(team).join(user)
        return user

    def add_group(
        self, group_id: str, *, handle: str, users: Sequence[str] = (), team: str = "", name: str = ""
    ) -> UserGroup:
        """Found a user group."""
        group = UserGroup(group_id, handle, name, tuple(users))
        self.team(team).groups[group_id] = group
        return group

    def team(self, team_id: str = "") -> Team:
        """Return a team, the first unless one is named."""
        return self.world.teams[team_id or next(iter(self.world.teams))]

    def channel(self, channel_id: str) -> SlackChannel:
        """Return a channel with its messages."""
        return self.world.channel(channel_id)

    def person(self, user_id: str, *, team: str = "") -> Person:
        """Return somebody who can type, press, choose and read."""
        home = self.team(team)
        return Person(self, home, home.users[user_id])

    def admin(self, team: str = "") -> Admin:
        """Return somebody who invites the bot, archives channels, removes the app."""
        return Admin(self, self.team(team))

    @property
    def messages(self) -> list[SlackMessage]:
        """Return the messages of every channel."""
        channels = (channel for team in self.world.teams.values() for channel in team.channels.values())
        return sorted((message for channel in channels for message in channel.messages), key=lambda m: m.ts)

    async def until(self, condition: Callable[[], Any], *, within_s: float = 10.0) -> Any:
        """Wait for a condition, of this Slack or of the bot; raise TimeoutError."""
        return await self.world.screen.until(condition, within_s=within_s)

    def call(self, team: Team, args: Json) -> Call:
        """Return what a method of the bot of a team would get; for people, who act in its stead."""
        return Call(self.world, team, args, self._now().timestamp(), self._server.url)

    async def deliver(self, team: Team, kind: str, payload: Json, *, accepts: bool = False) -> Envelope:
        """Bring a payload to the bot, once; return what became of it."""
        return await self._dispatch.deliver(team, kind, payload, accepts=accepts)

    async def tell(self, team: Team, event: Json) -> Envelope | None:
        """Tell the bot of an event it subscribed to, again where it does not answer; None where it did not."""
        return await self._dispatch.tell(self.call(team, {}), event)

    async def understand(self, number: int, request: web.Request) -> Received:
        """Read a request, whichever of the three ways its arguments came in."""
        name = operation(request.path)
        files = {"content": SentFile("", await request.read())} if name == UPLOAD else {}
        return Received(
            number=number,
            at=self._now(),
            operation=name,
            path=request.path,
            headers={key.lower(): value for key, value in request.headers.items()},
            body={} if files else await read_body(request),
            posts=name == "chat.postMessage",
            files=files,
        )

    def perform(self, received: Received) -> Reply:
        """Do what was asked, and tell the bot afterwards what that brought about."""
        reply = serve(self.world, received, self._server.url)
        if received.posts and isinstance(reply.body, dict) and reply.body["ok"]:
            self._note_accepted(received, reply.body)
        due, self.world.events_due = self.world.events_due, []
        for team, event in due:
            task = asyncio.create_task(self.tell(team, event))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        self.world.screen.ring()
        return reply

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

    def misbehave(self, fault: Fault, received: Received) -> Reply:
        """Word a rate limit with whole seconds, and a server error as the HTML page that a gateway sends."""
        return misbehaviour(fault)


__all__ = ["HTML", "SlackImpersonator"]
