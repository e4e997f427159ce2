"""What rows said before they were changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from bot.errors import NotFound
from bot.ports import RowChange
from bot.stores.rows import CHANNEL, read_channel, read_mention
from bot.stores.tables import channels, row_history, subscriptions, workspaces

_CHANGES = (
    select(row_history.c.at, row_history.c.change, row_history.c.before, row_history.c.changed_by)
    .where(
        row_history.c.row_kind == subscriptions.name,
        row_history.c.row_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(row_history.c.id)
)
_CHANNEL = (
    select(*CHANNEL)
    .join_from(channels, workspaces, workspaces.c.id == channels.c.workspace_id)
    .where(channels.c.id == bindparam("id"))
)


def subscription_history(connection: Connection, wanted: str) -> Sequence[RowChange]:
    """Return the changes of the subscriptions that a name or id stands for, retired ones too; raise NotFound."""
    named = [subscriptions.c.name == wanted]
    if wanted.isdecimal() and len(wanted) < 19:  # the database counts no further
        named.append(subscriptions.c.id == int(wanted))
    ids = list(connection.scalars(select(subscriptions.c.id).where(or_(*named))))
    if not ids:
        raise NotFound(f"No subscription was ever called “{wanted}”. See `newsbot subscriptions list`.")
    rows = connection.execute(_CHANGES, {"ids": ids}).all()
    return [RowChange(at, change, _as_written(connection, before), by) for at, change, before, by in rows]


def _as_written(connection: Connection, before: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what of a row people write themselves, as they write it."""
    said: dict[str, str] = {}
    if before.get("channel_id") is not None:
        said["channel"] = str(
            read_channel(connection.execute(_CHANNEL, {"id": before["channel_id"]}).one()).address
        )
    if before.get("query"):
        said["query"] = before["query"]
    if "feeds" in before:
        said["feeds"] = ", ".join(before["feeds"]) or "all"
    if "mention" in before:
        mention = read_mention(before["mention"])
        said["mention"] = (mention.name or mention.id) if mention else "nobody"
    return said
