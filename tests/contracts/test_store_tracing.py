"""What every store promises to tell of alerts and articles: see `bot.ports.Frontdesk`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.model import (
    ChannelAddress,
    DeliveryId,
    DeliveryState,
    Held,
    Pending,
    Sent,
    StoryId,
    StoryKey,
    Withheld,
)
from bot.domain.urls import url_key
from bot.errors import NotFound, UserError
from bot.ports import Retention, TermRow
from tests.builders import NOW, at, entry, mention, person, term
from tests.contracts.desk import deliveries, key_of, matches

ANN = person("Ann")
WORLD = ChannelAddress.parse("slack:T1/C1")
PRIVATE = "https://private.example/rss"


@pytest.fixture
async def feed_id(desk):
    return await desk.follow()


@pytest.fixture
async def kim(desk):
    return await desk.subscribe("kim", "slack:T1/C1", mention=mention())


@pytest.fixture
def here(kim):
    return kim.channel.workspace_id


@pytest.fixture
async def elsewhere(store):
    return (await store.registry.workspace("slack", "T2", NOW)).id


@pytest.fixture
async def alert(desk, feed_id, kim):
    (id,) = await desk.publish(feed_id, entry("a"), kim)
    return id


async def send(desk, store, id, receipt="m1", when=NOW):
    await desk.claim(id, when)
    await store.outbox.settle(Sent(id, receipt, when), "claim-1")


async def hold(desk, store, id, reason="no channel", when=NOW):
    await desk.claim(id, when)
    await store.outbox.settle(Held(id, reason), "claim-1")


# ---------------------------------------------------------------- an alert


async def test_an_alert_is_found_by_its_message(desk, store, kim, here, alert):
    await send(desk, store, alert, "1700.5", at(minutes=1))
    found = await store.frontdesk.alert_by_message(WORLD, "1700.5", NOW)
    delivery = found.delivery
    assert (delivery.id, delivery.channel, delivery.receipt) == (alert, kim.channel, "1700.5")
    assert (delivery.state, delivery.settled_at) == (DeliveryState.SENT, at(minutes=1))
    assert (delivery.created_at, delivery.attempts, delivery.reason) == (NOW, 1, "")
    assert [one.entry for one in found.alert.articles] == [entry("a")]
    (match,) = found.alert.matches
    assert (match.subscription, match.subscription.mention) == (kim, mention())
    assert found.alert.articles[0].story_id == delivery.story_id
    assert found.mute is None


@pytest.mark.parametrize(
    ("channel", "receipt"),
    [("slack:T1/C1", "m2"), ("slack:T1/C2", "m1"), ("slack:T2/C1", "m1"), ("discord:T1/C1", "m1")],
)
async def test_a_message_elsewhere_is_no_alert(desk, store, alert, channel, receipt):
    await desk.subscribe("kim", "slack:T1/C2")
    await send(desk, store, alert)
    with pytest.raises(NotFound, match="knows of no alert in that message"):
        await store.frontdesk.alert_by_message(ChannelAddress.parse(channel), receipt, NOW)


async def test_of_two_messages_of_one_id_the_later_is_meant(desk, store, feed_id, kim, alert):
    (later,) = await desk.publish(feed_id, entry("b"), kim)
    await send(desk, store, later, when=at(minutes=2))
    await send(desk, store, alert, when=at(minutes=1))
    assert (await store.frontdesk.alert_by_message(WORLD, "m1", NOW)).delivery.id == later


async def test_an_alert_is_found_by_its_id_whatever_became_of_it(desk, store, here, alert):
    found = await store.frontdesk.alert(alert, here, NOW)
    assert (found.delivery.state, found.delivery.due_at) == (DeliveryState.PENDING, NOW)
    await desk.claim(alert, NOW)
    assert (await store.frontdesk.alert(alert, here, NOW)).delivery.state is DeliveryState.CLAIMED
    await store.outbox.settle(Held(alert, "no channel"), "claim-1")
    held = (await store.frontdesk.alert(alert, here, NOW)).delivery
    assert (held.state, held.reason) == (DeliveryState.HELD, "no channel")


@pytest.mark.parametrize("id", ["", "none", "é", "\ud800", "' OR 1=1"])
async def test_an_alert_that_never_was_is_not_found(store, here, alert, id):
    with pytest.raises(NotFound):
        await store.frontdesk.alert(DeliveryId(id), here, NOW)


async def test_another_workspaces_alert_is_not_found(store, elsewhere, alert):
    with pytest.raises(NotFound):
        await store.frontdesk.alert(alert, elsewhere, NOW)


async def test_an_alert_tells_the_mute_of_its_story_while_it_holds(store, kim, here, alert):
    mute = await store.frontdesk.mute(alert, here, at(days=1), ANN)
    assert (await store.frontdesk.alert(alert, here, NOW)).mute == mute
    assert (await store.frontdesk.alert(alert, here, at(days=1))).mute is None


async def test_the_alerts_of_a_story_are_those_of_the_workspace(desk, store, feed_id, kim, here, elsewhere):
    other = await desk.subscribe("summit", "slack:T1/C2")
    theirs = await desk.subscribe("kim", "slack:T2/C1")
    ids = await desk.publish(feed_id, entry("a"), kim, other, theirs)
    story = (await store.frontdesk.alert(ids[0], here, NOW)).delivery.story_id
    found = await store.frontdesk.alerts_of(story, here, NOW)
    assert [one.delivery.id for one in found] == list(ids[:2])
    assert [one.delivery.id for one in await store.frontdesk.alerts_of(story, elsewhere, NOW)] == [ids[2]]
    assert await store.frontdesk.alerts_of(StoryId(999), here, NOW) == []


async def test_an_alert_whose_article_is_gone_is_not_found(desk, store, here, alert):
    await send(desk, store, alert)
    story = (await store.frontdesk.alert(alert, here, NOW)).delivery.story_id
    await store.upkeep.prune(at(days=91), Retention(deliveries_s=1e9), 100)
    with pytest.raises(NotFound, match="no longer stored"):
        await store.frontdesk.alert_by_message(WORLD, "m1", NOW)
    assert await store.frontdesk.alerts_of(story, here, NOW) == []


# ---------------------------------------------------------------- an article


async def trace(store, article, workspace, when=NOW):
    return await store.frontdesk.trace(url_key(article.url), workspace, when)


async def test_a_trace_tells_which_subscriptions_matched_and_where_it_was_posted(
    desk, store, feed_id, kim, here, alert
):
    await send(desk, store, alert, when=at(minutes=1))
    found = await trace(store, entry("a"), here)
    assert found.article.entry == entry("a")
    assert found.told == (found.article,)
    (ruling,) = found.rulings
    assert (ruling.subscription, ruling.matched_at, ruling.withheld) == (kim, NOW, None)
    assert (ruling.terms, ruling.entry_id) == ((term("Headline", entry("a").title),), found.article.id)
    assert (ruling.delivery.id, ruling.delivery.settled_at) == (alert, at(minutes=1))
    assert found.mutes == ()


async def test_a_trace_tells_which_rule_withheld_it(desk, store, feed_id, kim, here):
    article = entry("a")
    withheld = tuple(matches([kim], article, -1, Withheld.TOO_OLD))
    await desk.publish(feed_id, article, kim, matches=withheld, deliveries=())
    (ruling,) = (await trace(store, article, here)).rulings
    assert (ruling.withheld, ruling.delivery) == (Withheld.TOO_OLD, None)


async def test_a_trace_tells_why_it_is_held_or_waits(desk, store, feed_id, kim, here):
    article = entry("a")
    (new,) = deliveries([kim], StoryKey(key_of(article)), -1, NOW)
    await desk.publish(feed_id, article, kim, deliveries=(replace(new, held="one of 60 at once"),))
    (waiting,) = await desk.publish(feed_id, entry("b"), kim)
    await desk.claim(waiting, NOW)
    await store.outbox.settle(Pending(waiting, at(minutes=5), "asked to wait"), "claim-1")
    told = [(await trace(store, one, here)).rulings[0].delivery for one in (article, entry("b"))]
    assert [(one.state, one.reason) for one in told] == [
        ("held", "one of 60 at once"),
        ("pending", "asked to wait"),
    ]
    assert told[1].due_at == at(minutes=5)


async def test_a_trace_tells_the_mutes_that_hold(store, here, alert):
    mute = await store.frontdesk.mute(alert, here, at(days=1), ANN)
    assert (await trace(store, entry("a"), here)).mutes == (mute,)
    assert (await trace(store, entry("a"), here, at(days=1))).mutes == ()


async def test_a_trace_of_a_copy_tells_the_story_that_it_was_folded_into(desk, store, feed_id, kim, here):
    lead, copy = entry("lead"), entry("copy")
    await desk.publish(feed_id, lead, kim)
    await desk.copy(feed_id, copy, lead)
    found = await trace(store, copy, here)
    assert found.article.entry == copy
    assert [one.entry for one in found.told] == [lead, copy]
    assert [one.entry_id for one in found.rulings] == [found.told[0].id]


async def test_the_link_of_an_original_that_only_a_copy_points_to_is_traced(desk, store, feed_id, kim, here):
    copy = entry("copy", original_url="https://original.example/a")
    story = (StoryKey(key_of(copy)), StoryKey(f"url:{url_key('https://original.example/a')}"))
    outcome = await desk.telling(feed_id, copy, kim)
    (new,) = outcome.new_stories
    await store.newsroom.record_poll(replace(outcome, new_stories=(replace(new, keys=story),)))
    found = await store.frontdesk.trace(url_key("https://original.example/a"), here, NOW)
    assert found.article.entry == copy


async def test_of_an_article_that_came_twice_the_newer_is_traced(desk, store, feed_id, kim, here):
    older, newer = entry("1", url="https://news.example/x"), entry("2", url="https://news.example/x")
    await desk.publish(feed_id, older, kim)
    await desk.publish(feed_id, newer, kim)
    assert (await trace(store, newer, here)).article.entry == newer


async def test_a_workspace_traces_only_its_own_subscriptions(desk, store, feed_id, kim, here, elsewhere):
    theirs = await desk.subscribe("summit", "slack:T2/C1")
    gone = await desk.subscribe("golf", "slack:T1/C2")
    await desk.publish(feed_id, entry("a"), kim, theirs, gone)
    await store.registry.retire(gone.id, here, ANN, NOW)
    watchers = [one.subscription.id for one in (await trace(store, entry("a"), here)).rulings]
    assert watchers == [kim.id, gone.id]
    assert [one.subscription.id for one in (await trace(store, entry("a"), elsewhere)).rulings] == [theirs.id]


async def test_a_trace_gives_a_subscription_its_terms(desk, store, feed_id, here):
    await store.registry.set_term(TermRow(here, "korea", "Seoul, Kim", "chat"), NOW)
    korea = await desk.subscribe("@korea", "slack:T1/C1")
    await desk.publish(feed_id, entry("a"), korea)
    (ruling,) = (await trace(store, entry("a"), here)).rulings
    assert ruling.subscription.terms == {"korea": "Seoul, Kim"}


async def test_an_article_that_a_workspace_does_not_see_is_not_traced(desk, store, kim, here, elsewhere):
    private = await desk.follow(PRIVATE, workspaces=(("slack", "T1"),))
    await desk.publish(private, entry("a"), kim)
    assert await trace(store, entry("a"), here) is not None
    assert await trace(store, entry("a"), elsewhere) is None
    assert await store.frontdesk.trace("nowhere.example/a", here, NOW) is None


async def test_copies_that_a_workspace_does_not_see_are_not_told_of(
    desk, store, feed_id, kim, here, elsewhere
):
    private = await desk.follow(PRIVATE, workspaces=(("slack", "T1"),))
    await desk.publish(feed_id, entry("ours"), kim)
    await desk.copy(private, entry("theirs"), entry("ours"), lead=True)
    assert len((await trace(store, entry("ours"), here)).told) == 2
    assert [one.entry.uid for one in (await trace(store, entry("ours"), elsewhere)).told] == ["ours"]


async def test_what_matched_is_traced_although_its_feed_has_been_retired_since(
    desk, store, kim, here, elsewhere, alert
):
    await store.registry.unfollow("https://news.example/rss", NOW)
    assert len((await trace(store, entry("a"), here)).rulings) == 1
    assert await trace(store, entry("a"), elsewhere) is None


async def test_a_trace_of_a_story_that_very_many_carry_tells_some_of_them(desk, store, feed_id, kim, here):
    lead = entry("lead")
    await desk.publish(feed_id, lead, kim)
    for n in range(60):
        await desk.copy(feed_id, entry(f"copy {n}"), lead)
    found = await trace(store, entry("copy 59"), here)
    assert (len(found.told), found.told[0].entry.uid, found.told[-1]) == (50, "lead", found.article)


# ---------------------------------------------------------------- requeue


async def test_a_held_delivery_is_made_pending_as_if_it_had_just_been_decided(desk, store, here, alert):
    await hold(desk, store, alert)
    assert await store.frontdesk.requeue(alert, here, at(days=2)) == [alert]
    delivery = (await store.frontdesk.alert(alert, here, NOW)).delivery
    assert (delivery.state, delivery.reason, delivery.settled_at) == (DeliveryState.PENDING, "", None)
    assert (await desk.claimed(alert, when=at(days=2))).created_at == at(days=2)
    assert (await store.frontdesk.alert(alert, here, NOW)).delivery.attempts == 1


@pytest.mark.parametrize(
    ("state", "said"),
    [("pending", "on its way already"), ("claimed", "is being sent"), ("sent", "was sent")],
)
async def test_what_is_not_held_is_not_made_pending(desk, store, here, alert, state, said):
    if state == "claimed":
        await desk.claim(alert, NOW)
    if state == "sent":
        await send(desk, store, alert)
    with pytest.raises(UserError, match=said):
        await store.frontdesk.requeue(alert, here, NOW)
    assert (await store.upkeep.stats()).deliveries[state] == 1


async def test_another_workspace_cannot_make_a_held_delivery_pending(desk, store, elsewhere, alert):
    await hold(desk, store, alert)
    with pytest.raises(NotFound):
        await store.frontdesk.requeue(alert, elsewhere, NOW)
    assert (await store.upkeep.stats()).deliveries["held"] == 1


async def test_requeue_takes_what_its_channel_holds_for_the_same_reason_if_asked_to(
    desk, store, feed_id, kim, here, alert
):
    other = await desk.subscribe("kim", "slack:T1/C2")
    (alike,) = await desk.publish(feed_id, entry("alike"), kim)
    (reason,) = await desk.publish(feed_id, entry("other reason"), kim)
    (channel,) = await desk.publish(feed_id, entry("other channel"), other)
    (old,) = await desk.publish(feed_id, entry("old"), kim, when=at(days=-1))
    for id in (alert, alike, channel, old):
        await hold(desk, store, id)
    await hold(desk, store, reason, "flood")
    assert set(await store.frontdesk.requeue(alert, here, NOW, alike=True)) == {alert, alike}
    assert set(await store.outbox.due(NOW, 9)) == {alert, alike}
    assert await store.frontdesk.requeue(old, here, NOW, alike=True) == [old]
