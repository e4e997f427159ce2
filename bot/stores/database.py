"""What the statements of every topic run on, and what each kind of database says in its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

from sqlalchemy import Boolean, ColumnElement, Connection, Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType

from bot.domain.query.narrowing import Need

P = ParamSpec("P")
T = TypeVar("T")


class Database(Protocol):
    """Runs a piece of work as one transaction, away from the event loop.

    Work is a plain function of a connection. A thread runs it whole: that costs one hop between threads a
    transaction, where an async driver for SQLite makes four a statement (0.10 ms against 0.65 ms for an update).
    An async driver would run the same function by `AsyncConnection.run_sync`. Trouble raises StoreError.
    """

    words: Words

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """Return what the work finds; it sees one state of the database throughout."""

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """Do the work, alone among writers, and commit; roll back when it raises.

        It survives the death of the program; a power cut may undo the last moments, in order.
        """

    async def write_through(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Write, and return only when a power cut can no longer undo this and everything before it."""

    async def backup(self, file: Path) -> None:
        """Write a consistent copy while others read and write; raise UserError when it cannot be written."""

    def size_bytes(self, connection: Connection) -> int:
        """Return what the database takes of the disk."""

    def taken(self, error: IntegrityError) -> bool:
        """Whether somebody else was faster: a unique value is taken, or a row referred to is gone."""


class Words(Protocol):
    """The full-text index: which articles hold which terms. Rows are (entry id, terms); see `bot.stores.terms`."""

    def add(self, connection: Connection, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Index articles."""

    def remove(self, connection: Connection, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Forget articles; their terms must be those that were indexed."""

    def wanted(self, need: Need) -> str | None:
        """Return a need in the index's own language, or None when no article can fill it.

        Every term is plain text, whatever signs it holds.
        """

    def filling(self, query: Select[Any]) -> Select[Any]:
        """Narrow a selection of entries to those that fill a need, newest first.

        Its parameters are `wanted`, a need as above, and the bounds of the ids: `first` and, exclusive, `end`.
        """


class OneOf(FunctionElement[bool]):
    """`OneOf(column, bindparam("values", type_=JSON))`: whether the column holds one of a list's values.

    One parameter and one cached statement, whatever the length of the list.
    """

    inherit_cache = True
    name = "one_of"
    type = Boolean()

    def __init__(self, column: ColumnElement[object], values: ColumnElement[object]) -> None:
        super().__init__(column, values)

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Stand alone: as `… = 1`, which databases without truth values get, no index would serve it."""
        return self
