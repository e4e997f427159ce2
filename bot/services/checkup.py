"""`newsbot check`: try everything that newsbot leans on, post nothing, and say what to do about what fails."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.model import ChannelAddress, Feed, FeedId, FeedState, ParsedFeed
from bot.domain.wording import ago, count, lasting, size
from bot.errors import FetchError, OutsideError, ParseError
from bot.ports import ChatAdapter, CheckResult, Clock, FeedRow, Fetcher, Parser, Source, Store
from bot.services.platforms import connect

AT_ONCE = 16
"""Feeds that are tried at the same time; the fetcher keeps to its gaps between requests to one host."""
_NO_ANSWER = "newsbot keeps trying; if it stays so, look at the address in a browser"


@dataclass(frozen=True, slots=True)
class Declared:
    """What the config file declares, which the store may not have heard of yet."""

    feeds: Sequence[FeedRow] = ()
    channels: Sequence[ChannelAddress] = ()


@dataclass(frozen=True, slots=True)
class Checkup:
    """Tries the database, every platform and channel, and every feed."""

    store: Store
    chats: Mapping[str, ChatAdapter]
    sources: Mapping[str, Source]
    fetcher: Fetcher
    parser: Parser
    clock: Clock
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def run(self, declared: Declared) -> Sequence[CheckResult]:
        """Return a result for each thing tried; nothing is posted, nothing is stored."""
        database, chats, feeds = await asyncio.gather(
            self._database(), self._chats(declared.channels), self._feeds(declared.feeds)
        )
        return [database, *chats, *feeds]

    async def _database(self) -> CheckResult:
        stats = await self.store.upkeep.stats()
        detail = f"schema {stats.schema}, {size(stats.size_bytes)}, {count(stats.articles, 'article')}"
        return CheckResult("database", ok=True, detail=detail)

    async def _chats(self, declared: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        stored = [channel.address for channel in await self.store.registry.channels()]
        channels = list(dict.fromkeys([*declared, *stored]))
        platforms = list(dict.fromkeys([*self.chats, *(channel.platform for channel in channels)]))
        answers = await asyncio.gather(
            *(self._chat(platform, [c for c in channels if c.platform == platform]) for platform in platforms)
        )
        return [result for answer in answers for result in answer]

    async def _chat(self, platform: str, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        if adapter := self.chats.get(platform):
            return await adapter.check(channels)
        detail = f"{count(len(channels), 'channel')} there, but newsbot is not connected to it"
        return [CheckResult(platform, ok=False, detail=detail, remedy=connect(platform))]

    async def _feeds(self, declared: Sequence[FeedRow]) -> Sequence[CheckResult]:
        """Try the stored feeds and the declared ones, each once, in the order of their addresses' names."""
        feeds: dict[tuple[str, str, str | None], tuple[str, Feed]] = {}
        for row in declared:
            feed = Feed(FeedId(0), row.kind, row.url, FeedState(self.clock.now()), row.title, row.credentials)
            feeds[row.kind, row.url, row.credentials] = (row.name or row.title or row.url, feed)
        for followed in await self.store.registry.feeds():
            feed = followed.feed
            feeds[feed.kind, feed.url, feed.credentials] = (followed.name or feed.title or feed.url, feed)
        results = await asyncio.gather(*(self._feed(name, feed) for name, feed in feeds.values()))
        return _cut_off(results) if len(results) > 1 else results

    async def _feed(self, name: str, feed: Feed) -> CheckResult:
        facts = {"name": name, "url": feed.url}
        source = self.sources.get(feed.kind)
        if source is None:
            known = ", ".join(sorted(self.sources))
            return CheckResult(
                "feeds", False, f"of an unknown kind, {feed.kind}", f"Known kinds: {known}", facts
            )
        try:
            async with self._turns:
                response = await self.fetcher.fetch(source.request(_afresh(feed)))
                parsed = await self.parser.parse(feed.kind, response, frozenset())
        except OutsideError as error:
            return CheckResult("feeds", False, self._history(feed, error), _remedy(error), facts)
        return CheckResult("feeds", True, self._contents(parsed), facts=facts)

    def _contents(self, parsed: ParsedFeed) -> str:
        dates = [entry.published_at for entry in parsed.entries if entry.published_at]
        listed = count(len(parsed.listed), "article") + (
            " (it lists more; no more are read)" if parsed.cut else ""
        )
        return f"{listed}, the newest {ago(max(dates), self.clock.now())}" if dates else listed

    def _history(self, feed: Feed, error: OutsideError) -> str:
        """Say why a feed failed just now and, if that is so, for how long it has been failing."""
        now, since, last = self.clock.now(), feed.state.failing_since, feed.state.new_entry_at
        detail = error.reason.rstrip(".")
        detail += f"; failing for {lasting(now - since)}" if since else ""
        return detail + (f"; last article {ago(last, now)}" if last else "")


def _afresh(feed: Feed) -> Feed:
    """Return the feed without what would let its server answer that nothing changed."""
    state = feed.state
    plain = FeedState(
        state.next_poll_at, redirect_url=state.redirect_url, redirect_count=state.redirect_count
    )
    return Feed(feed.id, feed.kind, feed.url, plain, feed.title, feed.credentials, feed.interval_s)


def _cut_off(results: Sequence[CheckResult]) -> Sequence[CheckResult]:
    """Blame the connection of this machine when not one of several feeds was so much as refused."""
    if any(result.remedy != _NO_ANSWER for result in results):
        return results
    remedy = "Not one of the feeds answers: is this machine connected to the internet?"
    return [replace(result, remedy=remedy) for result in results]


def _remedy(error: OutsideError) -> str:
    status = error.status if isinstance(error, FetchError) else None
    if status in {401, 403}:
        return "The publisher refuses. Name a login with `credentials`, or ask them"
    if status in {404, 410}:
        return "Look for its new address on the publisher's site, then change or remove it"
    if isinstance(error, ParseError):
        return "Open it in a browser: is it a feed, or a web page?"
    if error.permanent:
        return "Correct the address, or remove the feed"
    return _NO_ANSWER if status is None else "newsbot keeps trying; the publisher has to mend it"
