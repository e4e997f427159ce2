"""What a poll knows and what it decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.model.articles import Entry
from bot.domain.model.feeds import FeedState
from bot.domain.model.places import (
    ChannelId,
    DeliveryId,
    EntryId,
    FeedId,
    StoryId,
    SubscriptionId,
    WorkspaceId,
)
from bot.domain.model.subscriptions import Match


@dataclass(frozen=True, slots=True)
class StoryKey:
    """A canonical URL (or other identity) that a story owns; stories that share a URL but not their news take slots."""

    key: str
    slot: int = 0

    def __str__(self) -> str:
        return self.key if self.slot == 0 else f"{self.key}#{self.slot}"


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What the store remembers of an id that a feed lists again."""

    uid: str
    fingerprint: int
    entry_id: EntryId | None
    """None when the article itself has been pruned."""
    story_id: StoryId
    story_key: StoryKey
    first_seen_at: datetime
    published_at: datetime | None = None
    title: str = ""
    body: str = ""
    key: str | None = None
    """Its canonical link."""


@dataclass(frozen=True, slots=True)
class KnownStory:
    """A stored story that an entry might belong to; `title` and `body` are those of its lead."""

    id: StoryId
    key: StoryKey
    published_at: datetime
    """The earliest publication (or first sight) among its entries."""
    title: str
    body: str
    feed_ids: frozenset[FeedId] = frozenset()
    lead_feed_id: FeedId | None = None
    lead_entry_id: EntryId | None = None
    lead_key: str | None = None
    """The canonical link of the lead itself, which differs from the story's while only a copy is known."""
    lead_published_at: datetime | None = None
    """The date that the lead itself gives, if it gives one."""
    lead_at_home: bool = False
    """Whether the feed that brought the lead lives on the site that its link leads to."""


@dataclass(frozen=True, slots=True)
class PollFacts:
    """Everything the store knows that a decision about some entries of one feed depends on."""

    revision: int
    """Of subscriptions and follows; `record_poll` refuses a decision that was taken on another."""
    followers: Mapping[WorkspaceId, datetime]
    """Since when each workspace follows the feed."""
    known: Mapping[str, KnownEntry] = field(default_factory=dict)
    """By uid."""
    stories: Mapping[str, tuple[KnownStory, ...]] = field(default_factory=dict)
    """Candidates by story key (without slot), newest slot last."""
    slots: Mapping[str, int] = field(default_factory=dict)
    """The first free slot of each story key; 0 when absent."""
    judged: frozenset[tuple[SubscriptionId, StoryId]] = frozenset()
    """Pairs that have matched before, alerted or withheld."""
    withheld: frozenset[tuple[SubscriptionId, StoryId]] = frozenset()
    """Those of them that were withheld: another feed may bring the story as news."""
    alerted: frozenset[tuple[ChannelId, StoryId]] = frozenset()
    """Pairs that have a delivery."""


StoryRef = int
"""A StoryId, or -1, -2, … for the first, second, … of `PollOutcome.new_stories`."""


class Withheld(StrEnum):
    """Why a match did not become an alert; the value is what a reader is told."""

    BEFORE_FOLLOWING = "published before the feed was followed or the subscription was made"
    UNDATED = "undated, and already listed when the feed was first read"
    TOO_OLD = "older than the age limit when it was first seen"


@dataclass(frozen=True, slots=True)
class NewStory:
    keys: tuple[StoryKey, ...]
    """The first one names the story; all must still be free when it is recorded."""
    published_at: datetime


@dataclass(frozen=True, slots=True)
class NewEntry:
    entry: Entry
    story: StoryRef
    lead: bool
    """True when it is the story's original as far as is known: its link, headline and byline are shown."""
    new_keys: tuple[StoryKey, ...] = ()
    """Keys that a stored story gains through this entry."""
    same_as: EntryId | None = None
    """A stored entry of this feed that is listed again under this new uid: only the id is to be
    remembered, no second article."""


@dataclass(frozen=True, slots=True)
class EditedEntry:
    entry_id: EntryId | None
    """None when only the fingerprint of a pruned article is to be remembered."""
    entry: Entry
    story_id: StoryId | None = None
    new_keys: tuple[StoryKey, ...] = ()
    """Keys that its story gains, because its link is another now."""


@dataclass(frozen=True, slots=True)
class NewMatch:
    match: Match
    uid: str
    story: StoryRef
    withheld: Withheld | None = None
    again: bool = False
    """True when it takes the place of a match that was withheld."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    id: DeliveryId
    channel_id: ChannelId
    story: StoryRef
    due_at: datetime
    updated: bool = False
    """True when an edit made the article match."""
    held: str | None = None
    """A reason when it must not go out by itself."""


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """All that one poll decided; the store writes it in one transaction or not at all."""

    feed_id: FeedId
    state: FeedState
    decided_at: datetime
    revision: int
    new_stories: tuple[NewStory, ...] = ()
    new_entries: tuple[NewEntry, ...] = ()
    edited: tuple[EditedEntry, ...] = ()
    matches: tuple[NewMatch, ...] = ()
    deliveries: tuple[NewDelivery, ...] = ()
    listed: tuple[int, ...] | None = None
    """The fingerprints to mark as listed now, or None when that can wait."""
    title: str = ""
    site_url: str | None = None
    icon_url: str | None = None


@dataclass(frozen=True, slots=True)
class AlertRules:
    max_age: timedelta = timedelta(hours=48)
    gather: timedelta = timedelta(seconds=2)
    """An alert waits this long, so that copies that arrive together show on one message."""
    flood_limit: int = 20
    """Alerts that one poll may send to one channel; the newest go out, the others are held."""
