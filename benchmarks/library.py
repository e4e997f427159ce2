"""Stores full of articles, made in bulk by the store's own statements.

The corpus is `../shared/corpus` where there is one, else sentences of words of our own. A made article has a headline
of one report and paragraphs of any; every twenty-fifth is Chinese. So words are as frequent as in news, and there can
be as many articles as are wanted.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, update

from bot.domain.model import Entry
from bot.stores import migrate
from bot.stores.sqlite import SQLite
from bot.stores.tables import counters, entries, feeds, stories
from bot.stores.terms import terms_of

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
PARAGRAPHS = 4
"""Of an article; each has some forty words."""
FEEDS = 200
BATCH = 5_000
END = datetime(2024, 5, 1, tzinfo=UTC)
DAYS = 90
"""How long ago the first article was seen, as newsbot keeps them by default."""
CHINESE_NAMES = ("金正恩", "习近平", "普京", "朝鲜", "峰会", "导弹", "联合国", "白宫", "首尔", "东京")
NEEDLES = tuple(f"Needleby{letter}" for letter in "abcdefghij")
"""Names that NEEDLE_ARTICLES articles hold, however many there are."""
NEEDLE_ARTICLES = 5

Told = Callable[[int], None]
"""Is told how many articles there are so far."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A headline or paragraph, and the terms by which it is found."""

    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """What articles are made of."""

    headlines: Sequence[Piece]
    paragraphs: Sequence[Piece]
    chinese: Sequence[Piece]
    origin: str

    def article(self, number: int) -> list[Piece]:
        """Return the headline and the paragraphs of one article, the same for the same number."""
        chance = random.Random(number)
        if number % 25 == 0:
            return chance.choices(self.chinese, k=1 + PARAGRAPHS)
        return [chance.choice(self.headlines), *chance.choices(self.paragraphs, k=PARAGRAPHS)]


def read_library(seed: int = 1) -> Library:
    """Cut the corpus, or what we make of words of our own, into pieces."""
    found = sorted(CORPUS.glob("*.jsonl.gz")) if CORPUS.is_dir() else []
    reports = [report for file in found for report in _reports(file)] or list(_made(random.Random(seed)))
    chance = random.Random(seed)
    return Library(
        headlines=[_piece(title=title.capitalize()) for title, _ in reports if title],
        paragraphs=[_piece(body=part) for _, body in reports for part in _paragraphs(body)],
        chinese=[_piece(body=_chinese(chance)) for _ in range(5_000)],
        origin=", ".join(file.name for file in found) or "words of our own",
    )


def _reports(file: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            report = json.loads(line)
            yield report["title"] or "", report["body"] or ""


def _made(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Make reports of words whose frequencies fall as those of a language do."""
    words = ["".join(chance.choices("aeioulnrstmkdpgb", k=chance.randint(2, 10))) for _ in range(40_000)]
    shares = [1 / rank for rank in range(2, len(words) + 2)]
    for _ in range(5_000):
        said = chance.choices(words, shares, k=170)
        yield " ".join(said[:9]), " ".join(said[9:])


def _paragraphs(body: str) -> Iterator[str]:
    words = body.split()
    for start in range(0, len(words), 40):
        yield " ".join(words[start : start + 40])


def _chinese(chance: random.Random) -> str:
    """Return a line of characters whose frequencies fall, with a name in it now and then."""
    characters = [chr(0x4E00 + min(int(chance.paretovariate(0.6)), 6_000)) for _ in range(40)]
    if chance.random() < 0.2:
        characters.insert(chance.randrange(40), chance.choice(CHINESE_NAMES))
    return "".join(characters) + "。"


def _piece(title: str = "", body: str = "") -> Piece:
    # Paragraphs are read apart from each other: an article's terms are those of its pieces together.
    return Piece(title or body, tuple(terms_of(Entry("", 0, title, body), END)))


# ---------------------------------------------------------------- building


def build(file: Path, library: Library, articles: int, told: Told) -> None:
    """Make a store of so many articles, evenly spread over DAYS."""
    asyncio.run(_build(file, library, articles, told))


async def _build(file: Path, library: Library, articles: int, told: Told) -> None:
    await migrate(f"sqlite:///{file}")
    async with SQLite(f"sqlite:///{file}") as database:
        await database.write(_add_feeds)
        for start in range(1, articles + 1, BATCH):
            numbers = range(start, min(start + BATCH, articles + 1))
            await database.write(
                partial(_add, database=database, library=library, numbers=numbers, of=articles)
            )
            told(numbers[-1])
        await database.write_through(_count, articles)


def _add_feeds(connection: Connection) -> None:
    common = {"kind": "feed", "credentials": "", "followed": True, "next_poll_at": END, "caught_up": True}
    rows = [
        {"id": number, "url": f"https://{_host(number)}/rss", "title": f"Feed {number}"} | common
        for number in range(FEEDS)
    ]
    connection.execute(insert(feeds), rows)


def _add(connection: Connection, database: SQLite, library: Library, numbers: range, of: int) -> None:
    made = [(number, _pieces(library, number, of)) for number in numbers]
    seen = {number: END - timedelta(days=DAYS) * (1 - number / of) for number in numbers}
    opened = [
        {"id": n, "key": str(n), "slot": 0, "published_at": seen[n], "lead_entry_id": n} for n in numbers
    ]
    connection.execute(insert(stories), opened)
    connection.execute(insert(entries), [_row(number, pieces, seen[number]) for number, pieces in made])
    facts = {
        number: terms_of(Entry("", 0, "", url=f"https://{_host(number)}/", language="en"), END)
        for number in range(FEEDS)
    }
    database.words.add(
        connection,
        (
            (
                number,
                dict.fromkeys([term for piece in pieces for term in piece.terms] + facts[number % FEEDS]),
            )
            for number, pieces in made
        ),
    )


def _pieces(library: Library, number: int, of: int) -> list[Piece]:
    pieces = library.article(number)
    apart = of // (len(NEEDLES) * NEEDLE_ARTICLES)
    if number % apart == 0:
        pieces.append(_piece(body=f"{NEEDLES[number // apart % len(NEEDLES)]} was there."))
    return pieces


def _row(number: int, pieces: Sequence[Piece], seen: datetime) -> dict[str, Any]:
    url = f"{_host(number % FEEDS)}/{number}"
    return {
        "id": number,
        "story_id": number,
        "feed_id": number % FEEDS,
        "first_seen_at": seen,
        "uid": str(number),
        "fingerprint": number,
        "url_key": url,
        "title": pieces[0].text,
        "url": f"https://{url}",
        "byline": "",
        "tags": [],
        "language": "en",
        "published_at": seen - timedelta(minutes=10),
        "body": "\n\n".join(piece.text for piece in pieces[1:]),
    }


def _host(feed: int) -> str:
    return f"paper{feed}.example.org"


def _count(connection: Connection, articles: int) -> None:
    connection.execute(update(counters).where(counters.c.name.in_(("story", "entry"))).values(value=articles))


_WORD = re.compile(r"[a-z]{4,}")


def plain_words(text: str) -> list[str]:
    """Return the plain words of a text, for choosing queries from."""
    return _WORD.findall(text.lower())
