"""One transaction's changes to what people declare: their time, their revision, their history, their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from bot.domain.model import ChannelAddress, ChannelId, FeedId, WorkspaceId
from bot.stores.counters import next_revision
from bot.stores.tables import channels, row_history, workspaces


@dataclass(frozen=True, slots=True)
class Declared:
    """What declaring a row came to."""

    id: int
    added: bool = False
    """New, or back from retirement."""
    edited: frozenset[str] = frozenset()
    """The columns that an active row had otherwise."""


class Change:
    """Carries what every step of such a transaction needs; the revision rises once, if anything asks for it."""

    def __init__(self, connection: Connection, now: datetime, by: str = "") -> None:
        self.connection = connection
        self.now = now
        self.by = by
        """Who makes it, as the history is to tell."""
        self.touched: set[FeedId] = set()
        """Feeds whose followers may have changed."""
        self._places: dict[tuple[str, int | str, str], int] = {}

    @cached_property
    def revision(self) -> int:
        return next_revision(self.connection)

    def mark(self) -> None:
        """Say that decisions taken before this change must be taken again."""
        _ = self.revision

    # ------------------------------------------------------------ places

    def workspace_id(self, platform: str, external_id: str) -> WorkspaceId:
        """Return a workspace's id; make it if need be."""
        return WorkspaceId(self._place(workspaces, "platform", platform, external_id))

    def channel_id(self, address: ChannelAddress) -> ChannelId:
        """Return a channel's id; make it and its workspace if need be."""
        workspace_id = self.workspace_id(address.platform, address.workspace)
        return ChannelId(self._place(channels, "workspace_id", workspace_id, address.channel))

    def _place(self, table: Table, owner: str, owner_id: int | str, external_id: str) -> int:
        key = (table.name, owner_id, external_id)
        if key not in self._places:
            same = (table.c[owner] == owner_id, table.c.external_id == external_id)
            found = self.connection.execute(select(table.c.id).where(*same)).scalar()
            values = {owner: owner_id, "external_id": external_id, "created_at": self.now}
            self._places[key] = self.insert(table, values) if found is None else found
        return self._places[key]

    # ------------------------------------------------------------ rows

    def insert(self, table: Table, values: Mapping[str, Any]) -> int:
        """Insert a row and return its id."""
        made = self.connection.execute(insert(table).returning(table.c.id), dict(values))
        return int(made.scalar_one())

    def declare(
        self, table: Table, current: Row[Any] | None, wanted: Mapping[str, Any], made: Mapping[str, Any]
    ) -> Declared:
        """Have a row say what is wanted; `made` is what else a row says that is new or comes back."""
        if current is None:
            return Declared(self.insert(table, {**wanted, **made}), added=True)
        if current.retired_at is not None:
            self.rewrite(table, current, "revived", {**wanted, **made, "retired_at": None})
            return Declared(current.id, added=True)
        edited = frozenset(name for name, value in wanted.items() if getattr(current, name) != value)
        if edited:
            self.rewrite(table, current, "edited", {name: wanted[name] for name in edited})
        return Declared(current.id, edited=edited)

    def retire(self, table: Table, current: Row[Any], values: Mapping[str, Any]) -> None:
        """Take a row out of use without forgetting it."""
        self.rewrite(table, current, "retired", {**values, "retired_at": self.now})

    def update(self, table: Table, row_id: int, values: Mapping[str, Any]) -> None:
        self.connection.execute(update(table).where(table.c.id == row_id).values(**values))

    def rewrite(self, table: Table, current: Row[Any], change: str, values: Mapping[str, Any]) -> None:
        """Change a row, and keep what it said before."""
        before = {name: _plain(getattr(current, name)) for name in values}
        history = {
            "row_kind": table.name,
            "row_id": current.id,
            "at": self.now,
            "change": change,
            "before": before,
            "changed_by": self.by,
        }
        self.connection.execute(insert(row_history), history)
        self.update(table, current.id, values)


def set_buttons(change: Change, channel: ChannelAddress, wanted: bool) -> None:
    """Have a channel's alerts show buttons, or not."""
    change.update(channels, change.channel_id(channel), {"buttons": wanted})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
