"""Whether an article is what a query asks for, and where its words stand: the one meaning of every query.

The index, the search and the preview decide by what is here; they only save asking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from bot.domain.document import TEXTS, Document
from bot.domain.model import Span, TermMatch
from bot.domain.query.tree import AllOf, AnyOf, Fact, Near, Node, Not, Phrase, Query, Term

MOST_PLACES = 1_000
"""Of one term in one field that are told; nobody reads more."""


def evaluate(query: Query, document: Document) -> tuple[TermMatch, ...] | None:
    """Return why an article matches, each term with its places; None when it does not match.

    Every term that is found is told, also where another one was enough; what a Not excludes is no reason.
    """
    if not holds(query.root, document):
        return None
    return tuple(found for term in query.terms for found in find(term, document))


def holds(node: Node, document: Document) -> bool:
    """Say whether a part of a query is true of an article."""
    match node:
        case AllOf(parts):
            return all(holds(part, document) for part in parts)
        case AnyOf(parts):
            return any(holds(part, document) for part in parts)
        case Not(part):
            return not holds(part, document)
        case Fact():
            return _is_so(node, document)
        case _:
            return any(True for field in fields_of(node) for _ in document.positions(field).found(node))


def find(term: Term, document: Document) -> Iterator[TermMatch]:
    """Yield where one term stands, for each field in which it does."""
    if isinstance(term, Fact):
        if _is_so(term, document):
            yield TermMatch(term.text, term.field, ())
        return
    for field in fields_of(term):
        if spans := spans_of(term, document, field):
            yield TermMatch(term.text, field, spans)


def fields_of(term: Phrase | Near) -> Sequence[str]:
    """Return the fields in which a term is looked for."""
    return (term.field,) if term.field else TEXTS


def spans_of(term: Phrase | Near, document: Document, field: str) -> tuple[Span, ...]:
    """Return the characters of a field in which a term stands, in order."""
    found = {span for hit in islice(document.positions(field).found(term), MOST_PLACES) for span in hit.spans}
    return tuple(sorted(found, key=lambda span: (span.start, span.end)))


def _is_so(fact: Fact, document: Document) -> bool:
    if isinstance(fact.value, datetime):
        if document.at is None:
            return False
        return document.at >= fact.value if fact.field == "after" else document.at < fact.value
    if fact.field == "site":
        return document.site == fact.value or document.site.endswith(f".{fact.value}")
    language = (document.language or "").lower().replace("_", "-")
    return language == fact.value or language.startswith(f"{fact.value}-")
