"""What is particular to SQLite: the file, its settings, and its threads."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import closing

import pytest
from sqlalchemy import text

from bot.domain.model import Sent
from bot.errors import ConfigError, StoreError
from bot.stores import database_class, migrate, open_store
from bot.stores.files import file_of, use_wal
from bot.stores.sqlite import SQLite
from bot.stores.store import SqlStore
from tests.adapters.conftest import scalar
from tests.builders import NOW, entry
from tests.contracts.desk import Desk

# ---------------------------------------------------------------- the file


def test_a_url_names_a_file():
    assert str(file_of("sqlite:///newsbot.db")) == "newsbot.db"
    assert str(file_of("sqlite:////var/lib/newsbot.db")) == "/var/lib/newsbot.db"


@pytest.mark.parametrize("url", ["sqlite:", "sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_url_without_a_file_is_refused(url):
    with pytest.raises(ConfigError, match="names no SQLite file"):
        file_of(url)


def test_an_unknown_kind_of_database_is_refused():
    with pytest.raises(ConfigError, match="cannot use a “mysql” database"):
        database_class("mysql://localhost/newsbot")


async def test_only_its_owner_can_read_a_new_database(url, tmp_path):
    async with open_store(url):
        modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {0o600}


async def test_a_folder_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(StoreError, match="there is no folder .+nowhere. Make that folder"):
        await migrate(f"sqlite:///{tmp_path}/nowhere/newsbot.db")


async def test_a_file_that_is_no_database_is_said_plainly(url, tmp_path):
    (tmp_path / "newsbot.db").write_text("Dear diary, " * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        await migrate(url)


async def test_closing_leaves_one_file(url, tmp_path):
    async with open_store(url) as store:
        await store.upkeep.beat(NOW)
    assert [file.name for file in tmp_path.iterdir()] == ["newsbot.db"]


# ---------------------------------------------------------------- settings


async def test_readers_do_not_wait_for_the_writer(database):
    async def reads():
        return await database.read(scalar, "PRAGMA journal_mode")

    assert await reads() == "wal"
    written, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow_write(connection):
        connection.execute(text("UPDATE heartbeat SET at = 7"))
        loop.call_soon_threadsafe(written.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(10)

    writing = asyncio.create_task(database.write(slow_write))
    await written.wait()
    assert await database.read(scalar, "SELECT at FROM heartbeat") is None
    go_on.set()
    await writing
    assert await database.read(scalar, "SELECT at FROM heartbeat") == 7


async def test_references_between_rows_are_enforced(database):
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        await database.write(lambda c: c.execute(text("INSERT INTO story_keys VALUES ('key', 0, 99)")))


async def test_a_reader_cannot_write(database):
    with pytest.raises(StoreError, match="readonly"):
        await database.read(lambda c: c.execute(text("UPDATE heartbeat SET at = 7")))


@pytest.mark.parametrize(("method", "level"), [("write", 1), ("write_through", 2)])
async def test_only_write_through_waits_for_the_disk(database, method, level):
    await database.write_through(lambda connection: None)
    assert await getattr(database, method)(scalar, "PRAGMA synchronous") == level


async def test_settling_and_declaring_wait_for_the_disk_polling_does_not(url):
    """A power cut must not have a message sent twice, nor forget what somebody was told is done."""
    seen = []

    class Watching(SQLite):
        async def write(self, work, *args, **kw):
            seen.append("write")
            return await super().write(work, *args, **kw)

        async def write_through(self, work, *args, **kw):
            seen.append("write_through")
            return await super().write_through(work, *args, **kw)

    await migrate(url)
    async with Watching(url) as database:
        store = SqlStore(database, None)
        desk = Desk(store)
        feed_id, kim = await desk.follow(), await desk.subscribe()
        assert set(seen) == {"write_through"}
        seen.clear()
        (id,) = await desk.publish(feed_id, entry(), kim)
        await desk.claim(id)
        assert set(seen) == {"write"}
        seen.clear()
        await store.outbox.settle(Sent(id, "m", NOW), "claim-1")
        assert seen == ["write_through"]


# ---------------------------------------------------------------- transactions


async def test_work_that_raises_leaves_nothing_behind(database):
    def broken(connection):
        connection.execute(text("UPDATE heartbeat SET at = 7"))
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await database.write(broken)
    assert await database.read(scalar, "SELECT at FROM heartbeat") is None


async def test_a_reader_sees_one_state_throughout(database, url):
    loop = asyncio.get_running_loop()

    def twice(connection):
        first = scalar(connection, "SELECT at FROM heartbeat")
        writing = database.write(lambda c: c.execute(text("UPDATE heartbeat SET at = 7")).close())
        asyncio.run_coroutine_threadsafe(writing, loop).result(10)
        return first, scalar(connection, "SELECT at FROM heartbeat")

    assert await database.read(twice) == (None, None)


async def test_a_caller_that_is_cancelled_leaves_a_whole_transaction_or_none(database):
    writing = [
        asyncio.create_task(database.write(scalar, f"UPDATE heartbeat SET at = {n} RETURNING at"))
        for n in range(20)
    ]
    await asyncio.sleep(0)
    for task in writing[::2]:
        task.cancel()
    done = await asyncio.gather(*writing, return_exceptions=True)
    assert [result for result in done if isinstance(result, int | float)] == list(range(1, 20, 2))
    assert await database.write(scalar, "UPDATE heartbeat SET at = 99 RETURNING at") == 99


async def test_another_programs_lock_is_said_plainly_when_it_lasts_too_long(url, tmp_path):
    await migrate(url)
    with closing(sqlite3.connect(tmp_path / "newsbot.db")) as other:
        async with SQLite(url, busy_s=0.001) as database:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="is locked by another program"):
                await database.write(scalar, "SELECT 1")
            other.rollback()
            assert await database.write(scalar, "SELECT 1") == 1


async def test_a_new_file_that_another_program_is_setting_up_is_waited_for(url, tmp_path):
    with closing(sqlite3.connect(tmp_path / "newsbot.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked by another program"):
            async with SQLite(url, busy_s=0.001):
                pass
        opening = asyncio.create_task(migrate(url))
        await asyncio.to_thread(use_wal, tmp_path / "newsbot.db")
        other.rollback()
    assert (await opening).before == 0
