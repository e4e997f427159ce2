"""Which schema a database has, and bringing it up to the one that this program knows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import ConfigError
from bot.stores.database import Database

SCHEMA = 6
"""The newest one; `migrations/versions` has a step for each."""

_VERSION = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class Migrated:
    """From which schema to which; 0 is an empty database, and equal numbers say that nothing was to be done."""

    before: int
    after: int


def schema_of(connection: Connection, name: str = "The database") -> int:
    """Return the schema's number, 0 for an empty database; raise ConfigError for somebody else's."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return 0
    if not {"alembic_version", "deliveries", "sightings"} <= tables:
        raise ConfigError(
            f"{name} belongs to another program: it holds tables, and none of newsbot's. Name another file."
        )
    return int(connection.execute(_VERSION).scalar_one())


async def migrate(database: Database, name: str) -> Migrated:
    """Bring a database up to date; raise ConfigError, which calls it by `name`, when it is newer than the program."""
    before = await database.read(schema_of, name)
    if before > SCHEMA:
        raise ConfigError(
            f"{name} has schema {before}, and this newsbot knows only up to {SCHEMA}. "
            "Use the newer newsbot that wrote it, or restore a backup made before the update."
        )
    if before < SCHEMA:
        await database.write_through(_upgrade)
    return Migrated(before, SCHEMA)


def _upgrade(connection: Connection) -> None:
    """Run the missing steps within the caller's transaction; a program that did the same is waited for."""
    from alembic.command import upgrade
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    upgrade(config, "head")
