"""How long a search takes among how many articles: newest first and best first, beside plain FTS5 with bm25.

    python -m benchmarks.search [--sizes N ...] [--rounds N] [--folder FOLDER] [--json FILE]

Every size is a store of its own, made in bulk from the corpus (see `benchmarks.library`), on which the real
`Lookup` searches for the first page of 10. Plain FTS5 is what one would write without newsbot: an index by unicode61
over the same rows of the same file, `ORDER BY rank LIMIT 10`. The stores take turns with every query. It ends with 1
when a search newest first takes more than 1.5 times as long (p50) in the largest store as in the smallest.

By default 120,000 and 1,000,000 articles, which takes ten minutes and 3 GB of disk; `make bench` is content with less.

    common, rare, phrase, boolean, CJK    what the floor speaks of
    five articles                         a word of which there are five, however large the store
    prefix                                five letters and a star
    apart                                 two common words as a phrase that hardly stands anywhere: all that hold both
                                          are read, so it takes the longer the more there are
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Container, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

from benchmarks.inputs import write_json
from benchmarks.library import PARAGRAPHS, Library, build, read_library
from benchmarks.questions import COUNTED, KINDS, Question, questions
from bot.services.lookup import Lookup
from bot.stores import open_store

PAGE = 10
FLOOR = 1.5
"""What the largest store may take of the smallest one's time, newest first, p50."""
NEWEST, BEST, PLAIN = WAYS = ("newest first", "best first", "plain FTS5")
ROUNDS = {NEWEST: 1.0, BEST: 0.2, PLAIN: 0.2}
"""In how many of the rounds a way takes part, of all; at least in one."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store, opened."""

    articles: int
    lookup: Lookup
    plain: sqlite3.Connection


Taken = dict[tuple[str, int, str], list[float]]
"""Milliseconds by kind of question, size of the store, and way."""


# ---------------------------------------------------------------- asking


async def measure(files: Mapping[int, Path], asked: Sequence[Question], rounds: int) -> Taken:
    """Ask everything of every store, in turns."""
    taken: Taken = {}
    async with AsyncExitStack() as opened:
        shelves = [await _shelf(opened, articles, file) for articles, file in files.items()]
        turns = list(_turns(asked, rounds))
        for number, question, way in track(turns, "searching", console=Console(stderr=True)):
            for shelf in shelves:
                took_ms = await _timed(_asking(shelf, question, way))
                if number:
                    taken.setdefault((question.kind, shelf.articles, way), []).append(took_ms)
    return taken


def _turns(asked: Sequence[Question], rounds: int) -> Iterator[tuple[int, Question, str]]:
    """Yield what is asked in which round and way; round 0, newest first, is for warming up."""
    for number in range(rounds + 1):
        for question in random.Random(number).sample(asked, len(asked)):
            for way in WAYS:
                if (number or way == NEWEST) and number <= max(1, rounds * ROUNDS[way]):
                    yield number, question, way


async def _shelf(opened: AsyncExitStack, articles: int, file: Path) -> Shelf:
    store = await opened.enter_async_context(open_store(f"sqlite:///{file}"))
    plain = opened.enter_context(closing(sqlite3.connect(file)))
    plain.execute("PRAGMA cache_size=-16000")  # as newsbot has it
    return Shelf(articles, Lookup(store.archive), plain)


def _asking(shelf: Shelf, question: Question, way: str) -> Callable[[], Awaitable[object]]:
    async def plain() -> object:
        return shelf.plain.execute(_PLAIN, (question.fts, PAGE)).fetchall()

    if way == PLAIN:
        return plain
    search = shelf.lookup.search if way == NEWEST else shelf.lookup.best
    return lambda: search(question.query, PAGE)


