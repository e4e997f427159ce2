"""What feeds publish: an Entry is as read, an Article is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model.places import EntryId, FeedId, StoryId


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
    cut: bool = False
    """Whether the document lists more than is read of any; what comes last is left out."""
    repeated: tuple[str, ...] = ()
    """The ids of these entries that several items of the document have: they identify nothing."""


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
