"""One connection to the gateway, and the session that may outlive it."""

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.impersonators.discord_world import DiscordBot

Frame = dict[str, Any]
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS, INVALID, HELLO, ACK = (
    0,
    1,
    2,
    6,
    7,
    8,
    9,
    10,
    11,
)


@dataclass(slots=True, eq=False)
class Line:
    """One WebSocket; what is sent waits its turn, so that sending never blocks."""

    socket: web.WebSocketResponse
    request: web.Request
    was_ended: bool = False
    """Whether this side ended it."""
    _out: asyncio.Queue[Frame | int | str] = field(default_factory=asyncio.Queue)

    def send(self, frame: Frame) -> None:
        """Send a frame after those before it."""
        self._out.put_nowait(frame)

    def close(self, code: int) -> None:
        """Close properly, once everything before it was sent."""
        self._out.put_nowait(code)

    def drop(self) -> None:
        """Cut the connection without a word."""
        if self.request.transport:
            self.request.transport.abort()

    async def write(self) -> None:
        """Send what is due until the connection is over."""
        while True:
            item = await self._out.get()
            try:
                if isinstance(item, int):
                    self.was_ended = True
                    await self.socket.close(code=item)
                    return
                await self.socket.send_json(item)
            except (ConnectionError, RuntimeError):
                return


@dataclass(slots=True, eq=False)
class Session:
    """What a bot hears on one shard; events are kept, so that nothing is lost while it reconnects."""

    id: str
    bot: DiscordBot
    shard: tuple[int, int]
    intents: int
    line: Line | None = None
    history: list[Frame] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def sequence(self) -> int:
        """Return the number of the latest event."""
        return self.history[-1]["s"] if self.history else 0

    def dispatch(self, name: str, data: Mapping[str, Any]) -> None:
        """Tell of an event, now or when the bot resumes."""
        frame: Frame = {"op": DISPATCH, "t": name, "s": next(self._numbers), "d": data}
        self.history.append(frame)
        if self.line:
            self.line.send(frame)

    def replay(self, seen: int) -> None:
        """Repeat what came after the event number `seen`."""
        for frame in list(self.history):
            if frame["s"] > seen and self.line:
                self.line.send(frame)
        self.dispatch("RESUMED", {})

    def serves(self, guild_id: int) -> bool:
        """Say whether a server is on this shard."""
        return (guild_id >> 22) % self.shard[1] == self.shard[0]

    def names(self) -> list[str]:
        """Return the names of all events so far."""
        return [str(frame["t"]) for frame in self.history]
