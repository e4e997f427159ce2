"""The gateway: who is connected, what each hears, and what may go wrong with it.

https://docs.discord.com/developers/events/gateway
"""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

from aiohttp import WSMsgType, web

from tests.impersonators.changes import Changes
from tests.impersonators.discord_objects import (
    application_json,
    guild_create_json,
    member_json,
    own_user_json,
)
from tests.impersonators.discord_sessions import (
    ACK,
    HEARTBEAT,
    HELLO,
    IDENTIFY,
    INVALID,
    RECONNECT,
    REQUEST_MEMBERS,
    RESUME,
    Frame,
    Line,
    Session,
)
from tests.impersonators.discord_world import GUILDS, DiscordBot, DiscordWorld, Event, Guild

BAD_TOKEN, ALREADY_IDENTIFIED, BAD_SEQUENCE, TIMED_OUT = 4004, 4005, 4007, 4009
UNKNOWN_OPCODE, UNREADABLE, NOT_IDENTIFIED, BAD_SHARD = 4001, 4002, 4003, 4010
BAD_VERSION, BAD_INTENTS, FORBIDDEN_INTENTS = 4012, 4013, 4014
FRAME_LIMIT_BYTES = 4096
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
KNOWN_INTENTS = (1 << 26) - 1
_SILENT_OPCODES = frozenset({3, 4})
_CLEAN = frozenset({1000, 1001})


