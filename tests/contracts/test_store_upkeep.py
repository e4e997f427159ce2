"""What every store promises of staying small, safe and known: see `bot.ports.Upkeep`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerting import Reading, decide
from bot.domain.folding import keys_to_look_up
from bot.domain.model import AlertRules, Held, ParsedFeed, Sent, StoryKey
from bot.domain.query import Holds
from bot.errors import UserError
from bot.ports import Retention
from bot.stores import open_store
from bot.stores.schema import SCHEMA
from tests.builders import NOW, at, entry
from tests.contracts.desk import deliveries, key_of, matches

KEPT = Retention(deliveries_s=30 * 86400.0)


@pytest.fixture
async def feed_id(desk):
    return await desk.follow()


@pytest.fixture
async def kim(desk):
    return await desk.subscribe("kim")


async def prune(store, when, retention=KEPT, batch=1000):
    """Prune until nothing is left to do; return how many rows went."""
    total = 0
    while deleted := await store.upkeep.prune(when, retention, batch):
        total += deleted
    return total


async def articles(store):
    return [one.entry.uid for one in (await store.archive.candidates(None, None, None, 1000)).articles]


async def mark(desk, store, feed_id, *listed, when):
    """Record a poll that marks what the feed lists."""
    state = replace((await store.schedule.feed(feed_id)).state, listed_at=when, caught_up=True)
    fingerprints = tuple(one.fingerprint for one in listed)
    await store.newsroom.record_poll(await desk.outcome(feed_id, when, listed=fingerprints, state=state))


# ---------------------------------------------------------------- prune


async def test_prune_deletes_articles_past_their_time_and_no_others(desk, store, feed_id):
    await desk.publish(feed_id, entry("old", title="Old news"), when=NOW)
    await desk.publish(feed_id, entry("young", title="Young news"), when=at(days=1))
    assert await prune(store, at(days=90)) == 0
    assert await prune(store, at(days=90, seconds=1)) == 1
    assert await articles(store) == ["young"]
    found = await store.archive.candidates(Holds(("news",)), None, None, 9)
    assert [one.entry.uid for one in found.articles] == ["young"]


async def test_prune_keeps_an_article_whose_delivery_is_still_under_way(desk, store, feed_id, kim):
    (id,) = await desk.publish(feed_id, entry("waiting"), kim)
    assert await prune(store, at(days=365)) == 0
    await desk.claim(id)
    await store.outbox.settle(Sent(id, "m", at(days=365)), "claim-1")
    await prune(store, at(days=365))
    assert await articles(store) == []


async def test_prune_keeps_ids_as_long_as_the_feed_lists_them(desk, store, feed_id):
    listed, dropped = entry("listed"), entry("dropped")
    for one in (listed, dropped):
        await desk.publish(feed_id, one)
    for day in (1, 200):
        await mark(desk, store, feed_id, listed, when=at(days=day))
    await prune(store, at(days=400))
    assert await articles(store) == []
    assert await store.newsroom.listing(feed_id) == {listed.fingerprint}


async def test_prune_keeps_ids_for_some_time_after_they_were_last_listed(desk, store, feed_id):
    one = entry("one")
    await desk.publish(feed_id, one)
    await mark(desk, store, feed_id, one, when=at(days=50))
    await mark(desk, store, feed_id, when=at(days=51))
    await prune(store, at(days=139))
    assert await store.newsroom.listing(feed_id) == {one.fingerprint}
    await prune(store, at(days=141))
    assert await store.newsroom.listing(feed_id) == frozenset()


async def test_prune_keeps_the_ids_of_a_feed_that_has_been_failing_all_the_time(desk, store, feed_id):
    one = entry("one")
    await desk.publish(feed_id, one)
    await mark(desk, store, feed_id, one, when=at(days=1))
    await prune(store, at(days=1000))
    assert await store.newsroom.listing(feed_id) == {one.fingerprint}


async def test_prune_forgets_the_ids_of_a_feed_that_nobody_follows(desk, store, feed_id):
    one = entry("one")
    await desk.publish(feed_id, one)
    await mark(desk, store, feed_id, one, when=at(days=1))
    await store.registry.unfollow("https://news.example/rss", at(days=1))
    await prune(store, at(days=200))
    assert await store.newsroom.listing(feed_id) == frozenset()


async def test_prune_deletes_settled_deliveries_past_their_time_and_no_others(desk, store, feed_id, kim):
    sent, held, _ = [(await desk.publish(feed_id, entry(uid), kim))[0] for uid in ("sent", "held", "pending")]
    for id in (sent, held):
        await desk.claim(id, NOW)
    await store.outbox.settle(Sent(sent, "m", at(days=1)), "claim-1")
    await store.outbox.settle(Held(held, "no channel"), "claim-1")
    assert await prune(store, at(days=30)) == 0
    await prune(store, at(days=31, seconds=1))
    assert (await store.upkeep.stats()).deliveries == {"pending": 1, "claimed": 0, "sent": 0, "held": 0}


async def test_prune_deletes_what_was_held_from_the_beginning_in_its_time(desk, store, feed_id, kim):
    article = entry("a")
    (new,) = deliveries([kim], StoryKey(key_of(article)), -1, NOW)
    await desk.publish(feed_id, article, kim, deliveries=(replace(new, held="one of 60 at once"),))
    await prune(store, at(days=30))
    assert (await store.upkeep.stats()).deliveries["held"] == 1
    await prune(store, at(days=30, seconds=1))
    assert (await store.upkeep.stats()).deliveries["held"] == 0


async def test_an_id_outlives_its_article_however_short_ids_are_kept(desk, store, feed_id):
    article = entry("a")
    await desk.publish(feed_id, article)
    await mark(desk, store, feed_id, when=at(days=1))
    await prune(store, at(days=80), Retention(ids_s=60.0))
    assert await store.newsroom.listing(feed_id) == {article.fingerprint}
    await prune(store, at(days=91), Retention(ids_s=60.0))
    assert await store.newsroom.listing(feed_id) == frozenset()


async def test_prune_forgets_a_story_when_nothing_refers_to_it_any_more(desk, store, feed_id, kim):
    article = entry("a")
    await desk.publish(feed_id, article, kim, deliveries=(), listed=(article.fingerprint,))
    await mark(desk, store, feed_id, when=at(days=1))
    await prune(store, at(days=91))
    stats = await store.upkeep.stats()
    assert (stats.articles, stats.stories, stats.matches) == (0, 0, 0)
    assert (await desk.facts(feed_id, article)).slots == {}


async def test_a_story_is_kept_while_a_delivery_of_it_is(desk, store, feed_id, kim):
    article = entry("a")
    (id,) = await desk.publish(feed_id, article, kim)
    await mark(desk, store, feed_id, when=at(days=1))
    await desk.claim(id, at(days=80))
    await store.outbox.settle(Sent(id, "m", at(days=80)), "claim-1")
    await prune(store, at(days=100))
    assert (await desk.facts(feed_id, article)).alerted == {(kim.channel.id, 1)}
    await prune(store, at(days=111))
    assert (await store.upkeep.stats()).stories == 0


async def test_a_story_that_loses_its_lead_is_led_by_the_next_article(desk, store, feed_id):
    lead, later = entry("lead"), entry("later")
    await desk.publish(feed_id, lead)
    await desk.copy(feed_id, later, lead, when=at(days=10))
    await prune(store, at(days=91))
    (story,) = (await desk.facts(feed_id, lead)).stories[key_of(lead)]
    assert (story.title, story.lead_key) == (later.title, later.key)


async def test_prune_takes_small_batches_and_says_how_many(desk, store, feed_id):
    many = [entry(str(n)) for n in range(25)]
    for one in many:
        await desk.publish(feed_id, one)
    batches = [await store.upkeep.prune(at(days=91), KEPT, 10) for _ in range(4)]
    assert batches == [10, 10, 5, 0]


async def test_prune_of_an_empty_store_is_done_at_once(store):
    assert await store.upkeep.prune(NOW, KEPT, 10) == 0


async def test_what_was_pruned_and_is_listed_again_is_not_announced_again(desk, store, feed_id, kim):
    """A feed that goes on listing an article after the bot has forgotten its text, edits included."""
    old = entry("old", title="Kim comes", published_at=None)
    watched = {kim.id: kim}
    await store.newsroom.record_poll(await desk.outcome(feed_id))

    async def poll(article, when):
        feed = await store.schedule.feed(feed_id)
        if article.fingerprint in await store.newsroom.listing(feed_id):
            parsed = ParsedFeed((), listed=(article.fingerprint,))
        else:
            parsed = ParsedFeed((article,), listed=(article.fingerprint,))
        facts = await store.newsroom.facts(feed_id, parsed.entries, keys_to_look_up(parsed.entries, feed_id))
        found = {article.uid: [one.match for one in matches([kim], article, 0)]}
        reading = Reading(feed, feed.state, parsed, facts, watched, found if parsed.entries else {})
        return await store.newsroom.record_poll(decide(reading, AlertRules(), when))

    assert len(await poll(old, NOW)) == 1
    (id,) = await store.outbox.due(at(minutes=1), 9)
    await desk.claim(id)
    await store.outbox.settle(Sent(id, "m", at(minutes=1)), "claim-1")
    for day in range(10, 400, 10):
        assert await poll(old, at(days=day)) == []
        await prune(store, at(days=day))
    assert await articles(store) == []
    assert await poll(old, at(days=400)) == []
    assert await poll(replace(old, title="Kim is coming", fingerprint=1), at(days=400)) == []
    assert (await store.upkeep.stats()).deliveries == {"pending": 0, "claimed": 0, "sent": 0, "held": 0}


# ---------------------------------------------------------------- stats and heartbeat


async def test_stats_of_an_empty_store(store):
    stats = await store.upkeep.stats()
    assert (stats.feeds, stats.articles, stats.stories, stats.matches) == (0, 0, 0, 0)
    assert stats.deliveries == {"pending": 0, "claimed": 0, "sent": 0, "held": 0}
    assert (stats.held_reasons, stats.oldest_pending_at, stats.heartbeat_at) == ({}, None, None)
    assert stats.schema == str(SCHEMA)
    assert stats.size_bytes > 10_000


async def test_stats_count_everything(desk, store, feed_id, kim):
    await desk.follow("https://gone.example/rss")
    await store.registry.unfollow("https://gone.example/rss", NOW)
    article = entry("a")
    await desk.publish(feed_id, article, kim, when=at(minutes=1))
    await desk.copy(feed_id, entry("b"), article)
    (claimed,) = await desk.publish(feed_id, entry("c"), kim, when=at(minutes=2))
    await desk.claim(claimed, at(minutes=2))
    for uid, reason in (("d", "flood"), ("e", "flood"), ("f", "no channel")):
        one = entry(uid)
        (new,) = deliveries([kim], StoryKey(key_of(one)), -1, NOW)
        await desk.publish(feed_id, one, deliveries=(replace(new, held=reason),))
    stats = await store.upkeep.stats()
    assert (stats.feeds, stats.articles, stats.stories, stats.matches) == (1, 6, 5, 2)
    assert stats.deliveries == {"pending": 1, "claimed": 1, "sent": 0, "held": 3}
    assert stats.held_reasons == {"flood": 2, "no channel": 1}
    assert stats.oldest_pending_at == at(minutes=1)


async def test_beat_records_that_a_program_is_alive(store):
    assert await store.upkeep.beat(at(minutes=1)) is None
    assert await store.upkeep.beat(at(minutes=2)) == at(minutes=1)
    assert (await store.upkeep.stats()).heartbeat_at == at(minutes=2)


async def test_set_back_has_polls_come_sooner_but_not_before_now(desk, store):
    soon, late = await desk.follow("https://soon.example/rss"), await desk.follow("https://late.example/rss")
    due = await desk.follow("https://due.example/rss")
    for feed_id, minutes in ((soon, 50), (late, 65), (due, -3)):
        state = (await store.schedule.feed(feed_id)).state
        await store.schedule.record_state(feed_id, replace(state, next_poll_at=at(minutes=minutes)))
    await store.upkeep.set_back(NOW, timedelta(hours=1))
    times = [(await store.schedule.feed(feed_id)).state.next_poll_at for feed_id in (soon, late, due)]
    assert times == [NOW, at(minutes=5), at(minutes=-3)]


async def test_set_back_has_pending_deliveries_come_sooner_and_leaves_claims(desk, store, feed_id, kim):
    (pending,) = await desk.publish(feed_id, entry("pending"), kim, when=at(minutes=70))
    (claimed,) = await desk.publish(feed_id, entry("claimed"), kim, when=at(minutes=60))
    await desk.claim(claimed, at(minutes=61), seconds=60)
    await store.upkeep.set_back(NOW, timedelta(hours=1))
    assert list(await store.outbox.due(at(minutes=9), 9)) == []
    assert list(await store.outbox.due(at(minutes=11), 9)) == [pending]
    assert list(await store.outbox.due(at(minutes=62), 9)) == [pending, claimed]


async def test_rest_records_an_orderly_end_that_the_next_beat_takes_back(store):
    await store.upkeep.beat(at(minutes=1))
    assert (await store.upkeep.stats()).stopped_at is None
    for minutes in (2, 3):
        await store.upkeep.rest(at(minutes=minutes))
    stats = await store.upkeep.stats()
    assert (stats.heartbeat_at, stats.stopped_at) == (at(minutes=1), at(minutes=3))
    await store.upkeep.beat(at(minutes=4))
    stats = await store.upkeep.stats()
    assert (stats.heartbeat_at, stats.stopped_at) == (at(minutes=4), None)


# ---------------------------------------------------------------- backup


async def test_a_backup_is_a_complete_store(desk, store, feed_id, kim, tmp_path, key):
    await desk.publish(feed_id, entry("a", title="Kim comes"), kim)
    await store.registry.save_credential("paper", "secret", NOW)
    await store.upkeep.backup(str(tmp_path / "backup.db"))
    await desk.publish(feed_id, entry("later"), kim)
    async with open_store(f"sqlite:///{tmp_path}/backup.db", key) as copied:
        assert await articles(copied) == ["a"]
        assert len((await copied.archive.candidates(Holds(("kim",)), None, None, 9)).articles) == 1
        assert await copied.registry.credential("paper") == "secret"
        assert len(await copied.outbox.due(at(minutes=1), 9)) == 1


async def test_a_backup_made_while_the_program_writes_is_consistent(desk, store, feed_id, kim, tmp_path):
    async def write(batch):
        for n in range(20):
            await desk.publish(feed_id, entry(f"{batch} {n}"), kim)

    for n in range(3):
        await asyncio.gather(write(n), store.upkeep.backup(str(tmp_path / f"{n}.db")))
    for n in range(3):
        async with open_store(f"sqlite:///{tmp_path}/{n}.db") as copied:
            stats = await copied.upkeep.stats()
            assert stats.articles == stats.stories == stats.matches == stats.deliveries["pending"] >= 20 * n


async def test_a_backup_never_overwrites_a_file(store, tmp_path):
    file = tmp_path / "precious.txt"
    file.write_text("precious")
    with pytest.raises(UserError, match="exists already"):
        await store.upkeep.backup(str(file))
    assert file.read_text() == "precious"


async def test_a_backup_into_a_folder_that_is_not_there_says_so(store, tmp_path):
    with pytest.raises(UserError, match="There is no backup: .+ there is no folder .+nowhere"):
        await store.upkeep.backup(str(tmp_path / "nowhere" / "backup.db"))
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []
