"""The straightforward stack: what a capable programmer writes in an afternoon, as a peer to measure against.

One shared aiohttp session, feedparser on every body, the text lowered once per article, a substring test per
keyword, one sqlite3 commit per feed. With `conditional=True` it also remembers ETag and Last-Modified.
"""

from __future__ import annotations

import asyncio
import io
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import feedparser

_SCHEMA = """
create table entries (feed text, uid text, title text, body text, link text, primary key (feed, uid));
create table outbox (keyword text, feed text, uid text, primary key (keyword, feed, uid));
create table validators (feed text primary key, etag text, modified text);
"""


class Straightforward:
    """Polls feeds one way: fetch, parse, look up, match, store."""

    def __init__(self, file: Path, keywords: Sequence[str], *, conditional: bool = False) -> None:
        self._database = sqlite3.connect(file)
        self._database.execute("pragma journal_mode=wal")
        self._database.executescript(_SCHEMA)
        self._keywords = [keyword.lower() for keyword in keywords]
        self._conditional = conditional

    async def poll_all(self, urls: Sequence[str], concurrency: int = 16) -> None:
        """Poll every feed once."""
        gate = asyncio.Semaphore(concurrency)
        async with aiohttp.ClientSession() as session:

            async def poll(url: str) -> None:
                async with gate:
                    await self._poll(session, url)

            await asyncio.gather(*map(poll, urls))

    def count(self, table: str) -> int:
        """Count the rows of `entries` or `outbox`."""
        return int(self._database.execute(f"select count(*) from {table}").fetchone()[0])

    def close(self) -> None:
        self._database.close()

    async def _poll(self, session: aiohttp.ClientSession, url: str) -> None:
        async with session.get(url, headers=self._validators(url)) as response:
            if response.status == 304:
                return
            body = await response.read()
            headers = response.headers
        parsed = feedparser.parse(io.BytesIO(body))
        for entry in parsed.entries:
            self._take(url, entry)
        if self._conditional:
            row = (url, headers.get("ETag"), headers.get("Last-Modified"))
            self._database.execute("insert or replace into validators values (?, ?, ?)", row)
        self._database.commit()

    def _validators(self, url: str) -> dict[str, str]:
        row = self._database.execute(
            "select etag, modified from validators where feed = ?", (url,)
        ).fetchone()
        named = zip(("If-None-Match", "If-Modified-Since"), row or (), strict=False)
        return {name: value for name, value in named if value}

    def _take(self, url: str, entry: feedparser.FeedParserDict) -> None:
        uid = entry.get("id") or entry.get("link") or entry.get("title", "")
        title, link = entry.get("title", ""), entry.get("link", "")
        body = entry.content[0].value if entry.get("content") else entry.get("summary", "")
        row = (url, uid, title, body, link)
        if self._database.execute("insert or ignore into entries values (?, ?, ?, ?, ?)", row).rowcount == 0:
            return
        text = f"{title}\n{body}".lower()
        hits = [(keyword, url, uid) for keyword in self._keywords if keyword in text]
        self._database.executemany("insert or ignore into outbox values (?, ?, ?)", hits)
