"""Articles and subscriptions for `benchmarks.match`: as long as news is, in the words of news."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, pairwise
from pathlib import Path

from bot.domain.text import counterparts, index_terms
from bot.domain.text import words as words_of

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
WORDS = range(600, 701)
"""Of an article."""
LONGEST = 4
"""Words of a phrase."""
OPERATORS = frozenset({"AND", "OR", "NOT"})
COMMON = 0.02
"""Share of reports from which on newsbot advises against a term; such terms are not drawn."""
RARE = 0.001
"""The same for what queries are combined of."""
COMMONEST = 0.1
"""Share of reports from which on a word is neither the first nor the last of a phrase: the, said, year."""

Gram = tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """Articles that are matched, as (headline, text), and reports that phrases are drawn from."""

    articles: Sequence[tuple[str, str]]
    others: Sequence[str]

    @cached_property
    def shares(self) -> Mapping[Gram, float]:
        """In what share of the reports words and pairs of them stand."""
        found = Counter(chain.from_iterable(_grams(text) for text in self.others))
        return {gram: count / len(self.others) for gram, count in found.items()}

    def is_common(self, phrase: Sequence[str], most: float) -> bool:
        """Say whether a phrase may stand in more than such a share of the reports, or is none that one subscribes to."""
        words = [word.lower() for word in phrase]
        if max(self.shares.get((word,), 0) for word in (words[0], words[-1])) > COMMONEST:
            return True
        grams: list[Gram] = [*pairwise(words)] or [(words[0],)]
        return min(self.shares.get(gram, 0) for gram in grams) > most


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


def _grams(text: str) -> set[Gram]:
    words = words_of(text)
    return {(word,) for word in words}.union(pairwise(words))


def natural_phrases(sample: Sample, count: int, seed: int = 2, most: float = COMMON) -> list[str]:
    """Draw different phrases of one to four words from reports that are not matched."""
    chance = random.Random(seed)
    texts = [text.split() for text in sample.others]
    found = dict.fromkeys(islice(_drawn(sample, texts, chance, most), 3 * count))
    return list(islice(found, count))


def planted_phrases(sample: Sample, seed: int = 3) -> list[str]:
    """Draw one phrase of some words from each article that stands in no other one."""
    chance = random.Random(seed)
    said = [f" {' '.join(words_of(f'{title} {body}'))} " for title, body in sample.articles]
    drawn = (_drawn(sample, [body.split()], chance, COMMON) for _, body in sample.articles)
    return [
        next(
            phrase
            for phrase in phrases
            if " " in phrase and sum(f" {phrase.lower()} " in text for text in said) == 1
        )
        for phrases in drawn
    ]


def _drawn(
    sample: Sample, texts: Sequence[Sequence[str]], chance: random.Random, most: float
) -> Iterator[str]:
    """Yield phrases that stand in some texts and are not too common."""
    while True:
        words = chance.choice(texts)
        length = chance.randint(1, LONGEST)
        start = chance.randrange(max(1, len(words) - length))
        phrase = words[start : start + length]
        plain = all(part.isalpha() and part not in OPERATORS for part in phrase)
        if plain and not sample.is_common(phrase, most):
            yield " ".join(phrase)


def idle_phrases(sample: Sample, count: int, seed: int = 4) -> list[str]:
    """Make phrases that stand in no article, of two to four of the articles' words, or of one that others use."""
    chance = random.Random(seed)
    texts = [f"{title}\n\n{body}" for title, body in sample.articles]
    words = {word for text in texts for word in words_of(text)}
    said = {_stem(term) for text in texts for term in index_terms(text)}
    used = {word for text in sample.others for word in text.lower().split() if word.isalpha()}
    absent = sorted(word for word in used if said.isdisjoint(map(_stem, (word, *counterparts(word)))))
    pairs = {tuple(map(_stem, pair)) for text in texts for pair in pairwise(words_of(text))}
    vocabulary = sorted(word for word in words if word.isalpha())
    singles = iter(chance.sample(absent, len(absent)))
    return list(islice(_vain(chance, vocabulary, singles, pairs), count))


def _vain(
    chance: random.Random, vocabulary: Sequence[str], singles: Iterator[str], pairs: set[tuple[str, ...]]
) -> Iterator[str]:
    seen = set[str]()
    while True:
        words = chance.choices(vocabulary, k=chance.randint(1, LONGEST))
        if len(words) == 1:
            words = list(islice(singles, 1)) or chance.choices(vocabulary, k=2)
        phrase = " ".join(words)
        near = any(tuple(map(_stem, pair)) in pairs for pair in pairwise(words))
        if not near and phrase not in seen:
            seen.add(phrase)
            yield phrase


def _stem(word: str) -> str:
    """Return what a word, its plural and its singular have in common, and perhaps others too."""
    return word.rstrip("seiy") or word


def boolean_mix(sample: Sample, count: int, seed: int = 5) -> list[str]:
    """Make queries as people combine them, of rare phrases drawn from reports."""
    chance = random.Random(seed)
    phrases = natural_phrases(sample, 2 * count, seed, RARE)
    shapes = (
        "{} AND {}", "{} -{}", "({}, {}) AND {}", '"{}" -({}, {})', "{} NEAR/8 {}", "title:{} AND {}", "{}, {} AND {}",
    )  # fmt: skip
    found = []
    for _ in range(count):
        shape = chance.choice(shapes)
        found.append(shape.format(*chance.choices(phrases, k=shape.count("{}"))))
    return found
