"""What people are told when the database cannot be used: what happened, why, and what to do about it."""

from __future__ import annotations

import os
import pwd
import resource
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from errno import EACCES, EIO
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.config import encryption_key, load
from bot.errors import ConfigError, StoreError, UserError
from bot.stores import migrate, open_store, restore
from bot.stores.faults import file_fault
from bot.stores.sqlite import SQLite
from tests.builders import NOW

NOBODY = 65534
CLOSED = PermissionError(EACCES, "Permission denied")


@pytest.fixture
def folder():
    """A folder that everybody can reach, unlike those that pytest makes."""
    made = Path(tempfile.mkdtemp())
    yield made
    shutil.rmtree(made)


@contextmanager
def ordinary_user():
    """Become somebody whom the system refuses things, unless we are; return the name."""
    if os.geteuid() != 0:
        yield pwd.getpwuid(os.geteuid()).pw_name
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield pwd.getpwuid(NOBODY).pw_name
    finally:
        os.setresuid(0, 0, 0)


def belong_to_user(path):
    if os.geteuid() == 0:
        os.chown(path, NOBODY, -1)


@contextmanager
def file_size_limit(most_bytes):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill(connection):
    connection.execute(text("CREATE TABLE filling AS SELECT zeroblob(5000000) AS bytes"))


# ---------------------------------------------------------------- its content


async def test_a_file_that_is_no_database_is_named_with_both_remedies(url, file):
    file.write_text("Dear diary, " * 100)
    with pytest.raises(StoreError) as told:
        await migrate(url)
    said = str(told.value)
    assert said.startswith(f"{file} is not a database of newsbot's, or it is damaged")
    assert "store.url" in said
    assert "newsbot restore FILE" in said


async def test_a_damaged_database_is_to_be_replaced_by_a_backup(url, file):
    await migrate(url)
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xff" * 100_000)
    with pytest.raises(StoreError, match=f"{file} is damaged .+newsbot restore FILE"):
        async with open_store(url) as store:
            await store.upkeep.stats()


async def test_a_damaged_database_that_is_backed_up_is_the_one_that_is_named(url, file, tmp_path):
    await migrate(url)
    async with SQLite(url) as database:
        with file.open("r+b") as opened:
            opened.seek(50_000)
            opened.write(b"\xff" * 100_000)
        with pytest.raises(StoreError, match=f"The database {file} is damaged"):
            await database.backup(tmp_path / "backup.db")


# ---------------------------------------------------------------- the disk


async def test_on_a_full_disk_space_is_to_be_made(url, file):
    await migrate(url)
    async with SQLite(url) as database:
        pages = await database.write(lambda c: c.execute(text("PRAGMA page_count")).scalar())
        await database.write(lambda c: c.execute(text(f"PRAGMA max_page_count={pages + 10}")).close())
        with pytest.raises(StoreError, match=f"The disk that holds {file} is full .+Free some space there"):
            await database.write(fill)


async def test_a_limit_on_the_size_of_files_is_among_the_guesses(url, file):
    await migrate(url)
    async with SQLite(url) as database:
        with (
            file_size_limit(500_000),
            pytest.raises(StoreError, match=rf"does not read or write {file} .+\(ulimit -f\)"),
        ):
            await database.write(fill)
        assert await database.write(lambda c: c.execute(text("SELECT 1")).scalar()) == 1


async def test_a_copy_that_finds_no_space_names_the_copy(url, tmp_path):
    await migrate(url)
    async with SQLite(url) as database:
        with (
            file_size_limit(50_000),
            pytest.raises(StoreError, match=f"does not read or write {tmp_path / 'copy.db'} as it should"),
        ):
            await database.backup(tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))


async def test_a_restore_that_finds_no_space_does_not_blame_the_backup(url, file, tmp_path):
    await migrate(url)
    async with SQLite(url) as database:
        await database.backup(tmp_path / "copy.db")
    with (
        file_size_limit(50_000),
        pytest.raises(StoreError, match=f"does not read or write {file} as it should"),
    ):
        await restore(url, str(tmp_path / "copy.db"), NOW)


