"""Single values."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from bot.stores.tables.metadata import Moment, metadata

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),  # revision; the last ids given to story and entry
    Column("value", Integer, nullable=False),
    sqlite_with_rowid=False,
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment),
)
