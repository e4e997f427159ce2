"""The demo's publishers: a local HTTP server whose feeds grow while somebody reads them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from aiohttp import web

from bot.demo.articles import PAPERS, Article, Edition, Paper
from bot.demo.rendering import Listed, content_type, render

LONGEST_LIST = 300
"""Articles that a feed lists, at most; the oldest drop out, as real feeds do it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """An article that was published, for the reckoning afterwards."""

    article: Article
    before: bool
    """Whether it was in the paper before newsbot first read it."""


@dataclass(slots=True)
class _Stall:
    """One feed: what it lists, the document that says so, and how far it has been read."""

    paper: Paper
    url: str
    modified_at: datetime
    listed: list[Listed] = field(default_factory=list)
    body: bytes = b""
    version: int = 0
    fetched: int = -1
    """The newest version that was sent."""
    confirmed: int = -1
    """The newest version that a reader said it has, by asking for anything newer."""

    @property
    def etag(self) -> str:
        return f"{self.paper.name}-{self.version}"

    def take(self, article: Article, now: datetime) -> None:
        """List an article, or put it in the place of the one it is an edit of."""
        for place, one in enumerate(self.listed):
            if one.article.key == article.key:
                self.listed[place] = Listed(article, one.published_at, now)
                return
        published = None if article.age is None else now - article.age
        self.listed.insert(0, Listed(article, published, now))

    def print(self, now: datetime) -> None:
        """Make the document anew."""
        del self.listed[LONGEST_LIST:]
        self.body = render(self.paper, self.listed, self.url)
        self.version += 1
        self.modified_at = now


class Newsstand:
    """Publishes editions, answers readers, and remembers both."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.printed: list[Printed] = []
        self.answers: dict[int, int] = {200: 0, 304: 0}
        """How many requests were answered with each status."""
        now = datetime.now(UTC)
        self._stalls = {name: _Stall(paper, f"{base_url}{paper.path}", now) for name, paper in PAPERS.items()}
        self._read = asyncio.Condition()

    @property
    def urls(self) -> dict[str, str]:
        """The address of every feed, by the name of its paper."""
        return {name: stall.url for name, stall in self._stalls.items()}

    def print(self, edition: Edition, *, before: bool = False) -> None:
        """Publish an edition; `before` marks what a reader is to find when it first comes."""
        now = datetime.now(UTC)
        touched = self._stalls if before else dict.fromkeys(article.paper for article in edition.articles)
        for article in edition.articles:
            self._stalls[article.paper].take(article, now)
            self.printed.append(Printed(article, before))
        for name in touched:
            self._stalls[name].print(now)

    async def fetched(self) -> None:
        """Return when every feed has been fetched as it is now."""
        async with self._read:
            await self._read.wait_for(
                lambda: all(max(stall.fetched, stall.confirmed) == stall.version for stall in self._all)
            )

    async def confirmed(self) -> None:
        """Return when the reader has asked every feed for something newer than it is now."""
        async with self._read:
            await self._read.wait_for(lambda: all(stall.confirmed == stall.version for stall in self._all))

    def unread(self) -> Sequence[str]:
        """Name the papers whose present state was not fetched, or not confirmed."""
        return [stall.paper.title for stall in self._all if stall.confirmed != stall.version]

    @property
    def _all(self) -> Iterable[_Stall]:
        return self._stalls.values()

    async def answer(self, name: str, request: web.Request) -> web.StreamResponse:
        """Serve a feed, conditionally."""
        stall = self._stalls[name]
        response = web.Response(headers={"Cache-Control": "no-cache"})
        response.etag, response.last_modified = stall.etag, stall.modified_at
        known = request.if_none_match or ()
        if any(tag.value == stall.etag for tag in known):
            response.set_status(304)
            stall.confirmed = stall.version
        else:
            response.body = stall.body
            response.headers["Content-Type"] = content_type(stall.paper)
            stall.fetched = stall.version
        self.answers[response.status] += 1
        async with self._read:
            self._read.notify_all()
        return response

    async def contents(self, _: web.Request) -> web.Response:
        """Serve the list of feeds, for whoever opens the address in a browser."""
        lines = (f"{stall.paper.title:20} {stall.url}" for stall in self._all)
        return web.Response(text="The newsbot demo publishes these feeds:\n\n" + "\n".join(lines) + "\n")


@asynccontextmanager
async def open_newsstand() -> AsyncIterator[Newsstand]:
    """Serve a newsstand on a free port of this machine, reachable from nowhere else."""
    listener = socket.create_server(("127.0.0.1", 0))
    stand = Newsstand(f"http://127.0.0.1:{listener.getsockname()[1]}")
    app = web.Application()
    app.router.add_get("/", stand.contents)
    for paper in PAPERS.values():
        app.router.add_get(paper.path, partial(stand.answer, paper.name))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield stand
    finally:
        await runner.cleanup()
        listener.close()
