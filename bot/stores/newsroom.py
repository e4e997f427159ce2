"""Articles, stories and matches as a poll sees them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from bot.domain.model import DeliveryId, Entry, FeedId, PollFacts, PollOutcome
from bot.stores.database import Database
from bot.stores.facts import collect_facts
from bot.stores.gathering import Gathered
from bot.stores.recording import record_polls
from bot.stores.tables import sightings

_LISTING = select(sightings.c.fingerprint).where(sightings.c.feed_id == bindparam("feed_id"))

_Asked = tuple[FeedId, Sequence[Entry], Sequence[str]]


class SqlNewsroom:
    """Polls of the same moment share a transaction; one that is stale or broken does not harm the others."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listings: Gathered[FeedId, frozenset[int]] = Gathered(self._read_listings)
        self._facts: Gathered[_Asked, PollFacts] = Gathered(self._read_facts)
        self._outcomes: Gathered[PollOutcome, Sequence[DeliveryId]] = Gathered(self._write_outcomes)

    async def listing(self, feed_id: FeedId) -> frozenset[int]:
        return await self._listings(feed_id)

    async def facts(self, feed_id: FeedId, entries: Sequence[Entry], keys: Sequence[str]) -> PollFacts:
        return await self._facts((feed_id, entries, keys))

    async def record_poll(self, outcome: PollOutcome) -> Sequence[DeliveryId]:
        return await self._outcomes(outcome)

    async def _read_listings(self, ids: Sequence[FeedId]) -> Sequence[frozenset[int]]:
        return await self._database.read(_list_all, ids)

    async def _read_facts(self, asked: Sequence[_Asked]) -> Sequence[PollFacts]:
        return await self._database.read(_collect_all, asked)

    async def _write_outcomes(self, outcomes: Sequence[PollOutcome]) -> Sequence[Sequence[DeliveryId]]:
        return await self._database.write(record_polls, self._database, outcomes)


def _list_all(connection: Connection, ids: Sequence[FeedId]) -> list[frozenset[int]]:
    return [frozenset(connection.scalars(_LISTING, {"feed_id": feed_id})) for feed_id in ids]


def _collect_all(connection: Connection, asked: Sequence[_Asked]) -> list[PollFacts]:
    return [collect_facts(connection, *one) for one in asked]
