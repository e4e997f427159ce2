"""Why an article matches a query, or which part of the query failed and how nearly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.document import Document
from bot.domain.evaluation import evaluate, fields_of, find, holds
from bot.domain.model import TermMatch
from bot.domain.positions import satisfies
from bot.domain.query import AllOf, AnyOf, Fact, Near, Node, Not, Phrase, Query, Word, describe_node
from bot.domain.query.tree import terms_of

_PLACES = {
    "title": "the headline",
    "body": "the text",
    "author": "the byline",
    "tag": "the tags",
    "source": "the source’s name",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A part of a query that kept an article from matching."""

    text: str
    """A sentence."""
    found: tuple[TermMatch, ...] = ()
    """Where what must not be there stands."""
    excluded: str = ""
    """What must not be there and is: the word “golf”."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a query says to one article."""

    matches: bool
    found: tuple[TermMatch, ...]
    """Everything of the query that stands in the article, also when the whole does not match."""
    failures: tuple[Failure, ...]
    """Empty when it matches."""


def explain(query: Query, document: Document) -> Explanation:
    """Say why an article matches a query, or what failed."""
    reasons = evaluate(query, document)
    if reasons is not None:
        return Explanation(True, reasons, ())
    found = tuple(match for term in query.terms for match in find(term, document))
    return Explanation(False, found, tuple(dict.fromkeys(_failures(query.root, document))))


def also_found(phrase: Phrase) -> tuple[str, ...]:
    """Return the other forms that a single bare word stands for, for telling: summit also finds summits."""
    words = {spelling[0] for spelling in phrase.spellings if len(spelling) == 1}
    if not words or any(word.prefix or word.exact for word in words) or phrase.exact:
        return ()
    forms = set().union(*(word.forms for word in words)) - {phrase.shown.lower()}
    shorter = [form for form in forms if len(form) < len(phrase.shown)]
    return (max(shorter, key=len),) if shorter else tuple(sorted(forms))


def _failures(node: Node, document: Document) -> Iterator[Failure]:
    """Yield why a part that should hold does not."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                if not holds(part, document):
                    yield from _failures(part, document)
        case Not(part):
            found = tuple(match for term in terms_of(part) for match in find(term, document))
            told = describe_node(part)
            yield Failure(f"{_opened(told)} is there, which the query excludes.", found, told)
        case Fact():
            yield Failure(_other_fact(node, document))
        case Near():
            yield from _not_near(node, document)
        case _:
            yield Failure(_missing(node, document))


def _not_near(near: Near, document: Document) -> Iterator[Failure]:
    missing = [side for side in (near.left, near.right) if not holds(side, document)]
    for side in missing:
        yield from _failures(side, document)
    if not missing:
        yield Failure(
            f"{_opened(describe_node(near.left))} and {describe_node(near.right)} are there, but nowhere with"
            f" at most {near.distance} words between them in one paragraph."
        )


def _missing(phrase: Phrase, document: Document) -> str:
    """Say what of a phrase is missing, or how it was nearly there."""
    said = _opened(describe_node(phrase))
    if elsewhere := _elsewhere(phrase, document):
        return f"{said} is not there; it stands in {elsewhere}."
    loose = _loosely(phrase)
    if loose is not None and holds(loose, document):
        return f"{said} is not there; the same letters are, written otherwise."
    absent = _absent(phrase, document)
    if absent and " " in phrase.shown:
        return f"{said} is not there: {_listed(absent)} {'is' if len(absent) == 1 else 'are'} missing."
    if not absent and len(phrase.spellings[0]) > 1:
        return f"{said} is not there: its words are, but nowhere side by side in one paragraph."
    return f"{said} is not there."


def _elsewhere(phrase: Phrase, document: Document) -> str:
    """Name the field in which a phrase stands that was asked for in another."""
    if phrase.field is None:
        return ""
    moved = (replace(phrase, field=field) for field in _PLACES if field != phrase.field)
    return next((_PLACES[one.field] for one in moved if one.field and holds(one, document)), "")


def _loosely(phrase: Phrase) -> Phrase | None:
    """Return a phrase without its wish to be written exactly so; None when it has none."""
    spellings = tuple(tuple(replace(word, exact=frozenset()) for word in words) for words in phrase.spellings)
    if phrase.exact or spellings != phrase.spellings:
        return replace(phrase, exact=frozenset(), spellings=spellings)
    return None


def _absent(phrase: Phrase, document: Document) -> Sequence[str]:
    """Return the words of a phrase that stand in none of its fields."""
    fields = [document.words(field) for field in fields_of(phrase)]
    readings = {norm for read in fields for norm in (*read.norms, *(other.norm for other in read.others))}
    shown = phrase.shown.split()
    absent = [
        number
        for number, word in enumerate(phrase.spellings[0])
        if not any(satisfies(word, reading) for reading in readings)
    ]
    if len(shown) == len(phrase.spellings[0]):
        return [shown[number] for number in absent]
    return [_form(phrase.spellings[0][number]) for number in absent]


def _form(word: Word) -> str:
    return word.prefix or min(word.forms, key=lambda form: (len(form), form))


def _other_fact(fact: Fact, document: Document) -> str:
    if isinstance(fact.value, datetime):
        when = f"{document.at:%Y-%m-%d %H:%M} UTC" if document.at else "at an unknown time"
        return f"It was published {when}, not {describe_node(fact).removeprefix('published ')}."
    if fact.field == "site":
        return f"It is on {document.site}, not {describe_node(fact)}." if document.site else "It has no link."
    if document.language is None:
        return f"Its feed names no language, so nobody knows whether it is {describe_node(fact)}."
    return f"Its language is {document.language}: it is not {describe_node(fact)}."


def _opened(said: str) -> str:
    return said[:1].upper() + said[1:]


def _listed(shown: Sequence[str]) -> str:
    return " and ".join(f"“{word}”" for word in shown)


def places_of(match: TermMatch) -> str:
    """Name the field in which a term was found, for telling."""
    return _PLACES.get(match.field, match.field)
