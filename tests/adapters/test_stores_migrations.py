"""Bringing a database up to date."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.domain.model import SubscriptionState
from bot.errors import ConfigError, StoreError
from bot.stores import migrate, migrations, open_store
from bot.stores.schema import SCHEMA, Migrated
from bot.stores.sqlite import SQLite
from bot.stores.tables import metadata


def execute(tmp_path, *statements):
    with closing(sqlite3.connect(tmp_path / "newsbot.db", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def older(tmp_path, revision):
    """Make a database of an older schema."""
    engine = create_engine(f"sqlite:///{tmp_path}/newsbot.db")
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, revision)
    engine.dispose()


async def test_migrate_makes_a_new_database_and_then_has_nothing_to_do(url):
    assert await migrate(url) == Migrated(before=0, after=SCHEMA)
    assert await migrate(url) == Migrated(before=SCHEMA, after=SCHEMA)


async def test_opening_a_store_brings_its_schema_up_to_date(url):
    async with open_store(url) as store:
        assert (await store.upkeep.stats()).schema == str(SCHEMA)


async def test_two_programs_that_start_at_once_migrate_once(url):
    outcomes = await asyncio.gather(*(migrate(url) for _ in range(4)))
    assert {outcome.after for outcome in outcomes} == {SCHEMA}


async def test_the_migrations_make_exactly_the_tables_that_the_program_knows(url):
    def differences(connection):
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, parents: not (name or "").startswith("entry_words"),
            },
        )
        return compare_metadata(context, metadata)

    await migrate(url)
    async with SQLite(url) as database:
        assert await database.read(differences) == []


async def test_the_migrations_spell_indexes_and_constraints_as_the_program_does(url, tmp_path):
    """Comparing metadata overlooks partial indexes and tables without row ids."""
    await migrate(url)
    engine = create_engine(f"sqlite:///{tmp_path}/plain.db")
    metadata.create_all(engine)
    engine.dispose()

    def made(name):
        asked = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'entry_words%'"
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            rows = connection.execute(asked).fetchall()
        return {name: plain(sql) for name, sql in rows if name != "alembic_version"}

    def plain(sql):
        """Part what stands in the outermost brackets; a column that was added later stands behind the others."""
        before, _, rest = " ".join(sql.split()).partition("(")
        columns, _, after = rest.rpartition(")")
        return [before.strip(), *sorted(map(str.strip, re.split(r",(?![^(]*\))", columns))), after.strip()]

    assert made("newsbot.db") == made("plain.db")


def test_every_step_has_a_number_and_the_program_knows_the_last():
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    config.set_main_option("path_separator", "os")
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert steps == [str(number) for number in range(SCHEMA, 0, -1)]


async def test_what_was_subscribed_before_people_could_pause_is_active_or_retired_as_before(url, tmp_path):
    older(tmp_path, "3")
    execute(
        tmp_path,
        "INSERT INTO workspaces (id, platform, external_id, created_at) VALUES (1, 'slack', 'T1', 0)",
        "INSERT INTO channels (id, workspace_id, external_id, created_at) VALUES (1, 1, 'C1', 0)",
        *(
            "INSERT INTO subscriptions (origin, channel_id, query, feeds, feed_ids, created_at, active, revision,"
            f" retired_at) VALUES ('cli', 1, '{query}', '[]', '[]', 0, {active}, 1, {retired})"
            for query, active, retired in (("kim", 1, "NULL"), ("summit", 0, "9"))
        ),
        "INSERT INTO row_history (row_kind, row_id, at, change, before)"
        " VALUES ('subscriptions', 2, 9, 'retired', '{}')",
    )
    async with open_store(url) as store:
        found = (await store.registry.changes(0)).changed
        assert [(one.query, one.state, one.mention) for one in found] == [
            ("kim", SubscriptionState.ACTIVE, None),
            ("summit", SubscriptionState.RETIRED, None),
        ]
        assert [one.by for one in await store.registry.history("2")] == [""]


async def test_a_database_that_is_newer_than_the_program_is_refused(url, tmp_path):
    await migrate(url)
    execute(tmp_path, "UPDATE alembic_version SET version_num = '99'")
    with pytest.raises(ConfigError, match=f"schema 99, and this newsbot knows only up to {SCHEMA}"):
        async with open_store(url):
            pass


async def test_another_programs_database_is_refused_and_left_alone(url, tmp_path):
    execute(tmp_path, "CREATE TABLE recipes (title)")
    with pytest.raises(ConfigError, match="belongs to another program"):
        await migrate(url)
    with closing(sqlite3.connect(tmp_path / "newsbot.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


async def test_a_step_that_fails_leaves_the_database_as_it_was(url, tmp_path):
    """A view is in the way of one of its last tables."""
    execute(tmp_path, "CREATE VIEW heartbeat AS SELECT 1")
    with pytest.raises(StoreError, match="heartbeat"):
        await migrate(url)
    with closing(sqlite3.connect(tmp_path / "newsbot.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("heartbeat",)]
