"""Bytes of feeds in, entries out: newsbot beside plain feedparser on the same bytes, on one core.

    python -m benchmarks.parse [--feeds FOLDER_OR_TAR] [--rounds N] [--json FILE]

feedparser reads a whole document whenever it is polled. newsbot checks and parses the whole document too, and
tells by fingerprints which items it has read before; only the others are cleaned of markup, dated and normalised,
which feedparser does not do at all. So there are three cases: a later poll that lists nothing new, one with one
new item, and the first poll of a feed, where everything is new. Each is measured in this process, and through the
pool of killable ones that the bot uses. The floors hold for the poll that finds nothing new.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser

from benchmarks.inputs import feeds_of, write_json
from bot.errors import ParseError
from bot.ports import Response
from bot.sources import source
from bot.sources.pool import ParserPool

URL = "https://feed.example/feed"
CASES = ("nothing new", "one new", "all new")
FLOORS = {
    ("all", "in process"): 60.0,
    ("all", "pool"): 30.0,
    ("5-100 kB", "in process"): 25.0,
    ("5-100 kB", "pool"): 12.0,
}
"""Of the first case, by size class and place."""
SIZES = (("under 5 kB", 5_000), ("5-100 kB", 100_000), ("100 kB-1 MB", 1_000_000), ("over 1 MB", sys.maxsize))

Times = Sequence[float]
"""Seconds of each feed, in its best round."""


@dataclass(frozen=True)
class Feed:
    body: bytes
    known: Mapping[str, frozenset[int]]
    """What has been read before, by case."""
    articles: int

    @property
    def size(self) -> str:
        return next(name for name, limit in SIZES if len(self.body) <= limit)


@dataclass(frozen=True)
class Results:
    feedparser: Times
    ours: Mapping[tuple[str, str], Times]
    """By place and case."""


def prepared(body: bytes) -> Feed:
    try:
        parsed = source("feed").parse(body, "", URL, frozenset())
    except ParseError:
        return Feed(body, dict.fromkeys(CASES, frozenset()), 0)
    known = {
        "nothing new": frozenset(parsed.listed),
        "one new": frozenset(parsed.listed[1:]),
        "all new": frozenset[int](),
    }
    return Feed(body, known, len(parsed.entries))


def best(rounds: Iterable[Times]) -> Times:
    return [min(times) for times in zip(*rounds, strict=True)]


def timed(read: Callable[[Feed], object], feeds: Sequence[Feed]) -> Times:
    times = []
    for feed in feeds:
        started = time.perf_counter()
        read(feed)
        times.append(time.perf_counter() - started)
    return times


def read_plainly(feed: Feed) -> None:
    feedparser.parse(io.BytesIO(feed.body))


def reader(case: str) -> Callable[[Feed], None]:
    """Return how newsbot reads a feed in this process."""
    parse = source("feed").parse

    def read(feed: Feed) -> None:
        with suppress(ParseError):
            parse(feed.body, "", URL, feed.known[case])

    return read


async def timed_in_pool(pool: ParserPool, case: str, feeds: Sequence[Feed]) -> Times:
    times = []
    for feed in feeds:
        started = time.perf_counter()
        with suppress(ParseError):
            await pool.parse("feed", Response(URL, body=feed.body), feed.known[case])
        times.append(time.perf_counter() - started)
    return times


async def measure(feeds: Sequence[Feed], rounds: int, say: Callable[[str], None]) -> Results:
    gc.collect()
    gc.freeze()  # the feeds held here are none of the parsers' business
    ours: dict[tuple[str, str], Times] = {}
    say("reading with feedparser …")
    plain = best(timed(read_plainly, feeds) for _ in range(max(2, rounds // 3)))
    say("reading with newsbot …")
    for case in CASES:
        ours["in process", case] = best(timed(reader(case), feeds) for _ in range(rounds))
    async with ParserPool(1, timeout_s=30) as pool:
        await timed_in_pool(pool, CASES[0], feeds[:1])
        for case in CASES:
            ours["pool", case] = best([await timed_in_pool(pool, case, feeds) for _ in range(rounds)])
    return Results(plain, ours)


# ---------------------------------------------------------------- the table


def chosen(feeds: Sequence[Feed], size: str) -> list[int]:
    return [number for number, feed in enumerate(feeds) if size in {"all", feed.size}]


def total(times: Times, places: Sequence[int]) -> float:
    return sum(times[place] for place in places)


def figures(feeds: Sequence[Feed], results: Results) -> list[dict[str, Any]]:
    """Return a row for each size class: milliseconds, and how many times quicker than feedparser."""
    rows: list[dict[str, Any]] = []
    for size in (*(name for name, _ in SIZES), "all"):
        places = chosen(feeds, size)
        if not places:
            continue
        plain = total(results.feedparser, places)
        row: dict[str, Any] = {
            "size": size,
            "feeds": len(places),
            "articles": sum(feeds[place].articles for place in places),
            "feedparser_ms": round(plain * 1e3, 1),
        }
        for (where, case), times in results.ours.items():
            ours = total(times, places)
            row[f"{where}, {case}"] = {"ms": round(ours * 1e3, 2), "ratio": round(plain / ours, 1)}
        rows.append(row)
    return rows


def missed(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the floors that do not hold, in words."""
    found = []
    for row in rows:
        for (size, where), floor in FLOORS.items():
            outcome = row[f"{where}, {CASES[0]}"]
            if row["size"] == size and outcome["ratio"] < floor:
                found.append(f"{size}, {where}: {outcome['ratio']:.1f}× is less than {floor:.0f}×")
    return found


def report(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write the table."""
    lines = [
        "Reading feeds on one core: milliseconds, and how many times quicker than feedparser",
        f"{'':12}{'feeds':>6}{'articles':>10}{'feedparser':>12}  {'':12}{'in process':>12}{'pool':>20}",
    ]
    for row in rows:
        head = f"{row['size']:12}{row['feeds']:6}{row['articles']:10,}{row['feedparser_ms']:12,.1f}"
        for case in CASES:
            here, pool = row[f"in process, {case}"], row[f"pool, {case}"]
            lines.append(
                f"{head:40}  {case:12}{here['ms']:12,.1f}{here['ratio']:8.1f}×{pool['ms']:11,.1f}{pool['ratio']:8.1f}×"
            )
            head = ""
    return "\n".join(lines)


def pin() -> None:
    """Keep this process and its children on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


async def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--feeds", type=Path, help="a folder or tar file of feeds")
    arguments.add_argument("--rounds", type=int, default=6, help="feedparser has a third of them")
    arguments.add_argument("--json", type=Path, help="write the figures there")
    options = arguments.parse_args()
    pin()
    warnings.simplefilter("ignore")
    feeds = [prepared(body) for body in feeds_of(options.feeds).values()]
    rows = figures(feeds, await measure(feeds, options.rounds, print))
    print(report(rows))
    write_json(options.json, {"rows": rows, "rounds": options.rounds})
    for reason in (reasons := missed(rows)):
        print(reason)
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
