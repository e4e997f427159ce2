"""Serve a folder of feeds on loopback, in editions: `python -m benchmarks.feedserver FOLDER` prints its port.

Edition 0 is the files as they are; each later edition has one more item in every feed. `PUT /edition/N` publishes
one. Answers carry an ETag and honour If-None-Match. Ends when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import re
import sys
from email.utils import formatdate
from hashlib import blake2b
from pathlib import Path

from aiohttp import web

_FIRST_ITEM = re.compile(rb"<(item|entry)[\s>]")


class Editions:
    """The bodies and ETags of every feed in the edition that is published."""

    def __init__(self, folder: Path) -> None:
        self._originals = [file.read_bytes() for file in sorted(folder.iterdir())]
        self._date = formatdate(usegmt=True)
        self.publish(0)

    def publish(self, edition: int) -> None:
        self.bodies = [_with_news(body, edition, self._date) for body in self._originals]
        self.etags = [f'"{blake2b(body, digest_size=8).hexdigest()}"' for body in self.bodies]


def _with_news(body: bytes, edition: int, date: str) -> bytes:
    first = _FIRST_ITEM.search(body)
    if not first or not edition:
        return body
    news = _ENTRY if first[1] == b"entry" else _ITEM
    item = news.format(n=edition, date=date).encode()
    return body[: first.start()] + item + body[first.start() :]


_ITEM = (
    "<item><title>Item {n} of this feed, on a summit</title><link>https://example.org/news/{n}</link>"
    "<guid>news-{n}</guid><pubDate>{date}</pubDate><description>Ministers met.</description></item>"
)
_ENTRY = (
    '<entry><title>Item {n} of this feed, on a summit</title><link href="https://example.org/news/{n}"/>'
    "<id>news-{n}</id><updated>2026-01-01T00:00:00Z</updated><summary>Ministers met.</summary></entry>"
)


def application(editions: Editions) -> web.Application:
    async def feed(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        etag = editions.etags[number]
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(
            body=editions.bodies[number], headers={"ETag": etag, "Content-Type": "application/xml"}
        )

    async def publish(request: web.Request) -> web.Response:
        editions.publish(int(request.match_info["edition"]))
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/{number}", feed), web.put("/edition/{edition}", publish)])
    return app


async def serve(folder: Path) -> None:
    runner = web.AppRunner(application(Editions(folder)), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
