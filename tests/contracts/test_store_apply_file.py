"""What every store promises of the config file's rows: see `bot.ports.Registry.apply_file`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.model import ChannelAddress, Origin
from bot.errors import ConfigError, NotFound
from bot.ports import FeedRow, FileChanges, SubscriptionRow
from tests.builders import NOW, at, entry

BBC = FeedRow("rss", "https://bbc.example/rss", Origin.FILE, name="bbc", title="BBC")
CNN = FeedRow("rss", "https://cnn.example/rss", Origin.FILE, name="cnn")
WORLD, BUSINESS = ChannelAddress.parse("console:world"), ChannelAddress.parse("slack:T1/C1")
KIM = SubscriptionRow(WORLD, "kim", Origin.FILE, name="Kim")
SUMMIT = SubscriptionRow(WORLD, "summit", Origin.FILE, name="Summit", feeds=("bbc",))


@pytest.fixture
def apply(store):
    async def applied(*rows, when=NOW):
        feeds = [row for row in rows if isinstance(row, FeedRow)]
        return await store.registry.apply_file(feeds, [row for row in rows if row not in feeds], when)

    return applied


async def snapshot(store):
    feeds = await store.registry.feeds()
    states = [(await store.schedule.feed(row.feed.id)).state for row in feeds]
    return feeds, states, await store.registry.changes(0)


async def feed_of(store, name):
    return next((row.feed for row in await store.registry.feeds() if row.name == name), None)


async def subscription_of(store, name):
    return next((one for one in await store.registry.subscriptions() if one.name == name), None)


async def test_new_rows_are_made(apply, store):
    assert await apply(BBC, CNN, KIM, SUMMIT) == FileChanges(added=("bbc", "cnn", "Kim", "Summit"))
    bbc = await feed_of(store, "bbc")
    assert (bbc.kind, bbc.url, bbc.title) == ("rss", "https://bbc.example/rss", "BBC")
    kim, summit = await store.registry.subscriptions()
    assert (kim.name, kim.query, kim.channel.address, kim.origin) == ("Kim", "kim", WORLD, Origin.FILE)
    assert summit.feeds == {bbc.id}


async def test_a_second_call_changes_nothing(apply, store):
    await apply(BBC, CNN, KIM, SUMMIT)
    before = await snapshot(store)
    assert await apply(BBC, CNN, KIM, SUMMIT, when=at(days=1)) == FileChanges()
    assert await snapshot(store) == before


async def test_the_order_of_the_rows_does_not_matter(apply, store):
    await apply(BBC, CNN, KIM, SUMMIT)
    before = await snapshot(store)
    assert await apply(SUMMIT, KIM, CNN, BBC) == FileChanges()
    assert await snapshot(store) == before


async def test_absent_rows_are_retired(apply, store):
    await apply(BBC, CNN, KIM, SUMMIT)
    assert await apply(BBC, SUMMIT, when=at(days=1)) == FileChanges(retired=("cnn", "Kim"))
    assert await feed_of(store, "cnn") is None
    assert await subscription_of(store, "Kim") is None
    assert await apply(BBC, SUMMIT, when=at(days=2)) == FileChanges()


# ---------------------------------------------------------------- edits


@pytest.mark.parametrize(
    "change",
    [{"query": "kim, summit"}, {"channel": BUSINESS}, {"feeds": ("bbc",)}],
    ids=lambda change: next(iter(change)),
)
async def test_an_edited_subscription_keeps_its_id_and_its_beginning(apply, store, change):
    await apply(BBC, KIM)
    before = await subscription_of(store, "Kim")
    assert await apply(BBC, replace(KIM, **change), when=at(days=1)) == FileChanges(edited=("Kim",))
    after = await subscription_of(store, "Kim")
    assert (after.id, after.created_at) == (before.id, NOW)
    assert after.revision > before.revision
    assert (after.query, after.channel.address, after.feeds) != (
        before.query,
        before.channel.address,
        before.feeds,
    )


async def test_an_edited_title_or_interval_changes_no_decision(apply, store):
    await apply(BBC)
    before = await snapshot(store)
    edited = replace(BBC, title="BBC World", interval_s=120.0)
    assert await apply(edited, when=at(days=1)) == FileChanges(edited=("bbc",))
    feeds, states, changes = await snapshot(store)
    assert (feeds[0].feed.title, feeds[0].feed.interval_s, feeds[0].since) == ("BBC World", 120.0, NOW)
    assert (states, changes) == before[1:]


async def test_a_row_that_moves_to_another_url_follows_a_new_feed_from_now_on(apply, store):
    await apply(BBC, SUMMIT)
    old = await feed_of(store, "bbc")
    moved = replace(BBC, url="https://bbc.example/world")
    assert await apply(moved, SUMMIT, when=at(days=1)) == FileChanges(edited=("bbc", "Summit"))
    (row,) = await store.registry.feeds()
    assert (row.feed.url, row.since) == ("https://bbc.example/world", at(days=1))
    assert (row.feed.state.caught_up, row.feed.state.quiet_before) == (False, at(days=1))
    assert await store.schedule.claim_due(at(days=1), at(days=2), 9) == [row.feed.id]
    assert (await subscription_of(store, "Summit")).feeds == {row.feed.id} != {old.id}


async def test_limiting_a_feed_to_workspaces_changes_decisions(apply, store, desk):
    await apply(BBC)
    feed_id = (await feed_of(store, "bbc")).id
    before = await desk.facts(feed_id)
    await store.registry.workspace("slack", "T2", NOW)
    limited = replace(BBC, workspaces=(("slack", "T1"),))
    assert await apply(limited) == FileChanges(edited=("bbc",))
    t1 = await store.registry.workspace("slack", "T1", NOW)
    after = await desk.facts(feed_id)
    assert list(after.followers) == [t1.id]
    assert after.revision > before.revision
    assert await apply(BBC) == FileChanges(edited=("bbc",))
    assert len((await desk.facts(feed_id)).followers) == 2


async def test_what_an_edit_replaced_is_kept_with_its_time(apply, store, store_url):
    """No port shows it yet; the row's history is looked at where it is kept."""
    await apply(KIM)
    await apply(replace(KIM, query="kim jong un"), when=at(days=1))
    await apply(when=at(days=2))
    await apply(KIM, when=at(days=3))
    assert await history(store_url) == [
        (at(days=1).timestamp(), "edited", '{"query":"kim"}'),
        (at(days=2).timestamp(), "retired", '{"active":true,"retired_at":null}'),
        (at(days=3).timestamp(), "revived", None),
    ]


