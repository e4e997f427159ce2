"""What stands before and behind the services: a newspaper without a network, and a chat that notes what it gets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bot.domain.message import AlertMessage, plain
from bot.domain.model import (
    ChannelAddress,
    DeliveryId,
    Entry,
    Feed,
    FeedId,
    ParsedFeed,
    PollFacts,
    PollOutcome,
)
from bot.errors import StaleDecision
from bot.ports import CheckResult, Newsroom, Request, Response


@dataclass
class Paper:
    """A feed's server, its source and its parser in one: answers are given in the order they were put here.

    An answer is a Response, or an error to raise. `entries` are what the document lists when it is parsed.
    """

    kind: str = "feed"
    answers: list[Response | Exception] = field(default_factory=list)
    entries: Sequence[Entry] = ()
    title: str = "The Paper"
    ttl_s: float | None = None
    cut: bool = False
    fault: Exception | None = None
    requests: list[Request] = field(default_factory=list)
    _editions: int = 0

    def print(self, *entries: Entry, **response: object) -> None:
        """Have the next answer list these entries, under a body that is new."""
        self._editions += 1
        body = f"edition {self._editions}".encode()
        self.entries = entries
        self.answers.append(replace(Response("https://news.example/rss", body=body), **response))  # type: ignore[arg-type]

    def request(self, feed: Feed) -> Request:
        return Request(feed.address, feed.state.etag, feed.state.last_modified)

    async def fetch(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def parse(self, kind: str, response: Response, known: frozenset[int]) -> ParsedFeed:
        if self.fault:
            raise self.fault
        return ParsedFeed(
            entries=tuple(entry for entry in self.entries if entry.fingerprint not in known),
            listed=tuple(entry.fingerprint for entry in self.entries),
            title=self.title,
            ttl_s=self.ttl_s,
            cut=self.cut,
        )


@dataclass
class Rival:
    """A newsroom in which others are faster: `meanwhile` runs just before a decision is recorded, then it is stale."""

    inner: Newsroom
    races: int
    decisions: list[PollOutcome] = field(default_factory=list)

    async def listing(self, feed_id: FeedId) -> frozenset[int]:
        return await self.inner.listing(feed_id)

    async def facts(self, feed_id: FeedId, entries: Sequence[Entry], keys: Sequence[str]) -> PollFacts:
        return await self.inner.facts(feed_id, entries, keys)

    async def record_poll(self, outcome: PollOutcome) -> Sequence[DeliveryId]:
        self.decisions.append(outcome)
        if len(self.decisions) <= self.races:
            raise StaleDecision("somebody was faster")
        return await self.inner.record_poll(outcome)


@dataclass
class Chat:
    """Notes every message; `trouble` is raised, or called and awaited, instead of each send for as long as it lasts."""

    platform: str = "slack"
    min_gap_s: float = 0.0
    trouble: list[Exception | Callable[[], None]] = field(default_factory=list)
    sent: list[tuple[str, str, DeliveryId]] = field(default_factory=list)
    hangs: bool = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None: ...

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        if self.hangs:
            await asyncio.Event().wait()
        if self.trouble:
            trouble = self.trouble.pop(0)
            if isinstance(trouble, Exception):
                raise trouble
            trouble()
        self.sent.append((str(channel), plain(message.headline), delivery_id))
        return f"receipt {len(self.sent)}"

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        return ()

    @property
    def headlines(self) -> list[str]:
        return [headline for _, headline, _ in self.sent]
