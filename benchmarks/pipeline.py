"""Feeds in, outbox rows out: newsbot beside the straightforward stack, on the same feeds over loopback.

    python -m benchmarks.pipeline [--feeds FOLDER_OR_TAR] [--count N] [--subscriptions N] [--json FILE]

Three rounds: every feed new, one new item in every feed, nothing changed. newsbot runs whole but for sending:
fetch, parse in a killable child, match, store, outbox. It and its children have one core, as has the stack, one
after the other; the server of the feeds has another core where there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from benchmarks.inputs import feeds_of, write_json
from benchmarks.straightforward import Straightforward
from bot import telemetry
from bot.config import Config, FeedSettings, PollingSettings, StoreSettings, SubscriptionSettings
from bot.domain.model import ChannelAddress
from bot.services.poll import Poller
from bot.wiring import Bot, open_bot

ALL_NEW, ONE_NEW, UNCHANGED = ROUNDS = ("all new", "one new item", "unchanged")
FLOORS = {ALL_NEW: 5.0, ONE_NEW: 20.0, UNCHANGED: 200.0}
REPEATS = {ALL_NEW: 1, ONE_NEW: 5, UNCHANGED: 3}
"""How often a round is timed; the median counts."""
QUICK_REPEATS = REPEATS | {UNCHANGED: 20}
"""How often where a round is over in a moment."""
CONCURRENCY = 32
"""Polls in hand at a time, as newsbot has them by default; the stack as well."""


@dataclass(frozen=True)
class Job:
    """What every contender is given."""

    base_url: str
    feeds: int
    keywords: Sequence[str]
    folder: Path

    @property
    def urls(self) -> list[str]:
        return [f"{self.base_url}/{number}" for number in range(self.feeds)]

    async def publish(self, edition: int) -> None:
        async with aiohttp.ClientSession() as session:
            await session.put(f"{self.base_url}/edition/{edition}")


@dataclass(frozen=True)
class Outcome:
    """Seconds by round (median), and what was written."""

    seconds: Mapping[str, float]
    articles: int
    alerts: int
    steps: Mapping[str, Mapping[str, float]]


Round = Callable[[], Awaitable[None]]


async def timed(job: Job, poll_all: Round, repeats: Mapping[str, int]) -> dict[str, float]:
    """Time the three rounds; every repeat of the second is a new edition."""
    seconds: dict[str, float] = {}
    edition = 0
    for name in ROUNDS:
        took = []
        for _ in range(repeats[name]):
            edition += name == ONE_NEW
            await job.publish(edition)
            started = time.perf_counter()
            await poll_all()
            took.append(time.perf_counter() - started)
        seconds[name] = statistics.median(took)
    return seconds


# ---------------------------------------------------------------- the contenders


async def run_stack(job: Job, *, conditional: bool) -> Outcome:
    stack = Straightforward(job.folder / f"stack-{conditional}.db", job.keywords, conditional=conditional)
    repeats = QUICK_REPEATS if conditional else REPEATS
    seconds = await timed(job, lambda: stack.poll_all(job.urls, CONCURRENCY), repeats)
    outcome = Outcome(seconds, stack.count("entries"), stack.count("outbox"), {})
    stack.close()
    return outcome


async def run_newsbot(job: Job) -> Outcome:
    async with open_bot(settings(job, "newsbot.db")) as bot:
        poller = await ready(bot)
        seconds = await timed(job, lambda: poll_all(bot, poller), QUICK_REPEATS)
        stats = await bot.store.upkeep.stats()
    return Outcome(seconds, stats.articles, stats.matches, await where_the_time_goes(job))


async def ready(bot: Bot) -> Poller:
    """Return the poller of a bot that has started: its subscriptions are in memory, as the stack's keywords are."""
    await bot.declare()
    poller = bot.roles.poller
    await poller.watchlist.reach(sys.maxsize)
    return poller


async def where_the_time_goes(job: Job) -> Mapping[str, Mapping[str, float]]:
    """Run the rounds once more, feed by feed, so that every step can be timed by itself."""
    spent: dict[str, dict[str, float]] = {}
    async with open_bot(settings(job, "steps.db")) as bot:
        ready_poller = await ready(bot)
        for edition, name in ((0, ALL_NEW), (1, ONE_NEW), (1, UNCHANGED)):
            await job.publish(edition)
            steps: defaultdict[str, float] = defaultdict(float)
            poller = replace(
                ready_poller,
                fetcher=Stopwatch(bot.fetcher, steps),
                parser=Stopwatch(bot.parser, steps),
                newsroom=Stopwatch(bot.store.newsroom, steps),
                schedule=Stopwatch(bot.store.schedule, steps),
            )
            started = time.perf_counter()
            await poll_all(bot, poller, at_once=1)
            whole = time.perf_counter() - started
            spent[name] = {**steps, "match and decide": whole - sum(steps.values())}
    return spent


class Stopwatch:
    """Stands before a port and adds up the seconds that each of its methods takes."""

    def __init__(self, port: Any, steps: defaultdict[str, float]) -> None:
        self._port = port
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        async def timed_method(*args: Any) -> Any:
            started = time.perf_counter()
            try:
                return await method(*args)
            finally:
                self._steps[name] += time.perf_counter() - started

        return timed_method


