"""Poll: read one feed, decide what its news means, write it once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

import structlog

from bot.domain.alerting import Reading, dated, decide, newly, told_apart
from bot.domain.document import Document
from bot.domain.folding import keys_to_look_up
from bot.domain.model import (
    AlertRules,
    Entry,
    Feed,
    FeedId,
    FeedState,
    Match,
    ParsedFeed,
    PollFacts,
    PollOutcome,
    PollRules,
    Subscription,
    SubscriptionId,
)
from bot.domain.pacing import answered, failed, failure_wait, poll_wait
from bot.domain.urls import host_name
from bot.errors import OutsideError, StaleDecision
from bot.ports import Clock, Fetcher, Newsroom, Parser, Response, Schedule, Source
from bot.services.watchlist import Watchlist

log = structlog.get_logger(__name__)

TRIES = 10
"""How often a decision is taken again because of a race before the feed is left to its next poll."""

SLICE = 10
"""Articles matched before the event loop has its turn."""

CROWD = 4
"""Polls of one host in hand at a time. Its others are put back, so that they do not keep the workers from all else."""

PUT_BACK = timedelta(seconds=10)


class Ending(StrEnum):
    NEWS = "news"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    PUT_BACK = "put back"


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll came to; the counts are of articles, the last one of deliveries."""

    feed_id: FeedId
    ending: Ending
    new: int = 0
    edited: int = 0
    matched: int = 0
    queued: int = 0


