"""A feed server on 127.0.0.1: it publishes, answers conditional GETs right, records everything, fails on demand.

    async with Newsstand() as stand:
        stand.publish("/world.xml", body)                            # a changed body gets a new ETag
        stand.print("/world.xml", Item("Kim meets Trump", url))      # or let it write the feed: rss, atom, json
        stand.misbehave("/world.xml", mishaps.answer(503, retry_after=30), times=2)
        ... stand.url("/world.xml") ...
        assert [seen.status for seen in stand.requests] == [503, 503, 200]

`python -m tests.impersonators.newsstand` runs it as a process of its own; see `newsstand_apart`.
"""

import asyncio
import hashlib
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Self

import brotli

from tests.impersonators import papers
from tests.impersonators.mishaps import Mishap, answer, document, head
from tests.impersonators.papers import CONTENT_TYPES, Item, Kind

ANY = "*"
"""Stands for every path in `misbehave`."""
CONTROL = "/control/"


Control = Callable[[str, str, bytes], Awaitable[bytes]]
"""Answers orders given over HTTP below CONTROL: method, rest of the path, body."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived, and the status it got: None for a mishap of the connection."""

    at: datetime
    method: str
    path: str
    """With the query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    connection: int
    """Counts connections from 1."""
    status: int | None
    body: bytes = b""


@dataclass(slots=True)
class Page:
    """What stands under a path, and what was printed into it."""

    body: bytes
    headers: dict[str, str]
    changed_at: datetime
    items: list[Item] = field(default_factory=list)

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class Newsstand:
    """The server; `requests` lists what it saw in order."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.requests: list[Seen] = []
        self.connections = 0
        self.port = port
        self.control: Control | None = None
        self._now = now
        self._tls = tls
        self._host = host
        self._pages: dict[str, Page] = {}
        self._mishaps: dict[str, list[Mishap]] = {}
        self._always: dict[str, Mishap] = {}
        self._arrived = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._accept, self._host, self.port, ssl=self._tls, backlog=1000
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, path: str = "/", host: str | None = None) -> str:
        """Return the address of a path, under a name that resolves here if one is given."""
        return f"{'https' if self._tls else 'http'}://{host or self._host}:{self.port}{path}"

    def publish(
        self,
        path: str,
        body: bytes,
        content_type: str = CONTENT_TYPES["rss"],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Put a document under a path; ETag and Last-Modified follow by themselves unless `headers` name them.

        A header named with an empty value is left out. `Content-Encoding: gzip` or `br` compresses the body.
        """
        page = self._pages.get(path)
        if page is None or page.body != body:
            page = Page(body, {}, self._now().replace(microsecond=0), page.items if page else [])
            self._pages[path] = page
        page.headers = {"Content-Type": content_type, **(headers or {})}

    def print(self, path: str, *items: Item, kind: Kind = "rss", title: str = "The Paper") -> None:
        """Add items to the feed under a path, newest last, and publish it."""
        page = self._pages.get(path)
        listed = [*(page.items if page else []), *items]
        headers = page.headers if page else {}
        self.publish(path, papers.write(kind, title, listed), CONTENT_TYPES[kind], headers)
        self._pages[path].items = listed

    def withdraw(self, path: str) -> None:
        """Take a page away: it answers 404 from now on."""
        self._pages.pop(path, None)

    def misbehave(self, path: str, mishap: Mishap, times: int | None = None) -> None:
        """Let a path (or ANY) fail the next `times` times, after those already ordered, or for good."""
        if times is None:
            self._always[path] = mishap
        else:
            self._mishaps.setdefault(path, []).extend([mishap] * times)

    def behave(self) -> None:
        """Cancel every mishap."""
        self._mishaps.clear()
        self._always.clear()

    def seen(self, path: str) -> list[Seen]:
        """List the requests for one path."""
        return [request for request in self.requests if request.path.partition("?")[0] == path]

    async def arrival(self, count: int) -> None:
        """Wait until this many requests have arrived in all."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("connections are served in tasks")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        number = self.connections
        try:
            while await self._exchange(reader, writer, number):
                await writer.drain()
        except ValueError:
            writer.write(head(400, {"Connection": "close"}))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()  # the reader went away, or the stand closes
        finally:
            writer.close()

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
    ) -> bool:
        method, path, headers, body = await _read(reader)
        if path.startswith(CONTROL) and self.control:
            answer = await self.control(method, path.removeprefix(CONTROL), body)
            writer.write(head(200, {"Content-Length": str(len(answer))}) + answer)
            return True
        place = path.partition("?")[0]
        mishap = self._due(place) or self._page(place, headers)
        self.requests.append(Seen(self._now(), method, path, headers, connection, mishap.status, body))
        async with self._arrived:
            self._arrived.notify_all()
        return await mishap.play(writer)

    def _due(self, path: str) -> Mishap | None:
        for place in (path, ANY):
            if waiting := self._mishaps.get(place):
                return waiting.pop(0)
        return self._always.get(path) or self._always.get(ANY)

    def _page(self, path: str, headers: Mapping[str, str]) -> Mishap:
        page = self._pages.get(path)
        if page is None:
            return answer(404, body="no such paper")
        told = {
            "Date": _http_date(self._now()),
            "ETag": page.etag,
            "Last-Modified": _http_date(page.changed_at),
            **page.headers,
        }
        told = {name: value for name, value in told.items() if value}
        if _unchanged(headers, told):
            del told["Content-Type"]
            return answer(304, told)
        return document(_pack(page.body, told.get("Content-Encoding", "")), told)


def _unchanged(asked: Mapping[str, str], told: Mapping[str, str]) -> bool:
    """Judge the conditions of a GET (RFC 9110, 13.2.2): the date counts only where no ETag was sent."""
    if (etags := asked.get("if-none-match")) is not None:
        have = told.get("ETag", "").removeprefix("W/")
        listed = {etag.strip().removeprefix("W/") for etag in etags.split(",")}
        return bool(have) and (have in listed or etags.strip() == "*")
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
        return parsedate_to_datetime(told["Last-Modified"]) <= since
    except (KeyError, ValueError):
        return False


def _http_date(time: datetime) -> str:
    return format_datetime(time.astimezone(UTC), usegmt=True)


def _pack(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return zlib.compress(body, wbits=31)
    return brotli.compress(body) if encoding == "br" else body


async def _read(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str], bytes]:
    first = await reader.readexactly(1)
    if not first.isalpha():
        raise ValueError("not HTTP")
    lines = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers = {}
    for line in lines[1:-2]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return method, target, headers, body


if __name__ == "__main__":
    from tests.impersonators.newsstand_apart import main

    main()
