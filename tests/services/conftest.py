"""Services on a real SQLite file, a clock that tests wind, and fakes at the edges."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.domain.model import ChannelAddress, DeliveryId, FeedId, Origin, SubscriptionId
from bot.ports import FeedRow, Store, SubscriptionRow
from bot.queues.memory import MemoryQueue
from bot.services.deliver import Deliverer
from bot.services.poll import Poller, PollReport
from bot.services.ticks import Ticks
from bot.services.watchlist import Watchlist
from bot.stores import open_store
from tests.clock import FakeClock
from tests.services.fakes import Chat, Paper


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(f"sqlite:///{tmp_path / 'newsbot.db'}") as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(auto=True)


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def chat() -> Chat:
    return Chat()


@dataclass
class Desk:
    """The services over one store, and the rows that people would have declared."""

    store: Store
    clock: FakeClock
    paper: Paper
    chat: Chat

    def __post_init__(self) -> None:
        self.queue = MemoryQueue()
        self.claims = (f"claim-{number}" for number in itertools.count(1))

    def poller(self, **parts: Any) -> Poller:
        chosen: dict[str, Any] = {
            "schedule": self.store.schedule,
            "newsroom": self.store.newsroom,
            "watchlist": Watchlist(self.store.registry),
            "fetcher": self.paper,
            "parser": self.paper,
            "sources": {"feed": self.paper},
            "clock": self.clock,
            "spread": lambda: 0.0,
        }
        return Poller(**chosen | parts)

    def deliverer(self, **parts: Any) -> Deliverer:
        chosen: dict[str, Any] = {
            "outbox": self.store.outbox,
            "chats": {"slack": self.chat},
            "clock": self.clock,
            "new_claim_id": lambda: next(self.claims),
            "spread": lambda: 0.0,
        }
        return Deliverer(**chosen | parts)

    def ticks(self, **parts: Any) -> Ticks:
        return Ticks(self.store, self.queue, self.clock, **parts)

    async def follow(self, url: str = "https://news.example/rss", **row: Any) -> FeedId:
        return await self.store.registry.follow(FeedRow("feed", url, Origin.CLI, **row), self.clock.now())

    async def watch(self, query: str, channel: str = "slack:T1/C1", **row: Any) -> SubscriptionId:
        address = ChannelAddress.parse(channel)
        wanted = SubscriptionRow(address, query, Origin.CLI, **row)
        return await self.store.registry.subscribe(wanted, self.clock.now())

    async def read(self, feed_id: FeedId, *entries: Any, **response: Any) -> PollReport:
        """Print some entries and poll the feed."""
        self.paper.print(*entries, **response)
        return await self.poller().poll(feed_id)

    async def waiting(self) -> list[DeliveryId]:
        """Return what is due once everything that was gathered may go out, oldest first."""
        self.clock.jump(10)
        return list(await self.store.outbox.due(self.clock.now(), 1000))

    async def states(self) -> dict[str, int]:
        """Count the deliveries in each state that any is in."""
        counts = (await self.store.upkeep.stats()).deliveries
        return {state: count for state, count in counts.items() if count}

    async def reasons(self) -> list[str]:
        """Say why deliveries are held."""
        return list((await self.store.upkeep.stats()).held_reasons)


@pytest.fixture
def desk(store: Store, clock: FakeClock, paper: Paper, chat: Chat) -> Desk:
    return Desk(store, clock, paper, chat)
