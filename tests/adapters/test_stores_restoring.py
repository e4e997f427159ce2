"""Going back to a backup: the files, and the silence about what lies between."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.domain.alerting import Reading, decide
from bot.domain.folding import keys_to_look_up
from bot.domain.model import AlertRules, ParsedFeed, Sent, Withheld
from bot.errors import UserError
from bot.stores import open_store, restore
from bot.stores.restoring import MAYBE_SENT
from tests.builders import NOW, at, entry
from tests.contracts.desk import Desk, matches

LATER = at(days=3)


@pytest.fixture
def backup(tmp_path):
    return tmp_path / "backup.db"


@pytest.fixture
async def feed_id(url, backup):
    """A backup with one alert that was pending and one that was claimed; both went out afterwards."""
    async with open_store(url) as store:
        desk = Desk(store)
        feed_id, kim = await desk.follow(), await desk.subscribe()
        (pending,) = await desk.publish(feed_id, entry("pending"), kim)
        (claimed,) = await desk.publish(feed_id, entry("claimed"), kim)
        await desk.claim(claimed, NOW, seconds=60)
        await store.upkeep.backup(str(backup))
        await desk.claim(pending)
        await store.outbox.settle(Sent(pending, "m1", at(minutes=1)), "claim-1")
        await store.outbox.settle(Sent(claimed, "m2", at(minutes=1)), "claim-1")
        await desk.publish(feed_id, entry("after the backup"), kim)
    return feed_id


def files(tmp_path):
    return sorted(file.name for file in tmp_path.iterdir())


async def uids(url):
    async with open_store(url) as store:
        return [one.entry.uid for one in (await store.archive.candidates(None, None, None, 9)).articles]


# ---------------------------------------------------------------- the files


async def test_restore_goes_back_and_keeps_what_was_there(url, backup, feed_id, tmp_path):
    kept = await restore(url, str(backup), LATER)
    assert kept == tmp_path / "newsbot.db.before-restore"
    assert files(tmp_path) == ["backup.db", "newsbot.db", "newsbot.db.before-restore"]
    assert await uids(url) == ["claimed", "pending"]
    assert await uids(f"sqlite:///{kept}") == ["after the backup", "claimed", "pending"]


async def test_a_second_restore_does_not_overwrite_what_the_first_one_kept(url, backup, feed_id, tmp_path):
    await restore(url, str(backup), LATER)
    kept = [await restore(url, str(backup), LATER) for _ in range(2)]
    assert [file.name for file in kept] == ["newsbot.db.before-restore-2", "newsbot.db.before-restore-3"]
    assert len(await uids(f"sqlite:///{tmp_path}/newsbot.db.before-restore")) == 3


async def test_restore_leaves_the_backup_as_it_is(url, backup, feed_id):
    before = backup.read_bytes()
    await restore(url, str(backup), LATER)
    assert backup.read_bytes() == before


async def test_restore_onto_a_machine_without_a_database(backup, feed_id, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    url = f"sqlite:///{elsewhere}/newsbot.db"
    assert await restore(url, str(backup), LATER) is None
    assert await uids(url) == ["claimed", "pending"]


async def test_restore_replaces_a_database_that_is_damaged(url, backup, feed_id, tmp_path):
    (tmp_path / "newsbot.db").write_bytes(b"damaged" * 1000)
    kept = await restore(url, str(backup), LATER)
    assert await uids(url) == ["claimed", "pending"]
    assert kept.read_bytes() == b"damaged" * 1000


async def test_a_running_program_is_not_pulled_from_under(url, backup, feed_id, tmp_path):
    async with open_store(url) as store:
        await store.upkeep.beat(NOW)
        with pytest.raises(UserError, match="is in use. Stop newsbot first"):
            await restore(url, str(backup), LATER)
        assert (await store.upkeep.stats()).articles == 3
    assert files(tmp_path) == ["backup.db", "newsbot.db"]


def other_program(file):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE recipes (title)")


def newer_program(file):
    shutil.copy(file.with_name("backup.db"), file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '99'")


def cut_short(file):
    whole = file.with_name("backup.db").read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("made", "complaint"),
    [
        (lambda file: None, "There is no file {file}."),
        (lambda file: file.write_text("Dear diary, " * 99), "{file} is damaged, or no backup"),
        (lambda file: file.write_text(""), "{file} is empty."),
        (other_program, "{file} belongs to another program"),
        (newer_program, "{file} has schema 99"),
        (cut_short, "{file} is damaged, or no backup"),
    ],
    ids=["no file", "no database", "empty", "another program's", "a newer program's", "cut short"],
)
async def test_what_is_no_backup_is_refused_and_nothing_changes(url, feed_id, tmp_path, made, complaint):
    file = tmp_path / "strange"
    made(file)
    before = {name for name in files(tmp_path) if name != "strange"}
    with pytest.raises(UserError, match=complaint.format(file=file)) as told:
        await restore(url, str(file), LATER)
    assert "Restore a file that `newsbot backup` wrote." in str(told.value)
    assert {name for name in files(tmp_path) if name != "strange"} == before
    assert len(await uids(url)) == 3


# ---------------------------------------------------------------- the gap


async def test_what_was_under_way_is_held_because_it_may_have_been_sent(url, backup, feed_id):
    await restore(url, str(backup), LATER)
    async with open_store(url) as store:
        stats = await store.upkeep.stats()
        assert stats.deliveries == {"pending": 0, "claimed": 0, "sent": 0, "held": 2}
        assert stats.held_reasons == {MAYBE_SENT: 2}
        assert await store.outbox.due(at(days=9), 9) == []


async def test_with_announce_gap_everything_goes_on_as_it_was(url, backup, feed_id):
    await restore(url, str(backup), LATER, announce_gap=True)
    async with open_store(url) as store:
        assert len(await store.outbox.due(LATER, 9)) == 2
        state = (await store.schedule.feed(feed_id)).state
        assert (state.caught_up, state.quiet_before) == (True, NOW)


async def poll(store, feed_id, *articles, when):
    """Read a document with these articles, all of which match, as the poll service would."""
    (kim,) = await store.registry.subscriptions()
    feed = await store.schedule.feed(feed_id)
    facts = await store.newsroom.facts(feed_id, articles, keys_to_look_up(articles, feed_id))
    found = {one.uid: [match.match for match in matches([kim], one, 0)] for one in articles}
    parsed = ParsedFeed(articles, listed=tuple(one.fingerprint for one in articles))
    outcome = decide(Reading(feed, feed.state, parsed, facts, {kim.id: kim}, found), AlertRules(), when)
    await store.newsroom.record_poll(outcome)
    return outcome


async def test_nothing_of_the_gap_is_announced(url, backup, feed_id):
    await restore(url, str(backup), LATER)
    gap = entry("gap", published_at=at(days=2, hours=12))
    undated = entry("undated", published_at=None)
    fresh = entry("fresh", published_at=at(days=3, minutes=1))
    async with open_store(url) as store:
        outcome = await poll(store, feed_id, gap, undated, fresh, when=at(days=3, minutes=5))
        withheld = {match.uid: match.withheld for match in outcome.matches}
        assert withheld == {
            "gap": Withheld.BEFORE_FOLLOWING,
            "undated": Withheld.UNDATED,
            "fresh": None,
        }
        assert len(outcome.deliveries) == 1
        after = replace(
            gap, uid="next", url="https://news.example/next", key="news.example/next", title="Next one"
        )
        assert len((await poll(store, feed_id, after, when=at(days=3, minutes=9))).deliveries) == 1
