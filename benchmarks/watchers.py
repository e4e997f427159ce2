"""Articles and subscriptions for `benchmarks.match`: as long as news is, in the words of news."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
WORDS = range(600, 701)
"""Of an article."""
OPERATORS = frozenset({"AND", "OR", "NOT"})
PLANTED = 100
"""Phrases of the articles themselves, in every size at equal hits."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Articles that are matched, as (headline, text), and reports that phrases are drawn from."""

    articles: Sequence[tuple[str, str]]
    others: Sequence[str]


def sample_of(corpus: Path | None, count: int, seed: int = 1) -> Sample:
    """Join reports to articles; of a folder of gzipped JSON lines, else of the shared corpus, else of made ones."""
    folder = corpus or (CORPUS if CORPUS.is_dir() else None)
    reports = list(_reports(folder)) if folder else list(_made(random.Random(seed)))
    random.Random(seed).shuffle(reports)
    articles: list[tuple[str, str]] = []
    used = 0
    while len(articles) < count and used < len(reports) // 2:
        title, body, used = _joined(reports, used)
        articles.append((title, body))
    return Sample(articles, [text for _, text in reports[used:]])


def _joined(reports: Sequence[tuple[str, str]], used: int) -> tuple[str, str, int]:
    title = reports[used][0]
    words: list[str] = []
    parts: list[str] = []
    while len(words) < WORDS.start:
        parts.append(reports[used % len(reports)][1])
        words += parts[-1].split()
        used += 1
    text = "\n\n".join(parts)
    return title, _cut(text, WORDS.stop - 1 - len(title.split())), used


def _cut(text: str, count: int) -> str:
    """Keep so many words, and the white space between them."""
    at = 0
    for _ in range(count):
        start = len(text) - len(text[at:].lstrip())
        space = next((place for place in range(start, len(text)) if text[place].isspace()), len(text))
        at = space
    return text[:at]


def _reports(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for written in lines:
                report = json.loads(written)
                if len(report["body"]) > 200:
                    yield report["title"], report["body"]


def _made(chance: random.Random) -> Iterator[tuple[str, str]]:
    vocabulary = ["".join(chance.choices("aeioulnrstmk", k=chance.randint(2, 10))) for _ in range(20_000)]
    weights = [1 / place for place in range(1, len(vocabulary) + 1)]
    for _ in range(4000):
        said = chance.choices(vocabulary, weights, k=160)
        yield " ".join(said[:9]).title(), f"{' '.join(said[9:]).capitalize()}."


def natural_phrases(sample: Sample, count: int, seed: int = 2) -> list[str]:
    """Draw different phrases of one to four words from reports that are not matched."""
    chance, found = random.Random(seed), dict[str, None]()
    texts = [text.split() for text in sample.others]
    for _ in range(count * 60):
        if len(found) == count:
            break
        words = chance.choice(texts)
        length = chance.randint(1, 4)
        start = chance.randrange(max(1, len(words) - length))
        phrase = " ".join(words[start : start + length])
        if all(part.isalpha() and part not in OPERATORS for part in phrase.split()):
            found[phrase] = None
    return list(found)


def planted_phrases(sample: Sample, seed: int = 3) -> list[str]:
    """Draw the phrases that stand in the articles, PLANTED of them, of two to four words."""
    chance, found = random.Random(seed), dict[str, None]()
    texts = [body.split() for _, body in sample.articles]
    while len(found) < PLANTED:
        words = chance.choice(texts)
        length = chance.randint(2, 4)
        start = chance.randrange(len(words) - length)
        if all(part.isalpha() and part not in OPERATORS for part in words[start : start + length]):
            found[" ".join(words[start : start + length])] = None
    return list(found)


def idle_phrases(sample: Sample, count: int, seed: int = 4) -> list[str]:
    """Make phrases of the articles' own words that stand in none of them: they are looked for in vain."""
    chance = random.Random(seed)
    said = " ".join(f"{title} {body}" for title, body in sample.articles).lower()
    vocabulary = sorted({word for word in said.split() if word.isalpha()})
    pairs = set(pairwise(said.split()))
    return list(islice(_vain(chance, vocabulary, pairs), count))


def _vain(chance: random.Random, vocabulary: Sequence[str], pairs: set[tuple[str, str]]) -> Iterator[str]:
    seen = set[str]()
    while True:
        words = chance.choices(vocabulary, k=chance.randint(2, 4))
        phrase = " ".join(words)
        near = any(pair in pairs for pair in pairwise(words))
        plural = any((one.rstrip("s"), other.rstrip("s")) in pairs for one, other in pairwise(words))
        if not near and not plural and phrase not in seen:
            seen.add(phrase)
            yield phrase


def boolean_mix(sample: Sample, count: int, seed: int = 5) -> list[str]:
    """Make queries as people combine them, of phrases drawn from reports."""
    chance = random.Random(seed)
    phrases = natural_phrases(sample, min(4 * count, 20_000), seed)
    shapes = (
        "{} AND {}", "{} -{}", "({}, {}) AND {}", '"{}" -({}, {})', "{} NEAR/8 {}", "title:{} AND {}", "{}, {} AND {}",
    )  # fmt: skip
    found = []
    for _ in range(count):
        shape = chance.choice(shapes)
        found.append(shape.format(*chance.choices(phrases, k=shape.count("{}"))))
    return found
