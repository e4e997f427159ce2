"""A small HTTP server: what is posted to a path goes to the hook of that path, within limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Self

import structlog
from aiohttp import web

from bot.ports import Hook, Posted

log = structlog.get_logger(__name__)

MAX_BODY = 1_000_000
"""Bytes; what chat platforms post has some thousands."""
READ_S = 10.0
"""How long a body may take to come."""
DRAIN_S = 2.0
"""How long answers in hand may take when the server ends."""


class WebServer:
    """Listens while it is open. Anybody may post: believing them or not is the hook's business."""

    def __init__(self, host: str, port: int, hooks: Mapping[str, Hook], *, read_s: float = READ_S) -> None:
        self._host, self._port, self._read_s = host, port, read_s
        app = web.Application(client_max_size=MAX_BODY)
        for path, hook in hooks.items():
            app.router.add_post(path, self._handler(path, hook))
        # Without a log of its own: paths and addresses of strangers would fill ours.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=DRAIN_S)

    @property
    def port(self) -> int:
        """Return the port listened on, also where 0 asked for a free one."""
        return int(self._runner.addresses[0][1])

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        log.info("listening for requests", host=self._host, port=self.port)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._runner.cleanup()

    def _handler(self, path: str, hook: Hook) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                async with asyncio.timeout(self._read_s):
                    body = await request.read()
            except TimeoutError:
                return web.Response(status=408)
            headers = {name.lower(): value for name, value in request.headers.items()}
            try:
                answer = await hook.answer(Posted(headers, body))
            except Exception:  # the server's boundary: one request must not tell strangers how we fail
                log.exception("request failed", path=path)
                return web.Response(status=500)
            return web.Response(status=answer.status, body=answer.body.encode(), headers=answer.headers)

        return handle
