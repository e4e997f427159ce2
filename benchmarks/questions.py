"""What the stores of `benchmarks.library` are asked: searches whose words so many of their articles hold."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from benchmarks.library import CHINESE_NAMES, NEEDLES, Library, plain_words

COUNTED = ("common", "rare", "phrase", "boolean", "CJK")
"""The kinds of which the floor speaks."""
KINDS = (*COUNTED, "five articles", "prefix", "apart")
EACH = 15
"""Questions of a kind."""
SAMPLE = 10_000
"""Articles by which they are chosen."""
_NEIGHBOURS = re.compile(r"(?<![\w.'-])(?=([a-z]{4,}) ([a-z]{4,})(?![\w'-]))")
"""Two words with nothing but a blank between: what is read over a full stop or a number is no phrase."""


@dataclass(frozen=True, slots=True)
class Question:
    """One search, as newsbot and as FTS5 are asked for it."""

    kind: str
    query: str
    fts: str


def questions(library: Library, seed: int = 1) -> list[Question]:
    """Choose questions of every kind by how many articles of a sample hold their words."""
    chance = random.Random(seed)
    texts = [[plain_words(piece.text) for piece in library.article(number)] for number in range(1, SAMPLE)]
    holding = _counted(set().union(*parts) for parts in texts)
    common = _some(chance, holding, 0.03, 0.2)
    rare = _some(chance, holding, 0.0006, 0.002)
    bodies = (" ".join(piece.text for piece in library.article(number)) for number in range(1, SAMPLE))
    pairs = _counted(set(_NEIGHBOURS.findall(text.lower())) for text in bodies)
    phrases = [f"{a} {b}" for a, b in _some(chance, pairs, 0.001, 0.006)]
    middling = _some(chance, holding, 0.005, 0.02)
    begun = sorted({word[:5] for word in middling if len(word) > 5})
    return [
        *(Question("common", word, f'"{word}"') for word in common),
        *(Question("rare", word, f'"{word}"') for word in rare),
        *(Question("phrase", phrase, f'"{phrase}"') for phrase in phrases),
        *(_boolean(number, *trio) for number, trio in enumerate(zip(common, middling, rare, strict=False))),
        *(Question("CJK", name, f'"{name}"') for name in CHINESE_NAMES),
        *(Question("five articles", word, f'"{word}"') for word in NEEDLES),
        *(Question("prefix", f"{start}*", f'"{start}"*') for start in begun),
        *(Question("apart", f"{a} {b}", f'"{a} {b}"') for a, b in zip(common[:4], common[4:8], strict=True)),
    ]


def _counted(sets: Iterable[AbstractSet[Any]]) -> Mapping[Any, float]:
    """Return the share of the sets that hold each member of any."""
    counts: dict[Any, int] = {}
    total = 0
    for found in sets:
        total += 1
        for one in found:
            counts[one] = counts.get(one, 0) + 1
    return {one: count / total for one, count in counts.items()}


def _some(chance: random.Random, holding: Mapping[Any, float], least: float, most: float) -> list[Any]:
    """Return some of those that so large a share of articles holds."""
    fit = sorted(one for one, share in holding.items() if least <= share <= most)
    return chance.sample(fit, min(EACH, len(fit)))


def _boolean(number: int, common: str, middling: str, rare: str) -> Question:
    forms = (
        ("{0} AND {1}", '"{0}" AND "{1}"'),
        ("{1}, {2}", '"{1}" OR "{2}"'),
        ("{1} -{0}", '"{1}" NOT "{0}"'),
        ("({1}, {2}) AND {0}", '("{1}" OR "{2}") AND "{0}"'),
    )
    query, fts = (form.format(common, middling, rare) for form in forms[number % len(forms)])
    return Question("boolean", query, fts)
