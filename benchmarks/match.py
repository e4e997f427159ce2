"""Articles in, subscriptions that match out: newsbot's index beside naive search and fast automata, on one core.

    python -m benchmarks.match [--sizes 100,1000,10000,100000] [--corpus FOLDER] [--articles N] [--json FILE]

    python -m benchmarks.match --sizes 100,1000,10000,100000,1000000      a million too: ten minutes, 3 GB

Every article has 600 to 700 words, joined from reports, and is read anew each time, with all folding; its title and
body, and where each match stands, come with it. Naive is `keyword.lower() in text.lower()` for each keyword, timed on
200 of the row's own keywords and multiplied. Subscriptions are phrases of one to four words:

    equal hits     one phrase is planted in each article (60 of them), the same ones at every size, so that an article
                   has one hit, as is usual in a newsroom; all others stand in none of the articles, though all but
                   those of one word are made of the articles' words
    natural hits   drawn from other news, none of them in more than 2 % of it: the more there are, the more is found
    boolean mix    queries with AND, OR, -, NEAR and title: of drawn phrases that stand in at most 0.1 % of the news

Every time is the average of what each article takes in its best round, for all that is compared.

The automata look for plain lower-case substrings: they find no plurals, know no words and give no reasons.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import math
import os
import random
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.inputs import write_json
from benchmarks.watchers import Sample, boolean_mix, idle_phrases, natural_phrases, planted_phrases, sample_of
from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.matching import QueryIndex
from bot.domain.model import SubscriptionId
from bot.domain.query import Query, parse_query

Item = TypeVar("Item")
FLOORS = {1_000: 30.0, 10_000: 300.0, 100_000: 3_000.0}
"""Times naive, by subscriptions, at equal hits."""
GROWTH = {100_000: 2.5, 1_000_000: 7.0}
"""Cost at so many over the cost at 100, at equal hits, at most."""
BOOLEAN = 10_000
BOOLEAN_FLOOR = 100.0
VISIBLE_MS = 10.0
STALL_MS = 20.0
STALL_AT = 100_000
NAIVE_SAMPLE = 200
MOST_FOR_PEERS = 10_000
"""Subscriptions that the automata are built for: larger ones take minutes or do not compile."""


@dataclass
class Report:
    figures: dict[str, Any] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def floor(self, what: str, value: float, least: float) -> str:
        if value < least:
            self.missed.append(f"{what}: {value:,.1f}, at least {least:,.0f} is wanted")
        return f"(floor {least:,.0f})"

    def ceiling(self, what: str, value: float, most: float) -> str:
        if value > most:
            self.missed.append(f"{what}: {value:,.1f}, at most {most:,.1f} is allowed")
        return f"(at most {most:g})"


def main() -> None:
    options = _options()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sizes = [int(size) for size in options.sizes.split(",")]
    sample = sample_of(options.corpus, options.articles)
    words = sum(len(f"{title} {body}".split()) for title, body in sample.articles) / len(sample.articles)
    print(
        f"{len(sample.articles)} articles of {words:.0f} words on average; sizes in subscriptions", flush=True
    )
    report = Report()
    planted = planted_phrases(sample)
    vain = idle_phrases(sample, max(sizes))
    equal = {size: [*planted, *vain][:size] for size in sizes}
    _sizes(report, sample, "equal hits", equal)
    natural = natural_phrases(sample, max(sizes))
    _sizes(report, sample, "natural hits", {size: natural[:size] for size in sizes})
    _peers(report, sample, [size for size in sizes if size <= MOST_FOR_PEERS], natural)
    _boolean(report, sample)
    if max(sizes) >= STALL_AT:
        asyncio.run(_changes(report, sample, [*planted, *vain[:STALL_AT]]))
    write_json(options.json, report.figures)
    for missed in report.missed:
        print(f"MISSED  {missed}")
    sys.exit(1 if report.missed else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="100,1000,10000,100000")
    parser.add_argument("--corpus", type=Path, help="a folder of gzipped JSON lines with title and body")
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _naive(sample: Sample, phrases: Sequence[str]) -> float:
    """Return microseconds for one keyword in one article."""
    keywords = random.Random(7).sample(phrases, min(len(phrases), NAIVE_SAMPLE))
    texts = [f"{title}\n{body}" for title, body in sample.articles]

    def look(text: str) -> None:
        for keyword in keywords:
            _ = keyword.lower() in text.lower()

    return _best(look, texts, 5) / len(keywords)


def _best(work: Callable[[Item], object], items: Sequence[Item], rounds: int) -> float:
    """Return the microseconds that something takes on average, each item in its best round."""
    times = [math.inf] * len(items)
    for _ in range(rounds):
        for number, item in enumerate(items):
            started = time.perf_counter()
            work(item)
            times[number] = min(times[number], time.perf_counter() - started)
    return sum(times) / len(items) * 1e6


# ---------------------------------------------------------------- sizes


def _sizes(report: Report, sample: Sample, kind: str, sizes: Mapping[int, Sequence[str]]) -> None:
    print(f"{kind:<16}{'hits':>7}{'µs/article':>12}{'× naive':>10}{'build s':>9}{'bytes each':>12}")
    first = 0.0
    for size, phrases in sizes.items():
        index, build_s, each = _built([parse_query(phrase) for phrase in phrases], len(phrases))
        cost, hits = _cost(index, sample)
        ratio = _naive(sample, phrases) * len(phrases) / cost
        first = first or cost
        notes = []
        if kind == "equal hits":
            if size in FLOORS:
                notes.append(report.floor(f"{size:,} {kind}, times naive", ratio, FLOORS[size]))
            if size in GROWTH:
                growth = cost / first
                limit = report.ceiling(f"cost at {size:,} ÷ cost at 100", growth, GROWTH[size])
                notes.append(f"{growth:.2f} of the cost at {min(sizes)} {limit}")
        print(
            f"  {len(phrases):>12,}  {hits:>7.1f}{cost:>12.1f}{ratio:>10,.0f}{build_s:>9.2f}{each:>12,.0f}  "
            f"{' · '.join(notes)}",
            flush=True,
        )
        report.figures[f"{kind} {size}"] = {
            "us": cost, "times_naive": ratio, "hits": hits, "build_s": build_s, "bytes": each,
        }  # fmt: skip
    print()


def _built(queries: Sequence[Query], count: int) -> tuple[QueryIndex, float, float]:
    """Return an index, the seconds of filling it, and the bytes it takes for each subscription."""
    gc.collect()
    before = _resident()
    started = time.perf_counter()
    index = QueryIndex()
    for number, query in enumerate(queries, start=1):
        index.add(SubscriptionId(number), query)
    index.match(Document("warm", "up"))
    taken = time.perf_counter() - started
    gc.collect()
    each = max(0, _resident() - before) / max(count, 1)
    return index, taken, each


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _cost(index: QueryIndex, sample: Sample, rounds: int = 15) -> tuple[float, float]:
    """Return microseconds an article, and matches an article."""
    hits = sum(len(index.match(Document(*article))) for article in sample.articles)
    cost = _best(lambda article: index.match(Document(*article)), sample.articles, rounds)
    return cost, hits / len(sample.articles)


# ---------------------------------------------------------------- peers


def _peers(report: Report, sample: Sample, sizes: Sequence[int], phrases: Sequence[str]) -> None:
    print(
        f"{'peers, natural hits: µs/article':<34}{'re':>12}{'ahocorasick_rs':>16}{'hyperscan':>12}{'naive':>12}"
    )
    texts = [f"{title}\n{body}" for title, body in sample.articles]
    for size in sizes:
        keywords = sorted({phrase.lower() for phrase in phrases[:size]})
        cells = [_peer(make, keywords, texts) for make in (_regular_expression, _aho_corasick, _hyperscan)]
        shown = [f"{cell:,.0f}" if cell is not None else "absent" for cell in cells]
        print(
            f"  {size:>12,}{'':20}{shown[0]:>12}{shown[1]:>16}{shown[2]:>12}{_naive(sample, keywords) * size:>12,.0f}",
            flush=True,
        )
        names = ("re", "ahocorasick_rs", "hyperscan")
        report.figures[f"peers {size}"] = dict(zip(names, cells, strict=True))
    print()


def _peer(
    make: Callable[[Sequence[str]], Callable[[str], object]], keywords: Sequence[str], texts: Sequence[str]
) -> float | None:
    try:
        search = make(keywords)
    except ImportError:
        return None
    return _best(search, texts, 2)


def _regular_expression(keywords: Sequence[str]) -> Callable[[str], object]:
    longest_first = sorted(keywords, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return lambda text: pattern.findall(text.lower())


def _aho_corasick(keywords: Sequence[str]) -> Callable[[str], object]:
    import ahocorasick_rs

    automaton = ahocorasick_rs.AhoCorasick(keywords)
    return lambda text: automaton.find_matches_as_indexes(text.lower(), overlapping=True)


def _hyperscan(keywords: Sequence[str]) -> Callable[[str], object]:
    import hyperscan

    database = hyperscan.Database()
    database.compile(
        expressions=[re.escape(keyword).encode() for keyword in keywords],
        ids=list(range(len(keywords))),
        elements=len(keywords),
        flags=[hyperscan.HS_FLAG_SINGLEMATCH] * len(keywords),
    )

    def search(text: str) -> list[int]:
        found: list[int] = []
        database.scan(text.lower().encode(), match_event_handler=lambda number, *_: found.append(number))
        return found

    return search


# ---------------------------------------------------------------- boolean queries and changes


def _boolean(report: Report, sample: Sample) -> None:
    queries = [parse_query(text) for text in boolean_mix(sample, BOOLEAN)]
    index, build_s, each = _built(queries, len(queries))
    cost, hits = _cost(index, sample)
    asked = random.Random(6).sample(queries, 300)

    def ask(article: tuple[str, str]) -> None:
        document = Document(*article)
        for query in asked:
            evaluate(query, document)

    all_us = _best(ask, sample.articles[:5], 3) / len(asked) * BOOLEAN
    ratio = all_us / cost
    print(
        f"boolean mix of {BOOLEAN:,}: {cost:,.0f} µs an article, {hits:.1f} hits, {each:,.0f} bytes each, built in"
        f" {build_s:.1f} s; evaluating all (timed on a sample) {all_us:,.0f} µs: {ratio:,.0f}×"
        f" {report.floor('boolean mix, times evaluating all', ratio, BOOLEAN_FLOOR)}\n",
        flush=True,
    )
    report.figures["boolean"] = {"us": cost, "times_evaluating_all": ratio, "hits": hits, "bytes": each}


async def _changes(report: Report, sample: Sample, phrases: Sequence[str]) -> None:
    """Add and remove subscriptions of a full index while a control coroutine looks how long the loop is kept."""
    index, _, _ = _built([parse_query(phrase) for phrase in phrases], len(phrases))
    title, body = sample.articles[0]
    stalls: list[float] = []
    running = True

    async def control() -> None:
        while running:
            started = time.perf_counter()
            await asyncio.sleep(0.001)
            stalls.append((time.perf_counter() - started) * 1000 - 1)

    watcher = asyncio.create_task(control())
    visible: list[float] = []
    words = natural_phrases(sample, 1_000, seed=9)
    for number, phrase in enumerate(words):
        added = SubscriptionId(10_000_000 + number)
        started = time.perf_counter()
        index.add(added, parse_query(f"newsbotmark{number % 7}, {phrase}"))
        seen = any(
            match.subscription_id == added for match in index.match(Document(f"newsbotmark{number % 7}"))
        )
        index.remove(added)
        gone = not any(
            match.subscription_id == added for match in index.match(Document(f"newsbotmark{number % 7}"))
        )
        visible.append((time.perf_counter() - started) * 1000)
        if not (seen and gone):
            report.missed.append(f"a subscription for {phrase!r} was not seen at once")
        await asyncio.sleep(0)
    index.match(Document(title, body))
    running = False
    await watcher
    print(
        f"changes at {len(phrases):,}: added, seen, removed and gone within {max(visible):.1f} ms"
        f" {report.ceiling('visible within ms', max(visible), VISIBLE_MS)};"
        f" longest stall of the loop {max(stalls):.1f} ms"
        f" {report.ceiling('stall of the loop, ms', max(stalls), STALL_MS)}\n"
    )
    report.figures["changes"] = {"visible_ms": max(visible), "stall_ms": max(stalls)}


if __name__ == "__main__":
    main()
