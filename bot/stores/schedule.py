"""Feeds as things to be polled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, case, select, update

from bot.domain.model import Feed, FeedId, FeedState
from bot.errors import NotFound
from bot.stores.database import Database, OneOf
from bot.stores.gathering import Gathered
from bot.stores.rows import FEED, STATE, read_feed
from bot.stores.tables import feeds

_BY_ID = OneOf(feeds.c.id, bindparam("ids", type_=JSON))

_DUE = (
    select(feeds.c.id)
    .where(feeds.c.followed, feeds.c.next_poll_at <= bindparam("now"))
    .order_by(feeds.c.next_poll_at)
    .limit(bindparam("limit"))
)
_LEASE = update(feeds).where(_BY_ID).values(next_poll_at=bindparam("until"))
_FEEDS = select(*FEED).where(_BY_ID)

# Following a feed anew sets quiet_before; a poll that had begun earlier must not call that feed caught up.
_RECORD = (
    update(feeds)
    .where(feeds.c.id == bindparam("feed_id"))
    .values(
        **{name: bindparam(f"new_{name}") for name in STATE if name not in {"caught_up", "quiet_before"}},
        caught_up=case(
            (
                feeds.c.quiet_before.is_not_distinct_from(bindparam("new_quiet_before")),
                bindparam("new_caught_up"),
            ),
            else_=feeds.c.caught_up,
        ),
    )
)


class SqlSchedule:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._feeds: Gathered[FeedId, Feed | None] = Gathered(self._read_feeds)
        self._states: Gathered[dict[str, Any], None] = Gathered(self._write_states)

    async def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[FeedId]:
        return await self._database.write(_claim_due, now, lease_until, limit)

    async def feed(self, feed_id: FeedId) -> Feed:
        found = await self._feeds(feed_id)
        if found is None:
            raise NotFound(f"There is no feed {feed_id}.")
        return found

    async def record_state(self, feed_id: FeedId, state: FeedState) -> None:
        """Write a state; callers of the same moment share one transaction."""
        await self._states({"feed_id": feed_id, **state_values(state)})

    async def _read_feeds(self, ids: Sequence[FeedId]) -> Sequence[Feed | None]:
        return await self._database.read(_find_feeds, ids)

    async def _write_states(self, states: Sequence[dict[str, Any]]) -> Sequence[None]:
        await self._database.write(_record_states, states)
        return [None] * len(states)


def state_values(state: FeedState) -> dict[str, Any]:
    """Return the parameters `new_…` of a statement that writes a feed's state."""
    return {f"new_{name}": getattr(state, name) for name in STATE}


def _claim_due(connection: Connection, now: datetime, until: datetime, limit: int) -> list[FeedId]:
    due = list(connection.scalars(_DUE, {"now": now, "limit": limit}))
    if due:
        connection.execute(_LEASE, {"ids": due, "until": until})
    return due


def _find_feeds(connection: Connection, ids: Sequence[FeedId]) -> list[Feed | None]:
    found = {row[0]: read_feed(row) for row in connection.execute(_FEEDS, {"ids": list(ids)})}
    return [found.get(feed_id) for feed_id in ids]


def _record_states(connection: Connection, states: Sequence[dict[str, Any]]) -> None:
    connection.execute(_RECORD, states)
