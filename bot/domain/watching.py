"""Whether a subscription watches for something that somebody names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from bot.domain.document import Document
from bot.domain.evaluation import evaluate, find
from bot.domain.query import Fact, Near, Phrase, Query, Term
from bot.domain.query.tree import terms_of


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a query a subscription watches for, as people wrote it."""

    whole: tuple[str, ...] = ()
    """Terms that bring an alert by themselves."""
    part: tuple[str, ...] = ()
    """Terms that bring one together with others, or as a part of a longer phrase."""

    def __bool__(self) -> bool:
        return bool(self.whole or self.part)


def coverage(watched: Query, asked: Query) -> Coverage:
    """Say which terms of a query a subscription would find in an article that holds nothing else."""
    whole: list[str] = []
    part: list[str] = []
    for term in asked.terms:
        bare = _article(term)
        if evaluate(watched, bare) is not None:
            whole.append(term.text)
        elif any(_near(one, term, bare) for one in watched.terms):
            part.append(term.text)
    return Coverage(tuple(whole), tuple(part))


def _near(watched: Term, asked: Term, bare: Document) -> bool:
    """Say whether one term stands in an article that holds only the other: “Kim” does in one with “Kim Jong Un”."""
    return any(True for _ in find(watched, bare)) or any(True for _ in find(asked, _article(watched)))


def _article(term: Term) -> Document:
    """Return an article that holds a term where it would be looked for, and nothing else."""
    if isinstance(term, Fact):
        value = term.value if isinstance(term.value, str) else ""
        return Document("", site=value if term.field == "site" else "", language=value or None)
    text = " ".join(_words(term))
    match term.field:
        case "author":
            return Document("", author=text)
        case "tag":
            return Document("", tags=(text,))
        case "source":
            return Document("", source=text)
        case _:
            return Document(text, text)


def _words(term: Phrase | Near) -> Iterable[str]:
    if isinstance(term, Phrase):
        yield term.shown.removesuffix("*")
        return
    for side in (term.left, term.right):
        yield from _words(cast(Phrase | Near, next(terms_of(side))))  # no Fact stands at a place of a text
