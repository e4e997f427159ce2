"""What every store promises of the rows that people declare: see `bot.ports.Registry`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.domain.model import ChannelAddress, Origin
from bot.errors import ConfigError, NotFound, UserError
from bot.ports import FeedRow, SubscriptionRow
from bot.stores import open_store
from tests.builders import NOW, at

URL = "https://news.example/rss"


async def revision(store):
    return (await store.registry.changes(0)).revision


async def state(store, feed_id):
    return (await store.schedule.feed(feed_id)).state


async def catch_up(store, feed_id):
    """Let a poll of a feed succeed."""
    await store.schedule.record_state(
        feed_id, replace(await state(store, feed_id), caught_up=True, next_poll_at=at(hours=1))
    )


# ---------------------------------------------------------------- follow


async def test_following_a_feed_again_is_the_same_row(desk, store):
    first = await desk.follow(URL)
    before = await revision(store)
    assert await desk.follow(URL, at(days=1)) == first
    (row,) = await store.registry.feeds()
    assert (row.feed.id, row.since, row.origin) == (first, NOW, Origin.CLI)
    assert await revision(store) == before


async def test_following_again_changes_only_what_is_said_anew(desk, store):
    await desk.follow(URL, name="bbc", title="BBC", interval_s=60.0)
    await desk.follow(URL, at(days=1), title="BBC News")
    (row,) = await store.registry.feeds()
    assert (row.name, row.feed.title, row.feed.interval_s, row.since) == ("bbc", "BBC News", 60.0, NOW)


@pytest.mark.parametrize("other", [{"kind": "jsonfeed"}, {"url": URL + "2"}, {"credentials": "paper"}])
async def test_a_feed_is_one_per_kind_url_and_credentials(store, other):
    row = {"kind": "rss", "url": URL, "origin": Origin.CLI}
    first = await store.registry.follow(FeedRow(**row), NOW)
    assert await store.registry.follow(FeedRow(**(row | other)), NOW) != first


async def test_a_feed_is_polled_once_however_many_follow_it(desk, store):
    feed_id = await desk.follow(URL)
    assert await desk.follow(URL, workspaces=(("slack", "T1"),), origin=Origin.CHAT) == feed_id
    assert await store.schedule.claim_due(NOW, at(minutes=5), 10) == [feed_id]
    assert len(await store.registry.feeds()) == 2


async def test_a_second_follower_leaves_a_feed_that_has_caught_up_alone(desk, store):
    feed_id = await desk.follow(URL)
    await catch_up(store, feed_id)
    before = await state(store, feed_id)
    await desk.follow(URL, at(days=1), origin=Origin.CHAT)
    assert await state(store, feed_id) == before


async def test_a_feed_that_is_followed_again_after_nobody_did_catches_up_anew(desk, store):
    feed_id = await desk.follow(URL)
    await catch_up(store, feed_id)
    await store.registry.unfollow(URL, at(days=1))
    await desk.follow(URL, at(days=2))
    now = await state(store, feed_id)
    assert (now.caught_up, now.quiet_before, now.next_poll_at) == (False, at(days=2), at(days=2))
    (row,) = await store.registry.feeds()
    assert row.since == at(days=2)


async def test_the_shortest_interval_that_anybody_gave_holds(desk, store):
    feed_id = await desk.follow(URL, interval_s=600.0)
    await desk.follow(URL, origin=Origin.CHAT, interval_s=300.0)
    await desk.follow(URL, origin=Origin.CHAT, workspaces=(("slack", "T1"),))
    assert (await store.schedule.feed(feed_id)).interval_s == 300.0


# ---------------------------------------------------------------- unfollow


@pytest.mark.parametrize("by", ["name", "url", "uncanonical url", "id"])
async def test_unfollow_retires_a_row_by_name_url_or_id(desk, store, by):
    feed_id = await desk.follow(URL, name="bbc")
    named = {"name": "bbc", "url": URL, "uncanonical url": "HTTPS://NEWS.example:443/rss", "id": str(feed_id)}
    before = await revision(store)
    await store.registry.unfollow(named[by], NOW)
    assert await store.registry.feeds() == []
    assert await revision(store) > before


async def test_unfollow_raises_not_found(desk, store):
    await desk.follow(URL, name="bbc")
    with pytest.raises(NotFound, match="No feed is called “cnn”"):
        await store.registry.unfollow("cnn", NOW)


async def test_unfollow_does_not_touch_the_files_rows(store):
    await store.registry.apply_file([FeedRow("rss", URL, Origin.FILE, name="bbc")], [], NOW)
    with pytest.raises(UserError, match="declared in the config file"):
        await store.registry.unfollow("bbc", NOW)
    assert len(await store.registry.feeds()) == 1


async def test_a_workspace_unfollows_what_is_its_alone_and_no_others(desk, store):
    team = (await store.registry.workspace("slack", "T1", NOW)).id
    for limits in ((("slack", "T1"),), (("slack", "T2"),)):
        await desk.follow(URL, workspaces=limits, origin=Origin.CHAT)
    await store.registry.unfollow(URL, NOW, team)
    assert [row.workspaces for row in await store.registry.feeds()] == [(("slack", "T2"),)]
    with pytest.raises(NotFound, match="No feed is called"):
        await store.registry.unfollow(URL, NOW, team)


@pytest.mark.parametrize("limits", [(), (("slack", "T1"), ("slack", "T2"))], ids=["everybody", "two teams"])
async def test_a_workspace_does_not_unfollow_for_others(desk, store, limits):
    team = (await store.registry.workspace("slack", "T1", NOW)).id
    await desk.follow(URL, workspaces=limits)
    with pytest.raises(UserError, match="there for others, too. Ask whoever runs newsbot"):
        await store.registry.unfollow(URL, NOW, team)
    assert len(await store.registry.feeds()) == 1


async def test_a_feed_stays_followed_as_long_as_one_row_is_left(desk, store):
    await store.registry.apply_file([FeedRow("rss", URL, Origin.FILE, name="bbc")], [], NOW)
    feed_id = await desk.follow(URL, title="Mine")
    await store.registry.unfollow(URL, NOW)
    assert [row.origin for row in await store.registry.feeds()] == [Origin.FILE]
    assert await store.schedule.claim_due(NOW, at(minutes=5), 10) == [feed_id]
    assert (await store.schedule.feed(feed_id)).title == ""


# ---------------------------------------------------------------- feeds


async def test_feeds_lists_every_row_with_whom_it_is_limited_to(desk, store):
    await desk.follow("https://1.example/rss", at(minutes=1), name="one")
    await desk.follow("https://2.example/rss", at(minutes=2), workspaces=(("slack", "T2"), ("slack", "T1")))
    listed = await store.registry.feeds()
    assert [(row.feed.url, row.name, row.since) for row in listed] == [
        ("https://1.example/rss", "one", at(minutes=1)),
        ("https://2.example/rss", None, at(minutes=2)),
    ]
    assert listed[1].workspaces == (("slack", "T1"), ("slack", "T2"))


async def test_feeds_of_a_workspace_are_those_offered_and_its_own_each_once(desk, store):
    slack = await store.registry.workspace("slack", "T1", NOW)
    offered = await desk.follow("https://offered.example/rss")
    own = await desk.follow("https://own.example/rss", workspaces=(("slack", "T1"),))
    await desk.follow("https://own.example/rss", workspaces=(("slack", "T1"), ("slack", "T2")))
    await desk.follow("https://others.example/rss", workspaces=(("slack", "T2"),))
    assert [row.feed.id for row in await store.registry.feeds(slack.id)] == [offered, own]


# ---------------------------------------------------------------- subscribe


async def test_subscribe_makes_the_workspace_and_the_channel(desk, store):
    kim = await desk.subscribe("kim", "discord:G1/123", at(minutes=1), name="kim", created_by="ann")
    workspace = await store.registry.workspace("discord", "G1", NOW)
    assert kim.channel.address == ChannelAddress("discord", "G1", "123")
    assert kim.channel.workspace_id == workspace.id
    assert (kim.query, kim.name, kim.created_by, kim.created_at) == ("kim", "kim", "ann", at(minutes=1))
    assert (kim.origin, kim.active, kim.feeds) == (Origin.CLI, True, frozenset())
    assert await store.registry.subscriptions() == [kim]


async def test_the_same_channel_and_query_again_is_the_same_row(desk, store):
    first = await desk.subscribe("kim")
    again = await desk.subscribe("kim", when=at(days=1), origin=Origin.CHAT)
    assert again == first
    assert await revision(store) == first.revision


async def test_subscribing_again_may_give_it_a_name_or_other_feeds(desk, store):
    feed_id = await desk.follow(URL, name="bbc")
    first = await desk.subscribe("kim")
    limited = await desk.subscribe("kim", feeds=("bbc",))
    named = await desk.subscribe("kim", feeds=("bbc",), name="Kim")
    assert first.id == limited.id == named.id
    assert (limited.feeds, named.name) == ({feed_id}, "Kim")
    assert first.revision < limited.revision < named.revision


async def test_a_subscription_that_was_retired_comes_back_as_if_made_now(desk, store):
    first = await desk.subscribe("kim")
    await store.registry.unsubscribe(str(first.id), at(days=1))
    again = await desk.subscribe("kim", when=at(days=2))
    assert (again.id, again.active, again.created_at) == (first.id, True, at(days=2))


async def test_a_subscription_is_limited_to_feeds_by_name_or_url(desk):
    one = await desk.follow("https://1.example/rss", name="one")
    two = await desk.follow("https://2.example/rss")
    kim = await desk.subscribe("kim", feeds=("one", "https://2.example/rss"))
    assert kim.feeds == {one, two}


async def test_subscribe_raises_not_found_for_a_feed(desk, store):
    await desk.follow(URL, name="bbc")
    with pytest.raises(NotFound, match="No feed is called “cnn”"):
        await desk.subscribe("kim", feeds=("bbc", "cnn"))
    assert await store.registry.subscriptions() == []


# ---------------------------------------------------------------- unsubscribe


@pytest.mark.parametrize("by", ["name", "id"])
async def test_unsubscribe_retires_a_row_by_name_or_id(desk, store, by):
    kim, summit = await desk.subscribe("kim", name="Kim"), await desk.subscribe("summit")
    await store.registry.unsubscribe("Kim" if by == "name" else str(kim.id), NOW)
    assert await store.registry.subscriptions() == [summit]
    (retired,) = (await store.registry.changes(summit.revision)).changed
    assert (retired.id, retired.active) == (kim.id, False)


async def test_unsubscribe_raises_not_found(desk, store):
    kim = await desk.subscribe("kim")
    await store.registry.unsubscribe(str(kim.id), NOW)
    for unknown in (str(kim.id), "no such name"):
        with pytest.raises(NotFound, match="No subscription is called"):
            await store.registry.unsubscribe(unknown, NOW)


async def test_unsubscribe_does_not_touch_the_files_rows(store):
    row = SubscriptionRow(ChannelAddress.parse("console:world"), "kim", Origin.FILE, name="Kim")
    await store.registry.apply_file([], [row], NOW)
    with pytest.raises(UserError, match="declared in the config file"):
        await store.registry.unsubscribe("Kim", NOW)
    assert len(await store.registry.subscriptions()) == 1


# ---------------------------------------------------------------- changes


async def test_changes_since_zero_are_everything(desk, store):
    kim, summit = await desk.subscribe("kim"), await desk.subscribe("summit")
    changes = await store.registry.changes(0)
    assert (changes.revision, changes.changed) == (summit.revision, (kim, summit))


async def test_changes_return_only_what_changed_after_a_revision(desk, store):
    kim = await desk.subscribe("kim")
    summit = await desk.subscribe("summit")
    assert (await store.registry.changes(kim.revision)).changed == (summit,)
    assert (await store.registry.changes(summit.revision)).changed == ()


# ---------------------------------------------------------------- places and secrets


async def test_workspace_is_made_once(store):
    made = await store.registry.workspace("slack", "T1", NOW)
    assert (made.platform, made.external_id) == ("slack", "T1")
    assert await store.registry.workspace("slack", "T1", at(days=1)) == made
    assert (await store.registry.workspace("discord", "T1", NOW)).id != made.id


async def test_channels_lists_those_with_an_active_subscription_once(desk, store):
    kim = await desk.subscribe("kim", "slack:T1/C1")
    await desk.subscribe("summit", "slack:T1/C1")
    gone = await desk.subscribe("kim", "slack:T1/C2")
    await store.registry.unsubscribe(str(gone.id), NOW)
    assert await store.registry.channels() == [kim.channel]


async def test_a_secret_comes_back_as_it_was_saved(store):
    await store.registry.save_credential("paper", "pässword", NOW)
    await store.registry.save_credential("other", "else", NOW)
    await store.registry.save_credential("paper", "newer pässword", at(days=1))
    assert await store.registry.credential("paper") == "newer pässword"
    assert await store.registry.credential("unknown") is None


async def test_credential_is_returned_only_to_its_own_workspace(store):
    one = await store.registry.workspace("slack", "T1", NOW)
    other = await store.registry.workspace("slack", "T2", NOW)
    await store.registry.save_credential("token", "of one", NOW, one.id)
    await store.registry.save_credential("token", "of one, newer", NOW, one.id)
    await store.registry.save_credential("token", "of the operator", NOW)
    assert await store.registry.credential("token", one.id) == "of one, newer"
    assert await store.registry.credential("token", other.id) is None
    assert await store.registry.credential("token") == "of the operator"


async def test_a_secret_is_kept_encrypted(store, tmp_path):
    await store.registry.save_credential("paper", "open sesame", NOW)
    for file in tmp_path.iterdir():
        assert b"open sesame" not in file.read_bytes()


async def test_a_wrong_key_is_said_plainly(store, store_url):
    await store.registry.save_credential("paper", "secret", NOW)
    async with open_store(store_url, SecretStr(Fernet.generate_key().decode())) as other:
        with pytest.raises(ConfigError, match="“paper” was encrypted with another key"):
            await other.registry.credential("paper")
        with pytest.raises(ConfigError, match="“paper” was encrypted with another key"):
            await other.registry.save_credential("another", "secret", NOW)


async def test_a_new_key_before_the_old_one_reads_what_the_old_one_wrote(store, store_url, key):
    await store.registry.save_credential("paper", "secret", NOW)
    both = SecretStr(f"{Fernet.generate_key().decode()},{key.get_secret_value()}")
    async with open_store(store_url, both) as other:
        assert await other.registry.credential("paper") == "secret"


@pytest.mark.parametrize(("key", "complaint"), [(None, "no key is set"), ("short", "is not a key")])
async def test_without_a_usable_key_no_secret_is_kept(store_url, key, complaint):
    async with open_store(store_url, key and SecretStr(key)) as store:
        with pytest.raises(ConfigError, match=complaint):
            await store.registry.save_credential("paper", "secret", NOW)
