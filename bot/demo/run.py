"""Puts the bot before the newsstand: the pipeline is the one that `newsbot run` uses, fed from this machine."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from bot.config import (
    AlertSettings,
    Config,
    FeedSettings,
    PollingSettings,
    StoreSettings,
    SubscriptionSettings,
)
from bot.demo.articles import WATCHES, Article, Edition
from bot.demo.newsstand import Newsstand, open_newsstand
from bot.demo.programme import later, live
from bot.demo.reckoning import Counts, compare, expect
from bot.demo.stories import opening
from bot.demo.summary import Result, Teller
from bot.demo.witness import Witness
from bot.domain.model import ChannelAddress
from bot.ports import ChatAdapter, Store
from bot.runtime import working
from bot.wiring import open_bot

POLL_EVERY = timedelta(seconds=0.8)
TICK_S = 0.25
DEADLINE_S = 23.0
"""What has not arrived by then will not: the program ends within 30 s of its start, also where starting takes long."""
SETTLING_S = 8.0
"""How long the last articles may take once somebody asked for the end."""
LATER_EVERY_S = 8.0


@dataclass(frozen=True, slots=True)
class Programme:
    """What is printed, and how fast."""

    opening: Edition
    editions: tuple[Edition, ...]
    keep: bool = False
    """Whether to go on until somebody asks for the end."""
    pace_s: float = 0.75
    """Between two editions."""
    gather: timedelta = timedelta(seconds=3)
    """How long an alert waits for copies of its story."""
    deadline_s: float = DEADLINE_S

    @property
    def articles(self) -> tuple[Article, ...]:
        return tuple(article for edition in (self.opening, *self.editions) for article in edition.articles)

    @property
    def printed_at_once(self) -> int:
        return max((len(edition.articles) for edition in self.editions), default=0)


def full_programme(own: Edition | None = None, *, keep: bool = False) -> Programme:
    """Return the demo's programme, a reader's own articles at its end."""
    return Programme(opening(), (*live(), *([own] if own else [])), keep=keep)


async def demo(programme: Programme, chat: ChatAdapter, teller: Teller, folder: Path) -> Result:
    """Play a programme to the bot, tell how it goes, and return what came of it; files go into `folder`."""
    started = time.monotonic()
    witness = Witness(chat)
    async with open_newsstand() as stand:
        stand.print(programme.opening, before=True)
        teller.begin(stand.base_url, len(stand.urls), keep=programme.keep)
        config = settings(programme, stand, folder)
        async with open_bot(config, {witness.platform: witness}) as bot:
            await bot.declare()
            play = _Play(programme, stand, bot.store, teller)
            with _asked_to_end() as ended:
                async with working(replace(bot.roles, tick_s=TICK_S)):
                    whole = await play.through(ended, started + programme.deadline_s)
                    result = await play.result(witness, time.monotonic() - started, whole=whole)
                    teller.end(result)
    return result


def settings(programme: Programme, stand: Newsstand, folder: Path) -> Config:
    """Return what an operator would have written to watch the newsstand once a second."""
    return Config(
        store=StoreSettings(url=f"sqlite:///{folder / 'newsbot.db'}"),
        polling=PollingSettings(
            interval=POLL_EVERY,
            min_interval=POLL_EVERY,
            per_host_gap=timedelta(0),
            per_host_in_flight=len(stand.urls),
            allow_networks=(ip_network("127.0.0.0/8"),),
            extra_ports=(int(stand.base_url.rpartition(":")[2]),),
        ),
        alerts=AlertSettings(gather=programme.gather, flood_limit=max(20, programme.printed_at_once)),
        feeds=tuple(FeedSettings(name=name, url=url) for name, url in stand.urls.items()),
        subscriptions=tuple(
            SubscriptionSettings(name=query, channel=ChannelAddress.parse(f"console:{channel}"), query=query)
            for channel, query in WATCHES.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class _Play:
    """The newsstand and the bot's store, while one prints and the other fills."""

    programme: Programme
    stand: Newsstand
    store: Store
    teller: Teller

    async def through(self, ended: asyncio.Event, deadline: float) -> bool:
        """Print everything, or until the end is asked for; then let what was printed arrive.

        Return False when the deadline came before everything was printed.
        """
        printing = asyncio.create_task(self._print())
        asking = asyncio.create_task(ended.wait())
        left_s = None if self.programme.keep else deadline - time.monotonic()
        await asyncio.wait({printing, asking}, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
        asking.cancel()
        whole = printing.done() or ended.is_set()
        printing.cancel()
        with suppress(asyncio.CancelledError):
            await printing
        patience_s = SETTLING_S if ended.is_set() else max(0.0, deadline - time.monotonic())
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._settled()
        return whole

    async def _print(self) -> None:
        """Print the editions, each after a pause."""
        await self.stand.confirmed()
        there = expect(self.stand.printed, len(self.stand.urls)).counts
        self.teller.found(there.articles, there.matches)
        for edition in self.programme.editions:
            await asyncio.sleep(self.programme.pace_s)
            if edition.after_reading:
                await self.stand.fetched()
            self.stand.print(edition)
        if self.programme.keep:
            await self._settled()
            self.teller.stays()
            for edition in later():
                await asyncio.sleep(LATER_EVERY_S)
                self.stand.print(edition)

    async def _settled(self) -> None:
        """Return when the bot has read everything and has nothing left to send."""
        await self.stand.confirmed()
        while await self._waiting():  # noqa: ASYNC110 - the store, not an event, says what is due
            await asyncio.sleep(0.1)

    async def _waiting(self) -> int:
        deliveries = (await self.store.upkeep.stats()).deliveries
        return deliveries.get("pending", 0) + deliveries.get("claimed", 0)

    async def result(self, witness: Witness, took_s: float, *, whole: bool) -> Result:
        """Hold what the bot counted and sent against what was printed."""
        stats = await self.store.upkeep.stats()
        counts = Counts(
            feeds=stats.feeds,
            articles=stats.articles,
            folded=stats.articles - stats.stories,
            matches=stats.matches,
            alerts=stats.deliveries.get("sent", 0),
        )
        expected = expect(self.stand.printed, len(self.stand.urls))
        differences = [
            *(() if whole else ("the feeds were read too slowly for everything to be printed in time",)),
            *compare(expected, counts, witness.seen),
            *(f"{paper} was not read to its end" for paper in self.stand.unread()),
            *(f"{count} held back: {reason}" for reason, count in stats.held_reasons.items()),
        ]
        return Result(counts, self.stand.answers, witness.seen, differences, took_s)


@contextmanager
def _asked_to_end() -> Iterator[asyncio.Event]:
    """Turn the first Ctrl-C (or SIGTERM) into an event; a second one ends at once."""
    ended, loop, main = asyncio.Event(), asyncio.get_running_loop(), asyncio.current_task()

    def ask() -> None:
        if ended.is_set() and main is not None:
            main.cancel()
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask)
    try:
        yield ended
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
