"""What every store promises of places that newsbot leaves and comes back to: see `bot.ports.Frontdesk`."""

from __future__ import annotations

import pytest

from bot.domain.model import Held, Pause, Sent, SubscriptionState
from bot.ports import TermRow
from tests.builders import NOW, at, entry, person

ANN = person("Ann")
SLACK = ("slack", "T1")
REMOVED = "newsbot was removed from the workspace"
ARCHIVED = "the channel is archived"


@pytest.fixture
async def feed_id(desk):
    return await desk.follow()


@pytest.fixture
async def kim(desk):
    return await desk.subscribe("kim", "slack:T1/C1")


@pytest.fixture
async def other_channel(desk, kim):
    return await desk.subscribe("kim", "slack:T1/C2")


@pytest.fixture
async def other_workspace(desk, kim):
    return await desk.subscribe("kim", "slack:T2/C1")


@pytest.fixture
def here(kim):
    return kim.channel.workspace_id


def ids(found):
    return [one.id for one in found]


async def active(store):
    return ids(await store.registry.subscriptions())


async def leave(store, channel=None, reason=REMOVED, when=NOW):
    return await store.frontdesk.pause_place(*SLACK, channel, reason, when)


async def come_back(store, channel=None, when=NOW):
    return await store.frontdesk.revive_place(*SLACK, channel, when)


# ---------------------------------------------------------------- leaving


async def test_leaving_a_workspace_pauses_what_is_watched_there(store, kim, other_channel, other_workspace):
    left = await leave(store, when=at(days=1))
    assert ids(left) == [kim.id, other_channel.id]
    assert {one.pause for one in left} == {Pause(at(days=1), REMOVED)}
    assert {one.state for one in left} == {SubscriptionState.PAUSED}
    assert await active(store) == [other_workspace.id]
    assert (await store.registry.changes(other_workspace.revision)).changed == tuple(left)


async def test_leaving_a_channel_pauses_what_is_watched_in_it(store, kim, other_channel, other_workspace):
    assert ids(await leave(store, "C1", ARCHIVED)) == [kim.id]
    assert await active(store) == [other_channel.id, other_workspace.id]


@pytest.mark.parametrize("place", [("slack", "T9", None), ("discord", "T1", None), ("slack", "T1", "C9")])
async def test_leaving_a_place_where_nothing_is_watched_changes_nothing(store, kim, place):
    assert await store.frontdesk.pause_place(*place, REMOVED, NOW) == []
    assert await store.frontdesk.revive_place(*place, NOW) == []
    assert (await store.registry.changes(kim.revision)).changed == ()


async def test_leaving_leaves_paused_and_retired_ones_as_they_are(desk, store, here, kim, other_channel):
    paused = await store.registry.pause(kim.id, here, ANN, NOW, "golf")
    retired = await store.registry.retire(other_channel.id, here, ANN, NOW)
    assert await leave(store) == []
    assert await come_back(store) == []
    assert [await desk.subscription(one.id) for one in (kim, other_channel)] == [paused, retired]


async def test_leaving_holds_what_is_on_its_way_there(
    desk, store, feed_id, kim, other_channel, other_workspace
):
    told = await desk.publish(feed_id, entry("a"), kim, other_channel, other_workspace)
    await leave(store, "C1", ARCHIVED)
    assert set(await store.outbox.due(NOW, 9)) == set(told[1:])
    await leave(store)
    assert list(await store.outbox.due(at(days=9), 9)) == [told[2]]
    assert (await store.upkeep.stats()).held_reasons == {ARCHIVED: 1, REMOVED: 1}


async def test_leaving_does_not_take_a_delivery_from_whoever_is_sending_it(desk, store, feed_id, kim):
    (id,) = await desk.publish(feed_id, entry("a"), kim)
    await desk.claim(id, NOW)
    await leave(store)
    assert await store.outbox.settle(Sent(id, "m1", NOW), "claim-1")


async def test_history_tells_that_nobody_in_particular_paused_it(store, kim):
    await leave(store, when=at(days=1))
    await come_back(store, when=at(days=2))
    told = [(one.at, one.change, one.by) for one in await store.registry.history(str(kim.id))]
    assert told == [(at(days=1), "paused", ""), (at(days=2), "resumed", "")]


# ---------------------------------------------------------------- coming back


async def test_coming_back_resumes_just_what_leaving_paused(store, here, kim, other_channel):
    await store.registry.pause(kim.id, here, ANN, NOW)
    await leave(store)
    (back,) = await come_back(store, when=at(days=1))
    assert (back.id, back.state, back.pause) == (other_channel.id, SubscriptionState.ACTIVE, None)
    assert await active(store) == [other_channel.id]


