"""Keeping the store small, safe and known."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Float,
    Select,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    text,
    type_coerce,
    update,
)

from bot.ports import Retention, Stats
from bot.stores.database import Database
from bot.stores.pruning import Pruning
from bot.stores.schema import schema_of
from bot.stores.tables import UNSETTLED, deliveries, entries, feeds, heartbeat, matches, stories

_FEEDS = select(func.count()).select_from(feeds).where(feeds.c.followed)
_STATES = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
_HELD = (
    select(deliveries.c.reason, func.count())
    .where(deliveries.c.state == "held")
    .group_by(deliveries.c.reason)
    .order_by(func.count().desc())
)
_OLDEST = select(func.min(deliveries.c.created_at)).where(text(UNSETTLED))

_ALIVE, _ENDED = 1, 2
"""Rows of the heartbeat: the last sign of life, and the orderly end that came after it, if one did."""
_BEAT = update(heartbeat).where(heartbeat.c.id == _ALIVE).values(at=bindparam("now"))
_BEATEN = select(heartbeat.c.at).where(heartbeat.c.id == _ALIVE)
_END = insert(heartbeat).values(id=_ENDED, at=bindparam("now"))
_NO_END = delete(heartbeat).where(heartbeat.c.id == _ENDED)
_LAST_END = select(heartbeat.c.at).where(heartbeat.c.id == _ENDED)


def _sooner(moment: Column[datetime]) -> ColumnElement[datetime]:
    """Return a moment `by_s` seconds earlier, or now if that has passed."""
    now = bindparam("now", type_=moment.type)
    earlier = type_coerce(moment, Float) - bindparam("by_s", type_=Float)
    return case((earlier < now, now), else_=earlier)


_POLLS_SOONER = (
    update(feeds)
    .where(feeds.c.next_poll_at > bindparam("now"))
    .values(next_poll_at=_sooner(feeds.c.next_poll_at))
)
_DELIVERIES_SOONER = (
    update(deliveries)
    .where(deliveries.c.state == "pending", deliveries.c.due_at > bindparam("now"))
    .values(due_at=_sooner(deliveries.c.due_at))
)


class SqlUpkeep:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self, now: datetime, retention: Retention, batch: int) -> int:
        return await self._database.write(self._prune, now, retention, batch)

    async def stats(self) -> Stats:
        return await self._database.read(self._stats)

    async def beat(self, now: datetime) -> datetime | None:
        return await self._database.write(_beat, now)

    async def set_back(self, now: datetime, by: timedelta) -> None:
        await self._database.write(_set_back, now, by)

    async def rest(self, now: datetime) -> None:
        await self._database.write(_rest, now)

    async def backup(self, file: str) -> None:
        await self._database.backup(Path(file))

    def _prune(self, connection: Connection, now: datetime, retention: Retention, batch: int) -> int:
        return Pruning(connection, self._database.words, batch).run(now, retention)

    def _stats(self, connection: Connection) -> Stats:
        return Stats(
            feeds=connection.execute(_FEEDS).scalar_one(),
            articles=_count(connection, entries),
            stories=_count(connection, stories),
            matches=_count(connection, matches),
            deliveries={"pending": 0, "claimed": 0, "sent": 0, "held": 0} | _counts(connection, _STATES),
            held_reasons=_counts(connection, _HELD),
            oldest_pending_at=connection.execute(_OLDEST).scalar(),
            size_bytes=self._database.size_bytes(connection),
            schema=str(schema_of(connection)),
            heartbeat_at=connection.execute(_BEATEN).scalar(),
            stopped_at=connection.execute(_LAST_END).scalar(),
        )


def _beat(connection: Connection, now: datetime) -> datetime | None:
    before: datetime | None = connection.execute(_BEATEN).scalar()
    connection.execute(_NO_END)
    connection.execute(_BEAT, {"now": now})
    return before


def _set_back(connection: Connection, now: datetime, by: timedelta) -> None:
    for statement in (_POLLS_SOONER, _DELIVERIES_SOONER):
        connection.execute(statement, {"now": now, "by_s": by.total_seconds()})


def _rest(connection: Connection, now: datetime) -> None:
    connection.execute(_NO_END)
    connection.execute(_END, {"now": now})


def _count(connection: Connection, table: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _counts(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {name or "no reason given": count for name, count in connection.execute(query)}
