"""What polls need of the store: feeds that are due, and articles, stories and matches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.model import DeliveryId, Entry, Feed, FeedId, FeedState, PollFacts, PollOutcome


class Schedule(Protocol):
    """Feeds as things to be polled. Every method is one transaction."""

    async def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[FeedId]:
        """Take followed feeds whose `next_poll_at` has passed, most overdue first, and move it to `lease_until`.

        However many processes call, each feed is handed out once per lease.
        """

    async def feed(self, feed_id: FeedId) -> Feed:
        """Return a feed; raise NotFound."""

    async def record_state(self, feed_id: FeedId, state: FeedState) -> None:
        """Write what a poll without news (unchanged, or failed) leaves behind."""


class Newsroom(Protocol):
    """Articles, stories and matches as a poll sees them. Every method is one transaction."""

    async def listing(self, feed_id: FeedId) -> frozenset[int]:
        """Return the fingerprints of all ids remembered of a feed."""

    async def facts(self, feed_id: FeedId, entries: Sequence[Entry], keys: Sequence[str]) -> PollFacts:
        """Return what is known that bears on `entries` of this feed and on the stories under `keys`."""

    async def record_poll(self, outcome: PollOutcome) -> Sequence[DeliveryId]:
        """Write everything one poll decided, or nothing.

        Return the pending deliveries that are new: one per channel and story, however many polls race.
        Raise StaleDecision when the revision moved on, or a story key, uid or (channel, story) has been
        taken since the facts were read.
        """