async def history(store_url):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as connection:
        rows = connection.execute("SELECT at, change, before FROM row_history ORDER BY id").fetchall()
    return [(at, change, before if change != "revived" else None) for at, change, before in rows]


# ---------------------------------------------------------------- retired and revived


async def test_a_retired_row_that_comes_back_counts_as_followed_now(apply, store, desk):
    await apply(BBC, KIM)
    feed = await feed_of(store, "bbc")
    await desk.publish(feed.id, entry())
    await apply(when=at(days=1))
    assert await apply(BBC, KIM, when=at(days=2)) == FileChanges(added=("bbc", "Kim"))
    (row,) = await store.registry.feeds()
    assert (row.feed.id, row.since) == (feed.id, at(days=2))
    assert (row.feed.state.caught_up, row.feed.state.quiet_before) == (False, at(days=2))
    assert (await subscription_of(store, "Kim")).created_at == at(days=2)


async def test_a_row_that_is_renamed_is_another_row_but_its_feed_stays_followed(apply, store, desk):
    await apply(BBC)
    feed = await feed_of(store, "bbc")
    await desk.publish(feed.id, entry())
    renamed = replace(BBC, name="bbc world")
    assert await apply(renamed, when=at(days=1)) == FileChanges(added=("bbc world",), retired=("bbc",))
    now = await feed_of(store, "bbc world")
    assert (now.id, now.state.caught_up) == (feed.id, True)


async def test_pending_deliveries_of_retired_rows_still_go_out(apply, store, desk):
    await apply(BBC, KIM)
    feed, kim = await feed_of(store, "bbc"), await subscription_of(store, "Kim")
    (id,) = await desk.publish(feed.id, entry(), kim)
    await apply(when=at(days=1))
    claimed = await desk.claimed(id)
    assert [one.entry for one in claimed.alert.articles] == [entry()]
    assert [one.subscription.id for one in claimed.alert.matches] == [kim.id]


# ---------------------------------------------------------------- the others' rows


async def test_rows_made_elsewhere_are_never_touched_by_the_file(apply, store, desk):
    await desk.follow("https://bbc.example/rss", name="bbc", title="Ours")
    await desk.subscribe("kim", name="Kim", origin=Origin.CHAT)
    await apply(BBC, CNN, KIM)
    await apply(when=at(days=1))
    (row,) = await store.registry.feeds()
    assert (row.origin, row.name, row.feed.title) == (Origin.CLI, "bbc", "Ours")
    (kept,) = await store.registry.subscriptions()
    assert (kept.origin, kept.name) == (Origin.CHAT, "Kim")


async def test_the_files_title_stands_before_others(apply, store, desk):
    await desk.follow("https://bbc.example/rss", title="Ours")
    await apply(BBC)
    assert {row.feed.title for row in await store.registry.feeds()} == {"BBC"}


async def test_a_subscription_made_elsewhere_follows_the_feed_that_its_name_means(apply, store, desk):
    await apply(BBC)
    kim = await desk.subscribe("kim", feeds=("bbc",))
    await apply(replace(BBC, url="https://bbc.example/world"), when=at(days=1))
    (now,) = await store.registry.subscriptions()
    assert now.feeds == {(await feed_of(store, "bbc")).id} != kim.feeds
    assert now.revision > kim.revision


async def test_a_subscription_made_elsewhere_keeps_its_limit_when_the_feed_is_gone(apply, store, desk):
    await apply(BBC)
    kim = await desk.subscribe("kim", feeds=("bbc",))
    await apply(when=at(days=1))
    assert await store.registry.subscriptions() == [kim]


# ---------------------------------------------------------------- faults


async def test_a_subscription_to_an_unknown_feed_leaves_everything_as_it_was(apply, store):
    await apply(BBC, KIM)
    before = await snapshot(store)
    with pytest.raises(NotFound, match="No feed is called “bbc”"):
        await apply(CNN, SUMMIT)
    assert await snapshot(store) == before


async def test_a_row_without_a_name_is_refused(apply):
    with pytest.raises(ConfigError, match="needs a name"):
        await apply(replace(BBC, name=None))


async def test_thousands_of_subscriptions_are_applied_at_once(apply):
    rows = [SubscriptionRow(WORLD, f"query {n}", Origin.FILE, name=f"s{n}") for n in range(2000)]
    assert len((await apply(*rows)).added) == 2000
    assert await apply(*rows) == FileChanges()
