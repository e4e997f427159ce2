"""What platforms brought lately: several newsbots may hear the same, and one of them answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select

from bot.stores.tables import requests

LASTS = timedelta(hours=1)
"""Slack repeats what was not acknowledged within about six minutes, Discord not at all."""

_HEARD = select(requests.c.name).where(requests.c.name == bindparam("name"))


def hear(connection: Connection, name: str, now: datetime) -> bool:
    """Note a request; say whether nobody had."""
    if connection.execute(_HEARD, {"name": name}).one_or_none():
        return False
    connection.execute(insert(requests), {"name": name, "heard_at": now})
    return True
