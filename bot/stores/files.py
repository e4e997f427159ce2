"""The files of a SQLite database: making, copying and replacing them. Everything here blocks."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from bot.errors import ConfigError, StoreError, UserError
from bot.stores.faults import SIDES, database_fault, file_fault, kind


def file_of(url: str) -> Path:
    """Return the file that `sqlite:///FILE` names."""
    _, separator, file = url.partition(":///")
    if not separator or not file or file == ":memory:":
        raise ConfigError(f"“{url}” names no SQLite file. Write sqlite:///newsbot.db.")
    return Path(file)


def parts_of(file: Path) -> tuple[Path, ...]:
    """Return the file and those that SQLite keeps beside it while it is open."""
    return tuple(file.with_name(file.name + side) for side in SIDES)


def make_file(file: Path) -> None:
    """Make an empty database that only its owner can read, unless it is there; raise StoreError."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(file_fault(error, file)) from error


def use_wal(file: Path) -> bool:
    """Have a database keep a write-ahead log from now on; return False when it is locked; raise StoreError."""
    try:
        with closing(sqlite3.connect(file, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=WAL").close()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname.startswith("SQLITE_BUSY"):  # or SQLITE_BUSY_RECOVERY
            return False
        raise StoreError(database_fault(error, file)) from error
    return True


def write_backup(database: Path, file: Path) -> None:
    """Write a consistent copy, in one piece under its name or not at all; raise UserError."""
    if file.exists():
        raise UserError(f"{file} exists already. Choose another name; a backup never overwrites.")
    draft = file.with_name(f"{file.name}.part{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        copy(database, draft, file)
        draft.rename(file)
        sync(file.parent)
    except OSError as error:
        raise UserError(f"There is no backup: {file_fault(error, file)}") from error
    finally:
        draft.unlink(missing_ok=True)


def copy(database: Path, draft: Path, aim: Path) -> None:
    """Copy a database into an empty file, as it is at one moment, and have the disk keep it.

    `aim` is the name that the copy will have. Raise StoreError.
    """
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as reading:
            reading.execute("VACUUM INTO ?", (str(draft),))
    except sqlite3.Error as error:
        # Only of the disk can it be the copy that fails.
        failed = aim if kind(error) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR} else database
        raise StoreError(database_fault(error, failed)) from error
    sync(draft)


def sync(path: Path) -> None:
    """Have the disk keep a file's content, or a directory's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refuse_open(database: Path) -> None:
    """Raise UserError while a program has the database open; when not, gather all of it in its one file."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        # One that is damaged may be replaced; that is what backups are for.
        if error.sqlite_errorname.startswith("SQLITE_BUSY"):  # or SQLITE_BUSY_RECOVERY
            raise UserError(f"{database} is in use. Stop newsbot first.") from error


def replace(database: Path, draft: Path) -> Path | None:
    """Put another file in a database's place; return the name under which the old one is kept, if there was one."""
    refuse_open(database)
    kept = _free_name(database) if database.exists() else None
    if kept is not None:
        for part, target in zip(parts_of(database), parts_of(kept), strict=True):
            if part.exists():
                part.rename(target)
    draft.rename(database)
    sync(database.parent)
    return kept


def remove(database: Path) -> None:
    """Delete a database, if it is there, with all that belongs to it."""
    for part in parts_of(database):
        part.unlink(missing_ok=True)


def _free_name(database: Path) -> Path:
    kept = database.with_name(f"{database.name}.before-restore")
    numbered = (kept.with_name(f"{kept.name}-{number}") for number in count(2))
    return kept if not kept.exists() else next(name for name in numbered if not name.exists())
