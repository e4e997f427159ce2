"""Bringing the full-text index of an older database up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources

import pytest
from alembic.command import upgrade
from alembic.config import Config
from sqlalchemy import create_engine
from structlog.testing import capture_logs

from bot.domain.query import Holds
from bot.ports import Retention
from bot.services.lookup import Lookup
from bot.stores import migrate, open_store
from bot.stores.reindexing import BATCH, reindex
from bot.stores.sqlite import SQLite
from tests.builders import NOW, at, entry
from tests.stocked import stock


def older_database(file, articles):
    """Make a database of schema 1, whose index knows nothing but single words."""
    engine = create_engine(f"sqlite:///{file}")
    config = Config()
    config.set_main_option("script_location", str(resources.files("bot.stores.migrations")))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, "1")
    engine.dispose()
    now = NOW.timestamp()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO feeds (id, kind, url, credentials, followed, next_poll_at) VALUES (1, 'rss', ?, '', 1, ?)",
            ("https://news.example/rss", now),
        )
        for number, (title, body) in enumerate(articles, 1):
            connection.execute(
                "INSERT INTO stories VALUES (?, ?, 0, ?, ?)", (number, str(number), now, number)
            )
            connection.execute(
                "INSERT INTO entries (id, story_id, feed_id, first_seen_at, uid, fingerprint, title, byline, tags, body)"
                " VALUES (?, ?, 1, ?, ?, 0, ?, 'Anne', '[\"asia\"]', ?)",
                (number, number, now, str(number), title, body),
            )
            connection.execute(
                "INSERT INTO entry_words (rowid, title, body) VALUES (?, 'outdated', '')", (number,)
            )
        connection.execute("UPDATE counters SET value = ? WHERE name IN ('entry', 'story')", (len(articles),))


async def found(store, text):
    return [one.article.entry.title for one in (await Lookup(store.archive).search(text)).found]


async def test_articles_of_an_older_database_are_found_by_what_words_mean_now(file, url):
    older_database(file, [("A cease-fire", "G7-summit"), ("金正恩访问北京", ""), ("Nothing", "of note")])
    assert (await migrate(url)).before == 1
    async with open_store(url) as store:
        assert await found(store, "ceasefire") == ["A cease-fire"]
        assert await found(store, "author:anne, zebra") == ["Nothing", "金正恩访问北京", "A cease-fire"]
        assert await found(store, "tag:asia AND 正恩") == ["金正恩访问北京"]
        page = await store.archive.candidates(Holds(("outdated",)), None, None, 9)
        assert page.articles == ()


async def test_an_older_database_goes_on_where_it_stopped(file, url):
    older_database(file, [("Old news", "")])
    async with open_store(url) as store:
        await stock(store, entry("new", title="New news"))
        assert await found(store, "news") == ["New news", "Old news"]


async def test_articles_that_were_indexed_anew_can_be_forgotten(file, url):
    older_database(file, [("Old news", "") for _ in range(3)])
    async with open_store(url) as store:
        await store.upkeep.prune(at(days=200), Retention(), 100)
        assert (await store.upkeep.stats()).articles == 0
    with closing(sqlite3.connect(file)) as connection:
        held = connection.execute("SELECT count(*) FROM entry_words WHERE entry_words MATCH 'news'")
        assert held.fetchone() == (0,)


async def test_an_upgrade_that_is_cut_off_leaves_the_older_database_as_it_was(file, url):
    older_database(file, [("Old news", "")])
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE entries SET tags = 'no list'")  # nothing that newsbot would write
    with pytest.raises(ValueError, match="Expecting value"):
        await migrate(url)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("1",)
        held = connection.execute("SELECT count(*) FROM entry_words WHERE entry_words MATCH 'outdated'")
        assert held.fetchone() == (1,)


class Noted:
    """An index that keeps nothing but how many articles it was handed at once."""

    def __init__(self):
        self.batches = []

    def add(self, connection, rows):
        self.batches.append(len({number for number, _ in rows}))


async def test_the_log_says_how_far_a_long_upgrade_is(url):
    async with open_store(url) as store:
        await stock(store, *(entry(str(n)) for n in range(BATCH * 2 + 5)))
    noted = Noted()
    async with SQLite(url) as database:
        with capture_logs() as log:
            await database.read(reindex, noted, BATCH)
    assert noted.batches == [BATCH, BATCH, 5]
    assert [(line["articles"], line["of"]) for line in log] == [(BATCH, 1005), (BATCH * 2, 1005)]
