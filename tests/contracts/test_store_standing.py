"""What every store promises to tell of quotas, backlogs and feeds: see `bot.ports.Frontdesk`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.model import ChannelAddress, Held, Origin, Pending, StoryKey
from bot.ports import FeedRow, SubscriptionRow
from tests.builders import NOW, at, entry, person
from tests.contracts.desk import deliveries, key_of
from tests.stocked import stock

ANN = person("Ann")
MINE = (("slack", "T1"),)


@pytest.fixture
async def here(store):
    return (await store.registry.workspace("slack", "T1", NOW)).id


@pytest.fixture
async def elsewhere(store):
    return (await store.registry.workspace("slack", "T2", NOW)).id


@pytest.fixture
async def feed_id(desk, here):
    return await desk.follow()


@pytest.fixture
async def kim(desk):
    return await desk.subscribe("kim", "slack:T1/C1")


async def settle(desk, store, id, outcome):
    await desk.claim(id, NOW)
    await store.outbox.settle(replace(outcome, id=id), "claim-1")


async def hold(desk, feed_id, watcher, reason, uid, when=NOW):
    article = entry(uid)
    (new,) = deliveries([watcher], StoryKey(key_of(article)), -1, when)
    await desk.publish(feed_id, article, watcher, when=when, deliveries=(replace(new, held=reason),))
    return new.id


# ---------------------------------------------------------------- quotas


async def test_usage_of_a_workspace_that_has_nothing(store, here):
    used = await store.frontdesk.usage(here)
    assert (used.feeds, used.subscriptions) == (0, 0)


async def test_usage_counts_the_feeds_that_a_workspace_follows_by_itself(desk, store, here, elsewhere):
    await desk.follow("https://offered.example/rss")
    await desk.follow("https://own.example/rss", workspaces=MINE, origin=Origin.CHAT)
    await desk.follow("https://own.example/rss", workspaces=MINE)
    await desk.follow("https://theirs.example/rss", workspaces=(("slack", "T2"),), origin=Origin.CHAT)
    await desk.follow("https://gone.example/rss", workspaces=MINE, origin=Origin.CHAT)
    await store.registry.unfollow("https://gone.example/rss", NOW, here)
    from_file = FeedRow("rss", "https://file.example/rss", Origin.FILE, name="f", workspaces=MINE)
    await store.registry.apply_file([from_file], [], NOW)
    assert (await store.frontdesk.usage(here)).feeds == 1
    assert (await store.frontdesk.usage(elsewhere)).feeds == 1


async def test_usage_counts_active_and_paused_subscriptions_but_for_the_files(
    desk, store, here, elsewhere, kim
):
    summit = await desk.subscribe("summit", "slack:T1/C2")
    gone = await desk.subscribe("golf", "slack:T1/C2")
    await desk.subscribe("kim", "slack:T2/C1")
    await store.registry.pause(summit.id, here, ANN, NOW)
    await store.registry.retire(gone.id, here, ANN, NOW)
    row = SubscriptionRow(ChannelAddress.parse("slack:T1/C1"), "x", Origin.FILE, name="x")
    await store.registry.apply_file([], [row], NOW)
    assert (await store.frontdesk.usage(here)).subscriptions == 2
    assert (await store.frontdesk.usage(elsewhere)).subscriptions == 1


# ---------------------------------------------------------------- status


async def test_status_of_a_workspace_that_has_nothing(store, here):
    status = await store.frontdesk.status(here)
    assert (status.channels, status.active, status.paused) == ((), 0, 0)
    assert (status.feeds, status.polled_at, status.failing) == (0, None, ())


async def test_status_tells_what_waits_in_each_channel_and_why(desk, store, feed_id, here, kim):
    summit = await desk.subscribe("summit", "slack:T1/C2")
    first, second = [
        (await desk.publish(feed_id, entry(uid), kim, when=at(minutes=minutes)))[0]
        for uid, minutes in (("a", -5), ("b", -3))
    ]
    (slow,) = await desk.publish(feed_id, entry("c"), kim, when=at(minutes=-9))
    await settle(desk, store, slow, Pending(slow, at(minutes=5), "asked to wait"))
    await desk.claim(first, NOW)
    world, business = (await store.frontdesk.status(here)).channels
    assert (world.channel, world.held) == (kim.channel, ())
    told = [(one.reason, one.count, one.oldest_at, one.newest) for one in world.pending]
    assert told == [("", 2, at(minutes=-5), second), ("asked to wait", 1, at(minutes=-9), slow)]
    assert (business.channel, business.pending, business.held) == (summit.channel, (), ())


async def test_status_tells_what_is_held_in_each_channel_and_why(desk, store, feed_id, here, kim):
    await hold(desk, feed_id, kim, "no channel", "a")
    await hold(desk, feed_id, kim, "flood", "b", at(minutes=1))
    newest = await hold(desk, feed_id, kim, "flood", "c", at(minutes=3))
    await hold(desk, feed_id, kim, "flood", "d", at(minutes=2))
    (world,) = (await store.frontdesk.status(here)).channels
    told = [(one.reason, one.count, one.oldest_at) for one in world.held]
    assert told == [("flood", 3, at(minutes=1)), ("no channel", 1, NOW)]
    assert world.held[0].newest == newest
    assert len(await store.frontdesk.requeue(newest, here, at(minutes=9), alike=True)) == 3


async def test_status_tells_of_a_channel_that_watches_nothing_any_more_while_something_is_held(
    desk, store, feed_id, here, kim
):
    await hold(desk, feed_id, kim, "flood", "a")
    await store.registry.retire(kim.id, here, ANN, NOW)
    (world,) = (await store.frontdesk.status(here)).channels
    assert world.channel == kim.channel
    assert (await store.frontdesk.status(here)).active == 0


async def test_status_tells_nothing_of_another_workspace(desk, store, feed_id, here, elsewhere, kim):
    theirs = await desk.subscribe("kim", "slack:T2/C1")
    await desk.publish(feed_id, entry("a"), theirs)
    await hold(desk, feed_id, theirs, "flood", "b")
    (mine,) = (await store.frontdesk.status(here)).channels
    assert (mine.channel, mine.pending, mine.held) == (kim.channel, (), ())
    (other,) = (await store.frontdesk.status(elsewhere)).channels
    assert (other.channel, len(other.pending), len(other.held)) == (theirs.channel, 1, 1)


async def test_status_counts_active_and_paused_subscriptions(desk, store, here, kim):
    await desk.subscribe("summit", "slack:T1/C1")
    golf = await desk.subscribe("golf", "slack:T1/C3")
    await store.registry.pause(golf.id, here, ANN, NOW)
    status = await store.frontdesk.status(here)
    assert (status.active, status.paused) == (2, 1)
    assert [one.channel.address.channel for one in status.channels] == ["C1", "C3"]


async def test_status_tells_when_feeds_were_read_and_which_fail_the_longest_failing_first(desk, store, here):
    async def polled(url, **state):
        feed_id = await desk.follow(url)
        before = (await store.schedule.feed(feed_id)).state
        await store.schedule.record_state(feed_id, replace(before, **state))
        return feed_id

    await polled("https://well.example/rss", polled_at=at(minutes=3))
    new = await polled(
        "https://new.example/rss", polled_at=at(minutes=1), failing_since=at(minutes=1), error="404"
    )
    old = await polled(
        "https://old.example/rss", polled_at=at(minutes=2), failing_since=at(days=-3), error="gone"
    )
    await desk.follow("https://theirs.example/rss", workspaces=(("slack", "T2"),))
    status = await store.frontdesk.status(here)
    assert (status.feeds, status.polled_at) == (3, at(minutes=3))
    assert [one.feed.id for one in status.failing] == [old, new]
    assert [one.feed.state.error for one in status.failing] == ["gone", "404"]


# ---------------------------------------------------------------- health


async def test_health_lists_the_feeds_of_a_workspace_with_who_added_them(desk, store, here):
    offered = await desk.follow("https://offered.example/rss")
    own = await desk.follow("https://own.example/rss", workspaces=MINE, origin=Origin.CHAT, added_by="Ann")
    await desk.follow("https://theirs.example/rss", workspaces=(("slack", "T2"),))
    found = await store.frontdesk.health(here, NOW)
    assert [one.followed.feed.id for one in found] == [offered, own]
    assert [one.followed.added_by for one in found] == ["", "Ann"]
    assert [(one.articles, one.per_day) for one in found] == [(0, 0.0), (0, 0.0)]


async def test_health_tells_how_many_articles_a_feed_brings_a_day(store, here):
    for day in range(20):
        await stock(
            store,
            *(entry(f"{day}.{n}", published_at=at(days=day, hours=n)) for n in range(3)),
            at=at(days=day, hours=4),
        )
    (feed,) = await store.frontdesk.health(here, at(days=20))
    assert (feed.articles, feed.per_day) == (21, 3.0)
    (feed,) = await store.frontdesk.health(here, at(days=20), days=2)
    assert (feed.articles, feed.per_day) == (6, 3.0)


async def test_health_counts_quiet_days_of_a_feed_that_has_long_been_read(store, here):
    await stock(store, entry("old"), at=NOW)
    await stock(store, *(entry(str(n), published_at=at(days=20)) for n in range(7)), at=at(days=20))
    (feed,) = await store.frontdesk.health(here, at(days=20, hours=1))
    assert (feed.articles, feed.per_day) == (7, 1.0)


async def test_health_of_a_new_feed_counts_the_days_that_its_first_list_tells_of(store, here):
    listed = [entry(str(n), published_at=at(days=-4 + n / 10)) for n in range(40)]
    await stock(store, *listed, entry("ancient", published_at=at(days=-300)), at=NOW)
    (feed,) = await store.frontdesk.health(here, NOW)
    assert (feed.articles, feed.per_day) == (40, pytest.approx(10.0))


async def test_health_of_a_feed_that_was_added_just_now_promises_no_thousands_a_day(store, here):
    await stock(store, *(entry(str(n), published_at=None) for n in range(5)), at=NOW)
    (feed,) = await store.frontdesk.health(here, at(seconds=1))
    assert feed.per_day == 5.0


async def test_status_tells_what_a_platform_refused_in_its_own_words(desk, store, feed_id, here, kim):
    (id,) = await desk.publish(feed_id, entry("a"), kim)
    await settle(desk, store, id, Held(id, "not in the channel"))
    (world,) = (await store.frontdesk.status(here)).channels
    assert [one.reason for one in world.held] == ["not in the channel"]