def test_any_other_refusal_of_the_system_names_the_file(file):
    said = file_fault(OSError(EIO, "Input/output error"), file)
    assert said.startswith(f"The system does not read or write {file} as it should (Input/output error)")


# ---------------------------------------------------------------- the place


async def test_a_folder_in_the_place_of_the_file_is_named(file, url):
    file.mkdir()
    with pytest.raises(StoreError, match=f"{file} is a folder, and a file is wanted. Name another file"):
        await migrate(url)


async def test_a_backup_into_no_folder_says_which_folder(url, tmp_path):
    await migrate(url)
    async with SQLite(url) as database:
        with pytest.raises(UserError, match="There is no backup: .+there is no folder .+nowhere. Make that"):
            await database.backup(tmp_path / "nowhere" / "copy.db")


# ---------------------------------------------------------------- who may


def test_a_folder_of_somebody_elses_is_named_with_both_users():
    owner = pwd.getpwuid(Path("/").stat().st_uid).pw_name
    with ordinary_user() as me:
        said = file_fault(CLOSED, Path("/newsbot.db"))
    assert said == (
        f"newsbot runs as {me}, who may not write /, which belongs to {owner}. Run newsbot as {owner}, or give"
        f" {me} the file and its folder: chown {me} /"
    )


def test_a_file_that_its_owner_has_closed_is_to_be_opened_again(folder):
    file = folder / "newsbot.db"
    file.touch(mode=0o400)
    belong_to_user(file)
    folder.chmod(0o777)
    with ordinary_user() as me:
        said = file_fault(CLOSED, file)
    assert said == f"newsbot runs as {me}, who owns {file} and may not write it. Allow it: chmod u+rwX {file}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make somebody else's folder")
def test_a_folder_on_the_way_that_may_not_be_entered_is_named(folder):
    (folder / "deep").mkdir()
    with ordinary_user() as me:
        said = file_fault(CLOSED, folder / "deep" / "newsbot.db")
    assert said.startswith(f"newsbot runs as {me}, who may not enter {folder}, which belongs to root.")
    assert "store.url" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make somebody else's folder")
def test_a_key_that_may_not_be_reached_is_said_plainly_too(folder):
    (folder / "deep").mkdir()
    config = load(None, {"NEWSBOT__STORE__URL": f"sqlite:///{folder}/deep/newsbot.db"})
    with (
        ordinary_user(),
        pytest.raises(ConfigError, match=r"newsbot.db.key, .+ Permission denied. Give the user"),
    ):
        encryption_key(config)


def test_a_user_without_a_name_is_told_by_number(folder, monkeypatch):
    file = folder / "newsbot.db"
    file.touch(mode=0o400)
    belong_to_user(file)
    folder.chmod(0o777)

    def nameless(number):
        raise KeyError(number)

    with ordinary_user():
        number = os.geteuid()
        monkeypatch.setattr(pwd, "getpwuid", nameless)
        said = file_fault(CLOSED, file)
        monkeypatch.undo()
    assert said.startswith(f"newsbot runs as {number}, who owns {file}")


async def test_a_file_that_was_moved_away_meanwhile_is_one_of_the_guesses(url, file):
    await migrate(url)
    async with SQLite(url) as database:
        with pytest.raises(StoreError, match=f"{file} cannot be opened for writing .+moved away while"):
            await database.read(lambda c: c.execute(text("DELETE FROM heartbeat")).close())


# ---------------------------------------------------------------- others


async def test_a_lock_says_how_to_find_who_holds_it(url, file):
    await migrate(url)
    with closing(sqlite3.connect(file)) as other:
        async with SQLite(url, busy_s=0.001) as database:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(
                StoreError, match=rf"{file} is locked by another program .+fuser {file} shows"
            ):
                await database.write(lambda c: None)
            other.rollback()


async def test_what_should_never_happen_is_to_be_reported(url, file):
    await migrate(url)
    async with SQLite(url) as database:
        with pytest.raises(
            StoreError, match=rf"{file} failed in a way .+no such table: nonsense\. Please report"
        ):
            await database.read(lambda c: c.execute(text("SELECT * FROM nonsense")).close())
