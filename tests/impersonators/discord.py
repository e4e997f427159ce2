"""A local Discord: REST API v10, gateway and interactions, for discord.py's own client and for tests that act as people.

async with DiscordImpersonator() as discord:
bot = discord.add_bot()
discord.add_guild(10)
discord.add_channel(123, name="world")
Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = discord.base_url, yarl.URL(discord.gateway.url)
...
await discord.gateway.until_connected()
ann = discord.person("ann")
answer = await ann.types("news subscribe", query="Kim Jong Un")
await ann.presses("Confirm")
assert discord.channel(123).messages[0].headline == "…"

world     what exists            discord_world, _messages, _text, _objects
requests  REST                   discord_routes: _channels, _posting, _commands, _callbacks; _rules, _components
gateway   events to the bots     discord_gateway, _sessions
person    what people do         discord_people, _options, _forms; discord_interactions
admin     what happens to servers    discord_admin
"""

import socket
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Self

from aiohttp import web

from tests.impersonators.changes import Changes
from tests.impersonators.discord_admin import Admin
from tests.impersonators.discord_call import Call, DiscordRefusal
from tests.impersonators.discord_gateway import Gateway
from tests.impersonators.discord_interactions import Interactions
from tests.impersonators.discord_limits import Buckets, RateRule, banned, too_many
from tests.impersonators.discord_messages import DiscordMessage
from tests.impersonators.discord_people import Person
from tests.impersonators.discord_routes import CREATE_MESSAGE, find_route, handler_of, is_open, registers
from tests.impersonators.discord_schema import Schema
from tests.impersonators.discord_world import DiscordBot, DiscordChannel, DiscordWorld, Guild
from tests.impersonators.faults import Fault, FaultPlan
from tests.impersonators.journal import Journal
from tests.impersonators.loopback import (
    Answered,
    LoopbackServer,
    Now,
    Received,
    Reply,
    read_body,
    read_files,
    wall_clock,
)

PREFIX = "/api/v10"
BAN_WINDOW = timedelta(minutes=10)
ATTACHMENT = "GET /attachments"
NOTHING = Reply(204, "", content_type="text/plain")


class DiscordImpersonator:
    """Every server of an imaginary Discord behind one address."""

    name = "discord"

    def __init__(self, *, now: Now = wall_clock, journal: Journal | None = None) -> None:
        self.world = DiscordWorld()
        self.changes = Changes()
        self.interactions = Interactions(self.world, now, lambda: self._server.url)
        self.gateway = Gateway(self.world, self.changes, lambda: self._server.url)
        self.admin = Admin(self.world, now)
        self.world.emit = self.gateway.emit
        self._now = now
        self._people: dict[tuple[str, int], Person] = {}
        self._schema = Schema()
        self._buckets = Buckets()
        self._server = LoopbackServer(self, journal)
        self._server.talks["/"] = self.gateway.talk

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
        self.gateway.drop()
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

    @property
    def registrations(self) -> list[Received]:
        """Return the requests that changed the commands, or tried to."""
        return [request for request in self.requests if registers(request.operation)]

    def add_bot(self, bot_id: int = 1000, *, token: str = "", **more: Any) -> DiscordBot:
        """Register an application with a bot; it joins the servers that are made later."""
        self.world.bots[bot_id] = DiscordBot(bot_id, token or f"bot-{bot_id}.not.a-secret", **more)
        return self.world.bots[bot_id]

    def add_guild(self, guild_id: int = 10, *, name: str = "Foreign desk", **more: Any) -> Guild:
        """Open a server; `more` are `permissions` of @everyone and `bots_join`."""
        return self.admin.add_guild(guild_id, name, **more)

    def add_channel(self, channel_id: int, *, name: str = "", guild: int = 0, **more: Any) -> DiscordChannel:
        """Open a channel, in the first server unless one is named; `more` are fields of DiscordChannel."""
        home = guild or next(iter(self.world.guilds))
        return self.admin.add_channel(DiscordChannel(channel_id, home, name or f"c{channel_id}", **more))

    def channel(self, channel_id: int | str) -> DiscordChannel:
        """Return a channel with its messages, re-sends folded."""
        return self.world.channel(int(channel_id))

    def person(self, name: str, *, guild: int | str = 0, roles: Sequence[int] = ()) -> Person:
        """Return somebody who acts in a server, the first one unless one is named; they join it when they are new."""
        home = self.world.guilds[int(guild) or next(iter(self.world.guilds))]
        user = self.admin.join(name, home, roles)
        if (name, home.id) not in self._people:
            self._people[name, home.id] = Person(user, home, self.interactions, self.changes)
        return self._people[name, home.id]

    def notified(self, message: DiscordMessage) -> tuple[str, ...]:
        """Return whom a message really called: a role only where it can be, or where its author may call everybody."""
        channel = self.world.channel(message.channel_id)
        return self.world.guilds[channel.guild_id].notified(message, channel)

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
            files=await read_files(request),
        )

    def perform(self, received: Received) -> Reply:
        """Run the route within its rate limit, or refuse it as Discord does."""
        if received.operation.startswith(ATTACHMENT):
            return self._file(received)
        agent = received.headers.get("user-agent", "")
        # discord.py answers interactions without saying who it is, and Discord takes that.
        if not agent.startswith("DiscordBot (") and not is_open(received.operation):
            return Reply(403, "error code: 1010", content_type="text/plain")
        fits, headers = self._buckets.count(received)
        if not fits:
            return too_many(float(headers["X-RateLimit-Reset-After"]), "user", received)
        try:
            body = self._run(received)
        except DiscordRefusal as refusal:
            return Reply(refusal.status, refusal.body, headers)
        finally:
            self.changes.tell()
        return NOTHING if body is None else Reply(200, body, headers)

    def _file(self, received: Received) -> Reply:
        file = self.world.files.get(int(received.path.split("/")[-2]))
        if file is None:
            return Reply(404, "", content_type="text/plain")
        return Reply(200, file.content, content_type="application/octet-stream")

    def _run(self, received: Received) -> Any:
        handler = handler_of(received.operation)
        if handler is None:
            raise DiscordRefusal(404, 0, "404: Not Found")
        answer = handler(
            Call(
                world=self.world,
                interactions=self.interactions,
                schema=self._schema,
                bot=self._caller(received),
                places=received.places,
                body=received.body,
                at=received.at,
                url=self._server.url,
                gateway=self.gateway.described(),
                files=received.files,
            )
        )
        if received.posts and isinstance(answer, dict):
            folded = answer.pop("_folded", False)
            self._note_accepted(received, answer, folded=folded)
        return answer

    def _caller(self, received: Received) -> DiscordBot:
        """Return who asks: known by the token in the header, or by the one in the path."""
        if is_open(received.operation):
            return self._answering(received)
        bot = self.world.bot_of_token(received.headers.get("authorization", "").removeprefix("Bot "))
        if bot is None:
            raise DiscordRefusal(401, 0, "401: Unauthorized")
        return bot

    def _answering(self, received: Received) -> DiscordBot:
        token = received.places.get("interaction_token") or received.places["webhook_token"]
        for interaction in self.interactions.all:
            if interaction.token == token:
                return self.world.bots[interaction.bot_id]
        if "interaction_token" in received.places:
            raise DiscordRefusal(404, 10062, "Unknown interaction")
        raise DiscordRefusal(404, 10015, "Unknown Webhook")

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
