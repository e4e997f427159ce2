"""What a query means: whether it is true of an article, and where its terms stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import product

from tests.oracle.grammar import read
from tests.oracle.reading import Reading, Sight
from tests.oracle.tree import Every, Fact, Near, Some, Term, Tree, Unreadable, Without
from tests.oracle.typed import Slot, Wanted, one_line, wanted

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """All that a query can ask about."""

    title: str
    body: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    site: str = ""
    language: str | None = None
    at: datetime | None = None

    def text(self, name: str) -> str:
        return "\n\n".join(self.tags) if name == "tag" else str(getattr(self, name))


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a term stands: pieces `first` to `last`, and the characters to show."""

    first: int
    last: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Reason:
    """A term, found."""

    term: object
    field: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Question:
    """A query that has been read."""

    tree: Tree
    now: datetime | None = field(default=None)


def ask(query: str, terms: Mapping[str, str] | None = None, now: datetime | None = None) -> Question:
    """Read a query; raise Unreadable, also when it would be true of an article that holds none of its terms."""
    question = Question(read(query, terms), now)
    if _holds(question, question.tree, None):
        raise Unreadable("true of everything")
    return question


def answer(question: Question, article: Article) -> frozenset[Reason] | None:
    """Return the reasons for which a query is true of an article; None when it is not."""
    if not _holds(question, question.tree, article):
        return None
    return frozenset(_reasons(question, question.tree, article))


def _holds(question: Question, tree: Tree, article: Article | None) -> bool:
    """Whether a tree is true of an article; of one that holds none of its terms, when there is no article."""
    match tree:
        case Every(parts):
            return all(_each(question, parts, article))
        case Some(parts):
            return any(_each(question, parts, article))
        case Without(part):
            return not _holds(question, part, article)
        case _:
            found = list(_found(question, tree, article or NOTHING))
            return bool(found) and article is not None


def _each(question: Question, parts: Sequence[Tree], article: Article | None) -> list[bool]:
    """Judge every part, also where one has settled it: what cannot be read must be found."""
    return [_holds(question, part, article) for part in parts]


def _reasons(question: Question, tree: Tree, article: Article) -> Iterator[Reason]:
    match tree:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from _reasons(question, part, article)
        case Without():
            return
        case _:
            yield from _found(question, tree, article)


def _found(question: Question, leaf: Term | Near | Fact, article: Article) -> Iterator[Reason]:
    if isinstance(leaf, Fact):
        if _is_so(leaf, article, question.now):
            yield Reason(key(leaf), leaf.field, ())
        return
    for name in _fields(leaf):
        if hits := _hits(leaf, _reading(article.text(name))):
            yield Reason(key(leaf), name, tuple(sorted({span for hit in hits for span in hit.spans})))


def key(leaf: Tree) -> object:
    """Return what two terms have in common when they mean the same."""
    match leaf:
        case Term():
            return leaf.field, wanted(leaf.kind, leaf.typed)
        case Near(left, right, distance):
            return "near", key(left), key(right), distance
        case Some(parts):
            return tuple(key(part) for part in parts)
        case Fact(name, value):
            return name, value.lower().removeprefix("www.")
        case _:
            raise Unreadable("no term")


# ---------------------------------------------------------------- facts


NOTHING = Article("")


def _is_so(fact: Fact, article: Article, now: datetime | None) -> bool:
    value = fact.value.lower()
    if fact.field == "site":
        host, site = article.site.lower().removeprefix("www."), value.removeprefix("www.")
        return host == site or host.endswith("." + site)
    if fact.field == "lang":
        asked, spoken = (
            code.lower().replace("_", "-").split("-") for code in (value, article.language or "")
        )
        return spoken[: len(asked)] == asked
    moment = _moment(value, now)
    if article.at is None:
        return False
    return article.at >= moment if fact.field == "after" else article.at < moment


def _moment(value: str, now: datetime | None) -> datetime:
    """Return the moment that `2d`, `6h` or a date stands for."""
    if now is None:
        raise Unreadable("dates are for searches")
    units = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1)}
    if value[:-1].isdigit() and value[-1] in units:
        return now - int(value[:-1]) * units[value[-1]]
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Unreadable("no date") from None


# ---------------------------------------------------------------- where words stand


@lru_cache(500)
def _reading(text: str) -> Reading:
    return Reading(text)


def _fields(leaf: Tree) -> tuple[str, ...]:
    """Return where a term is looked for."""
    match leaf:
        case Term(field=None):
            return "title", "body"
        case Term(field=str(name)):
            return (name,)
        case Near(left, right, _):
            fields = _fields(left)
            if fields != _fields(right):
                raise Unreadable("NEAR between different fields")
            return fields
        case Some(parts) if len({_fields(part) for part in parts}) == 1:
            return _fields(parts[0])
        case _:
            raise Unreadable("NEAR takes words")


def _hits(leaf: Tree, text: Reading) -> list[Hit]:
    match leaf:
        case Term(kind, typed):
            return _runs(wanted(kind, typed), text)
        case Near(left, right, distance):
            return _neighbours(_hits(left, text), _hits(right, text), distance, text)
        case Some(parts):
            return [hit for part in parts for hit in _hits(part, text)]
        case _:
            raise Unreadable("NEAR takes words")


def _neighbours(left: Sequence[Hit], right: Sequence[Hit], distance: int, text: Reading) -> list[Hit]:
    found = []
    for one, other in product(left, right):
        early, late = (one, other) if one.first < other.first else (other, one)
        between = late.first - early.last - 1
        if 0 <= between <= distance and text.together(early.first, late.last):
            found.append(Hit(early.first, late.last, one.spans + other.spans))
    return found


def _runs(asked: Wanted, text: Reading) -> list[Hit]:
    found = []
    for spelling in asked.spellings:
        for place in range(len(text.pieces)):
            for seen in _paths(spelling, text, place):
                start, end = seen[0].start, seen[-1].end
                if not asked.originals or one_line(text.text[start:end]) in asked.originals:
                    found.append(Hit(place, seen[-1].last, ((start, end),)))
    return found


def _paths(spelling: Sequence[Slot], text: Reading, place: int) -> Iterator[list[Sight]]:
    """Yield every way to see a sequence of words from a place on."""
    if not spelling:
        yield []
        return
    if place == len(text.pieces):
        return
    for sight in text.at(place):
        if _satisfies(sight, spelling[0], text):
            for rest in _paths(spelling[1:], text, sight.last + 1):
                if not rest or text.together(place, rest[0].first):
                    yield [sight, *rest]


def _satisfies(sight: Sight, slot: Slot, text: Reading) -> bool:
    if slot.tight and not text.touching(sight.first):
        return False
    if slot.originals and text.text[sight.start : sight.end] not in slot.originals:
        return False
    return sight.norm in slot.norms or bool(slot.prefix and sight.norm.startswith(slot.prefix))
