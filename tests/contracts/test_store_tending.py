"""What every store promises of subscriptions that people tend in chats: see `bot.ports.Registry`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.model import ChannelAddress, Mention, Origin, Pause, SubscriptionId, SubscriptionState
from bot.errors import NotFound, QueryError, UserError
from bot.ports import FeedRow, SubscriptionEdit, SubscriptionRow, TermRow
from tests.builders import NOW, at, mention, person

ANN, BEN = person("Ann"), person("Ben")
WORLD = ChannelAddress.parse("slack:T1/C1")


@pytest.fixture
async def here(store):
    return (await store.registry.workspace("slack", "T1", NOW)).id


@pytest.fixture
async def elsewhere(store):
    return (await store.registry.workspace("slack", "T2", NOW)).id


@pytest.fixture
async def kim(desk, here):
    """A subscription that Ann has made in a chat."""
    said = {"origin": Origin.CHAT, "created_by": "Ann", "created_by_id": "U-ann", "mention": mention()}
    return await desk.subscribe("kim", "slack:T1/C1", **said)


def file_row(query="kim", channel=WORLD, **row):
    return replace(SubscriptionRow(channel, query, Origin.FILE, name="korea"), **row)


async def ids(store, **of):
    return [one.id for one in await store.registry.subscriptions(**of)]


async def revision(store):
    return (await store.registry.changes(0)).revision


# ---------------------------------------------------------------- what is kept of one


async def test_a_subscription_tells_who_made_it_and_whom_it_calls(kim):
    assert (kim.created_by, kim.created_by_id, kim.created_at) == ("Ann", "U-ann", NOW)
    assert kim.mention == Mention("role", "R-desk", "desk")
    assert (kim.state, kim.pause, kim.retired_at) == (SubscriptionState.ACTIVE, None, None)


async def test_a_subscription_tells_its_feeds_as_they_were_named(desk):
    await desk.follow("https://1.example/rss", name="one")
    kim = await desk.subscribe("kim", feeds=("one", "https://1.example/rss"))
    assert kim.feeds_named == ("one", "https://1.example/rss")


async def test_a_channel_is_known_by_the_name_that_it_had_last(desk):
    await desk.subscribe("kim", channel_name="world")
    await desk.subscribe("kim", channel_name="the-world")
    summit = await desk.subscribe("summit")
    assert summit.channel.name == "the-world"


async def test_subscribing_again_may_call_somebody_else(desk, kim):
    again = await desk.subscribe("kim", "slack:T1/C1", origin=Origin.CHAT, mention=mention("night"))
    assert (again.id, again.mention) == (kim.id, mention("night"))
    assert again.revision > kim.revision


async def test_what_a_retired_subscription_said_may_be_said_by_another(desk, store, here, kim):
    summit = await desk.subscribe("summit", "slack:T1/C1")
    await store.registry.retire(kim.id, here, ANN, NOW)
    edited = await store.registry.edit(summit.id, here, SubscriptionEdit("kim"), ANN, NOW)
    assert (edited.id, edited.query) == (summit.id, "kim")
    assert (await desk.subscribe("kim", "slack:T1/C1")).id == summit.id


# ---------------------------------------------------------------- listing


async def test_subscriptions_are_those_of_a_workspace_or_channel(desk, store, here, elsewhere, kim):
    summit = await desk.subscribe("summit", "slack:T1/C2")
    theirs = await desk.subscribe("kim", "slack:T2/C1")
    assert await ids(store) == [kim.id, summit.id, theirs.id]
    assert await ids(store, workspace=here) == [kim.id, summit.id]
    assert await ids(store, channel=WORLD) == [kim.id]
    assert await ids(store, workspace=elsewhere, channel=WORLD) == []


async def test_subscriptions_leave_out_paused_ones_unless_asked_for(desk, store, here, kim):
    summit = await desk.subscribe("summit", "slack:T1/C1")
    gone = await desk.subscribe("golf", "slack:T1/C1")
    await store.registry.pause(kim.id, here, ANN, NOW)
    await store.registry.retire(gone.id, here, ANN, NOW)
    assert await ids(store, workspace=here) == [summit.id]
    assert await ids(store, workspace=here, paused=True) == [kim.id, summit.id]


# ---------------------------------------------------------------- whatever id is sent


async def tend(registry, how, id, workspace):
    calls = {
        "read": lambda: registry.subscription(id, workspace),
        "edit": lambda: registry.edit(id, workspace, SubscriptionEdit("golf"), BEN, NOW),
        "pause": lambda: registry.pause(id, workspace, BEN, NOW),
        "resume": lambda: registry.resume(id, workspace, BEN, NOW),
        "retire": lambda: registry.retire(id, workspace, BEN, NOW),
    }
    return await calls[how]()


@pytest.mark.parametrize("how", ["read", "edit", "pause", "resume", "retire"])
async def test_another_workspaces_subscription_is_not_found_and_stays_as_it_is(
    desk, store, elsewhere, kim, how
):
    with pytest.raises(NotFound, match=f"There is no subscription {kim.id} here."):
        await tend(store.registry, how, kim.id, elsewhere)
    assert await desk.subscription(kim.id) == kim


@pytest.mark.parametrize("how", ["read", "edit", "pause", "resume", "retire"])
@pytest.mark.parametrize("id", [0, -1, 999, 10**30, -(10**30)])
async def test_an_id_that_never_was_is_not_found(store, here, kim, how, id):
    with pytest.raises(NotFound):
        await tend(store.registry, how, SubscriptionId(id), here)


@pytest.mark.parametrize("how", ["read", "edit", "pause", "resume", "retire"])
async def test_a_retired_subscription_is_not_found(store, here, kim, how):
    retired = await store.registry.retire(kim.id, here, ANN, at(days=1))
    assert (retired.state, retired.retired_at) == (SubscriptionState.RETIRED, at(days=1))
    with pytest.raises(NotFound):
        await tend(store.registry, how, kim.id, here)


# ---------------------------------------------------------------- edit


async def test_an_edit_changes_what_it_says_and_keeps_the_rest(desk, store, here, kim):
    feed_id = await desk.follow("https://bbc.example/rss", name="bbc")
    wanted = SubscriptionEdit("kim, summit", ("bbc",), mention("night"))
    edited = await store.registry.edit(kim.id, here, wanted, BEN, at(days=1))
    assert (edited.query, edited.feeds, edited.mention) == ("kim, summit", {feed_id}, mention("night"))
    assert (edited.id, edited.created_by, edited.created_at) == (kim.id, "Ann", NOW)
    assert (await store.registry.changes(kim.revision)).changed == (edited,)


async def test_an_edit_that_says_the_same_changes_nothing(store, here, kim):
    before = await revision(store)
    same = SubscriptionEdit(kim.query, kim.feeds_named, kim.mention)
    assert await store.registry.edit(kim.id, here, same, BEN, at(days=1)) == kim
    assert await revision(store) == before
    assert await store.registry.history(str(kim.id)) == []


async def test_history_tells_what_an_edit_replaced_and_who_made_it(desk, store, here, kim):
    await desk.follow("https://bbc.example/rss", name="bbc")
    await store.registry.edit(kim.id, here, SubscriptionEdit("summit", ("bbc",)), BEN, at(days=1))
    await store.registry.edit(kim.id, here, SubscriptionEdit("summit", (), mention()), ANN, at(days=2))
    first, second = await store.registry.history(str(kim.id))
    assert (first.at, first.change, first.by) == (at(days=1), "edited", "Ben")
    assert first.before == {"query": "kim", "feeds": "all", "mention": "desk"}
    assert (second.by, second.before) == ("Ann", {"feeds": "bbc", "mention": "nobody"})


async def test_an_edited_subscription_that_is_paused_stays_paused(store, here, kim):
    await store.registry.pause(kim.id, here, ANN, NOW)
    edited = await store.registry.edit(kim.id, here, SubscriptionEdit("summit"), BEN, at(days=1))
    assert (edited.query, edited.state, edited.active) == ("summit", SubscriptionState.PAUSED, False)


async def test_two_subscriptions_of_a_channel_cannot_watch_the_same_query(desk, store, here, kim):
    summit = await desk.subscribe("summit", "slack:T1/C1")
    with pytest.raises(UserError, match=f"“kim” is watched there already: that is subscription {kim.id}."):
        await store.registry.edit(summit.id, here, SubscriptionEdit("kim"), ANN, NOW)
    assert await desk.subscription(summit.id) == summit


async def test_an_edit_refuses_a_term_that_the_workspace_does_not_have(desk, store, here, elsewhere, kim):
    await store.registry.set_term(TermRow(elsewhere, "korea", "Seoul", Origin.CHAT), NOW)
    with pytest.raises(QueryError):
        await store.registry.edit(kim.id, here, SubscriptionEdit("@korea"), ANN, NOW)
    assert await desk.subscription(kim.id) == kim


@pytest.mark.parametrize("named", ["paper", "https://paper.example/rss"])
async def test_a_feed_that_only_another_workspace_follows_is_not_found(desk, store, here, kim, named):
    await desk.follow("https://paper.example/rss", name="paper", workspaces=(("slack", "T2"),))
    with pytest.raises(NotFound, match="No feed is called"):
        await store.registry.edit(kim.id, here, SubscriptionEdit("kim", (named,)), ANN, NOW)
    with pytest.raises(NotFound, match="No feed is called"):
        await desk.subscribe("summit", "slack:T1/C1", origin=Origin.CHAT, feeds=(named,))
    assert await ids(store, workspace=here) == [kim.id]


async def test_a_name_stands_for_the_feed_that_the_workspace_calls_so(desk, store, here, kim):
    await desk.follow("https://theirs.example/rss", name="paper", workspaces=(("slack", "T2"),))
    own = await desk.follow(
        "https://ours.example/rss", name="paper", workspaces=(("slack", "T1"),), origin=Origin.CHAT
    )
    edited = await store.registry.edit(kim.id, here, SubscriptionEdit("kim", ("paper",)), ANN, NOW)
    assert edited.feeds == {own}
    await store.registry.apply_file([FeedRow("rss", "https://x.example/rss", Origin.FILE, "x")], [], NOW)
    assert (await desk.subscription(kim.id)).feeds == {own}


async def test_names_are_followed_to_where_they_lead_now_in_each_workspace(desk, store, here, kim):
    """A start with another file looks all of them up again."""
    own = await desk.follow(
        "https://ours.example/rss", name="paper", workspaces=(("slack", "T1"),), origin=Origin.CHAT
    )
    offered = FeedRow("rss", "https://offered.example/rss", Origin.FILE, "paper")
    made = [
        await desk.subscribe(query, f"slack:{place}", origin=origin, feeds=("paper",))
        for query, place, origin in (
            ("kim", "T1/C1", Origin.CHAT),
            ("summit", "T1/C1", Origin.CHAT),
            ("golf", "T1/C1", Origin.CLI),
        )
    ]
    assert [one.feeds for one in made] == [{own}] * 3
    await store.registry.apply_file([offered], [], NOW)
    theirs = await desk.subscribe("kim", "slack:T2/C1", origin=Origin.CHAT, feeds=("paper",))
    now = [(await desk.subscription(one.id)).feeds for one in made]
    assert now == [theirs.feeds] * 3  # the file's names come first
    await store.registry.apply_file([], [], NOW)
    assert [(await desk.subscription(one.id)).feeds for one in made] == [{own}] * 3


async def test_the_operators_own_subscription_may_be_edited_though_its_feed_is_not_seen(desk, store, here):
    feed_id = await desk.follow("https://paper.example/rss", name="paper", workspaces=(("slack", "T2"),))
    kim = await desk.subscribe("kim", "slack:T1/C1", feeds=("paper",))
    edited = await store.registry.edit(kim.id, here, SubscriptionEdit("summit", ("paper",)), ANN, NOW)
    assert (edited.query, edited.feeds) == ("summit", {feed_id})


# ---------------------------------------------------------------- pause and resume


async def test_a_paused_subscription_matches_nothing_and_tells_why(store, here, kim):
    paused = await store.registry.pause(kim.id, here, BEN, at(days=1), "too much golf")
    assert (paused.state, paused.active) == (SubscriptionState.PAUSED, False)
    assert paused.pause == Pause(at(days=1), "too much golf", BEN)
    assert (await store.registry.changes(kim.revision)).changed == (paused,)
    assert await store.registry.channels() == []


async def test_a_resumed_subscription_is_as_it_was_before(store, here, kim):
    paused = await store.registry.pause(kim.id, here, BEN, at(days=1))
    resumed = await store.registry.resume(kim.id, here, ANN, at(days=2))
    assert resumed == replace(kim, revision=resumed.revision)
    assert (await store.registry.changes(paused.revision)).changed == (resumed,)
    told = [(one.change, one.by, one.at, one.before) for one in await store.registry.history(str(kim.id))]
    assert told == [("paused", "Ben", at(days=1), {}), ("resumed", "Ann", at(days=2), {})]


async def test_pausing_twice_and_resuming_twice_is_as_good_as_once(store, here, kim):
    paused = await store.registry.pause(kim.id, here, BEN, at(days=1))
    assert await store.registry.pause(kim.id, here, ANN, at(days=2)) == paused
    resumed = await store.registry.resume(kim.id, here, ANN, at(days=3))
    assert await store.registry.resume(kim.id, here, ANN, at(days=4)) == resumed


async def test_subscribing_again_to_what_is_paused_resumes_it(desk, store, here, kim):
    await store.registry.pause(kim.id, here, BEN, at(days=1))
    again = await desk.subscribe("kim", "slack:T1/C1", origin=Origin.CHAT, mention=kim.mention)
    assert (again.id, again.state, again.pause) == (kim.id, SubscriptionState.ACTIVE, None)
    assert again.revision == await revision(store)


async def test_a_subscription_that_was_retired_while_paused_comes_back_active(desk, store, here, kim):
    await store.registry.pause(kim.id, here, BEN, at(days=1))
    await store.registry.retire(kim.id, here, BEN, at(days=2))
    again = await desk.subscribe("kim", "slack:T1/C1", at(days=3), origin=Origin.CHAT)
    assert (again.id, again.state, again.active) == (kim.id, SubscriptionState.ACTIVE, True)


# ---------------------------------------------------------------- the file's rows


@pytest.fixture
async def declared(store, here):
    await store.registry.apply_file([], [file_row()], NOW)
    [found] = await store.registry.subscriptions(here)
    return found


@pytest.mark.parametrize(
    ("how", "said"),
    [("edit", "Change it there."), ("retire", "Remove it there, or pause it here.")],
)
async def test_the_files_subscription_is_changed_in_the_file_only(desk, store, here, declared, how, said):
    with pytest.raises(UserError, match=f"“korea” is declared in the config file. {said}"):
        await tend(store.registry, how, declared.id, here)
    assert await desk.subscription(declared.id) == declared


async def test_the_files_subscription_stays_paused_over_restarts_until_it_is_resumed(store, here, declared):
    paused = await store.registry.pause(declared.id, here, ANN, NOW)
    await store.registry.apply_file([], [file_row()], at(days=1))
    assert await store.registry.subscription(declared.id, here) == paused
    assert (await store.registry.resume(declared.id, here, BEN, at(days=2))).active


@pytest.mark.parametrize(
    "changed", [{"query": "kim, summit"}, {"channel": ChannelAddress.parse("slack:T1/C2")}]
)
async def test_the_files_subscription_is_active_again_once_the_file_says_something_else(
    store, here, declared, changed
):
    await store.registry.pause(declared.id, here, ANN, NOW)
    await store.registry.apply_file([], [file_row(**changed)], at(days=1))
    assert (await store.registry.subscription(declared.id, here)).state is SubscriptionState.ACTIVE


async def test_the_files_subscription_that_left_the_file_comes_back_active(store, here, declared):
    await store.registry.pause(declared.id, here, ANN, NOW)
    await store.registry.apply_file([], [], at(days=1))
    await store.registry.apply_file([], [file_row()], at(days=2))
    assert (await store.registry.subscription(declared.id, here)).active


async def test_in_a_place_that_was_left_the_files_subscription_rests_whatever_it_says(store, here, declared):
    await store.registry.apply_file([], [file_row()], NOW)
    await store.frontdesk.pause_place("slack", "T1", "C1", "archived", NOW)
    await store.registry.apply_file([], [file_row("summit")], at(days=1))
    assert (await store.registry.subscription(declared.id, here)).pause == Pause(NOW, "archived")
    moved = file_row("summit", ChannelAddress.parse("slack:T1/C2"))
    await store.registry.apply_file([], [moved], at(days=2))
    assert (await store.registry.subscription(declared.id, here)).active