class Gateway:
    """All connections and sessions; tests look at them and trouble them."""

    def __init__(self, world: DiscordWorld, changes: Changes, address: Callable[[], str]) -> None:
        self.heartbeat_ms = 41_250
        self.acks = True
        """Whether heartbeats are answered; a bot whose heartbeats are not should connect anew."""
        self.shards = 1
        """How many shards `GET /gateway/bot` recommends."""
        self.max_concurrency = 16
        self.identified: list[Session] = []
        """One for each time that a bot identified itself, ended or not."""
        self.resumed = 0
        self.refused = 0
        """How many upgrades were refused."""
        self._world = world
        self._changes = changes
        self._address = address
        self._sessions: dict[str, Session] = {}
        self._lines: set[Line] = set()
        self._refusals: list[int] = []
        self._numbers: Iterator[int] = itertools.count(1)

    @property
    def url(self) -> str:
        """Return what `DiscordWebSocket.DEFAULT_GATEWAY` must be set to."""
        return self._address().replace("http://", "ws://", 1) + "/"

    def described(self) -> dict[str, Any]:
        """Return what `GET /gateway/bot` answers."""
        left = 1000 - len(self.identified)
        limit = {"total": 1000, "remaining": left, "reset_after": 86_400_000}
        limit["max_concurrency"] = self.max_concurrency
        return {"url": self.url, "shards": self.shards, "session_start_limit": limit}

    @property
    def connected(self) -> list[Session]:
        """Return the sessions that have a connection now."""
        return [session for session in self._sessions.values() if session.line]

    async def until_connected(self, count: int = 1, within_s: float = 15.0) -> None:
        """Wait until so many sessions are connected."""
        met = await self._changes.until(lambda: len(self.connected) >= count, within_s)
        assert met, f"{len(self.connected)} of {count} connected within {within_s} s"

    async def until(self, condition: Callable[[], bool], within_s: float = 15.0) -> None:
        """Wait until something about the gateway is true."""
        assert await self._changes.until(condition, within_s), f"it did not happen within {within_s} s"

    def refuse_next(self, times: int = 1, status: int = 502) -> None:
        """Refuse the next upgrades, as a proxy does when Discord is down."""
        self._refusals += [status] * times

    def drop(self) -> None:
        """Cut every connection; the sessions can be resumed."""
        for line in self._lines:
            line.drop()

    def close(self, code: int = 1001) -> None:
        """Close every connection with a code."""
        for line in self._lines:
            line.close(code)

    def ask_to_reconnect(self) -> None:
        """Ask every bot to reconnect, as Discord does before maintenance."""
        for line in self._lines:
            line.send(_frame(RECONNECT))

    def invalidate(self, *, resumable: bool = False) -> None:
        """Say that the sessions are not valid any more."""
        for line in self._lines:
            line.send(_frame(INVALID, resumable))
        if not resumable:
            self._sessions.clear()

    def send_unreadable(self, name: str = "CHANNEL_CREATE") -> None:
        """Tell of an event that lacks everything: discord.py dies of it."""
        for session in self._sessions.values():
            session.dispatch(name, {"unreadable": True})

    def revoke(self, bot: DiscordBot) -> None:
        """Reset a bot's token, which ends its connections."""
        bot.revoked = True
        for session in [item for item in self._sessions.values() if item.bot is bot]:
            del self._sessions[session.id]
            if session.line:
                session.line.close(BAD_TOKEN)

    def emit(self, event: Event) -> None:
        """Tell the bots of a server of an event, each by the shard that the server is on."""
        guild = self._world.guilds.get(event.guild_id)
        for session in self._sessions.values():
            if session.serves(event.guild_id) and _hears(session, event, guild):
                session.dispatch(event.name, event.data)

    async def talk(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection, from the upgrade to its end."""
        if self._refusals:
            self.refused += 1
            self._changes.tell()
            return web.Response(status=self._refusals.pop(0), text="bad gateway")
        socket = web.WebSocketResponse(timeout=1.0, max_msg_size=2**20)
        await socket.prepare(request)
        line = Line(socket, request)
        self._lines.add(line)
        writer = asyncio.create_task(line.write())
        try:
            await self._converse(line)
        finally:
            writer.cancel()
            self._lines.discard(line)
            self._let_go(line, socket.close_code)
            self._changes.tell()
        return socket

    async def stop(self) -> None:
        """End every connection."""
        self.drop()

    def _let_go(self, line: Line, code: int | None) -> None:
        for session in [item for item in self._sessions.values() if item.line is line]:
            session.line = None
            if code in _CLEAN and not line.was_ended:  # the bot said goodbye for good
                del self._sessions[session.id]

    async def _converse(self, line: Line) -> None:
        line.send(_frame(HELLO, {"heartbeat_interval": self.heartbeat_ms}))
        if line.request.query.get("v") != "10" or line.request.query.get("encoding") != "json":
            line.close(BAD_VERSION)
        while True:
            patience_s = self.heartbeat_ms / 1000 * 1.5 + 1
            try:
                message = await line.socket.receive(timeout=patience_s)
            except TimeoutError:
                await line.socket.close(code=TIMED_OUT)
                return
            if message.type != WSMsgType.TEXT:
                return
            code = self._hear(line, message.data)
            if code:
                line.close(code)
            self._changes.tell()

    def _hear(self, line: Line, text: str) -> int | None:
        """Take one frame; return the code with which to close, if it was wrong."""
        try:
            frame = json.loads(text)
            opcode, data = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError):
            return UNREADABLE
        if len(text.encode()) > FRAME_LIMIT_BYTES:
            return UNREADABLE
        session = next((item for item in self._sessions.values() if item.line is line), None)
        if opcode in {HEARTBEAT, IDENTIFY, RESUME}:
            return self._open(line, session, opcode, data)
        return self._take(session, opcode, data) if session else NOT_IDENTIFIED

    def _open(self, line: Line, session: Session | None, opcode: int, data: Any) -> int | None:
        if opcode == HEARTBEAT:
            if self.acks:
                line.send(_frame(ACK))
            return None
        if session:
            return ALREADY_IDENTIFIED
        return self._identify(line, data) if opcode == IDENTIFY else self._resume(line, data)

    def _take(self, session: Session, opcode: int, data: Any) -> int | None:
        if opcode == REQUEST_MEMBERS:
            self._tell_members(session, data)
            return None
        return None if opcode in _SILENT_OPCODES else UNKNOWN_OPCODE

    def _identify(self, line: Line, data: dict[str, Any]) -> int | None:
        bot = self._world.bot_of_token(str(data.get("token", "")))
        if bot is None:
            return BAD_TOKEN
        shard, intents = tuple(data.get("shard") or (0, 1)), data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            return BAD_INTENTS
        if intents & PRIVILEGED & ~bot.privileged:
            return FORBIDDEN_INTENTS
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            return BAD_SHARD
        session = Session(f"session-{next(self._numbers)}", bot, (shard[0], shard[1]), intents, line)
        self._sessions[session.id] = session
        self.identified.append(session)
        self._greet(session)
        return None

    def _greet(self, session: Session) -> None:
        mine = [guild for guild in self._world.guilds.values() if session.bot.id in guild.members]
        served = [guild for guild in mine if session.serves(guild.id)]
        ready = {
            "v": 10,
            "user": own_user_json(session.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in served],
            "private_channels": [],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(session.bot.id), "flags": application_json(session.bot)["flags"]},
        }
        session.dispatch("READY", ready)
        for guild in served:
            if session.intents & GUILDS and not guild.unavailable:
                session.dispatch("GUILD_CREATE", guild_create_json(guild, session.bot))

    def _resume(self, line: Line, data: dict[str, Any]) -> int | None:
        bot = self._world.bot_of_token(str(data.get("token", "")))
        if bot is None:
            return BAD_TOKEN
        session = self._sessions.get(str(data.get("session_id")))
        if session is None or session.bot is not bot:
            line.send(_frame(INVALID, False))
            return None
        seen = data.get("seq")
        if not isinstance(seen, int) or seen > session.sequence:
            return BAD_SEQUENCE
        session.line = line
        session.replay(seen)
        self.resumed += 1
        return None

    def _tell_members(self, session: Session, data: dict[str, Any]) -> None:
        guild = self._world.guilds[int(data["guild_id"])]
        asked = data.get("user_ids")
        wanted = {int(item) for item in asked} if asked else set(guild.members)
        users = [self._world.user(user_id) for user_id in guild.members if user_id in wanted]
        chunk: Frame = {
            "guild_id": str(guild.id),
            "members": [member_json(guild, user) for user in users if user],
            "not_found": [str(item) for item in sorted(wanted - set(guild.members))],
            "chunk_index": 0,
            "chunk_count": 1,
            "nonce": data.get("nonce"),
        }
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)


def _frame(opcode: int, data: Any = None) -> Frame:
    return {"op": opcode, "d": data, "s": None, "t": None}


def _hears(session: Session, event: Event, guild: Guild | None) -> bool:
    if event.intent and not event.intent & session.intents:
        return False
    if event.bot_id:
        return session.bot.id == event.bot_id
    if guild is None or session.bot.id not in guild.members:
        return False
    return event.channel is None or guild.sees(session.bot.id, event.channel)
