"""The nouns of the program: frozen values, no behaviour beyond naming themselves.

All times are aware UTC. Ids are the store's; a value without an id has not been stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.errors import AddressError

FeedId = NewType("FeedId", int)
WorkspaceId = NewType("WorkspaceId", int)
ChannelId = NewType("ChannelId", int)
SubscriptionId = NewType("SubscriptionId", int)
EntryId = NewType("EntryId", int)
StoryId = NewType("StoryId", int)
DeliveryId = NewType("DeliveryId", str)
"""At most 25 ASCII characters: it travels as Discord's nonce."""


class Origin(StrEnum):
    """Where a row was made; the file's rows belong to the file."""

    FILE = "file"
    CLI = "cli"
    CHAT = "chat"


# ---------------------------------------------------------------- places


@dataclass(frozen=True, slots=True)
class ChannelAddress:
    """A place in a chat, written `platform:workspace/channel`, or `console:channel`."""

    platform: str
    workspace: str
    channel: str

    def __str__(self) -> str:
        if self.platform == "console":
            return f"console:{self.channel}"
        return f"{self.platform}:{self.workspace}/{self.channel}"

    @classmethod
    def parse(cls, text: str) -> ChannelAddress:
        """Read an address; raise AddressError when it has another form."""
        platform, _, place = text.strip().partition(":")
        workspace, slash, channel = place.partition("/")
        if platform == "console" and place and not slash:
            return cls("console", "local", place)
        if platform and workspace and channel and "/" not in channel:
            return cls(platform, workspace, channel)
        raise AddressError(
            f"“{text}” is not a channel. Write slack:TEAM/CHANNEL, discord:SERVER/CHANNEL or console:NAME."
        )


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Discord server, a Slack team or the console; it sees what it follows and nothing else."""

    id: WorkspaceId
    platform: str
    external_id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    id: ChannelId
    workspace_id: WorkspaceId
    address: ChannelAddress
    name: str = ""


# ---------------------------------------------------------------- feeds


@dataclass(frozen=True, slots=True)
class FeedState:
    """What polling a feed leaves behind for the next poll."""

    next_poll_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    redirect_url: str | None = None
    """Where the last answers said the feed has moved for good."""
    redirect_count: int = 0
    failures: int = 0
    """Failed polls in a row."""
    error: str | None = None
    """Why the last poll failed, in words; None when it did not."""
    failing_since: datetime | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    new_entry_at: datetime | None = None
    listed_at: datetime | None = None
    """When every listed id was last marked as listed."""
    caught_up: bool = False
    """Whether a poll has succeeded since the feed was followed (or restored from a backup)."""
    quiet_before: datetime | None = None
    """On the catching-up poll, nothing published before this is announced to anyone."""
    ttl_s: float | None = None
    """How long the feed itself asks to be left alone."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One polled origin, unique by kind, canonical URL and credentials."""

    id: FeedId
    kind: str
    url: str
    state: FeedState
    title: str = ""
    credentials: str | None = None
    """The name of a stored or configured secret, never the secret."""
    interval_s: float | None = None
    """The operator's own poll interval, seconds."""

    @property
    def address(self) -> str:
        """Where to ask: the permanent redirect once it has been confirmed, else the feed's own URL."""
        confirmed = self.state.redirect_count >= REDIRECT_CONFIRMATIONS
        return self.state.redirect_url if confirmed and self.state.redirect_url else self.url


REDIRECT_CONFIRMATIONS = 3
"""Equal permanent redirects in a row before the new address is used directly."""