@dataclass
class Poller:
    schedule: Schedule
    newsroom: Newsroom
    watchlist: Watchlist
    fetcher: Fetcher
    parser: Parser
    sources: Mapping[str, Source]
    clock: Clock
    spread: Callable[[], float]
    """A random number in [0, 1)."""
    poll_rules: PollRules = field(default_factory=PollRules)
    alert_rules: AlertRules = field(default_factory=AlertRules)
    crowd: int = CROWD
    _at_host: Counter[str] = field(default_factory=Counter)

    async def poll(self, feed_id: FeedId) -> PollReport:
        """Poll a feed once; whatever happens is in the store afterwards, and so is the time of the next poll."""
        feed = await self.schedule.feed(feed_id)
        host = host_name(feed.address)
        if self._at_host[host] >= self.crowd:
            return await self._put_back(feed)
        self._at_host[host] += 1
        try:
            return await self._poll(feed)
        finally:
            self._at_host -= Counter({host: 1})  # a host at zero is forgotten

    async def _poll(self, feed: Feed) -> PollReport:
        try:
            response = await self.fetcher.fetch(self.sources[feed.kind].request(feed))
            body_hash = None if response.not_modified else _hash(response.body)
            if response.not_modified or body_hash == feed.state.body_hash:
                return await self._unchanged(feed, response)
            known = await self.newsroom.listing(feed.id)
            parsed = await self.parser.parse(feed.kind, response, known)
        except OutsideError as error:
            return await self._failed(feed, error)
        return await self._record(feed, replace(response, body=b""), body_hash, parsed)

    def _answered(self, feed: Feed, response: Response, ttl_s: float | None) -> FeedState:
        """Return the state after an answer that was new; the hash of its body is the caller's."""
        wish_s = max(response.max_age_s or 0, ttl_s or 0)
        wait = poll_wait(feed, self.poll_rules, wish_s, self.spread())
        state = answered(feed, self.clock.now(), wait, response.moved_to)
        return replace(state, etag=response.etag, last_modified=response.last_modified, ttl_s=ttl_s)

    async def _unchanged(self, feed: Feed, response: Response) -> PollReport:
        old = feed.state
        state = replace(
            self._answered(feed, response, old.ttl_s),
            etag=response.etag or old.etag,
            last_modified=response.last_modified or old.last_modified,
            caught_up=True,
        )
        await self.schedule.record_state(feed.id, state)
        log.debug("feed unchanged", feed=feed.id, url=feed.url)
        return PollReport(feed.id, Ending.UNCHANGED)

    async def _failed(self, feed: Feed, error: OutsideError) -> PollReport:
        wait = failure_wait(feed, self.poll_rules, error.retry_after_s, self.spread())
        state = failed(feed, error, self.clock.now(), wait)
        await self.schedule.record_state(feed.id, state)
        log.warning("feed failed", feed=feed.id, url=feed.url, reason=error.reason, failures=state.failures)
        return PollReport(feed.id, Ending.FAILED)

    async def _put_back(self, feed: Feed) -> PollReport:
        later = self.clock.now() + PUT_BACK * (1 + self.spread())
        await self.schedule.record_state(feed.id, replace(feed.state, next_poll_at=later))
        return PollReport(feed.id, Ending.PUT_BACK)

    async def _record(
        self, feed: Feed, response: Response, body_hash: str | None, parsed: ParsedFeed
    ) -> PollReport:
        """Decide and write; what was decided on may change meanwhile, and then it is decided again."""
        if parsed.cut:
            read = len(parsed.listed)
            log.warning(
                "feed lists more articles than are read; the last are left out", feed=feed.id, read=read
            )
        parsed = replace(parsed, entries=dated(parsed.entries, self.clock.now()))
        keys = keys_to_look_up(parsed.entries, feed.id)
        for _ in range(TRIES):
            facts = await self.newsroom.facts(feed.id, parsed.entries, keys)
            await self.watchlist.reach(facts.revision)
            told = replace(parsed, entries=told_apart(parsed, facts.known))
            state = replace(self._answered(feed, response, parsed.ttl_s), body_hash=body_hash)
            outcome = await self._decide(await self._read(feed, state, told, facts))
            try:
                queued = await self.newsroom.record_poll(outcome)
            except StaleDecision as race:
                log.info("deciding again", feed=feed.id, reason=str(race))
                feed = await self.schedule.feed(feed.id)
                continue
            return _report(outcome, len(queued))
        raise StaleDecision(f"feed {feed.id}: the subscriptions or stories changed {TRIES} times meanwhile")

    async def _decide(self, reading: Reading) -> PollOutcome:
        """Decide; about many articles beside the event loop, which it would keep for a while."""
        now = self.clock.now()
        if len(reading.parsed.entries) > SLICE:
            return await asyncio.to_thread(decide, reading, self.alert_rules, now)
        return decide(reading, self.alert_rules, now)

    async def _read(self, feed: Feed, state: FeedState, parsed: ParsedFeed, facts: PollFacts) -> Reading:
        """Match the new entries, and of the edited ones what they did not say before."""
        source = parsed.title or feed.title or host_name(feed.address)
        matches: dict[str, tuple[Match, ...]] = {}
        concerned: dict[SubscriptionId, Subscription] = {}
        for start in range(0, len(parsed.entries), SLICE):
            for entry in parsed.entries[start : start + SLICE]:
                found = self._matches(entry, source, facts)
                concerned.update(
                    (match.subscription_id, self.watchlist[match.subscription_id]) for match in found
                )
                if found:
                    matches[entry.uid] = found
            await self.clock.sleep(0)
        return Reading(feed, state, parsed, facts, concerned, matches)

    def _matches(self, entry: Entry, source: str, facts: PollFacts) -> tuple[Match, ...]:
        found = self.watchlist.match(Document.of(entry, source))
        old = facts.known.get(entry.uid)
        if not found or old is None:
            return found
        before = Document.of(replace(entry, title=old.title, body=old.body), source)
        return newly(found, self.watchlist.match(before))


def _hash(body: bytes) -> str:
    return sha256(body).hexdigest()  # in hardware, and so twice as fast as blake2b


def _report(outcome: PollOutcome, queued: int) -> PollReport:
    report = PollReport(
        outcome.feed_id,
        Ending.NEWS,
        new=len(outcome.new_entries),
        edited=len(outcome.edited),
        matched=len({match.uid for match in outcome.matches}),
        queued=queued,
    )
    log.info(
        "feed read",
        feed=report.feed_id,
        new=report.new,
        edited=report.edited,
        matched=report.matched,
        queued=queued,
    )
    return report
