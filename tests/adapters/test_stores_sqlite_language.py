"""What is particular to the language of SQLite: lists, indexes, and words."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, bindparam, column, select, table
from sqlalchemy.dialects import sqlite

from bot.domain.query import Holds
from bot.domain.text import index_terms
from bot.ports import Retention
from bot.stores import outbox, schedule
from bot.stores.database import OneOf
from bot.stores.rows import ARTICLES
from bot.stores.store import SqlStore
from tests.adapters.conftest import scalar
from tests.builders import at, entry
from tests.contracts.desk import Desk

# ---------------------------------------------------------------- lists and indexes


def test_one_of_is_one_parameter():
    statement = select(column("id")).where(OneOf(column("id"), bindparam("ids", type_=JSON)))
    said = str(statement.select_from(table("feeds")).compile(dialect=sqlite.dialect()))
    assert said.endswith("WHERE id IN (SELECT value FROM json_each(?))")


async def test_one_of_takes_more_values_than_sqlite_has_parameters(database):
    many = list(range(300_000))
    asked = select(OneOf(bindparam("one"), bindparam("many", type_=JSON)))
    assert await database.read(lambda c: c.execute(asked, {"one": 299_999, "many": many}).scalar())
    assert not await database.read(lambda c: c.execute(asked, {"one": -1, "many": many}).scalar())


PLANS = {
    "feeds that are due": (
        "SELECT id FROM feeds WHERE feeds.followed = 1 AND feeds.next_poll_at <= ? ORDER BY next_poll_at",
        "feeds_due",
    ),
    "deliveries that are due": (
        "SELECT id FROM deliveries WHERE state IN ('pending', 'claimed') AND due_at <= ? ORDER BY due_at",
        "deliveries_due",
    ),
    "what a feed lists": ("SELECT fingerprint FROM sightings WHERE feed_id = ?", "sightings_fingerprint"),
    "an article by its address": ("SELECT * FROM entries WHERE url_key = ? ORDER BY id DESC", "entries_url"),
    "subscriptions that changed": (
        "SELECT * FROM subscriptions WHERE revision > ? ORDER BY revision, id",
        "subscriptions_revision",
    ),
}


@pytest.mark.parametrize("what", PLANS)
async def test_frequent_questions_are_answered_by_an_index(database, what):
    statement, index = PLANS[what]

    def plan(connection):
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1,))
        return " ".join(row[3] for row in rows)

    assert index in await database.read(plan)


async def test_the_schedule_and_the_outbox_ask_those_very_questions(database):
    """The partial indexes serve only conditions that are spelled like theirs."""
    for asked, condition in (
        (schedule._DUE, "feeds.followed = 1"),
        (outbox._DUE, "state IN ('pending', 'claimed')"),
    ):
        assert condition in str(asked.compile(dialect=sqlite.dialect()))


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("gone", ["edited", "pruned"])
async def test_the_index_does_not_keep_words_that_are_gone(database, gone):
    store = SqlStore(database, None)
    desk = Desk(store)
    feed_id = await desk.follow()
    await desk.publish(feed_id, entry("a", title="Obsolete"))
    asked = "SELECT count(*) FROM entry_words WHERE entry_words MATCH 'obsolete'"
    assert await database.read(scalar, asked) == 1
    if gone == "edited":
        await desk.edit(feed_id, entry("a", title="Corrected"))
    else:
        await store.upkeep.prune(at(days=91), Retention(), 10)
    assert await database.read(scalar, asked) == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=4))
async def test_every_term_finds_its_article_until_it_is_removed(database, texts):
    rows = [(number, index_terms(text)) for number, text in enumerate(texts, 1)]

    def check(connection):
        database.words.add(connection, rows)
        held = {number: found(connection, terms) for number, terms in rows}
        database.words.remove(connection, rows)
        assert not any(found(connection, terms) for _, terms in rows)
        return held

    def found(connection, terms):
        hits = [ids(connection, term) for term in set(terms)]
        return set.intersection(*hits) if hits else None

    def ids(connection, term):
        asked = "SELECT rowid FROM entry_words WHERE entry_words MATCH ?"
        return set(connection.exec_driver_sql(asked, (database.words.wanted(Holds((term,))),)).scalars())

    held = await database.write(check)
    assert all(hits is None or number in hits for number, hits in held.items())


async def test_the_index_is_asked_newest_first_and_stops_at_the_limit(database):
    """Neither a sort nor a read of all hits: this is what keeps a search as quick among a million articles."""
    asked = database.words.filling(ARTICLES).limit(9)
    said = str(asked.compile(dialect=sqlite.dialect()))

    def plan(connection):
        values = ('"kim"', 0, 99, 9, 0)[: said.count("?")]
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)]

    steps = await database.read(plan)
    assert steps[0].startswith("SCAN entry_words VIRTUAL TABLE INDEX")
    assert not any("TEMP B-TREE" in step for step in steps)
