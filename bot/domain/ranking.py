"""How well articles answer a query, when the best and not the newest ones are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from bot.domain.model import TermMatch

HEADLINE_COUNTS = 3.0
"""How much more a term in the headline says than one in the text."""
_SATURATION = 1.2
"""Beyond this many occurrences more of them add little (k1 of BM25)."""
_LENGTH_COUNTS = 0.75
"""How far a long article needs more occurrences than a short one (b of BM25), from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that matches: its length in characters, and where its terms stand."""

    length: int
    terms: tuple[TermMatch, ...]


def scores(hits: Sequence[Hit], looked_at: int) -> list[float]:
    """Return how well each of some matching articles does by BM25, the higher the better.

    Occurrences are those that the query itself counts, so a phrase is one term. `looked_at` is how many articles
    the hits were found among: what few of them hold says more than what nearly all do.
    https://en.wikipedia.org/wiki/Okapi_BM25
    """
    average = sum(hit.length for hit in hits) / len(hits) if hits else 0.0
    counted = [_occurrences(hit) for hit in hits]
    holding = Counter(term for counts in counted for term in counts)
    weights = {term: log(1 + (looked_at - n + 0.5) / (n + 0.5)) for term, n in holding.items()}
    found = []
    for hit, counts in zip(hits, counted, strict=True):
        damping = _SATURATION * (1 - _LENGTH_COUNTS + _LENGTH_COUNTS * hit.length / (average or 1.0))
        found.append(sum(weights[term] * n * (_SATURATION + 1) / (n + damping) for term, n in counts.items()))
    return found


def _occurrences(hit: Hit) -> dict[str, float]:
    counts: dict[str, float] = {}
    for term in hit.terms:
        if term.spans:  # a fact, such as its site, is no better in one article than in another
            weight = HEADLINE_COUNTS if term.field == "title" else 1.0
            counts[term.term] = counts.get(term.term, 0.0) + weight * len(term.spans)
    return counts
