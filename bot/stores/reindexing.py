"""Indexing all stored articles anew, for migrations after which their terms are others."""

from __future__ import annotations

import structlog
from sqlalchemy import Connection, bindparam, func, select

from bot.stores.database import Words
from bot.stores.tables import entries
from bot.stores.terms import INDEXED, terms_of

BATCH = 500
"""Articles in memory at once."""
REPORTED = 20_000
"""Articles between two lines of the log: some seconds."""

_COUNT = select(func.count()).select_from(entries)
_NEXT = (
    select(entries.c.id, entries.c.first_seen_at, *INDEXED)
    .where(entries.c.id > bindparam("last"))
    .order_by(entries.c.id)
    .limit(BATCH)
)


def reindex(connection: Connection, words: Words, reported: int = REPORTED) -> None:
    """Fill an empty full-text index with every article, within the caller's transaction.

    The log says how far it is whenever so many more are done.
    """
    log = structlog.get_logger(__name__)
    articles = connection.execute(_COUNT).scalar_one()
    done, last = 0, 0
    while rows := connection.execute(_NEXT, {"last": last}).all():
        words.add(connection, ((row.id, terms_of(row, row.first_seen_at)) for row in rows))
        last = rows[-1].id
        if (done + len(rows)) // reported > done // reported:
            log.info("Preparing the search for a newer newsbot", articles=done + len(rows), of=articles)
        done += len(rows)
