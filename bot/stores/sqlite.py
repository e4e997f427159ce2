"""SQLite: one file, one writing thread, a few reading ones; and what is particular to its language."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, cast

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Integer,
    Select,
    bindparam,
    column,
    create_engine,
    event,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from bot.domain.query.narrowing import Every, Holds, Need, Some
from bot.errors import StoreError
from bot.stores.database import OneOf, Words
from bot.stores.faults import database_fault, locked
from bot.stores.files import file_of, make_file, parts_of, use_wal, write_backup
from bot.stores.tables import entries

P = ParamSpec("P")
T = TypeVar("T")

READERS = 3
BUSY_S = 10.0
"""How long a transaction waits for another program's, seconds."""
RETRY_S = 0.05

_PRAGMAS = (
    # Commits reach the disk with the next checkpoint, in order; `write_through` does not wait for it.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA secure_delete=OFF",  # on in some builds: old news need not be overwritten with zeros
)


# ---------------------------------------------------------------- the file and its threads


class SQLite:
    """A Database in one file. Its transactions write one after the other, without waiting for a lock.

    Entered as an async context manager; leaving it finishes what is under way and closes the file.
    """

    def __init__(self, url: str, busy_s: float = BUSY_S) -> None:
        self.words: Words = Fts5Words()
        self._file = file_of(url)
        self._busy_s = busy_s
        self._engine = engine(self._file, busy_s, "BEGIN IMMEDIATE")
        self._reading = engine(self._file, busy_s, "BEGIN", "PRAGMA query_only=ON")
        self._writer = ThreadPoolExecutor(1, "newsbot-writer")
        self._readers = ThreadPoolExecutor(READERS, "newsbot-reader")
        self._connection: Connection | None = None

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(make_file, self._file)
        # Two programs that start at once with a new file disturb each other here, and SQLite does not wait.
        for _ in range(max(1, round(self._busy_s / RETRY_S))):
            if await asyncio.to_thread(use_wal, self._file):
                return self
            await asyncio.sleep(RETRY_S)
        raise StoreError(locked(self._file))

    async def __aexit__(self, *exc_info: object) -> None:
        await asyncio.to_thread(self._close)

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs) -> T:
        run = partial(self._read, partial(_called, work, args, kw))
        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs) -> T:
        run = partial(self._write, partial(_called, work, args, kw), "NORMAL")
        return await asyncio.get_running_loop().run_in_executor(self._writer, run)

    async def write_through(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        run = partial(self._write, partial(_called, work, args, kw), "FULL")
        return await asyncio.get_running_loop().run_in_executor(self._writer, run)

    def taken(self, error: IntegrityError) -> bool:
        kind = getattr(error.orig, "sqlite_errorname", "")
        return kind in {
            "SQLITE_CONSTRAINT_UNIQUE",
            "SQLITE_CONSTRAINT_PRIMARYKEY",
            "SQLITE_CONSTRAINT_FOREIGNKEY",
        }

    async def backup(self, file: Path) -> None:
        await asyncio.to_thread(write_backup, self._file, file)

    def size_bytes(self, connection: Connection) -> int:
        return sum(part.stat().st_size for part in parts_of(self._file) if part.exists())

    def _close(self) -> None:
        self._readers.shutdown()
        self._writer.shutdown()
        if self._connection is not None:
            self._connection.close()
        self._reading.dispose()
        self._engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        with _said_plainly(self._file), self._reading.connect() as connection, connection.begin():
            return work(connection)

    def _write(self, work: Callable[[Connection], T], synchronous: str) -> T:
        with _said_plainly(self._file):
            if self._connection is None:
                self._connection = self._engine.connect()
            # Inside a transaction this pragma does nothing, so it goes round SQLAlchemy, which would begin one.
            _driver(self._connection).execute(f"PRAGMA synchronous={synchronous}")
            with self._connection.begin():
                return work(self._connection)


def engine(file: Path, busy_s: float, begin: str, *pragmas: str) -> Engine:
    """Make an engine whose connections are set up our way and whose transactions start with `begin`."""
    made = create_engine(
        URL.create("sqlite+pysqlite", database=str(file)),
        connect_args={"timeout": busy_s, "isolation_level": None, "check_same_thread": False},
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
        pool_size=READERS,
        max_overflow=0,
    )

    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (*_PRAGMAS, *pragmas):
            connection.execute(pragma).close()

    event.listen(made, "connect", set_up)
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql(begin))
    return made


def _called(work: Callable[..., T], args: tuple[Any, ...], kw: dict[str, Any], connection: Connection) -> T:
    return work(connection, *args, **kw)


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)


@contextmanager
def _said_plainly(file: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreError(database_fault(error.orig, file)) from error


# ---------------------------------------------------------------- its own language


@compiles(OneOf, "sqlite")
def _one_of(element: OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are compiled parts


_entry_words = table("entry_words", column("rowid", Integer))
_ADD = "INSERT INTO entry_words (rowid, terms) VALUES (?, ?)"
_REMOVE = "INSERT INTO entry_words (entry_words, rowid, terms) VALUES ('delete', ?, ?)"
_CUTS = re.compile(r"[\x00-\x20\x7f]")
"""Where the index's tokenizer cuts: a term that holds one of these is in no article."""


class Fts5Words:
    """A contentless FTS5 table: to delete a row, it must be told what was in it.

    SQLite 3.43 could delete without that, but Debian 12 and Ubuntu 22.04 bring older ones to their Pythons, and it
    would keep every row's size for it. Only row ids are kept (detail=none): a third of the size with columns.
    """

    def add(self, connection: Connection, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
        _execute_each(connection, _ADD, rows)

    def remove(self, connection: Connection, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
        _execute_each(connection, _REMOVE, rows)

    def wanted(self, need: Need) -> str | None:
        match need:
            case Holds(words, prefixes):
                found = [*map(_quoted, words), *(_quoted(prefix) + " *" for prefix in prefixes)]
                parts = [part for part in found if not _CUTS.search(part.removesuffix(" *"))]
                return _joined(" OR ", parts)
            case Every(parts):
                known = [self.wanted(part) for part in parts]
                return None if None in known else _joined(" AND ", [part for part in known if part])
            case Some(parts):
                return _joined(" OR ", [part for part in map(self.wanted, parts) if part])

    def filling(self, query: Select[Any]) -> Select[Any]:
        # Ordered and bounded by the index's own row ids, the index stops at the limit: measured 1.4 ms
        # against 65 ms for a common word among 100,000 articles.
        row = _entry_words.c.rowid
        return (
            query.join(_entry_words, row == entries.c.id)
            .where(text("entry_words MATCH :wanted"), row >= bindparam("first"), row < bindparam("end"))
            .order_by(row.desc())
        )


def _execute_each(connection: Connection, statement: str, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    indexed = [(entry_id, " ".join(terms)) for entry_id, terms in rows]
    if indexed:
        connection.exec_driver_sql(statement, indexed)


def _joined(operator: str, parts: Sequence[str]) -> str | None:
    return f"({operator.join(parts)})" if parts else None


def _quoted(term: str) -> str:
    """Write a term so that nothing in it is an operator of FTS5."""
    return '"' + term.replace('"', '""') + '"'