async def test_coming_back_twice_is_as_good_as_once(store, kim):
    await leave(store)
    (back,) = await come_back(store)
    assert await come_back(store) == []
    assert (await store.registry.changes(back.revision)).changed == ()


async def test_coming_back_to_a_workspace_does_not_revive_a_channel_that_was_left_by_itself(
    store, kim, other_channel
):
    await leave(store, "C1", ARCHIVED)
    await leave(store)
    assert ids(await come_back(store)) == [other_channel.id]
    assert ids(await come_back(store, "C1")) == [kim.id]


async def test_coming_back_to_a_channel_revives_it_however_it_was_left(store, kim, other_channel):
    await leave(store)
    assert ids(await come_back(store, "C1")) == [kim.id]
    assert ids(await come_back(store)) == [other_channel.id]


async def test_what_somebody_pauses_meanwhile_stays_paused(store, here, kim):
    await leave(store)
    await store.registry.pause(kim.id, here, ANN, at(days=1), "golf")
    assert await come_back(store, when=at(days=2)) == []
    assert (await store.registry.subscription(kim.id, here)).pause == Pause(at(days=1), "golf", ANN)


async def test_somebody_may_resume_what_was_left(store, here, kim):
    await leave(store)
    assert (await store.registry.resume(kim.id, here, ANN, NOW)).active


async def test_what_comes_back_has_its_terms(desk, store, here):
    await store.registry.set_term(TermRow(here, "korea", "Seoul", "chat"), NOW)
    korea = await desk.subscribe("@korea", "slack:T1/C2")
    for found in (await leave(store, "C2"), await come_back(store, "C2")):
        assert [(one.id, one.terms) for one in found] == [(korea.id, {"korea": "Seoul"})]


async def test_coming_back_sends_what_leaving_held_if_it_is_not_a_day_old(desk, store, feed_id, kim):
    (old,) = await desk.publish(feed_id, entry("old"), kim, when=at(days=-1))
    (new,) = await desk.publish(feed_id, entry("new"), kim, when=at(hours=-23))
    await leave(store)
    await come_back(store)
    assert list(await store.outbox.due(NOW, 9)) == [new]
    held = (await store.frontdesk.alert(old, kim.channel.workspace_id, NOW)).delivery
    assert (held.state, held.reason) == ("held", REMOVED)
    claimed = await desk.claimed(new)
    assert (claimed.created_at, claimed.attempts) == (at(hours=-23), 1)


async def test_coming_back_leaves_alone_what_is_held_for_another_reason(desk, store, feed_id, kim):
    (id,) = await desk.publish(feed_id, entry("a"), kim)
    await desk.claim(id, NOW)
    await store.outbox.settle(Held(id, REMOVED), "claim-1")
    await leave(store)
    await come_back(store)
    assert list(await store.outbox.due(at(days=9), 9)) == []


async def test_coming_back_to_a_workspace_sends_nothing_to_a_channel_that_was_left_by_itself(
    desk, store, feed_id, kim, other_channel
):
    first, second = await desk.publish(feed_id, entry("a"), kim, other_channel)
    await leave(store, "C1", ARCHIVED)
    await leave(store)
    await come_back(store)
    assert list(await store.outbox.due(NOW, 9)) == [second]
    await come_back(store, "C1")
    assert set(await store.outbox.due(NOW, 9)) == {first, second}


async def test_what_is_requeued_by_hand_is_not_held_by_an_absence_any_more(desk, store, feed_id, kim, here):
    (id,) = await desk.publish(feed_id, entry("a"), kim)
    await leave(store)
    await store.frontdesk.requeue(id, here, NOW)
    await desk.claim(id, NOW)
    await store.outbox.settle(Held(id, "no channel"), "claim-1")
    await come_back(store)
    assert (await store.upkeep.stats()).held_reasons == {"no channel": 1}


# ---------------------------------------------------------------- looking whether one is back


async def test_channels_that_were_left_by_themselves_are_listed_until_they_are_entered_again(
    store, kim, other_channel, other_workspace, here
):
    await store.registry.pause(other_channel.id, here, ANN, NOW)
    for place in (("slack", "T1", "C1"), ("slack", "T1", "C2"), ("slack", "T2", None)):
        await store.frontdesk.pause_place(*place, REMOVED, NOW)
    assert await store.frontdesk.left_channels(*SLACK) == ["C1"]
    assert await store.frontdesk.left_channels("slack", "T2") == []
    assert await store.frontdesk.left_channels("discord", "T1") == []
    await come_back(store, "C1")
    assert await store.frontdesk.left_channels(*SLACK) == []


async def test_what_is_watched_no_more_is_not_looked_for(store, kim, here):
    await leave(store, "C1")
    await store.registry.retire(kim.id, here, ANN, NOW)
    assert await store.frontdesk.left_channels(*SLACK) == []
