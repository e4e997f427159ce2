"""What every store promises of feeds to be polled: see `bot.ports.Schedule`."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.model import FeedState, Origin
from bot.errors import NotFound
from bot.ports import FeedRow
from bot.stores import open_store
from tests.builders import NOW, at

LEASE = at(minutes=5)

FULL = FeedState(
    next_poll_at=at(minutes=7),
    etag='"abc"',
    last_modified="Wed, 01 May 2024 11:00:00 GMT",
    body_hash="0f0f",
    redirect_url="https://new.example/rss",
    redirect_count=2,
    failures=3,
    error="answered 500",
    failing_since=at(hours=-3),
    polled_at=at(seconds=0.123456),
    succeeded_at=at(hours=-4),
    new_entry_at=at(days=-1),
    listed_at=at(days=-2),
    caught_up=True,
    quiet_before=NOW,
    ttl_s=1800.0,
)


async def claim(store, now=NOW, limit=10):
    return await store.schedule.claim_due(now, now + (LEASE - NOW), limit)


async def test_claim_due_takes_followed_feeds_whose_time_has_come_most_overdue_first(store, desk):
    late = await desk.follow("https://late.example/rss", at(minutes=-2))
    later = await desk.follow("https://later.example/rss", at(minutes=-1))
    latest = await desk.follow("https://latest.example/rss", at(minutes=-3))
    await desk.follow("https://future.example/rss", at(minutes=1))
    assert await claim(store) == [latest, late, later]


async def test_claim_due_moves_the_next_poll_to_the_end_of_the_lease(store, desk):
    feed_id = await desk.follow()
    await claim(store)
    assert (await store.schedule.feed(feed_id)).state.next_poll_at == LEASE
    assert await claim(store, at(minutes=4)) == []
    assert await claim(store, LEASE) == [feed_id]


async def test_claim_due_takes_no_more_than_it_was_asked_for(store, desk):
    feeds = [await desk.follow(f"https://{n}.example/rss", at(seconds=n - 10)) for n in range(5)]
    assert await claim(store, limit=2) == feeds[:2]
    assert await claim(store, limit=2) == feeds[2:4]


async def test_claim_due_leaves_out_feeds_that_nobody_follows_any_more(store, desk):
    await desk.follow("https://gone.example/rss")
    kept = await desk.follow("https://kept.example/rss")
    await store.registry.unfollow("https://gone.example/rss", NOW)
    assert await claim(store) == [kept]


async def test_however_many_call_each_feed_is_handed_out_once_per_lease(store, store_url, desk):
    feeds = [await desk.follow(f"https://{n}.example/rss") for n in range(20)]
    async with open_store(store_url) as other:
        claims = await asyncio.gather(*(claim(one, limit=3) for one in (store, other) for _ in range(5)))
    assert sorted(feed_id for taken in claims for feed_id in taken) == feeds


async def test_feed_returns_what_was_declared(store):
    row = FeedRow("jsonfeed", "https://x.example/", Origin.CLI, title="X", credentials="x", interval_s=90)
    feed = await store.schedule.feed(await store.registry.follow(row, NOW))
    assert (feed.kind, feed.url, feed.title) == ("jsonfeed", "https://x.example/", "X")
    assert (feed.credentials, feed.interval_s) == ("x", 90)
    assert feed.state == FeedState(next_poll_at=NOW, quiet_before=NOW)


async def test_feed_raises_not_found(store):
    with pytest.raises(NotFound, match="no feed 99"):
        await store.schedule.feed(99)


async def test_record_state_writes_all_that_a_poll_leaves_behind(store, desk):
    feed_id = await desk.follow()
    await store.schedule.record_state(feed_id, FULL)
    assert (await store.schedule.feed(feed_id)).state == FULL


async def test_record_state_of_many_feeds_at_once_keeps_them_apart(store, desk):
    feeds = [await desk.follow(f"https://{n}.example/rss") for n in range(30)]
    states = {feed_id: replace(FULL, next_poll_at=at(minutes=feed_id)) for feed_id in feeds}
    await asyncio.gather(*(store.schedule.record_state(id, state) for id, state in states.items()))
    read = await asyncio.gather(*(store.schedule.feed(feed_id) for feed_id in feeds))
    assert {feed.id: feed.state for feed in read} == states


async def test_record_state_does_not_call_a_feed_caught_up_that_was_followed_anew_meanwhile(store, desk):
    feed_id = await desk.follow()
    before = (await store.schedule.feed(feed_id)).state
    await store.registry.unfollow("https://news.example/rss", at(minutes=1))
    await desk.follow(when=at(minutes=2))
    await store.schedule.record_state(feed_id, replace(before, caught_up=True, etag="late"))
    now = (await store.schedule.feed(feed_id)).state
    assert (now.caught_up, now.quiet_before, now.etag) == (False, at(minutes=2), "late")
