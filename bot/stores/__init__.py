"""What newsbot remembers: one store by SQLAlchemy Core, on the database that a URL names.

    tables  rows  migrations/  schema         what is kept, and how it becomes values
    database  sqlite  files  faults           what the statements run on, and all that is particular to SQLite
    schedule  gathering                       feeds to poll
    newsroom  facts  recording  edits         articles and stories, as a poll sees them
    outbox  alerts                            deliveries
    registry  declarations  follows  watching  tending  glossary  changes  history  feednames  visibility  secrets
    frontdesk  requests  drafts  access  mutes  outgoing  tracing  standing  absences     what commands in chats ask for
    archive  order  terms  reindexing         searching
    upkeep  pruning  restoring

Each topic is a class over one shared Database, whose transactions are plain functions of a connection.
To add a database: one driver that fills the Database protocol, one line below, one parameter in
`tests/contracts/stores.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from pkgutil import resolve_name
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.errors import ConfigError
from bot.ports import Store

if TYPE_CHECKING:
    from bot.stores.schema import Migrated

DATABASES: Mapping[str, str] = MappingProxyType({"sqlite": "bot.stores.sqlite:SQLite"})


def database_class(url: str) -> Any:
    """Return the driver for a URL's scheme; import it only now."""
    scheme = url.partition(":")[0]
    if scheme not in DATABASES:
        raise ConfigError(
            f"newsbot cannot use a “{scheme}” database. There is {', '.join(DATABASES)}:///FILE."
        )
    return resolve_name(DATABASES[scheme])


@asynccontextmanager
async def open_store(url: str, key: SecretStr | None = None) -> AsyncIterator[Store]:
    """Open the database, its schema brought up to date; `key` encrypts the secrets in it.

    Raise ConfigError when the database cannot be opened, is newer than the program, or is not newsbot's.
    """
    from bot.stores.schema import migrate as bring_up_to_date
    from bot.stores.store import SqlStore

    async with database_class(url)(url) as database:
        await bring_up_to_date(database, _name(url))
        yield SqlStore(database, key.get_secret_value() if key else None)


async def migrate(url: str) -> Migrated:
    """Bring the schema up to date without opening the store; say from which number to which."""
    from bot.stores.schema import migrate as bring_up_to_date

    async with database_class(url)(url) as database:
        return await bring_up_to_date(database, _name(url))


async def restore(url: str, file: str, now: datetime, *, announce_gap: bool = False) -> Path | None:
    """Replace the database by a backup; return where the old one is kept, if there was one.

    Nothing of the time since the backup is announced, and what was under way then is held, unless
    `announce_gap`. Raise UserError for a file that is no backup, and while newsbot is running.
    """
    from bot.stores.restoring import restore_sqlite

    database_class(url)  # raises for a database that is none of ours
    return await restore_sqlite(url, Path(file), now, announce_gap=announce_gap)


def _name(url: str) -> str:
    """Return what people are told that a database is called: its file, never a password."""
    return url.partition(":///")[2] or "The database"
