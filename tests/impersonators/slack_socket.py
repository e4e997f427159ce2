"""Socket Mode: WebSockets over which Slack sends payloads and takes acknowledgements.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.impersonators.slack_delivery import Envelope, Json
from tests.impersonators.slack_screen import WITHIN_S
from tests.impersonators.slack_world import SlackWorld, Team

PATH = "/link/"
MOST_CONNECTIONS = 10


@dataclass(slots=True)
class Connection:
    """One WebSocket of the bot."""

    number: int
    app_token: str
    socket: web.WebSocketResponse
    request: web.Request
    leaving: bool = False
    """Slack announced that it will close it; nothing new goes there while there is another."""
    received: list[Json] = field(default_factory=list)
    """What the bot sent over it."""


class Sockets:
    """Every open connection, and the envelopes that are not acknowledged yet."""

    def __init__(self, world: SlackWorld, limit_s: float) -> None:
        self.limit_s = limit_s
        self.refusing = 0
        """How many of the next connections are refused with status 503."""
        self.doubling = 0
        """How many of the next envelopes are sent over every connection; twice where there is one."""
        self.connections: list[Connection] = []
        self.stray_acks: list[Json] = []
        """What the bot sent that acknowledges nothing."""
        self._world = world
        self._pending: dict[str, tuple[Envelope, asyncio.Future[Json]]] = {}
        self._sent: dict[str, Envelope] = {}
        self._count = 0
        self._turn = 0

    def of(self, team: Team) -> list[Connection]:
        """Return the connections that serve a team, oldest first; those that stay before those that leave."""
        mine = [item for item in self.connections if item.app_token == team.app_token]
        return [item for item in mine if not item.leaving] or mine

    async def connected(self, count: int = 1, *, within_s: float = WITHIN_S) -> Sequence[Connection]:
        """Wait until so many connections are open and staying."""

        def enough() -> list[Connection]:
            staying = [item for item in self.connections if not item.leaving]
            return staying if len(staying) >= count else []

        return await self._world.screen.until(enough, within_s=within_s, what=f"like {count} connections")

    async def talk(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket until either side closes it."""
        token = self._world.tickets.pop(request.query.get("ticket", ""), None)
        if token is None:
            return web.Response(status=404, text="unknown or used ticket")
        if self.refusing:
            self.refusing -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._count += 1
        connection = Connection(self._count, token, socket, request)
        if len([item for item in self.connections if item.app_token == token]) >= MOST_CONNECTIONS:
            await _farewell(connection, "too_many_websockets")
            await socket.close()
            return socket
        await self._greet(connection)
        try:
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self._world.screen.ring()
        return socket

    async def _greet(self, connection: Connection) -> None:
        self.connections.append(connection)
        team = self._world.team_of_app_token(connection.app_token)
        hello = {
            "type": "hello",
            "num_connections": len([c for c in self.connections if c.app_token == connection.app_token]),
            "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": team.app_id if team else ""},
        }
        await connection.socket.send_json(hello)
        self._world.screen.ring()

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                said = json.loads(message.data)
            except ValueError:
                said = {"unreadable": message.data}
            connection.received.append(said)
            self._take(said)
            self._world.screen.ring()

    def _take(self, said: Json) -> None:
        envelope = self._sent.get(str(said.get("envelope_id")))
        if envelope is None:
            self.stray_acks.append(said)
            return
        envelope.acks += 1
        waiting = self._pending.get(envelope.id)
        if waiting is None:
            envelope.late_acks += envelope.outcome != "acknowledged"
        elif not waiting[1].done():
            payload = said.get("payload")
            waiting[1].set_result(payload if isinstance(payload, dict) else {})

    async def deliver(self, team: Team, envelope: Envelope) -> None:
        """Send an envelope to one connection and wait for its acknowledgement, as long as Slack does."""
        targets = self._targets(team)
        if not targets:
            envelope.outcome = "dispatch_failed"
            return
        loop = asyncio.get_running_loop()
        started, acked = loop.time(), loop.create_future()
        self._sent[envelope.id] = envelope
        self._pending[envelope.id] = (envelope, acked)
        try:
            async with asyncio.timeout(self.limit_s):
                await self._send(targets, envelope)
                envelope.answer = await acked if envelope.accepts_response else (await acked, {})[1]
            envelope.outcome = "acknowledged"
        except TimeoutError:
            envelope.outcome = "operation_timeout"
        finally:
            del self._pending[envelope.id]
            envelope.took_s = loop.time() - started

    def _targets(self, team: Team) -> list[Connection]:
        there = self.of(team)
        if not there:
            return []
        self._turn += 1
        first = there[self._turn % len(there)]
        if not self.doubling:
            return [first]
        self.doubling -= 1
        return there if len(there) > 1 else [first, first]

    async def _send(self, targets: list[Connection], envelope: Envelope) -> None:
        frame: Json = {
            "envelope_id": envelope.id,
            "type": envelope.kind,
            "payload": envelope.payload,
            "accepts_response_payload": envelope.accepts_response,
        }
        if envelope.kind == "events_api":
            frame |= {"retry_attempt": envelope.retry, "retry_reason": "timeout" if envelope.retry else ""}
        for connection in targets:
            envelope.connections.append(connection.number)
            try:
                await connection.socket.send_json(frame)
            except ConnectionError:
                continue

    async def disconnect(self, reason: str = "refresh_requested", *, only: Connection | None = None) -> None:
        """Announce to the bot that connections will close: warning, refresh_requested or link_disabled."""
        for connection in [only] if only else list(self.connections):
            connection.leaving = True
            await _farewell(connection, reason)

    async def close(self, *, only: Connection | None = None) -> None:
        """Close connections properly, without a word before."""
        for connection in [only] if only else list(self.connections):
            connection.leaving = True
            await connection.socket.close()

    def cut(self, *, only: Connection | None = None) -> None:
        """Break connections off, as a network does."""
        for connection in [only] if only else list(self.connections):
            connection.leaving = True
            if connection.request.transport:
                connection.request.transport.abort()


async def _farewell(connection: Connection, reason: str) -> None:
    await connection.socket.send_json(
        {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
    )
