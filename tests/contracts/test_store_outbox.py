"""What every store promises of deliveries on their way: see `bot.ports.Outbox`."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.model import ChannelAddress, DeliveryId, Held, Origin, Pending, Sent, StoryKey
from bot.ports import FeedRow, Retention, SubscriptionRow
from bot.stores import open_store
from tests.builders import NOW, at, entry, term
from tests.contracts.desk import Desk, deliveries, key_of

ANY = DeliveryId("any")


@pytest.fixture
async def feed_id(desk):
    return await desk.follow()


@pytest.fixture
async def kim(desk):
    return await desk.subscribe("kim")


@pytest.fixture
async def delivery_id(desk, feed_id, kim):
    (id,) = await desk.publish(feed_id, entry("a"), kim)
    return id


# ---------------------------------------------------------------- due


async def test_due_returns_pending_deliveries_whose_time_has_come_oldest_first(desk, store, feed_id, kim):
    late, later, future = [
        (await desk.publish(feed_id, entry(uid), kim, when=at(minutes=minutes)))[0]
        for uid, minutes in (("late", -1), ("later", -2), ("future", 1))
    ]
    assert await store.outbox.due(NOW, 10) == [later, late]
    assert await store.outbox.due(at(minutes=1), 10) == [later, late, future]


async def test_due_returns_no_more_than_it_was_asked_for(desk, store, feed_id, kim):
    for n in range(5):
        await desk.publish(feed_id, entry(str(n)), kim)
    assert len(await store.outbox.due(NOW, 3)) == 3


async def test_due_returns_a_claimed_delivery_when_its_claim_has_run_out(desk, store, delivery_id):
    await desk.claim(delivery_id, NOW, seconds=60)
    assert await store.outbox.due(at(seconds=59), 10) == []
    assert await store.outbox.due(at(seconds=60), 10) == [delivery_id]


async def test_due_leaves_out_what_was_sent_or_held(desk, store, feed_id, kim, delivery_id):
    (other,) = await desk.publish(feed_id, entry("b"), kim)
    await desk.claim(delivery_id)
    await desk.claim(other)
    await store.outbox.settle(Sent(delivery_id, "m1", at(minutes=1)), "claim-1")
    await store.outbox.settle(Held(other, "no such channel"), "claim-1")
    assert await store.outbox.due(at(days=9), 10) == []


# ---------------------------------------------------------------- claim


async def test_claim_takes_a_delivery_that_is_due_with_its_alert(desk, kim, delivery_id):
    claimed = await desk.claimed(delivery_id, id="mine")
    assert (claimed.id, claimed.claim_id, claimed.created_at) == (delivery_id, "mine", NOW)
    assert claimed.attempts == 1
    assert claimed.alert.channel == kim.channel
    assert [one.entry for one in claimed.alert.articles] == [entry("a")]
    (found,) = claimed.alert.matches
    assert (found.subscription, found.entry_id) == (kim, claimed.alert.articles[0].id)
    assert found.terms == (term("Headline", entry("a").title),)
    assert not claimed.alert.updated


async def test_claim_counts_its_attempts(desk, store, delivery_id):
    await desk.claim(delivery_id, NOW)
    await store.outbox.settle(Pending(delivery_id, at(seconds=5), "busy"), "claim-1")
    assert (await desk.claimed(delivery_id, when=at(seconds=5))).attempts == 2
    assert (await desk.claimed(delivery_id, when=at(minutes=2))).attempts == 3


async def test_settle_does_not_count_an_attempt_that_was_none(desk, store, delivery_id):
    await desk.claim(delivery_id, NOW)
    await store.outbox.settle(Pending(delivery_id, at(seconds=5), "waits its turn", tried=False), "claim-1")
    assert (await desk.claimed(delivery_id, when=at(seconds=5))).attempts == 1


@pytest.mark.parametrize("unavailable", ["unknown", "not due", "claimed", "sent", "held"])
async def test_claim_returns_none_for_what_is_not_to_be_had(desk, store, delivery_id, unavailable):
    if unavailable == "unknown":
        assert await desk.claim("no such delivery") is None
        return
    if unavailable == "not due":
        assert await desk.claim(delivery_id, at(seconds=-1)) is None
        return
    await desk.claim(delivery_id)
    if unavailable == "sent":
        await store.outbox.settle(Sent(delivery_id, "m1", NOW), "claim-1")
    if unavailable == "held":
        await store.outbox.settle(Held(delivery_id, "gone"), "claim-1")
    assert await desk.claim(delivery_id, at(seconds=61), "claim-2") is None


async def test_one_of_many_that_claim_at_once_gets_it(desk, store, store_url, delivery_id):
    async with open_store(store_url) as other:
        desks = [desk, Desk(other)] * 5
        claims = await asyncio.gather(*(one.claim(delivery_id, id=f"c{n}") for n, one in enumerate(desks)))
    assert sum(claim is not None for claim in claims) == 1


# ---------------------------------------------------------------- what a claim shows


async def test_the_lead_comes_first_then_what_matched_then_the_others(desk, feed_id, kim):
    lead, other, matched = entry("lead"), entry("other"), entry("matched")
    (id,) = await desk.publish(feed_id, lead, kim, matches=(), new_entries=await news(desk, feed_id, lead))
    await desk.copy(feed_id, other, lead)
    await desk.copy(feed_id, matched, lead, kim)
    assert await uids(desk, id) == ["lead", "matched", "other"]


async def news(desk, feed_id, article):
    return (await desk.telling(feed_id, article)).new_entries


async def uids(desk, id):
    return [one.entry.uid for one in (await desk.claimed(id)).alert.articles]


async def test_an_original_that_arrives_before_the_alert_goes_out_is_shown_first(desk, feed_id, kim):
    (id,) = await desk.publish(feed_id, entry("copy"), kim)
    await desk.copy(feed_id, entry("original"), entry("copy"), lead=True)
    assert await uids(desk, id) == ["original", "copy"]


async def test_articles_of_feeds_that_the_workspace_does_not_follow_are_not_shown(desk, feed_id, kim):
    private = await desk.follow("https://private.example/rss", workspaces=(("slack", "T1"),))
    (id,) = await desk.publish(feed_id, entry("ours"), kim)
    await desk.copy(private, entry("theirs"), entry("ours"))
    await desk.copy(private, entry("their original"), entry("ours"), lead=True)
    assert await uids(desk, id) == ["ours"]


async def test_a_workspace_sees_the_feeds_that_are_limited_to_it(desk, feed_id):
    watcher = await desk.subscribe("kim", "slack:T1/C1")
    private = await desk.follow("https://private.example/rss", workspaces=(("slack", "T1"),))
    (id,) = await desk.publish(feed_id, entry("public"), watcher)
    await desk.copy(private, entry("private"), entry("public"))
    assert await uids(desk, id) == ["public", "private"]


async def test_each_channel_sees_the_matches_of_its_own_subscriptions(desk, feed_id, kim):
    article = entry("a")
    same_channel = await desk.subscribe("summit")
    elsewhere = await desk.subscribe("kim", "console:business")
    first, second = await desk.publish(feed_id, article, kim, same_channel, elsewhere)
    shown = [(await desk.claimed(id)).alert for id in (first, second)]
    assert [[m.subscription.id for m in alert.matches] for alert in shown] == [
        [kim.id, same_channel.id],
        [elsewhere.id],
    ]


async def test_a_retired_subscriptions_pending_delivery_still_goes_out(desk, store, kim, delivery_id):
    await store.registry.unsubscribe(str(kim.id), NOW)
    (found,) = (await desk.claimed(delivery_id)).alert.matches
    assert (found.subscription.id, found.subscription.active) == (kim.id, False)


async def test_a_retired_feeds_pending_delivery_still_goes_out(desk, store, delivery_id):
    await store.registry.unfollow("https://news.example/rss", NOW)
    assert await uids(desk, delivery_id) == ["a"]


def watching(channel):
    return [SubscriptionRow(ChannelAddress.parse(channel), "kim", Origin.FILE, name="kim")]


async def test_a_pending_delivery_still_goes_out_where_its_subscription_has_moved_away(desk, store):
    feed_row = FeedRow("rss", "https://news.example/rss", Origin.FILE, name="news")
    await store.registry.apply_file([feed_row], watching("console:world"), NOW)
    [followed] = await store.registry.feeds()
    [kim] = await store.registry.subscriptions()
    [id] = await desk.publish(followed.feed.id, entry(title="Kim"), kim)
    await store.registry.apply_file([], watching("console:korea"), at(seconds=5))
    alert = (await desk.claimed(id)).alert
    assert [article.entry.title for article in alert.articles] == ["Kim"]
    assert [match.subscription.id for match in alert.matches] == [kim.id]


async def test_what_a_subscription_matches_after_it_has_moved_is_not_shown_where_it_was(desk, store, feed_id):
    summit = await desk.subscribe("summit", "console:world")
    await store.registry.apply_file([], watching("console:world"), NOW)
    await store.registry.apply_file([], watching("console:korea"), at(seconds=5))
    moved = next(one for one in await store.registry.subscriptions() if one.name == "kim")
    ids = await desk.publish(feed_id, entry(title="Kim"), moved, summit, when=at(seconds=10))
    shown = [(await desk.claimed(id)).alert for id in ids]
    assert {alert.channel.id: [match.subscription.id for match in alert.matches] for alert in shown} == {
        moved.channel.id: [moved.id],
        summit.channel.id: [summit.id],
    }


async def test_a_story_that_very_many_carry_is_shown_by_some_of_them(desk, feed_id, kim):
    lead = entry("lead")
    (id,) = await desk.publish(feed_id, lead, kim)
    for n in range(60):
        await desk.copy(feed_id, entry(f"copy {n}"), lead)
    shown = await uids(desk, id)
    assert (len(shown), shown[0]) == (50, "lead")


async def test_a_delivery_whose_article_is_gone_is_held_with_a_reason(desk, store, feed_id, kim):
    article = entry("a")
    (new,) = deliveries([kim], StoryKey(key_of(article)), -1, NOW)
    await desk.publish(feed_id, article, kim, deliveries=())
    for days in (91, 91, 91):
        await store.upkeep.prune(at(days=days), Retention(ids_s=1e9), 100)
    outcome = await desk.outcome(feed_id, deliveries=(replace(new, story=1),))
    (id,) = await store.newsroom.record_poll(outcome)
    assert await desk.claim(id) is None
    assert (await store.upkeep.stats()).held_reasons == {"its article is no longer stored": 1}


# ---------------------------------------------------------------- settle


async def test_settle_sent_ends_a_delivery(desk, store, delivery_id):
    await desk.claim(delivery_id)
    assert await store.outbox.settle(Sent(delivery_id, "ts-1", at(minutes=1)), "claim-1")
    assert (await store.upkeep.stats()).deliveries == {"pending": 0, "claimed": 0, "sent": 1, "held": 0}


async def test_settle_pending_puts_a_delivery_back_until_its_time(desk, store, delivery_id):
    await desk.claim(delivery_id)
    assert await store.outbox.settle(Pending(delivery_id, at(minutes=5), "asked to wait"), "claim-1")
    assert await desk.claim(delivery_id, at(minutes=4)) is None
    assert await store.outbox.due(at(minutes=5), 9) == [delivery_id]


async def test_settle_held_keeps_the_reason(desk, store, delivery_id):
    await desk.claim(delivery_id)
    assert await store.outbox.settle(Held(delivery_id, "not in the channel"), "claim-1")
    assert (await store.upkeep.stats()).held_reasons == {"not in the channel": 1}


@pytest.mark.parametrize("outcome", [Sent(ANY, "m", NOW), Pending(ANY, NOW, "x"), Held(ANY, "x")])
async def test_settle_writes_nothing_when_the_claim_is_no_longer_ours(desk, store, delivery_id, outcome):
    """A worker that was frozen comes back after another has claimed its delivery."""
    await desk.claim(delivery_id, NOW, id="frozen", seconds=60)
    await desk.claim(delivery_id, at(seconds=60), id="quick", seconds=60)
    assert not await store.outbox.settle(replace(outcome, id=delivery_id), "frozen")
    assert (await store.upkeep.stats()).deliveries["claimed"] == 1
    assert await store.outbox.settle(Sent(delivery_id, "m", at(seconds=70)), "quick")


async def test_settle_writes_nothing_over_a_settled_delivery(desk, store, delivery_id):
    await desk.claim(delivery_id)
    await store.outbox.settle(Sent(delivery_id, "m", at(minutes=1)), "claim-1")
    assert not await store.outbox.settle(Pending(delivery_id, NOW, "again"), "claim-1")
    assert (await store.upkeep.stats()).deliveries["sent"] == 1


async def test_a_claim_that_ran_out_unnoticed_may_still_be_settled_by_its_owner(desk, store, delivery_id):
    await desk.claim(delivery_id, NOW, seconds=60)
    assert await store.outbox.settle(Sent(delivery_id, "m", at(seconds=90)), "claim-1")


async def test_another_delivery_of_the_same_channel_is_left_alone(desk, store, feed_id, kim, delivery_id):
    (other,) = await desk.publish(feed_id, entry("b"), kim)
    await desk.claim(delivery_id)
    await store.outbox.settle(Sent(delivery_id, "m", NOW), "claim-1")
    assert await store.outbox.due(NOW, 9) == [other]