async def poll_all(bot: Bot, poller: Poller, at_once: int = CONCURRENCY) -> None:
    """Poll every feed once, as the workers do, and whatever its schedule says."""
    gate = asyncio.Semaphore(at_once)

    async def poll(feed: Any) -> None:
        async with gate:
            await poller.poll(feed.feed.id)

    await asyncio.gather(*map(poll, await bot.store.registry.feeds()))


def settings(job: Job, database: str) -> Config:
    return Config(
        store=StoreSettings(url=f"sqlite:///{job.folder / database}"),
        polling=PollingSettings(
            parsers=1,
            per_host_gap=timedelta(0),
            per_host_in_flight=CONCURRENCY,
            allow_networks=(ip_network("127.0.0.0/8"),),
            extra_ports=(int(job.base_url.rpartition(":")[2]),),
        ),
        feeds=tuple(FeedSettings(name=url, url=url) for url in job.urls),
        subscriptions=tuple(
            SubscriptionSettings(
                name=f"s{number}", channel=ChannelAddress.parse(f"console:c{number % 100}"), query=keyword
            )
            for number, keyword in enumerate(job.keywords)
        ),
    )


# ---------------------------------------------------------------- the material


def keywords_from(bodies: Sequence[bytes], count: int, seed: int = 1) -> list[str]:
    """Choose names and phrases as people would watch for: capitalised runs of up to three words, and rare words."""
    text = "\n".join(re.sub(r"<[^>]*>|&\w+;", "\n", body.decode("utf-8", "replace")) for body in bodies)
    names = Counter(re.findall(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+){1,2}\b", text))
    rare = [word for word, times in Counter(re.findall(r"\b[a-z]{5,}\b", text)).items() if times <= 3]
    pool = sorted(set(names) | set(rare))
    chosen = random.Random(seed).sample(pool, min(count, len(pool)))
    return [*chosen, *(f"made up keyword {number}" for number in range(count - len(chosen)))]


@contextmanager
def served(bodies: Sequence[bytes], folder: Path) -> Iterator[str]:
    """Serve feeds from a process of their own; yield its address."""
    folder.mkdir()
    for number, body in enumerate(bodies):
        (folder / f"{number:04}").write_bytes(body)
    command = [sys.executable, "-m", "benchmarks.feedserver", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        server.stdin.close()


# ---------------------------------------------------------------- the tables


def show(console: Console, feeds: int, results: Mapping[str, Outcome]) -> bool:
    """Print who took how long; return whether every floor holds."""
    ours, plain, conditional = results["newsbot"], results["stack"], results["stack, conditional GET"]
    table = Table(title=f"Polling {feeds} feeds, one core")
    for column in ("round", "newsbot", "stack", "ratio", "floor", "stack, conditional GET", "ratio"):
        table.add_column(column, justify="left" if column == "round" else "right")
    held = True
    for name in ROUNDS:
        ratio = plain.seconds[name] / ours.seconds[name]
        held = held and ratio >= FLOORS[name]
        table.add_row(
            name,
            f"{ours.seconds[name]:.3f} s",
            f"{plain.seconds[name]:.3f} s",
            f"{ratio:.1f}×",
            f"{FLOORS[name]:.0f}×",
            f"{conditional.seconds[name]:.3f} s",
            f"{conditional.seconds[name] / ours.seconds[name]:.1f}×",
        )
    console.print(table)
    console.print(
        f"newsbot stored {ours.articles:,} articles and {ours.alerts:,} matches of whole words; "
        f"the stack {plain.articles:,} entries and {plain.alerts:,} substring hits."
    )
    show_steps(console, ours)
    return held


def show_steps(console: Console, ours: Outcome) -> None:
    table = Table(title="Where newsbot's time goes, feed by feed")
    table.add_column("step")
    for name in ROUNDS:
        table.add_column(name, justify="right")
    for step in dict.fromkeys(step for steps in ours.steps.values() for step in steps):
        shares = [ours.steps[name].get(step, 0.0) / sum(ours.steps[name].values()) for name in ROUNDS]
        table.add_row(step, *(f"{share:.0%}" for share in shares))
    console.print(table)


async def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--feeds", type=Path, help="a folder or tar file of feeds")
    arguments.add_argument("--count", type=int, default=40, help="how many of them")
    arguments.add_argument("--subscriptions", type=int, default=10_000)
    arguments.add_argument("--json", type=Path, help="write the figures there")
    options = arguments.parse_args()
    console = Console()
    telemetry.configure("warning")
    bodies = list(feeds_of(options.feeds).values())[: options.count]
    with tempfile.TemporaryDirectory() as directory, served(bodies, Path(directory) / "feeds") as base_url:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        job = Job(base_url, len(bodies), keywords_from(bodies, options.subscriptions), Path(directory))
        results: dict[str, Outcome] = {}
        for name, run in (
            ("newsbot", run_newsbot(job)),
            ("stack", run_stack(job, conditional=False)),
            ("stack, conditional GET", run_stack(job, conditional=True)),
        ):
            console.print(f"running {name} …")
            results[name] = await run
    held = show(console, len(bodies), results)
    write_json(options.json, {name: vars(outcome) for name, outcome in results.items()})
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
