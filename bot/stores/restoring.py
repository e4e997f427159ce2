"""Going back to a backup, without telling channels what they have already heard."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from sqlite3 import SQLITE_CORRUPT, SQLITE_NOTADB

from sqlalchemy import Connection, bindparam, text, update

from bot.errors import ConfigError, StoreError, UserError
from bot.stores.faults import kind
from bot.stores.files import copy, file_of, make_file, refuse_open, remove, replace
from bot.stores.schema import migrate
from bot.stores.sqlite import SQLite
from bot.stores.tables import UNSETTLED, deliveries, feeds

_NAME_ANOTHER = "Nothing was changed. Restore a file that `newsbot backup` wrote."
MAYBE_SENT = "may have been sent already, after the backup that was restored was made"

_CATCH_UP = update(feeds).values(caught_up=False, quiet_before=bindparam("now"))
_HOLD = (
    update(deliveries)
    .where(text(UNSETTLED))
    .values(state="held", reason=MAYBE_SENT, settled_at=bindparam("now"), claim_id=None)
)


async def restore_sqlite(url: str, file: Path, now: datetime, *, announce_gap: bool) -> Path | None:
    """Replace a database by a backup of it; return where the old one is kept, if there was one."""
    database = file_of(url)
    draft = database.with_name(f"{database.name}.restoring")
    await asyncio.to_thread(_prepare, database, file, draft)
    try:
        async with SQLite(f"sqlite:///{draft}") as restored:
            await _bring_up_to_date(restored, file)
            if not announce_gap:
                await restored.write_through(keep_quiet, now)
        return await asyncio.to_thread(replace, database, draft)
    finally:
        await asyncio.to_thread(remove, draft)


def _prepare(database: Path, file: Path, draft: Path) -> None:
    """Copy the backup beside the database; leave the backup itself as it is."""
    if not file.is_file():
        raise UserError(f"There is no file {file}. {_NAME_ANOTHER}")
    refuse_open(database)
    remove(draft)
    make_file(draft)
    try:
        copy(file, draft, database)
    except StoreError as error:
        remove(draft)
        if kind(error.__cause__) in {SQLITE_CORRUPT, SQLITE_NOTADB}:
            raise UserError(f"{file} is damaged, or no backup of newsbot. {_NAME_ANOTHER}") from error
        raise


async def _bring_up_to_date(restored: SQLite, file: Path) -> None:
    try:
        done = await migrate(restored, str(file))
    except ConfigError as error:  # it is not the settings that name this file
        raise UserError(f"{error} {_NAME_ANOTHER}") from error
    if done.before == 0:
        raise UserError(f"{file} is empty. {_NAME_ANOTHER}")


def keep_quiet(connection: Connection, now: datetime) -> None:
    """Announce nothing of the time between the backup and now, unless somebody asks for it.

    Feeds catch up as if they were followed anew; what was under way is held, because it may have been sent.
    """
    connection.execute(_CATCH_UP, {"now": now})
    connection.execute(_HOLD, {"now": now})
