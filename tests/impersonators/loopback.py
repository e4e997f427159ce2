"""The HTTP floor of both impersonators: listen on 127.0.0.1, record everything, fail on demand."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from aiohttp import web

from tests.impersonators.faults import Fault, FaultPlan
from tests.impersonators.journal import Journal

Now = Callable[[], datetime]
Talk = Callable[[web.Request], Awaitable[web.StreamResponse]]
BODY_LIMIT_BYTES = 8 * 2**20
CONTROL_PATH = "/control/faults"


def wall_clock() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived, whatever became of it."""

    number: int
    at: datetime
    operation: str
    """`chat.postMessage`, or `POST /channels/{channel_id}/messages`."""
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    """Query, form and JSON together, decoded."""
    posts: bool
    """Whether it asks for a new message."""
    places: Mapping[str, str] = field(default_factory=dict)
    """The named parts of the path."""
    files: Mapping[str, "SentFile"] = field(default_factory=dict)
    """The files of a multipart body, by the names of their parts."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was uploaded."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in the platform's words."""

    status: int
    body: Mapping[str, Any] | list[Any] | str | bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the caller of a request got: a status, or None where the reply never came."""

    number: int
    operation: str
    status: int | None
    fault: str | None


class Platform(Protocol):
    """What a platform adds to the floor."""

    name: str

    async def understand(self, number: int, request: web.Request) -> Received:
        """Read a request; a body that cannot be read becomes an empty one."""
        ...

    def perform(self, received: Received) -> Reply:
        """Do what the request asks, or refuse it."""
        ...

    def misbehave(self, fault: Fault, received: Received) -> Reply:
        """Word a rate limit or a server error as the platform does."""
        ...


class LoopbackServer:
    """Serves one platform on an ephemeral port of 127.0.0.1."""

    def __init__(self, platform: Platform, journal: Journal | None = None) -> None:
        self.requests: list[Received] = []
        self.answers: list[Answered] = []
        self.faults = FaultPlan()
        self.talks: dict[str, Talk] = {}
        """Who talks over a WebSocket, by path; an upgrade of any other path is served as a plain request."""
        self._platform = platform
        self._journal = journal
        self._closing = asyncio.Event()
        self._arrival = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Return `http://127.0.0.1:PORT` of a server that was started."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self, listener: socket.socket | None = None) -> None:
        """Listen on a free port, or on a copy of `listener`, whose port outlives this server."""
        # Handlers are not cancelled with their connection: a platform accepts what a dead caller had sent.
        app = web.Application(client_max_size=BODY_LIMIT_BYTES)
        app.router.add_post(CONTROL_PATH, self._order_faults)
        app.router.add_delete(CONTROL_PATH, self._cancel_faults)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        own = listener.dup() if listener else socket.create_server(("127.0.0.1", 0))
        await web.SockSite(self._runner, own).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening, and let every hanging request go."""
        self._closing.set()
        if self._runner:
            await self._runner.cleanup()

    async def arrived(self, count: int) -> None:
        """Wait until so many requests have been received in all."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.requests) >= count)

    def note(self, event: str, **details: Any) -> None:
        """Write to the journal, if there is one."""
        if self._journal:
            self._journal.write(event, platform=self._platform.name, **details)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        talk = self.talks.get(request.path)
        if talk and request.headers.get("Upgrade", "").lower() == "websocket":
            return await talk(request)
        received = await self._platform.understand(len(self.requests) + 1, request)
        self.requests.append(received)
        self._note_arrival(received)
        async with self._arrival:
            self._arrival.notify_all()
        fault = self.faults.pick(received)
        reply = await self._outcome(received, fault)
        status = reply.status if reply else None
        self.answers.append(
            Answered(received.number, received.operation, status, fault.name if fault else None)
        )
        self.note("answered", n=received.number, status=status, fault=fault.name if fault else None)
        if reply is None:
            return _hang_up(request)
        return _response(reply)

    def _note_arrival(self, received: Received) -> None:
        arrival = {"n": received.number, "at": received.at.isoformat(), "operation": received.operation}
        self.note(
            "received", **arrival, places=dict(received.places), posts=received.posts, body=received.body
        )

    async def _outcome(self, received: Received, fault: Fault | None) -> Reply | None:
        if fault is None:
            return self._platform.perform(received)
        performed = self._platform.perform(received) if fault.accepts else None
        await self._wait(fault)
        match fault.outcome:
            case "answer":
                return performed or self._platform.perform(received)
            case "refuse":
                return self._platform.misbehave(fault, received)
            case "hang":
                await self._closing.wait()
        return None

    async def _wait(self, fault: Fault) -> None:
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.gate:
            await fault.gate.wait()

    async def _order_faults(self, request: web.Request) -> web.Response:
        self.faults.load(await request.json())
        return web.Response(status=204)

    async def _cancel_faults(self, _request: web.Request) -> web.Response:
        self.faults.clear()
        return web.Response(status=204)


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()


def _response(reply: Reply) -> web.Response:
    # Given as a header and not through `text=`, so that the content type is sent to the letter.
    headers = {"Content-Type": reply.content_type, **reply.headers}
    if isinstance(reply.body, bytes):
        return web.Response(status=reply.status, body=reply.body, headers=headers)
    text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
    return web.Response(status=reply.status, body=text.encode(), headers=headers)


async def read_body(request: web.Request) -> dict[str, Any]:
    """Return query, form or JSON body as one mapping, a JSON list as its `items`.

    Multipart is read through its `payload_json` part.
    """
    body: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body |= _object(await request.text())
    elif request.content_type == "application/x-www-form-urlencoded":
        body |= dict(await request.post())
    elif request.content_type == "multipart/form-data":
        parts = await request.post()
        body |= _object(str(parts.get("payload_json", "{}")))
        files = [name for name in parts if name != "payload_json"]
        body |= {"files": files} if files else {}
    return body


async def read_files(request: web.Request) -> dict[str, SentFile]:
    """Return the files of a multipart body, by the names of their parts."""
    if request.content_type != "multipart/form-data":
        return {}
    parts = await request.post()
    files = {name: part for name, part in parts.items() if isinstance(part, web.FileField)}
    return {name: SentFile(part.filename, part.file.read()) for name, part in files.items()}


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    if isinstance(value, list):
        return {"items": value}
    return value if isinstance(value, dict) else {}
