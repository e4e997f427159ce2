"""What every store promises of limits: what is added is counted where it is added. See `bot.ports.Registry`."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.model import ChannelAddress, Origin
from bot.errors import LimitError
from bot.ports import FeedRow, SubscriptionRow
from tests.builders import NOW

HERE = ("slack", "T1")


def row(query, channel="slack:T1/C1", **more):
    return SubscriptionRow(ChannelAddress.parse(channel), query, more.pop("origin", Origin.CHAT), **more)


def feed(number, *places):
    return FeedRow("feed", f"https://news.example/{number}", Origin.CHAT, workspaces=places or (HERE,))


async def outcomes(*works):
    return await asyncio.gather(*works, return_exceptions=True)


async def test_of_two_that_subscribe_at_the_same_moment_only_as_many_get_in_as_there_is_room(store):
    wanted = [store.registry.subscribe_all([row(f"q{number}")], NOW, 3) for number in range(8)]
    found = await outcomes(*wanted)
    refused = [one for one in found if isinstance(one, LimitError)]
    assert (len(refused), {one.used for one in refused}) == (5, {3})
    assert len(await store.registry.subscriptions()) == 3


async def test_subscriptions_are_added_all_or_none(store):
    await store.registry.subscribe_all([row("a")], NOW, 2)
    with pytest.raises(LimitError, match="The limit here is 2, and 1 are in use"):
        await store.registry.subscribe_all([row("b"), row("b", "slack:T1/C2")], NOW, 2)
    assert [one.query for one in await store.registry.subscriptions()] == ["a"]


async def test_what_is_there_already_may_be_said_again_in_a_full_workspace(store):
    [id] = await store.registry.subscribe_all([row("a")], NOW, 1)
    assert await store.registry.subscribe_all([row("a")], NOW, 1) == [id]
    assert await store.registry.subscribe_all([row("a")], NOW, 0) == [id]


async def test_each_workspace_has_a_room_of_its_own_and_the_file_takes_none(store):
    await store.registry.apply_file([], [row("f", origin=Origin.FILE, name="f")], NOW)
    rows = [row("a"), row("a", "slack:T2/C1")]
    assert len(await store.registry.subscribe_all(rows, NOW, 1)) == 2
    with pytest.raises(LimitError):
        await store.registry.subscribe_all([row("b", "slack:T2/C1")], NOW, 1)


async def test_sources_that_are_added_at_the_same_moment_keep_to_the_limit(store):
    found = await outcomes(*(store.registry.follow(feed(number), NOW, 2) for number in range(6)))
    refused = [one for one in found if isinstance(one, LimitError)]
    assert (len(refused), {one.used for one in refused}) == (4, {2})
    here = await store.registry.workspace(*HERE, NOW)
    assert len(await store.registry.feeds(here.id)) == 2


async def test_sources_that_are_followed_already_or_by_others_need_no_room(store):
    id = await store.registry.follow(feed(1), NOW, 1)
    assert await store.registry.follow(feed(1), NOW, 1) == id
    assert await store.registry.follow(feed(2, HERE, ("slack", "T2")), NOW, 1)
    assert await store.registry.follow(feed(3, ("slack", "T2")), NOW, 1)
