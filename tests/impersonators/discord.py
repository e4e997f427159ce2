"""A local Discord: its REST API v10, for discord.py's own client and for tests that read the channels.

    async with DiscordImpersonator() as discord:
        bot = discord.add_bot()
        discord.add_guild(10)
        discord.add_channel(123, name="world")
        Route.BASE = discord.base_url
        ...
        assert discord.channel(123).messages[0].headline == "…"

The world, its routes, rules and rate limits are in the modules whose names begin with `discord_`.
"""

import socket
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Self

from aiohttp import web

from tests.impersonators.discord_limits import Buckets, RateRule, banned, too_many
from tests.impersonators.discord_routes import Call, DiscordRefusal, find_route, handler_of
from tests.impersonators.discord_schema import MessageSchema
from tests.impersonators.discord_world import DiscordBot, DiscordChannel, DiscordMessage, DiscordWorld, Guild
from tests.impersonators.faults import Fault, FaultPlan
from tests.impersonators.journal import Journal
from tests.impersonators.loopback import Answered, LoopbackServer, Now, Received, Reply, read_body, wall_clock

PREFIX = "/api/v10"
BAN_WINDOW = timedelta(minutes=10)
CREATE_MESSAGE = "POST /channels/{channel_id}/messages"


class DiscordImpersonator:
    """Every server of an imaginary Discord behind one address."""

    name = "discord"

    def __init__(self, *, now: Now = wall_clock, journal: Journal | None = None) -> None:
        self.world = DiscordWorld()
        self._now = now
        self._schema = MessageSchema()
        self._buckets = Buckets()
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
        """Return what `discord.http.Route.BASE` must be set to."""
        return f"{self._server.url}{PREFIX}"

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

    @property
    def rate_rule(self) -> RateRule:
        """Return the rate limit of every bucket, which tests may tighten."""
        return self._buckets.rule

    @property
    def invalid_requests(self) -> int:
        """Count the 401s, 403s and 429s of the last 10 minutes: at 10,000 Discord bans the address."""
        since = self._now() - BAN_WINDOW
        late = {request.number for request in self.requests if request.at >= since}
        return sum(answer.number in late and answer.status in {401, 403, 429} for answer in self.answers)

    def calls(self, operation: str = CREATE_MESSAGE) -> list[Received]:
        """Return the requests of one operation, such as `GET /users/@me`."""
        return [request for request in self.requests if request.operation == operation]

    def add_bot(self, bot_id: int = 1000, *, token: str = "", **more: Any) -> DiscordBot:
        """Register an application with a bot; it joins the servers that are made later."""
        self.world.bots[bot_id] = DiscordBot(bot_id, token or f"bot-{bot_id}.not.a-secret", **more)
        return self.world.bots[bot_id]

    def add_guild(self, guild_id: int = 10, *, name: str = "Foreign desk", **more: Any) -> Guild:
        """Open a server; `more` are `permissions` of @everyone and `bots_join`."""
        return self.world.add_guild(guild_id, name, **more)

    def add_channel(self, channel_id: int, *, name: str = "", guild: int = 0, **more: Any) -> DiscordChannel:
        """Open a channel, in the first server unless one is named; `more` are fields of DiscordChannel."""
        home = self.world.guilds[guild or next(iter(self.world.guilds))]
        home.channels[channel_id] = DiscordChannel(channel_id, home.id, name or f"c{channel_id}", **more)
        return home.channels[channel_id]

    def channel(self, channel_id: int) -> DiscordChannel:
        """Return a channel with its messages, re-sends folded."""
        return self.world.channel(channel_id)

    @property
    def messages(self) -> list[DiscordMessage]:
        """Return the messages of every channel, oldest first."""
        channels = (channel for guild in self.world.guilds.values() for channel in guild.channels.values())
        return sorted((message for channel in channels for message in channel.messages), key=lambda m: m.id)

    async def understand(self, number: int, request: web.Request) -> Received:
        """Read a request; an unknown path keeps its own text as operation."""
        path = request.path.removeprefix(PREFIX)
        operation, places = find_route(request.method, path) or (f"{request.method} {path}", {})
        return Received(
            number=number,
            at=self._now(),
            operation=operation,
            path=request.path,
            headers={key.lower(): value for key, value in request.headers.items()},
            body=await read_body(request),
            posts=operation == CREATE_MESSAGE,
            places=places,
        )

    def perform(self, received: Received) -> Reply:
        """Run the route within its rate limit, or refuse it as Discord does."""
        if not received.headers.get("user-agent", "").startswith("DiscordBot ("):
            return Reply(403, "error code: 1010", content_type="text/plain")
        fits, headers = self._buckets.count(received)
        if not fits:
            return too_many(float(headers["X-RateLimit-Reset-After"]), "user", received)
        try:
            body = self._run(received)
        except DiscordRefusal as refusal:
            return Reply(refusal.status, refusal.body, headers)
        return Reply(200, body, headers)

    def _run(self, received: Received) -> Any:
        handler = handler_of(received.operation)
        if handler is None:
            raise DiscordRefusal(404, 0, "404: Not Found")
        bot = self.world.bot_of_token(received.headers.get("authorization", "").removeprefix("Bot "))
        if bot is None:
            raise DiscordRefusal(401, 0, "401: Unauthorized")
        places, body, url = received.places, received.body, self._server.url
        answer = handler(Call(self.world, self._schema, bot, places, body, received.at, url))
        if received.posts and isinstance(answer, dict):
            folded = answer.pop("_folded", False)
            self._note_accepted(received, answer, folded=folded)
        return answer

    def _note_accepted(self, received: Received, answer: dict[str, Any], *, folded: bool) -> None:
        self._server.note(
            "accepted",
            n=received.number,
            channel=answer["channel_id"],
            id=answer["id"],
            folded=folded,
            nonce=answer.get("nonce"),
            body=received.body,
        )

    def misbehave(self, fault: Fault, received: Received) -> Reply:
        """Word a rate limit with its headers, and a server error as the text that a gateway sends."""
        if fault.name == "banned":
            return banned(fault.retry_after_s)
        if fault.status == 429:
            return too_many(fault.retry_after_s, fault.scope, received)
        return Reply(fault.status, {"message": f"{fault.status}: Server Error", "code": 0})
