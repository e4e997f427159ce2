"""What every store promises of the history of the rows that people declare: see `bot.ports.Registry`."""

from __future__ import annotations

import pytest

from bot.domain.model import ChannelAddress, Origin
from bot.errors import NotFound
from bot.ports import SubscriptionRow
from tests.builders import at

URL = "https://news.example/rss"


def watching(query, channel="console:world", feeds=()):
    return SubscriptionRow(ChannelAddress.parse(channel), query, Origin.FILE, "korea", feeds)


async def test_history_tells_what_a_subscription_said_before_each_change(desk, store):
    await desk.follow(URL, name="bbc")
    for minute, row in enumerate(
        [
            watching("kim", "slack:T1/C1"),
            watching("kim, summit"),
            watching("kim, summit", feeds=("bbc",)),
            watching("kim"),
        ]
    ):
        await store.registry.apply_file([], [row], at(minutes=minute))
    await store.registry.apply_file([], [], at(minutes=4))
    told = [(one.at, one.change, dict(one.before)) for one in await store.registry.history("korea")]
    assert told == [
        (at(minutes=1), "edited", {"channel": "slack:T1/C1", "query": "kim"}),
        (at(minutes=2), "edited", {"feeds": "all"}),
        (at(minutes=3), "edited", {"query": "kim, summit", "feeds": "bbc"}),
        (at(minutes=4), "retired", {}),
    ]


async def test_history_of_what_was_never_changed_is_empty(desk, store):
    kim = await desk.subscribe("kim")
    assert list(await store.registry.history(str(kim.id))) == []


async def test_history_raises_not_found(store):
    with pytest.raises(NotFound, match="was ever called “korea”"):
        await store.registry.history("korea")
