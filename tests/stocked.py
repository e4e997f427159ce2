"""A store with articles in it, for tests of what reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.model import Entry, FeedId, NewEntry, NewStory, Origin, PollOutcome, StoryKey
from bot.ports import FeedRow, Store
from tests.builders import NOW


async def stock(
    store: Store,
    *entries: Entry,
    url: str = "https://news.example/rss",
    title: str = "News",
    at: datetime = NOW,
) -> FeedId:
    """Follow a feed and store entries that it published, each a story of its own, the first one first seen.

    Entries that share a key tell one story.
    """
    feed_id = await store.registry.follow(FeedRow("feed", url, Origin.CLI, title=title), at)
    feed = await store.schedule.feed(feed_id)
    facts = await store.newsroom.facts(feed_id, entries, [])
    keys = list(dict.fromkeys(StoryKey(f"url:{entry.key}") for entry in entries))
    refs = {key: -number for number, key in enumerate(keys, 1)}
    dates = {StoryKey(f"url:{entry.key}"): entry.published_at or at for entry in entries}
    await store.newsroom.record_poll(
        PollOutcome(
            feed_id=feed_id,
            state=replace(feed.state, polled_at=at, succeeded_at=at, new_entry_at=at, caught_up=True),
            decided_at=at,
            revision=facts.revision,
            new_stories=tuple(NewStory((key,), dates[key]) for key in keys),
            new_entries=tuple(NewEntry(e, refs[StoryKey(f"url:{e.key}")], lead=True) for e in entries),
            listed=tuple(entry.fingerprint for entry in entries),
        )
    )
    return feed_id
