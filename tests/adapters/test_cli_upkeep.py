"""`newsbot status`, `migrate`, `backup` and `restore` with a real database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli import upkeep
from tests.builders import entry
from tests.stocked import stock

WIRE = "https://wire.example/feed?token=s3cr3t"


def test_status_before_the_first_start(shell):
    lines = shell("status").out.splitlines()
    assert lines[0] == " newsbot   never started"
    assert lines[1].startswith(f" database  {shell.folder}/newsbot.db, schema ")
    assert lines[1].endswith(", 0 articles, 0 stories")
    assert lines[2:] == [" feeds     0 feeds", " alerts    0 pending, 0 sent, 0 held"]


@pytest.mark.parametrize(
    ("age", "code", "said"),
    [
        (timedelta(seconds=30), 0, "running, last sign of life 30 s ago"),
        (timedelta(minutes=5), 1, "not running, last sign of life 5 min ago"),
    ],
)
def test_health_is_a_fresh_sign_of_life(shell, stored, age, code, said):
    stored(lambda store: store.upkeep.beat(datetime.now(UTC) - age))
    health = shell("status", "--health")
    assert health.code == code
    assert health.out == f"{said}\n"
    assert shell("status").code == 0


def test_a_sign_of_life_from_the_future_shows_that_the_clock_was_set_back(shell, stored):
    stored(lambda store: store.upkeep.beat(datetime.now(UTC) + timedelta(hours=1, seconds=30)))
    health = shell("status", "--health")
    assert health.code == 1
    assert "dated 1 h from now, so this machine's clock was set back" in health.out


def test_after_an_orderly_end_it_is_not_running_from_that_moment_on(shell, stored):
    async def stop(store):
        for step, age in ((store.upkeep.beat, 20), (store.upkeep.rest, 10)):
            await step(datetime.now(UTC) - timedelta(seconds=age))

    stored(stop)
    health = shell("status", "--health")
    assert health.code == 1
    assert health.out.startswith("not running, stopped 1")
    assert shell("status", "--json").data["running"] is False


def test_what_never_started_is_not_healthy(shell):
    assert shell("status", "--health").code == 1


def test_status_names_failing_feeds_and_why_without_their_secrets(shell, stored):
    shell("feeds", "add", WIRE)

    async def failing(store):
        (followed,) = await store.registry.feeds()
        at = datetime.now(UTC)
        await store.schedule.record_state(
            followed.feed.id, replace(followed.feed.state, failures=2, error="answered 503", next_poll_at=at)
        )

    stored(failing)
    lines = shell("status").out.splitlines()
    assert lines[2] == " feeds     1 feed, 1 failing"
    assert (
        lines[3]
        == "           wire.example failing: answered 503; again now  https://wire.example/feed?token=***"
    )
    data = shell("status", "--json").data
    assert data["running"] is False
    assert data["failing"][0]["error"] == "answered 503"
    assert "s3cr3t" not in str(data)


def test_status_shortens_a_long_list_of_failures(shell, stored):
    many = upkeep.MOST_FEEDS + 2

    async def failing(store):
        for number in range(many):
            await stock(store, url=f"https://wire.example/{number}")
        for followed in await store.registry.feeds():
            await store.schedule.record_state(
                followed.feed.id, replace(followed.feed.state, failures=1, error="x")
            )

    stored(failing)
    assert "           and 2 more: newsbot feeds list\n" in shell("status").out


def test_status_counts_what_is_stored(shell, stored):
    stored(lambda store: stock(store, entry("1"), entry("2"), entry("3", url="https://news.example/2")))
    assert ", 3 articles, 2 stories\n" in shell("status").out
    assert shell("status", "--json").data["database"]["articles"] == 3


def test_alerts_pending_and_held_are_counted_with_reasons():
    at = datetime.now(UTC)
    stats = upkeep.Stats(
        feeds=0,
        articles=0,
        stories=0,
        matches=0,
        deliveries={"pending": 2, "claimed": 1, "sent": 1204, "held": 3},
        held_reasons={"not in channel": 3},
        oldest_pending_at=at - timedelta(minutes=3),
        size_bytes=0,
        schema="1",
        heartbeat_at=None,
    )
    assert upkeep._alerts(stats, at) == "3 pending (the oldest for 3 min), 1,204 sent, 3 held"


# ---------------------------------------------------------------- migrate, backup, restore


def test_migrate_makes_the_schema_and_then_has_nothing_to_do(shell):
    first = shell("migrate")
    assert first.code == 0
    assert first.out.endswith(" now (none before).\n")
    assert shell("migrate").out.endswith(": nothing to do.\n")


def test_a_backup_is_put_back(shell, stored):
    shell("feeds", "add", "https://a.example/", "--name", "A")
    said = shell("backup", "copy.db")
    assert said.out.startswith("Wrote copy.db, ")
    shell("feeds", "add", "https://b.example/", "--name", "B")
    restored = shell("restore", "copy.db")
    assert restored.code == 0
    assert restored.out.startswith(f"Restored {shell.folder}/newsbot.db from copy.db.\n")
    assert "Nothing of the time since the backup will be posted." in restored.out
    assert [feed["name"] for feed in shell("feeds", "list", "--json").data] == ["A"]


def test_the_gap_is_announced_only_when_asked_for(shell):
    shell("feeds", "add", "https://a.example/")
    shell("backup", "copy.db")
    assert "Nothing of the time" not in shell("restore", "copy.db", "--announce-gap").out


def test_a_backup_overwrites_nothing(shell):
    (shell.folder / "copy.db").write_text("mine")
    said = shell("backup", "copy.db")
    assert said.code == 1
    assert "copy.db" in said.err
    assert (shell.folder / "copy.db").read_text() == "mine"


def test_what_is_no_backup_is_refused(shell):
    (shell.folder / "copy.db").write_text("mine")
    shell("migrate")
    with closing(sqlite3.connect(shell.folder / "recipes.db")) as other:
        other.execute("CREATE TABLE recipes (title)")
    for name in ("copy.db", "gone.db", "recipes.db"):
        said = shell("restore", name)
        assert said.code == 1
        assert name in said.err
        assert "Restore a file that `newsbot backup` wrote." in said.err
