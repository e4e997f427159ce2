"""What a failure of the file or of SQLite means for people: what happened, why, and what to do about it."""

from __future__ import annotations

import os
import pwd
import sqlite3
from collections.abc import Callable, Mapping
from errno import EACCES, EDQUOT, EISDIR, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from types import MappingProxyType

SIDES = ("", "-wal", "-shm")
"""What SQLite adds to the names of the file and of those that it keeps beside it."""


def database_fault(error: BaseException | None, file: Path) -> str:
    """Explain why SQLite could not work on the database in `file`."""
    if explain := _BY_CODE.get(kind(error)):
        return explain(file, str(error))
    return f"The database {file} failed in a way that it should not: {error}. Please report this."


def kind(error: BaseException | None) -> int:
    """Return what kind of failure SQLite reports: sqlite3.SQLITE_FULL and so on, 0 when it is none of its own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF  # the rest of it says at which point it failed


def file_fault(error: OSError, file: Path) -> str:
    """Explain why the system would not let a file be made, opened or written."""
    explain = _BY_ERRNO.get(error.errno or 0, _unreadable_disk)
    return explain(file, error.strerror or str(error))


def locked(file: Path, _said: str = "") -> str:
    """Explain that another program keeps the database from being written."""
    return (
        f"The database {file} is locked by another program that is writing to it: a second newsbot, a backup, or a"
        f" tool that looks into databases. End that program (fuser {file} shows its number), or try again later;"
        " a newsbot that is running tries again by itself."
    )


# ---------------------------------------------------------------- the file's content


def _damaged(file: Path, said: str) -> str:
    return (
        f"The database {file} is damaged ({said}). Stop newsbot, and put a backup in its place: newsbot restore FILE."
        " What is there now is kept under another name. Without a backup, move the file away: newsbot begins anew."
    )


def _no_database(file: Path, said: str) -> str:
    return (
        f"{file} is not a database of newsbot's, or it is damaged ({said}). If it is something else, name another"
        " file in store.url; if it was the database, put a backup in its place: newsbot restore FILE."
        " What is there now is kept under another name."
    )


# ---------------------------------------------------------------- the disk


def _full(file: Path, said: str) -> str:
    return (
        f"The disk that holds {file} is full ({said}). Free some space there, or move the file to a larger disk."
        " A newsbot that is running goes on by itself as soon as there is space."
    )


def _unreadable_disk(file: Path, said: str) -> str:
    return (
        f"The system does not read or write {file} as it should ({said}): a disk that fails, a network folder that is"
        " gone, or a limit on the size of files (ulimit -f). Mend that, and look at the system's log (dmesg) if you"
        " do not know which; nothing was written in part."
    )


def _no_folder(file: Path, _said: str) -> str:
    return f"{file} cannot be made: there is no folder {file.parent}. Make that folder, or name another file."


def _is_folder(file: Path, _said: str) -> str:
    return f"{file} is a folder, and a file is wanted. Name another file, or move the folder away."


# ---------------------------------------------------------------- who may


def _not_allowed(file: Path, said: str) -> str:
    """Name what is closed, and to whom: SQLite wants to write the folder, too."""
    me, folder = _user(os.geteuid()), file.absolute().parent
    path = _closed(file)
    if path is None:
        return (
            f"{file} cannot be opened for writing ({said}): it was moved away while newsbot was running, or too many"
            " files are open (ulimit -n). Put that right, and start newsbot again."
        )
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        return f"{path} cannot be written: its disk is mounted read-only. Mount it for writing, or name another file."
    owner = _user(path.stat().st_uid)
    if me == owner:
        return f"newsbot runs as {me}, who owns {path} and may not write it. Allow it: chmod u+rwX {path}"
    if path in folder.parents:
        return (
            f"newsbot runs as {me}, who may not enter {path}, which belongs to {owner}. Run newsbot as {owner}, or"
            " keep the database elsewhere (store.url)."
        )
    return (
        f"newsbot runs as {me}, who may not write {path}, which belongs to {owner}. Run newsbot as {owner}, or give"
        f" {me} the file and its folder: chown {me} {path}"
    )


def _closed(file: Path) -> Path | None:
    """Return the first part of the way to a database that the program may not use, from the root on."""
    folder = file.absolute().parent
    wanted = [(above, os.X_OK) for above in reversed(folder.parents)]
    wanted += [(folder, os.R_OK | os.W_OK | os.X_OK)]
    wanted += [(file.with_name(file.name + side), os.R_OK | os.W_OK) for side in SIDES]
    return next((path for path, how in wanted if path.exists() and not os.access(path, how)), None)


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container's user need not have a name
        return str(number)


_BY_CODE: Mapping[int, Callable[[Path, str], str]] = MappingProxyType(
    {
        sqlite3.SQLITE_CORRUPT: _damaged,
        sqlite3.SQLITE_NOTADB: _no_database,
        sqlite3.SQLITE_FULL: _full,
        sqlite3.SQLITE_IOERR: _unreadable_disk,
        sqlite3.SQLITE_READONLY: _not_allowed,
        sqlite3.SQLITE_CANTOPEN: _not_allowed,
        sqlite3.SQLITE_PERM: _not_allowed,
        sqlite3.SQLITE_BUSY: locked,
        sqlite3.SQLITE_LOCKED: locked,
    }
)
_BY_ERRNO: Mapping[int, Callable[[Path, str], str]] = MappingProxyType(
    {
        ENOENT: _no_folder,
        ENOTDIR: _no_folder,
        EISDIR: _is_folder,
        EACCES: _not_allowed,
        EPERM: _not_allowed,
        EROFS: _not_allowed,
        ENOSPC: _full,
        EDQUOT: _full,
    }
)
