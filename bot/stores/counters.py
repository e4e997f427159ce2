"""Numbers that only rise: the revision of subscriptions and follows, and the ids of stories and entries."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, update

from bot.stores.tables import counters

_VALUE = select(counters.c.value).where(counters.c.name == bindparam("counter"))
_ADD = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(value=counters.c.value + bindparam("amount"))
    .returning(counters.c.value)
)


def current_revision(connection: Connection) -> int:
    return int(connection.execute(_VALUE, {"counter": "revision"}).scalar_one())


def next_revision(connection: Connection) -> int:
    return int(connection.execute(_ADD, {"counter": "revision", "amount": 1}).scalar_one())


def take_ids(connection: Connection, kind: str, count: int) -> range:
    """Hand out ids for new stories or entries: rising, and never given before."""
    last = connection.execute(_ADD, {"counter": kind, "amount": count}).scalar_one()
    return range(last - count + 1, last + 1)
