"""What every store promises of drafts, of who may manage, and of what channels want: see `bot.ports.Frontdesk`."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.commands.exchange import MAX_ACTION, Action
from bot.domain.model import Access, ChannelAddress, Draft, DraftId, Managers, SubscriptionId
from bot.errors import NotFound
from bot.ports import Retention
from bot.stores import open_store
from tests.builders import NOW, at, entry, mention, person
from tests.contracts.desk import Desk

ANN = person("Ann")
PLACES = (ChannelAddress.parse("slack:T1/C1"), ChannelAddress.parse("slack:T1/C2"))
DRAFT = Draft(PLACES, "kim, summit", ANN, NOW, ("bbc", "https://x.example/rss"), mention(), SubscriptionId(7))


@pytest.fixture
async def here(store):
    return (await store.registry.workspace("slack", "T1", NOW)).id


@pytest.fixture
async def elsewhere(store):
    return (await store.registry.workspace("slack", "T2", NOW)).id


@pytest.fixture
async def draft_id(store, here):
    return await store.frontdesk.save_draft(DRAFT, here)


async def holds(store, id, workspace, when=NOW):
    """Whether a draft can be read."""
    try:
        await store.frontdesk.draft(id, workspace, when)
    except NotFound:
        return False
    return True


# ---------------------------------------------------------------- requests


async def test_a_request_is_heard_once_by_however_many_and_forgotten_after_an_hour(store):
    heard = await asyncio.gather(*(store.frontdesk.hear("slack/1.2", NOW) for _ in range(5)))
    assert sorted(heard) == [False, False, False, False, True]
    assert await store.frontdesk.hear("discord/1.2", NOW)
    assert await store.upkeep.prune(at(minutes=59), Retention(), 10) == 0
    assert await store.upkeep.prune(at(hours=1), Retention(), 10) == 2
    assert await store.frontdesk.hear("slack/1.2", at(hours=1))


# ---------------------------------------------------------------- drafts


@pytest.mark.parametrize("draft", [DRAFT, Draft(PLACES[:1], "kim", ANN, NOW)])
async def test_a_draft_comes_back_as_it_was_saved(store, here, draft):
    id = await store.frontdesk.save_draft(draft, here)
    assert await store.frontdesk.draft(id, here, NOW) == draft
    assert await store.frontdesk.take_draft(id, here, NOW) == draft


async def test_drafts_of_the_same_have_ids_of_their_own_that_fit_a_button(store, here):
    ids = [await store.frontdesk.save_draft(DRAFT, here) for _ in range(20)]
    assert len(set(ids)) == 20
    for id in ids:
        action = Action("confirm", (id,))
        assert len(id) <= 16
        assert Action.parse(str(action)) == action
        assert len(str(action)) < MAX_ACTION


async def test_a_draft_is_taken_once(store, here, draft_id):
    await store.frontdesk.take_draft(draft_id, here, NOW)
    with pytest.raises(NotFound, match="was confirmed or changed already"):
        await store.frontdesk.take_draft(draft_id, here, NOW)
    assert not await holds(store, draft_id, here)


async def test_of_many_that_take_a_draft_at_once_one_gets_it(store, store_url, here, draft_id):
    async with open_store(store_url) as other:
        presses = [one.frontdesk.take_draft(draft_id, here, NOW) for one in (store, other) * 5]
        answers = await asyncio.gather(*presses, return_exceptions=True)
    assert answers.count(DRAFT) == 1
    assert sum(isinstance(answer, NotFound) for answer in answers) == 9


async def test_another_workspace_finds_no_draft_and_cannot_take_it(store, here, elsewhere, draft_id):
    assert not await holds(store, draft_id, elsewhere)
    with pytest.raises(NotFound):
        await store.frontdesk.take_draft(draft_id, elsewhere, NOW)
    assert await holds(store, draft_id, here)


@pytest.mark.parametrize("id", ["", "none", "' OR 1=1", "é", "\ud800", "x" * 10_000])
async def test_an_id_that_never_was_is_no_draft(store, here, draft_id, id):
    assert not await holds(store, DraftId(id), here)


async def test_a_draft_expires_after_a_day(store, here, draft_id):
    assert await holds(store, draft_id, here, at(hours=23, minutes=59))
    assert not await holds(store, draft_id, here, at(days=1))
    with pytest.raises(NotFound, match="more than a day old"):
        await store.frontdesk.take_draft(draft_id, here, at(days=1))
    assert DRAFT.expires_at == at(days=1)


async def test_prune_deletes_drafts_that_have_expired(store, here, draft_id):
    await store.frontdesk.save_draft(Draft(PLACES, "kim", ANN, at(hours=1)), here)
    assert await store.upkeep.prune(at(hours=23), Retention(), 10) == 0
    assert await store.upkeep.prune(at(days=1), Retention(), 10) == 1
    assert not await holds(store, draft_id, here)  # at NOW it would still hold


# ---------------------------------------------------------------- access


async def test_a_workspace_that_has_chosen_nothing_has_the_platforms_default(store, here):
    assert await store.frontdesk.access(here) is None


async def test_a_choice_of_who_may_manage_takes_the_place_of_the_last(store, here, elsewhere):
    groups = Access(Managers.GROUPS, ANN, NOW, (mention("desk"), mention("night", kind="group")))
    moderators = Access(Managers.MODERATORS, person("Ben"), at(days=1))
    for chosen in (groups, moderators, groups):
        await store.frontdesk.set_access(here, chosen)
        assert await store.frontdesk.access(here) == chosen
    assert await store.frontdesk.access(elsewhere) is None


async def test_a_workspace_can_go_back_to_the_default(store, here, elsewhere):
    chosen = Access(Managers.MEMBERS, ANN, NOW)
    for workspace in (here, elsewhere):
        await store.frontdesk.set_access(workspace, chosen)
    await store.frontdesk.set_access(here, None)
    await store.frontdesk.set_access(here, None)
    assert await store.frontdesk.access(here) is None
    assert await store.frontdesk.access(elsewhere) == chosen


# ---------------------------------------------------------------- buttons


async def test_an_alert_says_whether_its_channel_wants_buttons(store, desk: Desk):
    feed, channels = await desk.follow(), ("slack:T1/C1", "slack:T1/C2", "slack:T2/C1")
    watchers = [await desk.subscribe(channel=one) for one in channels]
    await store.frontdesk.set_buttons(PLACES[0], True, NOW)

    async def shown(uid):
        ids = await desk.publish(feed, entry(uid), *watchers)
        claims = [await desk.claimed(id) for id in ids]
        return {str(claim.alert.channel.address): claim.alert.channel.buttons for claim in claims}

    assert await shown("1") == dict(zip(channels, (True, False, False), strict=True))
    await store.frontdesk.set_buttons(PLACES[0], False, NOW)
    assert await shown("2") == dict.fromkeys(channels, False)


async def test_a_channel_can_want_buttons_before_it_watches_anything(store, desk):
    await store.frontdesk.set_buttons(PLACES[0], True, NOW)
    watcher = await desk.subscribe(channel=str(PLACES[0]))
    assert watcher.channel.buttons
