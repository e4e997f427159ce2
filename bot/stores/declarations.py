"""Making the store agree with the config file, whose rows are known by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, select

from bot.domain.model import Origin
from bot.errors import ConfigError
from bot.ports import FeedRow, FileChanges, SubscriptionRow
from bot.stores.changes import Change, Declared
from bot.stores.database import Database
from bot.stores.feednames import FeedNames
from bot.stores.follows import declare_follow, refresh_feeds, retire_follow
from bot.stores.glossary import DefaultTerm, declare_default, defaults, retire_term, settle_defaults
from bot.stores.tables import follows, subscriptions, terms
from bot.stores.watching import declare_subscription, find_feeds_again, retire_subscription

R = TypeVar("R", FeedRow, SubscriptionRow, DefaultTerm)


def apply_file(
    connection: Connection,
    feeds: Sequence[FeedRow],
    watched: Sequence[SubscriptionRow],
    now: datetime,
    glossary: Mapping[str, str],
) -> FileChanges:
    """Add, edit and retire until the file's rows are exactly these; rows of other origins stay as they are."""
    agreement = _Agreement(Change(connection, now))
    agreement.reach(follows, feeds, declare_follow, retire_follow)
    refresh_feeds(agreement.change)
    before = defaults(connection)
    defined = [DefaultTerm(*term) for term in glossary.items()]
    agreement.reach(terms, defined, declare_default, retire_term)
    names = FeedNames(connection)
    agreement.reach(subscriptions, watched, partial(declare_subscription, names=names), retire_subscription)
    find_feeds_again(agreement.change, names)
    report, touched = agreement.report(), settle_defaults(agreement.change, before)
    told = {*report.added, *report.edited}
    others = (one for one in touched if one.origin is not Origin.FILE or one.name not in told)
    return replace(report, touched=tuple(one.title for one in others))


async def try_file(
    database: Database,
    feeds: Sequence[FeedRow],
    watched: Sequence[SubscriptionRow],
    now: datetime,
    glossary: Mapping[str, str],
) -> FileChanges:
    """Apply the rows and undo it; return what it came to."""
    told: list[FileChanges] = []

    def rehearse(connection: Connection) -> None:
        told.append(apply_file(connection, feeds, watched, now, glossary))
        raise _Undone

    with suppress(_Undone):
        await database.write(rehearse)
    return told[-1]


class _Undone(Exception):
    """Undoes a transaction that went well."""


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
        sign = "@" if table is terms else ""
        for row in rows:
            name = _name(row)
            self._note(sign + name, declare(self.change, current.get(name), row))
        kept = {row.name for row in rows}
        for row_before in current.values():
            if row_before.name not in kept and row_before.retired_at is None:
                retire(self.change, row_before)
                self._retired.append(sign + row_before.name)

    def report(self) -> FileChanges:
        return FileChanges(tuple(self._added), tuple(self._edited), tuple(self._retired))

    def _note(self, name: str, declared: Declared) -> None:
        if declared.added:
            self._added.append(name)
        elif declared.edited:
            self._edited.append(name)


def _name(row: FeedRow | SubscriptionRow | DefaultTerm) -> str:
    if not row.name:
        raise ConfigError("Every feed and subscription in the config file needs a name.")
    return row.name