# ---------------------------------------------------------------- articles


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as a feed published it, normalised: plain text, absolute links, aware times."""

    uid: str
    """Its identity within the feed: the feed's own id, else its link, else a hash of its text."""
    fingerprint: int
    """63-bit hash of everything the feed says of it: equal fingerprints, nothing was edited."""
    title: str
    body: str = ""
    """Plain text; paragraphs are separated by one blank line."""
    url: str | None = None
    """Its own link, unwrapped and without tracking parameters; http or https only."""
    key: str | None = None
    """The canonical form of `url`, for comparing only."""
    original_url: str | None = None
    """The article it says it is a copy of, cleaned like `url`."""
    original_key: str | None = None
    byline: str = ""
    tags: tuple[str, ...] = ()
    language: str | None = None
    image_url: str | None = None
    published_at: datetime | None = None
    """As published; may lie in the future, None when the feed gives no date that can be read."""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What one document says."""

    entries: tuple[Entry, ...]
    """Only those whose fingerprint the caller did not already know, in the document's order."""
    listed: tuple[int, ...]
    """The fingerprints of everything the document lists."""
    title: str = ""
    site_url: str | None = None
    icon_url: str | None = None
    language: str | None = None
    ttl_s: float | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A stored entry with what a reader needs to know of its origin."""

    id: EntryId
    story_id: StoryId
    feed_id: FeedId
    entry: Entry
    first_seen_at: datetime
    source: str
    """The feed's title, or its host."""
    icon_url: str | None = None


# ---------------------------------------------------------------- subscriptions and matches


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel watches a query."""

    id: SubscriptionId
    channel: Channel
    query: str
    created_at: datetime
    origin: Origin = Origin.CLI
    name: str | None = None
    """Its identity in the config file; None for rows made elsewhere."""
    created_by: str = ""
    feeds: frozenset[FeedId] = frozenset()
    """Limits it to these feeds; empty means every feed that its workspace follows."""
    active: bool = True
    """False when paused or retired: it matches nothing."""
    revision: int = 0

    @property
    def title(self) -> str:
        return self.name or self.query


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of an entry's title or body."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TermMatch:
    """One term of a query, found in one field."""

    term: str
    """As the user wrote it."""
    field: str
    """`title` or `body`."""
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A subscription matches an entry, and this is why."""

    subscription_id: SubscriptionId
    terms: tuple[TermMatch, ...]


# ---------------------------------------------------------------- what a poll decides


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


@dataclass(frozen=True, slots=True)
class NewMatch:
    match: Match
    uid: str
    story: StoryRef
    withheld: Withheld | None = None


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


# ---------------------------------------------------------------- alerts and deliveries


@dataclass(frozen=True, slots=True)
class AlertMatch:
    """Why a channel gets an alert: one subscription and where its words stand in one article."""

    subscription: Subscription
    entry_id: EntryId
    terms: tuple[TermMatch, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """The matches of one channel for one story, and the articles that tell it, the original first."""

    channel: Channel
    articles: tuple[Article, ...]
    matches: tuple[AlertMatch, ...]
    updated: bool = False


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that this claim alone may settle."""

    id: DeliveryId
    claim_id: str
    alert: Alert
    created_at: datetime
    attempts: int
    """Including this one."""


@dataclass(frozen=True, slots=True)
class Sent:
    id: DeliveryId
    receipt: str
    """The platform's id of the message."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    id: DeliveryId
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    id: DeliveryId
    reason: str


DeliveryOutcome = Sent | Pending | Held


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's exclusive hold on a delivery; after `until` anybody may claim it again."""

    id: str
    at: datetime
    until: datetime


# ---------------------------------------------------------------- rules that a config sets


@dataclass(frozen=True, slots=True)
class AlertRules:
    max_age: timedelta = timedelta(hours=48)
    gather: timedelta = timedelta(seconds=2)
    """An alert waits this long, so that copies that arrive together show on one message."""
    flood_limit: int = 20
    """Alerts that one poll may send to one channel; the newest go out, the others are held."""


@dataclass(frozen=True, slots=True)
class PollRules:
    interval: timedelta = timedelta(minutes=5)
    min_interval: timedelta = timedelta(minutes=1)
    max_interval: timedelta = timedelta(hours=6)
    """Neither the feed's own wishes nor back-off stretch the wait beyond this."""
    jitter: float = 0.1
    """Share of the interval by which polls are spread, 0 to 1."""
