"""Whoever types is answered within the platforms' 3 s, however busy newsbot is; the answer itself may come later.

The local platforms refuse what comes later, as the real ones do; the seconds here are real ones.
"""

import asyncio
import sqlite3
import time
from contextlib import asynccontextmanager, closing
from datetime import timedelta

import pytest

from tests.clock import FakeClock
from tests.e2e.articles import TEXT
from tests.e2e.conftest import WORLD
from tests.e2e.newsrooms import newsrooms, people, settings
from tests.impersonators.papers import Item

BLOCKED_S = 10.0
LATER_S = 60.0
PAPERS = 100


class PassingTime(FakeClock):
    """A clock that tests may set forward, but whose seconds pass by themselves."""

    def __init__(self):
        super().__init__()
        self._began = time.monotonic()

    def now(self):
        return super().now() + timedelta(seconds=time.monotonic() - self._began)

    async def sleep(self, seconds):
        await asyncio.sleep(seconds)


@pytest.fixture
def platform_clock():
    return PassingTime()


@pytest.fixture
async def rooms(house, slack, discord):
    people(slack, discord)
    config = settings(house, slack)
    polling = config.polling.model_copy(update={"per_host_gap": timedelta(0)})
    config = config.model_copy(update={"polling": polling})
    async with newsrooms(house, slack, discord, config=config) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        rooms.ann.patience_s = rooms.cyd.patience_s = LATER_S
        yield rooms


@asynccontextmanager
async def blocked(house):
    """Keep everybody else from writing to the database for a while."""
    file = house.config.store.file
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        released = asyncio.get_running_loop().call_later(BLOCKED_S, connection.execute, "ROLLBACK")
        try:
            yield
            assert released.when() <= asyncio.get_running_loop().time(), "nothing had waited for the database"
        finally:
            released.cancel()


def later(words):
    return lambda sight: words in sight.text


async def test_commands_are_acknowledged_while_the_store_is_blocked(rooms, house, slack):
    async with blocked(house):
        sights = await asyncio.gather(
            rooms.quint.types("/news", "subscribe summit", channel="C1", until=bool),
            rooms.ada.types("/news", "subscribe summit", channel="C9", until=bool),
        )
        answers = await asyncio.gather(
            rooms.ann.types("news subscribe", query="summit", channel=123),
            rooms.cyd.types("news subscribe", query="summit", channel=456),
        )
        for sight in sights:
            await sight.until(later("Ready to watch #world"), within_s=LATER_S)
    assert slack.timeouts == []
    assert ["Ready to watch #world" in answer.text for answer in answers] == [True, True]
    assert [answer.has_failed for answer in answers] == [False, False]


async def test_buttons_are_acknowledged_while_the_store_is_blocked(rooms, house, slack):
    await rooms.quint.types("/news", "subscribe summit", channel="C1")
    await rooms.ann.types("news subscribe", query="summit", channel=123)
    async with blocked(house):
        sight = await rooms.quint.presses("Confirm", until=bool)
        answer = await rooms.ann.presses("Confirm")
        await sight.until(later("Watching #world"), within_s=LATER_S)
    assert slack.timeouts == []
    assert not answer.has_failed
    await rooms.until(lambda: rooms.discord.channel(123).messages)
    assert len(await rooms.parts.store.registry.subscriptions()) == 2


async def test_commands_are_acknowledged_while_a_hundred_feeds_are_parsed(rooms, wire, slack):
    for number in range(PAPERS):
        items = [
            Item(f"Headline {number} {n}", f"https://paper.example/{number}/{n}", TEXT * 10)
            for n in range(30)
        ]
        wire.publish(*items, paper=f"/paper-{number}.xml")
        await rooms.follow(f"/paper-{number}.xml")
    polling = asyncio.create_task(rooms.poll())
    typed = 0
    while not polling.done():
        sights = await asyncio.gather(
            rooms.quint.types("/news", "help", channel="C1"), rooms.ada.types("/news", "help", channel="C9")
        )
        answer = await rooms.ann.types("news help", channel=123)
        await rooms.ann.completes("news pause", subscription="su", channel=123)
        assert all("newsbot watches" in seen.text for seen in (*sights, answer))
        typed += 1
    assert len(await polling) >= PAPERS
    assert typed >= 3
    assert slack.timeouts == []
