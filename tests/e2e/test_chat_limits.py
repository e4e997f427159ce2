"""What one workspace or person may use, said in words: the limit, the use, and what to do."""

import pytest

from tests.e2e.conftest import BLOG, WORLD
from tests.e2e.newsrooms import newsrooms, people, settings


@pytest.fixture
async def rooms(house, slack, discord):
    people(slack, discord)
    config = settings(house, slack, commands=5, subscriptions=1, feeds=1)
    async with newsrooms(house, slack, discord, config=config) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        yield rooms


async def test_a_person_who_asks_too_much_is_told_when_to_go_on_and_nobody_else_is_held_up(rooms, clock):
    for _ in range(5):
        sight = await rooms.quint.types("/news", "help", channel="C1")
        assert "newsbot watches" in sight.text
    sight = await rooms.quint.types("/news", "help", channel="C1")
    assert sight.text == "That was 5 commands in 10 s, which is the limit. Try again in 10 s."
    assert "newsbot watches" in (await rooms.ada.types("/news", "help", channel="C9")).text
    assert "newsbot watches" in (await rooms.ann.types("news help", channel=123)).text
    clock.jump(10)
    assert "newsbot watches" in (await rooms.quint.types("/news", "help", channel="C1")).text


async def test_a_full_workspace_is_told_how_many_it_has_and_what_to_do(rooms):
    await rooms.ann.types("news subscribe", query="summit", channel=123)
    await rooms.ann.presses("Confirm")
    answer = await rooms.ann.types("news subscribe", query="golf", channel=124)
    if "Confirm" in answer.buttons:
        answer = await rooms.ann.presses("Confirm")
    assert "1 subscription" in answer.text
    assert "limit" in answer.text
    assert "Remove some first" in answer.text
    await rooms.cyd.types("news subscribe", query="golf", channel=456)
    answer = await rooms.cyd.presses("Confirm")
    assert "Watching #world" in answer.text


async def test_a_workspace_with_all_the_sources_that_it_may_have_is_told_so(rooms, wire):
    added = await rooms.quint.types("/news", f"sources add {wire.url(BLOG)}", channel="C1")
    assert "limit" not in added.text
    wire.publish(paper="/third.xml")
    sight = await rooms.quint.types("/news", f"sources add {wire.url('/third.xml')}", channel="C1")
    assert "limit" in sight.text
    assert "1 source" in sight.text
    assert len(await rooms.parts.store.registry.feeds()) == 2
