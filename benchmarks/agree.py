"""How often `agree` errs: pairs of different articles, and copies as feeds make them.

    python -m benchmarks.agree [--corpus DIRECTORY] [--pairs N] [--seed N] [--json FILE]

The corpus is a directory of `.jsonl` or `.jsonl.gz` files whose lines hold `title` and `body`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.domain.stories import SHINGLE, TITLE_ONLY, agree
from bot.domain.text import words

DEFAULT_CORPUS = Path("../shared/corpus")
LONGEST_LIST = 40
"""A run of words that more articles than this have in common is a phrase of the trade; pairs by it are skipped."""


@dataclass(frozen=True, slots=True)
class Doc:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    case: str
    wanted: str
    pairs: int
    agreed: int
    us_per_pair: float


Variant = Callable[[Doc, random.Random], Doc]


def read(corpus: Path) -> list[Doc]:
    """Read every article of the corpus that has a text."""
    files = sorted(corpus.glob("*.jsonl*")) if corpus.is_dir() else [corpus]
    return [doc for file in files for doc in _docs(file) if doc.body.strip()]


def _docs(file: Path) -> Iterator[Doc]:
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
        for line in lines:
            fields = json.loads(line)
            yield Doc(fields.get("title") or "", fields.get("body") or "")


# ---------------------------------------------------------------- copies


def same(doc: Doc, _: random.Random) -> Doc:
    return doc


def first_sentence(doc: Doc, _: random.Random) -> Doc:
    return Doc(doc.title, re.split(r"(?<=[a-z]\.) ", doc.body, maxsplit=1)[0])


def cut_short(doc: Doc, _: random.Random) -> Doc:
    return Doc(doc.title, f"{doc.body[:200]}…")


def teaser(doc: Doc, _: random.Random) -> Doc:
    return Doc(doc.title, f"{doc.body[:160]} […] Continue reading this story on our website")


def other_headline(doc: Doc, chance: random.Random) -> Doc:
    return Doc(" ".join(chance.sample(words(doc.body) or ["news"], 1)), first_sentence(doc, chance).body)


def with_trailer(doc: Doc, _: random.Random) -> Doc:
    trailer = "source: https://publisher.example/story/1 #Headlines by: desk@publisher.example (A Writer)"
    return Doc(
        doc.title, f"{doc.body} {trailer}\nOriginal Post: https://publisher.example/story/1\nNo comments:"
    )


def edited(share: float) -> Variant:
    def edit(doc: Doc, chance: random.Random) -> Doc:
        kept: list[str] = []
        for word in doc.body.split():
            if chance.random() >= share:
                kept.append(word)
            elif chance.random() < 0.67:
                kept.append(f"word{chance.randrange(10_000)}")
        return Doc(doc.title, " ".join(kept))

    return edit


def other_order(doc: Doc, chance: random.Random) -> Doc:
    sentences = re.split(r"(?<=[a-z]\.) ", doc.body)
    chance.shuffle(sentences)
    return Doc(doc.title, " ".join(sentences))


COPIES: dict[str, Variant] = {
    "itself": same,
    "its first sentence": first_sentence,
    "its first 200 characters": cut_short,
    "a teaser with “Continue reading”": teaser,
    "first sentence, another headline": other_headline,
    "with the trailer of a blog copy": with_trailer,
    "5 % of the words edited": edited(0.05),
    "10 % of the words edited": edited(0.10),
    "sentences in another order": other_order,
}

# ---------------------------------------------------------------- different articles


def at_random(docs: list[Doc], count: int, chance: random.Random) -> Iterator[tuple[Doc, Doc]]:
    for _ in range(count):
        a, b = chance.sample(docs, 2)
        yield a, b


def swapped_texts(docs: list[Doc], count: int, chance: random.Random) -> Iterator[tuple[Doc, Doc]]:
    """Yield a text under another's headline: what a feed that lies would publish."""
    for a, b in at_random(docs, count, chance):
        if min(len(words(a.body)), len(words(b.body))) >= TITLE_ONLY:
            yield a, Doc(a.title, b.body)


def neighbours(docs: list[Doc], count: int) -> Iterator[tuple[Doc, Doc]]:
    """Yield the hardest pairs: articles that share some run of words, however common the rest."""
    holders: dict[tuple[str, ...], list[int]] = {}
    for number, doc in enumerate(docs):
        text = words(doc.body)
        for run in set(zip(*(text[start:] for start in range(SHINGLE + 2)), strict=False)):
            holders.setdefault(run, []).append(number)
    pairs = {
        (a, b)
        for numbers in holders.values()
        if 1 < len(numbers) <= LONGEST_LIST
        for place, a in enumerate(numbers)
        for b in numbers[place + 1 :]
    }
    for a, b in sorted(pairs)[:count]:
        yield docs[a], docs[b]


# ---------------------------------------------------------------- the table


def judge(case: str, wanted: str, pairs: Iterable[tuple[Doc, Doc]]) -> Row:
    taken = list(pairs)
    start = time.perf_counter()
    agreed = sum(agree(a.title, a.body, b.title, b.body) for a, b in taken)
    seconds = time.perf_counter() - start
    return Row(case, wanted, len(taken), agreed, seconds / max(1, len(taken)) * 1e6)


def run(docs: list[Doc], count: int, seed: int) -> Iterator[Row]:
    chance = random.Random(seed)
    yield judge("two articles at random", "differ", at_random(docs, count, chance))
    yield judge("another's text under one's headline", "differ", swapped_texts(docs, count, chance))
    yield judge("articles that share six words in a row", "mostly differ", neighbours(docs, 10 * count))
    sample = chance.sample(docs, min(len(docs), max(1, count // 10)))
    for case, variant in COPIES.items():
        yield judge(case, "agree", ((doc, variant(doc, chance)) for doc in sample))


def show(rows: Iterable[Row]) -> Iterator[Row]:
    print(f"{'case':<42}{'should':<15}{'pairs':>9}{'agree':>9}{'share':>10}{'µs/pair':>9}")
    for row in rows:
        share = f"{row.agreed / max(1, row.pairs):.4%}"
        print(
            f"{row.case:<42}{row.wanted:<15}{row.pairs:>9}{row.agreed:>9}{share:>10}{row.us_per_pair:>9.0f}"
        )
        yield row


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    options.add_argument("--pairs", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    if not given.corpus.exists():
        print(f"{given.corpus} is not there; name a corpus with --corpus.")
        return 0
    docs = read(given.corpus)
    print(f"{len(docs)} articles, seed {given.seed}\n")
    rows = list(show(run(docs, given.pairs, given.seed)))
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
