"""What the store knows that bears on some entries of a feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, select

from bot.domain.folding import CANDIDATES
from bot.domain.model import (
    ChannelId,
    Entry,
    FeedId,
    KnownEntry,
    KnownStory,
    PollFacts,
    StoryId,
    StoryKey,
    SubscriptionId,
)
from bot.domain.stories import at_home
from bot.stores.counters import current_revision
from bot.stores.database import OneOf
from bot.stores.tables import deliveries, entries, feeds, matches, sightings, stories, story_keys
from bot.stores.visibility import followers

_IDS = bindparam("ids", type_=JSON)

_KNOWN = (
    select(
        sightings.c.uid,
        sightings.c.fingerprint,
        sightings.c.entry_id,
        sightings.c.story_id,
        stories.c.key,
        stories.c.slot,
        sightings.c.first_seen_at,
        sightings.c.published_at,
        entries.c.title,
        entries.c.body,
        entries.c.url_key,
    )
    .join_from(sightings, stories, stories.c.id == sightings.c.story_id)
    .join(entries, entries.c.id == sightings.c.entry_id, isouter=True)
    .where(
        sightings.c.feed_id == bindparam("feed_id"),
        OneOf(sightings.c.uid, bindparam("uids", type_=JSON)),
    )
)
_KEYS = (
    select(story_keys.c.key, story_keys.c.slot, story_keys.c.story_id)
    .where(OneOf(story_keys.c.key, bindparam("keys", type_=JSON)))
    .order_by(story_keys.c.key, story_keys.c.slot)
)
_STORIES = (
    select(
        stories.c.id,
        stories.c.key,
        stories.c.slot,
        stories.c.published_at,
        entries.c.title,
        entries.c.body,
        entries.c.feed_id,
        entries.c.id.label("lead_entry_id"),
        entries.c.url_key,
        entries.c.published_at.label("lead_published_at"),
        feeds.c.url,
        feeds.c.site_url,
    )
    .join_from(stories, entries, entries.c.id == stories.c.lead_entry_id)
    .join(feeds, feeds.c.id == entries.c.feed_id)
    .where(OneOf(stories.c.id, _IDS))
)
_STORY_FEEDS = (
    select(sightings.c.story_id, sightings.c.feed_id).distinct().where(OneOf(sightings.c.story_id, _IDS))
)
_JUDGED = select(matches.c.subscription_id, matches.c.story_id, matches.c.withheld).where(
    OneOf(matches.c.story_id, _IDS)
)
_ALERTED = select(deliveries.c.channel_id, deliveries.c.story_id).where(OneOf(deliveries.c.story_id, _IDS))


def collect_facts(
    connection: Connection, feed_id: FeedId, asked: Sequence[Entry], keys: Sequence[str]
) -> PollFacts:
    known = _known(connection, feed_id, [entry.uid for entry in asked])
    candidates = _candidates(connection, keys)
    concerned = {one.story_id for one in known.values()} | candidates.story_ids
    judged = _judged(connection, concerned)
    return PollFacts(
        revision=current_revision(connection),
        followers=followers(connection, feed_id),
        known=known,
        stories=_stories(connection, candidates),
        slots=candidates.slots,
        judged=frozenset(judged),
        withheld=frozenset(pair for pair, reason in judged.items() if reason is not None),
        alerted=_alerted(connection, concerned),
    )


@dataclass(frozen=True, slots=True)
class _Candidates:
    by_key: Mapping[str, Sequence[StoryId]] = field(default_factory=dict)
    """Newest slot last."""
    slots: Mapping[str, int] = field(default_factory=dict)

    @property
    def story_ids(self) -> frozenset[StoryId]:
        return frozenset(story_id for ids in self.by_key.values() for story_id in ids)


def _known(connection: Connection, feed_id: FeedId, uids: Sequence[str]) -> Mapping[str, KnownEntry]:
    if not uids:
        return {}
    rows = connection.execute(_KNOWN, {"feed_id": feed_id, "uids": uids})
    return {row[0]: _known_entry(row) for row in rows}


def _known_entry(row: Sequence[Any]) -> KnownEntry:
    uid, fingerprint, entry_id, story_id, key, slot, seen_at, published_at, title, body, url_key = row
    return KnownEntry(
        uid=uid,
        fingerprint=fingerprint,
        entry_id=entry_id if title is not None else None,
        story_id=story_id,
        story_key=StoryKey(key, slot),
        first_seen_at=seen_at,
        published_at=published_at,
        title=title or "",
        body=body or "",
        key=url_key,
    )


def _candidates(connection: Connection, keys: Sequence[str]) -> _Candidates:
    if not keys:
        return _Candidates()
    by_key: defaultdict[str, list[StoryId]] = defaultdict(list)
    slots: dict[str, int] = {}
    for key, slot, story_id in connection.execute(_KEYS, {"keys": list(keys)}):
        by_key[key].append(story_id)
        slots[key] = slot + 1
    return _Candidates({key: ids[-CANDIDATES:] for key, ids in by_key.items()}, slots)


def _stories(connection: Connection, candidates: _Candidates) -> Mapping[str, tuple[KnownStory, ...]]:
    """Read the candidates; one whose articles are no longer stored cannot be compared with, and is none."""
    ids = sorted(candidates.story_ids)
    if not ids:
        return {}
    carried: defaultdict[StoryId, set[FeedId]] = defaultdict(set)
    for story_id, feed_id in connection.execute(_STORY_FEEDS, {"ids": ids}):
        carried[story_id].add(feed_id)
    found = {row[0]: _known_story(row, carried[row[0]]) for row in connection.execute(_STORIES, {"ids": ids})}
    return {
        key: tuple(found[story_id] for story_id in story_ids if story_id in found)
        for key, story_ids in candidates.by_key.items()
    }


def _known_story(row: Sequence[Any], feed_ids: Iterable[FeedId]) -> KnownStory:
    (
        id,
        key,
        slot,
        published_at,
        title,
        body,
        lead_feed_id,
        lead_entry_id,
        lead_key,
        lead_published_at,
        *homes,
    ) = row
    return KnownStory(
        id=id,
        key=StoryKey(key, slot),
        published_at=published_at,
        title=title,
        body=body,
        feed_ids=frozenset(feed_ids),
        lead_feed_id=lead_feed_id,
        lead_entry_id=lead_entry_id,
        lead_key=lead_key,
        lead_published_at=lead_published_at,
        lead_at_home=at_home(lead_key, *homes),
    )


def _judged(
    connection: Connection, story_ids: AbstractSet[StoryId]
) -> Mapping[tuple[SubscriptionId, StoryId], str | None]:
    """Return which subscriptions have matched some stories, and why that was withheld."""
    rows = connection.execute(_JUDGED, {"ids": sorted(story_ids)}) if story_ids else ()
    return {(row[0], row[1]): row[2] for row in rows}


def _alerted(connection: Connection, story_ids: AbstractSet[StoryId]) -> frozenset[tuple[ChannelId, StoryId]]:
    rows = connection.execute(_ALERTED, {"ids": sorted(story_ids)}) if story_ids else ()
    return frozenset((row[0], row[1]) for row in rows)
