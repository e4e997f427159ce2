"""Where a moment lies among the articles, whose ids rise with first sight."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from bot.stores.tables import entries

_LAST = select(func.max(entries.c.id))
_NEXT = (
    select(entries.c.id, entries.c.first_seen_at)
    .where(entries.c.id >= bindparam("id"))
    .order_by(entries.c.id)
    .limit(1)
)


def first_seen(connection: Connection, moment: datetime) -> int:
    """Return an id where those seen before a moment end and those seen from then on begin."""
    low, high = 0, (connection.execute(_LAST).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(_NEXT, {"id": middle}).first()
        if row is None or row.first_seen_at >= moment:
            high = middle
        else:
            low = row.id + 1
    return low
