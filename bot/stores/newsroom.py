"""Articles, stories and matches as a poll sees them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from bot.domain.model import DeliveryId, Entry, FeedId, PollFacts, PollOutcome
from bot.stores.database import Database
from bot.stores.facts import collect_facts
from bot.stores.recording import record_poll
from bot.stores.tables import sightings

_LISTING = select(sightings.c.fingerprint).where(sightings.c.feed_id == bindparam("feed_id"))


class SqlNewsroom:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def listing(self, feed_id: FeedId) -> frozenset[int]:
        return await self._database.read(_listing, feed_id)

    async def facts(self, feed_id: FeedId, entries: Sequence[Entry], keys: Sequence[str]) -> PollFacts:
        return await self._database.read(collect_facts, feed_id, entries, keys)

    async def record_poll(self, outcome: PollOutcome) -> Sequence[DeliveryId]:
        return await self._database.write(record_poll, self._database, outcome)


def _listing(connection: Connection, feed_id: FeedId) -> frozenset[int]:
    return frozenset(connection.scalars(_LISTING, {"feed_id": feed_id}))
