"""What to leave out of a query, so that it finds no more articles like one that was not wanted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.query import AllOf, AnyOf, Near, Node, Not, Phrase, parse_query
from bot.domain.query.lint import ORDINARY_WORDS
from bot.domain.text import BREAK, Words
from bot.errors import QueryError

MOST = 3
"""Words that are proposed."""
MOST_TRIED = 50
SHORTEST = 3
"""Letters of a word in a script that writes few in one letter, such as Latin; of others two will do."""
COMMON = 10
"""A word that stands in a tenth as many articles as the most usual one, or in more, tells nothing."""
ENOUGH = 40
"""Articles by which that can be said."""
_LITTLE: Final = """
the and for but nor not was were are has had have been being will would can could may might must should
from with without into onto over under about after before between than then that this these those there
his her hers him she they them their its our your you who whom whose which what when where why how
all any both each few more most other some such only own same too very said says also just now
"""
"""English words that tell nothing, for stores that hold too few articles to know."""
_IDLE: Final = ORDINARY_WORDS.union(_LITTLE.split())
_HEADLINE, _TAG = 3.0, 2.0
"""What a word is worth that stands there, beside one for each place in the text."""
_REPEATS = 3
"""Places in the text that count."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A word, and a query that says what it said, but for articles with that word."""

    word: str
    query: str


def exclusions(
    query: str, terms: Mapping[str, str], unwanted: Document, others: Sequence[Document], usual: Counter[str]
) -> tuple[Exclusion, ...]:
    """Propose words of an article which none of the others has that a query found; the most telling first.

    `usual` says of words (as `norms` gives them) in how many of some articles each stands. Every proposal leaves the
    article out and finds all the others. Raise QueryError for a query that cannot be read.
    """
    had = set(_asked(parse_query(query, terms).root)).union(_common(usual), *map(norms, others))
    found: list[Exclusion] = []
    for word in islice(_telling(unwanted, had, usual), MOST_TRIED):
        try:
            changed = without(query, word, terms)
            read = parse_query(changed, terms)
        except QueryError:
            continue  # an operator, or the query may not grow any more
        if evaluate(read, unwanted) is None and all(evaluate(read, other) is not None for other in others):
            found.append(Exclusion(word, changed))
        if len(found) == MOST:
            break
    return tuple(found)


def without(query: str, word: str, terms: Mapping[str, str]) -> str:
    """Return a query that says what it said, but for articles with a word; raise QueryError."""
    root, excluded = parse_query(query, terms).root, parse_query(word).root
    wanted = AllOf((*(root.parts if isinstance(root, AllOf) else (root,)), Not(excluded)))
    for changed in (f"{query} -{word}", f"({query}) -{word}"):
        if parse_query(changed, terms).root == wanted:
            return changed
    raise QueryError(f"“{word}” cannot be left out of this query by itself.")


def _common(usual: Counter[str]) -> set[str]:
    """Return words that stand in so many articles that they tell nothing, once there are enough of those."""
    most = max(usual.values(), default=0)
    return {norm for norm, number in usual.items() if number * COMMON >= most} if most >= ENOUGH else set()


def _asked(node: Node) -> Iterator[str]:
    """Yield the words that a query itself asks for."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _asked(part)
        case Near(left=left, right=right):
            yield from _asked(left)
            yield from _asked(right)
        case Phrase(spellings=spellings):
            for spelling in spellings:
                for word in spelling:
                    yield from word.forms
        case _:
            return


def norms(document: Document) -> set[str]:
    """Return the folded words of an article's headline, text and tags."""
    return set(_counted(document))


def _counted(document: Document) -> dict[str, float]:
    """Weigh the words of an article by where they stand, and how often."""
    body = Counter(document.words("body").norms)
    weights = {norm: float(min(number, _REPEATS)) for norm, number in body.items()}
    for field, weight in (("title", _HEADLINE), ("tag", _TAG)):
        for norm in set(document.words(field).norms):
            weights[norm] = weights.get(norm, 0.0) + weight
    weights.pop(BREAK, None)
    return weights


def _telling(document: Document, had: set[str], usual: Counter[str]) -> Iterator[str]:
    """Yield words that stand in no other article, the most telling first, as the article writes them."""
    weights = {norm: weight for norm, weight in _counted(document).items() if norm not in had and _fit(norm)}
    many = max(usual.values(), default=0) + 1
    rare = {norm: weight * math.log(1 + many / (1 + usual[norm])) for norm, weight in weights.items()}
    written = _written(document)
    for norm in sorted(rare, key=lambda norm: (-rare[norm], -len(norm), norm)):
        if isinstance(_read(written[norm]), Phrase):
            yield written[norm]


def _fit(norm: str) -> bool:
    enough = SHORTEST if norm.isascii() else SHORTEST - 1
    return len(norm) >= enough and norm.isalpha() and norm not in _IDLE


def _read(word: str) -> object:
    try:
        return parse_query(word).root
    except QueryError:
        return None


def _written(document: Document) -> dict[str, str]:
    """Return words as the article writes them where they come first."""
    found: dict[str, str] = {}
    for field in ("tag", "body", "title"):
        read: Words = document.words(field)
        for place, norm in enumerate(read.norms):
            if norm != BREAK and norm.isalpha():
                span = read.span(place, place)
                found[norm] = document.text(field)[span.start : span.end]
    return found
