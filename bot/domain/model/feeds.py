"""Feeds as things to be polled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.model.places import FeedId


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


@dataclass(frozen=True, slots=True)
class PollRules:
    interval: timedelta = timedelta(minutes=5)
    min_interval: timedelta = timedelta(minutes=1)
    max_interval: timedelta = timedelta(hours=6)
    """Neither the feed's own wishes nor back-off stretch the wait beyond this."""
    jitter: float = 0.1
    """Share of the interval by which polls are spread, 0 to 1."""