async def _timed(ask: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await ask()
    return (time.perf_counter() - began) * 1e3


# ---------------------------------------------------------------- the stores

_MAKE_PLAIN = """
CREATE VIRTUAL TABLE plain USING fts5 (title, body, content='entries', content_rowid='id', tokenize='unicode61');
INSERT INTO plain (plain) VALUES ('rebuild');
"""
_PLAIN = """
SELECT entries.* FROM plain JOIN entries ON entries.id = plain.rowid
WHERE plain MATCH ? ORDER BY rank LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What an article takes of the disk, bytes."""

    all: float
    index: float
    """Of it, for newsbot's full-text index."""
    plain: float
    """Plain FTS5's index, which is not newsbot's."""


def make(file: Path, library: Library, articles: int) -> None:
    """Build a store and, beside it in the same file, the plain index; a store that is there is used again."""
    if file.exists():
        return
    draft = file.with_suffix(".part")
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(f"building {articles:,} articles", total=articles)
        build(draft, library, articles, lambda done: progress.update(task, completed=done))
        indexing = progress.add_task("indexing them plainly", total=None)
        with closing(sqlite3.connect(draft)) as connection:
            connection.executescript(_MAKE_PLAIN)
        progress.update(indexing, total=1, completed=1)
    draft.rename(file)


def sizes(file: Path, articles: int) -> Sizes:
    """Measure a store that nobody has open."""
    with closing(sqlite3.connect(file)) as connection:
        index, plain = (
            connection.execute(f"SELECT sum(length(block)) FROM {name}_data").fetchone()[0]
            for name in ("entry_words", "plain")
        )
        docs = connection.execute("SELECT sum(length(sz)) FROM plain_docsize").fetchone()[0]
    own = file.stat().st_size - plain - docs
    return Sizes(own / articles, index / articles, (plain + docs) / articles)


# ---------------------------------------------------------------- telling


def report(taken: Taken, measured: Mapping[int, Sizes]) -> Table:
    """Write the table: p50 and p99 of every kind, size and way, and what plain FTS5 takes of that."""
    table = Table("", "articles", *(f"{way}\np50   p99 ms" for way in WAYS), "plain÷newest", "plain÷best")
    for column in table.columns[1:]:
        column.justify = "right"
    for kind in KINDS:
        for articles in measured:
            p50 = {way: _p50(taken[kind, articles, way]) for way in WAYS}
            cells = [f"{p50[way]:8.2f} {_p99(taken[kind, articles, way]):8.2f}" for way in WAYS]
            shares = (f"{p50[PLAIN] / p50[NEWEST]:.2f}", f"{p50[PLAIN] / p50[BEST]:.2f}")
            table.add_row(kind, f"{articles:,}", *cells, *shares)
        if len(measured) > 1:
            grown = [f"× {ratio(taken, way, (kind,)):.2f}" for way in WAYS]
            table.add_row("", "", *grown, "", "", end_section=True)
    return table


def _figures(taken: Taken, measured: Mapping[int, Sizes]) -> dict[str, Any]:
    rows = [
        {"kind": kind, "articles": articles, "way": way, "p50_ms": _p50(times), "p99_ms": _p99(times)}
        for (kind, articles, way), times in taken.items()
    ]
    return {"rows": rows, "bytes": {str(articles): asdict(size) for articles, size in measured.items()}}


def ratio(taken: Taken, way: str, kinds: Container[str] = COUNTED) -> float:
    """Return how many times as long the largest store takes as the smallest (p50)."""
    by_size: dict[int, list[float]] = {}
    for (kind, articles, by_way), times in taken.items():
        if by_way == way and kind in kinds:
            by_size.setdefault(articles, []).extend(times)
    return _p50(by_size[max(by_size)]) / _p50(by_size[min(by_size)])


def _p50(times: Sequence[float]) -> float:
    return statistics.median(times)


def _p99(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[98]


def _run(options: argparse.Namespace, folder: Path) -> int:
    library = read_library()
    folder.mkdir(parents=True, exist_ok=True)
    files = {articles: folder / f"{articles}.db" for articles in sorted(options.sizes)}
    for articles, file in files.items():
        make(file, library, articles)
    measured = {articles: sizes(file, articles) for articles, file in files.items()}
    taken = asyncio.run(measure(files, questions(library), options.rounds))
    console = Console(width=132)
    console.print(
        f"Articles of some {PARAGRAPHS * 40} words, from {library.origin}; the first page of {PAGE}."
    )
    console.print(report(taken, measured))
    for articles, size in measured.items():
        console.print(
            f"{articles:,} articles: {size.all:,.0f} bytes each, of which {size.index:,.0f} for the index;"
            f" plain FTS5's would be {size.plain:,.0f}"
        )
    grown = ratio(taken, NEWEST)
    console.print(
        f"newest first, {', '.join(COUNTED)}: × {grown:.2f} in the largest store (floor: × {FLOOR})"
    )
    write_json(options.json, _figures(taken, measured) | {"ratio": grown})
    return int(grown > FLOOR)


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(prog="benchmarks.search", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[120_000, 1_000_000], help="articles")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="keep the stores there, and use them again")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(_run(options, options.folder or Path(temporary)))


if __name__ == "__main__":
    main()
