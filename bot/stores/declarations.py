"""Making the store agree with the config file, whose rows are known by their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, select

from bot.domain.model import Origin
from bot.errors import ConfigError
from bot.ports import FeedRow, FileChanges, SubscriptionRow
from bot.stores.changes import Change, Declared
from bot.stores.feednames import FeedNames
from bot.stores.follows import declare_follow, refresh_feeds, retire_follow
from bot.stores.tables import follows, subscriptions
from bot.stores.watching import declare_subscription, find_feeds_again, retire_subscription

R = TypeVar("R", FeedRow, SubscriptionRow)


def apply_file(
    connection: Connection, feeds: Sequence[FeedRow], watched: Sequence[SubscriptionRow], now: datetime
) -> FileChanges:
    """Add, edit and retire until the file's rows are exactly these; rows of other origins stay as they are."""
    agreement = _Agreement(Change(connection, now))
    agreement.reach(follows, feeds, declare_follow, retire_follow)
    refresh_feeds(agreement.change)
    names = FeedNames(connection)
    agreement.reach(subscriptions, watched, partial(declare_subscription, names=names), retire_subscription)
    find_feeds_again(agreement.change, names)
    return agreement.report()


class _Agreement:
    """Compares what the file says with the rows that it has made, and notes what had to be done."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self._added: list[str] = []
        self._edited: list[str] = []
        self._retired: list[str] = []

    def reach(
        self,
        table: Table,
        rows: Sequence[R],
        declare: Callable[[Change, Row[Any] | None, R], Declared],
        retire: Callable[[Change, Row[Any]], None],
    ) -> None:
        asked = select(table).where(table.c.origin == Origin.FILE).order_by(table.c.id)
        current = {row.name: row for row in self.change.connection.execute(asked)}
        for row in rows:
            name = _name(row)
            self._note(name, declare(self.change, current.get(name), row))
        kept = {row.name for row in rows}
        for row_before in current.values():
            if row_before.name not in kept and row_before.retired_at is None:
                retire(self.change, row_before)
                self._retired.append(row_before.name)

    def report(self) -> FileChanges:
        return FileChanges(tuple(self._added), tuple(self._edited), tuple(self._retired))

    def _note(self, name: str, declared: Declared) -> None:
        if declared.added:
            self._added.append(name)
        elif declared.edited:
            self._edited.append(name)


def _name(row: FeedRow | SubscriptionRow) -> str:
    if not row.name:
        raise ConfigError("Every feed and subscription in the config file needs a name.")
    return row.name
