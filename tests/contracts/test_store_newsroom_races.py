"""What every store promises when several polls decide at once: see `bot.ports.Newsroom.record_poll`."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.model import (
    NewDelivery,
    NewEntry,
    StoryKey,
)
from bot.errors import StaleDecision
from bot.stores import open_store
from tests.builders import NOW, at, entry
from tests.contracts.desk import Desk, key_of, matches


async def everything(store):
    return await store.archive.candidates(None, None, None, 100)


# ---------------------------------------------------------------- stale decisions


@pytest.fixture
async def scene(desk):
    """A feed, a subscription, and the story that somebody else records first."""
    feed_id, kim, article = await desk.follow(), await desk.subscribe(), entry("first")
    return feed_id, kim, article


async def refuses(store, outcome):
    """Assert that an outcome is stale, and that nothing of it was written."""
    before = (await store.upkeep.stats(), await everything(store), await store.schedule.feed(outcome.feed_id))
    with pytest.raises(StaleDecision):
        await store.newsroom.record_poll(outcome)
    after = (await store.upkeep.stats(), await everything(store), await store.schedule.feed(outcome.feed_id))
    assert replace(before[0], size_bytes=0) == replace(after[0], size_bytes=0)
    assert before[1:] == after[1:]


async def test_record_poll_refuses_a_decision_taken_on_another_revision(desk, store, scene):
    feed_id, kim, article = scene
    outcome = await desk.telling(feed_id, article, kim)
    await desk.subscribe("summit")
    await refuses(store, outcome)


async def test_record_poll_refuses_a_decision_taken_before_the_feed_was_followed_anew(desk, store, scene):
    feed_id, kim, article = scene
    outcome = await desk.telling(feed_id, article, kim)
    await store.registry.unfollow("https://news.example/rss", at(minutes=1))
    await desk.follow(when=at(minutes=2))
    revision = (await desk.facts(feed_id)).revision
    await refuses(store, replace(outcome, revision=revision))


async def test_record_poll_refuses_a_story_key_that_has_been_taken(desk, store, scene):
    feed_id, kim, article = scene
    outcome = await desk.telling(feed_id, replace(article, uid="second"), kim)
    await desk.publish(await desk.follow(), article)
    await refuses(store, outcome)


async def test_record_poll_refuses_a_key_for_a_stored_story_that_has_been_taken(desk, store, scene):
    feed_id, _, article = scene
    await desk.publish(feed_id, article)
    record = NewEntry(entry("copy"), 1, lead=False, new_keys=(StoryKey(key_of(article)),))
    await refuses(store, await desk.outcome(feed_id, new_entries=(record,)))


async def test_record_poll_refuses_a_uid_that_has_been_taken(desk, store, scene):
    feed_id, kim, article = scene
    outcome = await desk.telling(feed_id, replace(article, url="https://x.example", key="x.example"), kim)
    await desk.publish(feed_id, article)
    await refuses(store, outcome)


async def test_record_poll_refuses_a_second_delivery_of_a_story_to_a_channel(desk, store, scene):
    feed_id, kim, article = scene
    await desk.publish(feed_id, article, kim)
    again = NewDelivery("another-id", kim.channel.id, 1, NOW)
    await refuses(store, await desk.outcome(feed_id, deliveries=(again,)))


async def test_record_poll_refuses_a_second_match_of_a_story_with_a_subscription(desk, store, scene):
    feed_id, kim, article = scene
    await desk.publish(feed_id, article, kim)
    record = NewEntry(entry("copy"), 1, lead=False)
    found = tuple(matches([kim], record.entry, 1))
    await refuses(store, await desk.outcome(feed_id, new_entries=(record,), matches=found))


async def test_record_poll_refuses_a_story_that_has_been_forgotten(desk, store, scene):
    feed_id, _, _ = scene
    record = NewEntry(entry("copy"), 7, lead=False)
    await refuses(store, await desk.outcome(feed_id, new_entries=(record,)))


async def test_a_fault_of_the_program_is_not_taken_for_a_race(desk, store):
    feed_id = await desk.follow()
    broken = entry("x", byline=None)
    with pytest.raises(Exception, match="NOT NULL") as raised:
        await desk.publish(feed_id, broken)
    assert not isinstance(raised.value, StaleDecision)
    assert (await everything(store)).articles == ()


async def test_two_polls_that_record_the_same_story_at_once_make_one_delivery(desk, store, store_url):
    feed_id, other_feed = await desk.follow(), await desk.follow("https://other.example/rss")
    kim = await desk.subscribe()
    async with open_store(store_url) as other:
        for number in range(10):
            same = entry(f"story {number}", url=f"https://news.example/{number}")
            ours = await desk.telling(feed_id, same, kim)
            theirs = await Desk(other).telling(other_feed, same, kim)
            results = await asyncio.gather(
                store.newsroom.record_poll(ours),
                other.newsroom.record_poll(theirs),
                return_exceptions=True,
            )
            assert sorted(type(result).__name__ for result in results) == ["StaleDecision", "list"]
    stats = await store.upkeep.stats()
    assert (stats.stories, stats.articles, stats.deliveries["pending"]) == (10, 10, 10)


async def test_polls_of_one_process_race_no_differently(desk, store):
    feeds = [await desk.follow(f"https://{n}.example/rss") for n in range(8)]
    kim = await desk.subscribe()
    outcomes = [await desk.telling(feed_id, entry("same"), kim) for feed_id in feeds]
    results = await asyncio.gather(*map(store.newsroom.record_poll, outcomes), return_exceptions=True)
    assert sum(isinstance(result, StaleDecision) for result in results) == 7
    assert (await store.upkeep.stats()).deliveries["pending"] == 1


async def test_a_poll_that_cannot_be_recorded_does_not_harm_those_of_the_same_moment(desk, store):
    feeds = [await desk.follow(f"https://{n}.example/rss") for n in range(4)]
    kim = await desk.subscribe()
    outcomes = [await desk.telling(feed_id, entry(f"{feed_id}"), kim) for feed_id in feeds]
    outcomes[1] = replace(outcomes[1], revision=0)
    outcomes[2] = replace(outcomes[2], new_entries=(NewEntry(entry("broken", byline=None), -1, lead=True),))
    results = await asyncio.gather(*map(store.newsroom.record_poll, outcomes), return_exceptions=True)
    assert [type(result).__name__ for result in results] == ["list", "StaleDecision", "StoreError", "list"]
    assert (await store.upkeep.stats()).deliveries["pending"] == 2
