"""A news desk that plays a poll worker by hand: what it tells the store is spelled out, not decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.alerting import delivery_id
from bot.domain.model import (
    ChannelAddress,
    Claim,
    ClaimedDelivery,
    DeliveryId,
    EditedEntry,
    Entry,
    FeedId,
    Match,
    NewDelivery,
    NewEntry,
    NewMatch,
    NewStory,
    Origin,
    PollFacts,
    PollOutcome,
    StoryKey,
    StoryRef,
    Subscription,
    Withheld,
)
from bot.ports import FeedRow, Store, SubscriptionRow
from tests.builders import NOW, at, term


def key_of(entry: Entry) -> str:
    return f"url:{entry.key}"


@dataclass(frozen=True)
class Desk:
    store: Store

    # ------------------------------------------------------------ declaring

    async def follow(self, url: str = "https://news.example/rss", when: datetime = NOW, **row: Any) -> FeedId:
        wanted = replace(FeedRow("rss", url, Origin.CLI), **row)
        return await self.store.registry.follow(wanted, when)

    async def subscribe(
        self, query: str = "kim", channel: str = "console:world", when: datetime = NOW, **row: Any
    ) -> Subscription:
        wanted = replace(SubscriptionRow(ChannelAddress.parse(channel), query, Origin.CLI), **row)
        id = await self.store.registry.subscribe(wanted, when)
        return await self.subscription(id)

    async def subscription(self, id: int) -> Subscription:
        """Return a subscription, also a retired one."""
        changes = await self.store.registry.changes(0)
        return next(one for one in changes.changed if one.id == id)

    # ------------------------------------------------------------ polling

    async def facts(self, feed_id: FeedId, *entries: Entry) -> PollFacts:
        return await self.store.newsroom.facts(feed_id, entries, [key_of(entry) for entry in entries])

    async def outcome(self, feed_id: FeedId, when: datetime = NOW, **decided: Any) -> PollOutcome:
        """Return an outcome that is not stale; it says nothing but what is given."""
        facts = await self.facts(feed_id)
        feed = await self.store.schedule.feed(feed_id)
        state = replace(feed.state, caught_up=True)
        return replace(PollOutcome(feed_id, state, decided_at=when, revision=facts.revision), **decided)

    async def telling(
        self, feed_id: FeedId, entry: Entry, *watchers: Subscription, when: datetime = NOW, **decided: Any
    ) -> PollOutcome:
        """Return the outcome that opens a story with an entry and alerts its watchers."""
        facts = await self.facts(feed_id, entry)
        key = StoryKey(key_of(entry), facts.slots.get(key_of(entry), 0))
        story = NewStory((key,), entry.published_at or when)
        fields = {
            "new_stories": (story,),
            "new_entries": (NewEntry(entry, -1, lead=True),),
            "matches": tuple(matches(watchers, entry, -1)),
            "deliveries": tuple(deliveries(watchers, key, -1, when)),
        }
        return await self.outcome(feed_id, when, **(fields | decided))

    async def publish(
        self, feed_id: FeedId, entry: Entry, *watchers: Subscription, when: datetime = NOW, **decided: Any
    ) -> Sequence[DeliveryId]:
        """Open a story with an entry and alert its watchers."""
        outcome = await self.telling(feed_id, entry, *watchers, when=when, **decided)
        return await self.store.newsroom.record_poll(outcome)

    async def copy(
        self,
        feed_id: FeedId,
        entry: Entry,
        of: Entry,
        *watchers: Subscription,
        when: datetime = NOW,
        **new: Any,
    ) -> Sequence[DeliveryId]:
        """Add an entry to the story of another; its watchers get no delivery of their own."""
        facts = await self.facts(feed_id, of)
        story = facts.stories[key_of(of)][-1]
        record = replace(NewEntry(entry, story.id, lead=False), **new)
        found = tuple(matches(watchers, entry, story.id))
        outcome = await self.outcome(feed_id, when, new_entries=(record,), matches=found)
        return await self.store.newsroom.record_poll(outcome)

    async def edit(
        self, feed_id: FeedId, entry: Entry, *watchers: Subscription, when: datetime = NOW, **decided: Any
    ) -> Sequence[DeliveryId]:
        """Rewrite an entry that is known by its uid, and let more watchers match it."""
        known = (await self.facts(feed_id, entry)).known[entry.uid]
        fields = {
            "edited": (EditedEntry(known.entry_id, entry),),
            "matches": tuple(matches(watchers, entry, known.story_id)),
        }
        outcome = await self.outcome(feed_id, when, **(fields | decided))
        return await self.store.newsroom.record_poll(outcome)

    # ------------------------------------------------------------ delivering

    async def claim(
        self, delivery_id: DeliveryId, when: datetime | None = None, id: str = "claim-1", **until: float
    ) -> ClaimedDelivery | None:
        moment = when or at(minutes=1)
        ends = moment + (at(**(until or {"seconds": 60})) - NOW)
        return await self.store.outbox.claim(delivery_id, Claim(id, moment, ends))

    async def claimed(self, delivery_id: DeliveryId, **how: Any) -> ClaimedDelivery:
        found = await self.claim(delivery_id, **how)
        assert found is not None
        return found


def matches(
    watchers: Sequence[Subscription], entry: Entry, story: StoryRef, withheld: Withheld | None = None
) -> list[NewMatch]:
    """Let the first word of the headline be what everybody asked for."""
    word = entry.title.partition(" ")[0] if entry.title else ""
    found = (term(word, entry.title),)
    return [NewMatch(Match(one.id, found), entry.uid, story, withheld) for one in watchers]


def deliveries(
    watchers: Sequence[Subscription], key: StoryKey, story: StoryRef, due_at: datetime
) -> list[NewDelivery]:
    channels = {one.channel.id: one.channel for one in watchers}
    return [NewDelivery(delivery_id(one, key), one.id, story, due_at) for one in channels.values()]
