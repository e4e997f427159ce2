"""The whole of newsbot between a wire that publishes and the platforms that show it.

    async def test_…(bot, wire, slack):
        wire.publish(article("Kim meets Trump"))
        await bot.settle()
        assert [message.headline for message in slack.channel("C1").messages] == ["Kim meets Trump"]

`wire` serves feeds over HTTP; `bot` is what `newsbot run` wires together, on a database file, with a clock that tests
wind: `bot.settle()` lets the time pass in which it would read everything and post everything. Slack's C1 and Discord's
123 watch for "Kim Jong Un, Kim" from the start, and `/world.xml` and `/blog.xml` have been read once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config import (
    AlertSettings,
    ChatSettings,
    Config,
    ConsoleSettings,
    DiscordSettings,
    PollingSettings,
    Secrets,
    SlackSettings,
    StoreSettings,
)
from bot.domain.model import ChannelAddress, DeliveryId, FeedId, Origin
from bot.ports import FeedRow, SubscriptionRow
from bot.services.poll import PollReport
from bot.wiring import Bot, open_bot
from tests.clock import FakeClock
from tests.impersonators.discord import DiscordImpersonator
from tests.impersonators.newsstand import Newsstand
from tests.impersonators.papers import Item, Kind
from tests.impersonators.slack import SlackImpersonator

POLL_S, GATHER_S = 300, 2
WORLD, BLOG = "/world.xml", "/blog.xml"


@pytest.fixture
def platform_clock() -> FakeClock:
    """Give the platforms, the wire and the bot one clock, which jumps over whatever anybody sleeps."""
    return FakeClock(auto=True)


@pytest.fixture
def clock(platform_clock: FakeClock) -> FakeClock:
    return platform_clock


@dataclass
class Wire:
    """Feeds over real HTTP."""

    stand: Newsstand
    clock: FakeClock

    def publish(self, *items: Item, paper: str = WORLD, kind: Kind = "rss") -> None:
        """Add items to a feed, dated now unless they say otherwise."""
        self.stand.print(paper, *items, kind=kind, title=paper.strip("/").partition(".")[0].title())

    def replace(self, *items: Item, paper: str = WORLD) -> None:
        """Have a feed list these items and nothing else."""
        self.stand.withdraw(paper)
        self.publish(*items, paper=paper)

    def url(self, paper: str) -> str:
        return self.stand.url(paper)


@pytest.fixture
async def wire(clock: FakeClock) -> AsyncIterator[Wire]:
    async with Newsstand(now=clock.now) as stand:
        served = Wire(stand, clock)
        for paper in (WORLD, BLOG):
            served.publish(Item("What was there before", f"https://paper.example{paper}/0"), paper=paper)
        yield served


@dataclass
class Running:
    """The bot, moved by hand: each step is one that `newsbot run` repeats."""

    parts: Bot
    wire: Wire
    clock: FakeClock

    async def settle(self) -> None:
        """Let everything that was published be read, and everything that is due be posted."""
        await self.poll()
        await self.deliver()

    async def poll(self) -> list[PollReport]:
        """Let time pass until every healthy feed is due, and poll what is due, all at once."""
        self.clock.jump(POLL_S)
        roles = self.parts.roles
        due = await roles.ticks.polls()
        return list(await asyncio.gather(*(roles.poller.poll(FeedId(int(item))) for item in due)))

    async def deliver(self, after_s: float = GATHER_S) -> None:
        """Let time pass, and deliver until nothing is due."""
        self.clock.jump(after_s)
        roles = self.parts.roles
        while due := await roles.ticks.deliveries():
            await asyncio.gather(*(roles.deliverer.deliver(DeliveryId(item)) for item in due))

    async def follow(self, *papers: str, **row: Any) -> None:
        for paper in papers:
            wanted = FeedRow("feed", self.wire.url(paper), Origin.CLI, **row)
            await self.parts.store.registry.follow(wanted, self.clock.now())

    async def watch(self, query: str, channel: str, **row: Any) -> None:
        wanted = SubscriptionRow(ChannelAddress.parse(channel), query, Origin.CLI, **row)
        await self.parts.store.registry.subscribe(wanted, self.clock.now())

    async def states(self) -> dict[str, int]:
        """Count the deliveries in each state that any is in."""
        counts = (await self.parts.store.upkeep.stats()).deliveries
        return {state: count for state, count in counts.items() if count}

    async def reasons(self) -> list[str]:
        """Say why deliveries are held."""
        return list((await self.parts.store.upkeep.stats()).held_reasons)


@dataclass(frozen=True)
class House:
    """Where a bot can be opened again and again on the same database."""

    config: Config
    wire: Wire
    clock: FakeClock

    @asynccontextmanager
    async def open(self, **changed: Any) -> AsyncIterator[Running]:
        async with open_bot(self.config.model_copy(update=changed), clock=self.clock) as parts:
            yield Running(parts, self.wire, self.clock)


@pytest.fixture
def house(
    tmp_path: Path, wire: Wire, slack: SlackImpersonator, discord: DiscordImpersonator, clock: FakeClock
) -> House:
    slack.add_channel("C2", name="summits")
    config = Config(
        store=StoreSettings(url=f"sqlite:///{tmp_path / 'newsbot.db'}"),
        polling=PollingSettings(
            interval=timedelta(seconds=POLL_S),
            jitter=0,
            parse_timeout=timedelta(seconds=30),  # other tests may have the processors
            per_host_in_flight=8,
            allow_networks=(ip_network("127.0.0.0/8"),),
            extra_ports=(wire.stand.port,),
        ),
        alerts=AlertSettings(gather=timedelta(seconds=GATHER_S)),
        chat=ChatSettings(
            console=ConsoleSettings(enabled=False),
            slack=SlackSettings(base_url=slack.base_url),
            discord=DiscordSettings(base_url=discord.base_url, gateway_url=discord.gateway.url),
        ),
        secrets=Secrets(
            slack_bot_token=SecretStr(slack.world.teams["T1"].token),
            discord_token=SecretStr(discord.world.bots[1000].token),
        ),
    )
    return House(config, wire, clock)


@pytest.fixture
async def bot(house: House) -> AsyncIterator[Running]:
    async with house.open() as running:
        await running.follow(WORLD, BLOG)
        for channel in ("slack:T1/C1", "discord:10/123"):
            await running.watch("Kim Jong Un, Kim", channel)
        await running.poll()
        yield running
