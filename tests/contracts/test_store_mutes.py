"""What every store promises of stories that a channel has muted: see `bot.ports.Frontdesk`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.model import DeliveryId, Held, Mute, NewEntry, Pending, Sent, StoryKey
from bot.errors import NotFound
from bot.ports import Retention
from tests.builders import NOW, at, entry, person
from tests.contracts.desk import deliveries, key_of, matches

ANN, BEN = person("Ann"), person("Ben")
TOMORROW = at(days=1)
REASON = f"muted by Ann until {TOMORROW:%H:%M} UTC on {TOMORROW.day} {TOMORROW:%B %Y}"


@pytest.fixture
async def feed_id(desk):
    return await desk.follow()


@pytest.fixture
async def kim(desk):
    return await desk.subscribe("kim", "slack:T1/C1")


@pytest.fixture
def here(kim):
    return kim.channel.workspace_id


@pytest.fixture
async def alert(desk, feed_id, kim):
    (id,) = await desk.publish(feed_id, entry("a"), kim)
    return id


async def state_of(store, id, workspace):
    delivery = (await store.frontdesk.alert(id, workspace, NOW)).delivery
    return delivery.state, delivery.reason


# ---------------------------------------------------------------- muting


async def test_a_mute_holds_until_its_time_and_is_listed(desk, store, feed_id, kim, here, alert):
    (later,) = await desk.publish(feed_id, entry("b"), kim)
    second = await store.frontdesk.mute(later, here, at(days=2), BEN)
    first = await store.frontdesk.mute(alert, here, TOMORROW, ANN)
    assert first == Mute(kim.channel, first.story_id, TOMORROW, ANN)
    assert await store.frontdesk.mutes(here, NOW) == [first, second]
    assert await store.frontdesk.mutes(here, TOMORROW) == [second]


async def test_muting_again_sets_another_time(store, here, alert):
    await store.frontdesk.mute(alert, here, at(days=2), ANN)
    again = await store.frontdesk.mute(alert, here, TOMORROW, BEN)
    assert await store.frontdesk.mutes(here, NOW) == [again]
    assert again.by == BEN


async def test_unmute_ends_a_mute_if_there_is_one(store, here, alert):
    await store.frontdesk.mute(alert, here, TOMORROW, ANN)
    for _ in range(2):
        await store.frontdesk.unmute(alert, here)
        assert await store.frontdesk.mutes(here, NOW) == []


@pytest.mark.parametrize("known", [True, False])
async def test_only_an_alert_of_the_workspace_can_be_muted(desk, store, here, alert, known):
    theirs = await desk.subscribe("kim", "slack:T2/C1")
    asked = (alert, theirs.channel.workspace_id) if known else (DeliveryId("none"), here)
    with pytest.raises(NotFound):
        await store.frontdesk.mute(*asked, TOMORROW, ANN)
    with pytest.raises(NotFound):
        await store.frontdesk.unmute(*asked)
    assert await store.frontdesk.mutes(here, NOW) == []


async def test_another_workspaces_mutes_are_not_listed(desk, store, here, alert):
    theirs = await desk.subscribe("kim", "slack:T2/C1")
    await store.frontdesk.mute(alert, here, TOMORROW, ANN)
    assert await store.frontdesk.mutes(theirs.channel.workspace_id, NOW) == []


# ---------------------------------------------------------------- what a mute does


async def test_a_pending_delivery_is_held_when_it_is_claimed_while_its_story_is_muted(
    desk, store, here, alert
):
    await store.frontdesk.mute(alert, here, TOMORROW, ANN)
    assert await desk.claim(alert, at(minutes=1)) is None
    assert await state_of(store, alert, here) == ("held", REASON)
    assert list(await store.outbox.due(at(days=9), 9)) == []


async def test_a_mute_that_has_ended_holds_nothing(desk, store, here, alert):
    await store.frontdesk.mute(alert, here, TOMORROW, ANN)
    assert await desk.claim(alert, TOMORROW) is not None


async def test_a_mute_concerns_no_other_channel_and_no_other_story(desk, store, feed_id, kim, here):
    elsewhere = await desk.subscribe("kim", "slack:T1/C2")
    muted, same_story = await desk.publish(feed_id, entry("a"), kim, elsewhere)
    (other_story,) = await desk.publish(feed_id, entry("b"), kim)
    await store.frontdesk.mute(muted, here, TOMORROW, ANN)
    assert await desk.claim(muted) is None
    assert await desk.claim(same_story) is not None
    assert await desk.claim(other_story) is not None


async def forgotten_alert(desk, store, feed_id, kim, here, until):
    """Publish, send and mute an alert, and have only the delivery forgotten."""
    article = entry("a")
    (id,) = await desk.publish(feed_id, article, kim)
    await desk.claim(id, NOW)
    await store.outbox.settle(Sent(id, "m1", NOW), "claim-1")
    await store.frontdesk.mute(id, here, until, ANN)
    await store.upkeep.prune(at(hours=1), Retention(deliveries_s=60.0), 100)
    return article


async def copy_for(desk, store, feed_id, article, *watchers, when):
    """Have watchers match a copy of an article, and give each of their channels a delivery of its story."""
    facts = await desk.facts(feed_id, article)
    story, copy = facts.stories[key_of(article)][-1].id, entry("copy")
    return await store.newsroom.record_poll(
        await desk.outcome(
            feed_id,
            when,
            new_entries=(NewEntry(copy, story, lead=False),),
            matches=tuple(matches(watchers, copy, story)),
            deliveries=tuple(deliveries(watchers, StoryKey(key_of(article)), story, when)),
        )
    )


async def test_record_poll_holds_deliveries_of_a_muted_story(desk, store, feed_id, kim, here):
    article = await forgotten_alert(desk, store, feed_id, kim, here, TOMORROW)
    summit = await desk.subscribe("summit", "slack:T1/C1")
    korea = await desk.subscribe("korea", "slack:T1/C2")
    ids = await copy_for(desk, store, feed_id, article, summit, korea, when=at(hours=2))
    assert len(ids) == 1
    (shown,) = await store.outbox.due(at(hours=3), 9)
    assert [shown] == ids
    assert (await desk.claimed(shown, when=at(hours=3))).alert.channel == korea.channel
    assert (await store.upkeep.stats()).held_reasons == {REASON: 1}


async def test_record_poll_holds_nothing_for_a_mute_that_has_ended(desk, store, feed_id, kim, here):
    article = await forgotten_alert(desk, store, feed_id, kim, here, at(hours=2))
    summit = await desk.subscribe("summit", "slack:T1/C1")
    assert len(await copy_for(desk, store, feed_id, article, summit, when=at(hours=2))) == 1


async def test_what_a_flood_holds_keeps_its_reason_where_nothing_is_muted(desk, store, feed_id, kim, here):
    article = entry("a")
    (new,) = deliveries([kim], StoryKey(key_of(article)), -1, NOW)
    assert await desk.publish(feed_id, article, kim, deliveries=(replace(new, held="flood"),)) == []
    assert await state_of(store, new.id, here) == ("held", "flood")


# ---------------------------------------------------------------- forgetting


async def test_prune_forgets_mutes_that_have_ended(store, here, alert):
    await store.frontdesk.mute(alert, here, TOMORROW, ANN)
    assert await store.upkeep.prune(at(hours=23), Retention(), 10) == 0
    assert await store.upkeep.prune(TOMORROW, Retention(), 10) == 1
    assert await store.frontdesk.mutes(here, NOW) == []  # at NOW it would still hold


async def test_a_mute_keeps_no_story_from_being_forgotten(desk, store, feed_id, here, alert):
    await store.frontdesk.mute(alert, here, at(days=9999), ANN)
    await desk.claim(alert, NOW)
    await store.outbox.settle(Held(alert, "gone"), "claim-1")
    state = replace((await store.schedule.feed(feed_id)).state, listed_at=at(days=1))
    await store.newsroom.record_poll(await desk.outcome(feed_id, at(days=1), state=state))
    while await store.upkeep.prune(at(days=300), Retention(), 100):
        pass
    assert (await store.upkeep.stats()).stories == 0
    assert await store.frontdesk.mutes(here, NOW) == []


async def test_settling_a_claim_that_was_made_before_the_mute_works_as_ever(desk, store, here, alert):
    await desk.claim(alert, NOW)
    await store.frontdesk.mute(alert, here, TOMORROW, ANN)
    assert await store.outbox.settle(Pending(alert, at(minutes=5), "busy"), "claim-1")
    assert await desk.claim(alert, at(minutes=5)) is None
    assert await state_of(store, alert, here) == ("held", REASON)
