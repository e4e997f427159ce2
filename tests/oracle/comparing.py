"""The engine and the oracle on the same cases: what both say of every query and every article of a round."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.matching import QueryIndex
from bot.domain.model import Span, SubscriptionId, TermMatch
from bot.domain.query import Every, Holds, Need, Query, Some, need_of, parse_query
from bot.domain.text import index_terms
from bot.errors import QueryError
from tests.oracle.grammar import read
from tests.oracle.meaning import Article, Question, Reason, answer, ask, key
from tests.oracle.random_cases import NOW, Round
from tests.oracle.tree import Unreadable

Answer = frozenset[Reason] | None


@dataclass(frozen=True, slots=True)
class Engine:
    """What is tested; a test may put something broken in its place."""

    parse: Callable[..., Query] = parse_query
    evaluate: Callable[[Query, Document], tuple[TermMatch, ...] | None] = evaluate
    index: Callable[[], QueryIndex] = QueryIndex
    need_of: Callable[[Query], Need | None] = need_of
    index_terms: Callable[[str], Sequence[str]] = index_terms


@dataclass(frozen=True, slots=True)
class Case:
    """One query about one article."""

    query: str
    article: Article
    terms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case that the engine takes otherwise than the oracle."""

    way: str
    """What differs: reading (of the query), evaluate, index, narrowing."""
    kind: str
    """missed, alarms, places (and other reasons), lost (by narrowing), unread (by one of the two)."""
    case: Case
    engine: object
    oracle: object
    """What would be right; for the index, what `evaluate` says."""


@dataclass(slots=True)
class Tally:
    """What came of many cases: how many there were of a kind in a script, and those that went wrong."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[Disagreement] = field(default_factory=list)

    def of(self, *kinds: str, script: str | None = None) -> int:
        """Return how many cases there were of these kinds; the oracle calls each case true or false."""
        return sum(
            count for (name, kind), count in self.counts.items() if kind in kinds and script in (None, name)
        )

    def scripts(self) -> list[str]:
        return list(dict.fromkeys(name for name, _ in self.counts))

    def take(self, other: Tally) -> None:
        self.counts.update(other.counts)
        self.wrong += other.wrong

    def add(self, script: str, wrong: Sequence[Disagreement]) -> None:
        """Note what is wrong with one case; each kind is counted once."""
        self.wrong += wrong
        self.counts.update({(script, kind): 1 for kind in {disagreement.kind for disagreement in wrong}})


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as both have read it."""

    typed: str
    terms: tuple[tuple[str, str], ...]
    query: Query
    question: Question

    def about(self, article: Article) -> Case:
        return Case(self.typed, article, self.terms)


class Shelf:
    """An index to which queries come and from which they go."""

    def __init__(self, engine: Engine, rng: Random | None = None, most: int = 30) -> None:
        self._engine = engine
        self._index = engine.index()
        self._rng = rng
        self._most = most
        self._made = 0
        self._gone: list[SubscriptionId] = []
        self._kept: dict[SubscriptionId, Asked] = {}

    def put(self, asked: Sequence[Asked]) -> None:
        """Add queries, some in place of others; with a generator, some go again."""
        for one in asked:
            number = self._number()
            self._index.add(number, one.query)
            self._kept[number] = one
        if self._rng:
            crowd = max(1, len(self._kept) - self._most)
            for number in self._rng.sample(list(self._kept), self._rng.randint(0, crowd)):
                self._index.remove(number)
                del self._kept[number]
                self._gone.append(number)

    def _number(self) -> SubscriptionId:
        """Return a new number, or one that is there or was there before."""
        used = [*self._kept, *self._gone]
        if self._rng and used and self._rng.random() < 0.3:
            return self._rng.choice(used)
        self._made += 1
        return SubscriptionId(self._made)

    def disagreements(self, article: Article, document: Document) -> Iterator[Disagreement]:
        """Yield where the index does not say what evaluating every query says."""
        found = self._index.match(document)
        matches = {match.subscription_id: match.terms for match in found}
        in_order = [match.subscription_id for match in found] == sorted(matches)
        for number in [*self._kept, *(matches.keys() - self._kept.keys())]:
            asked = self._kept.get(number)
            expected = self._engine.evaluate(asked.query, document) if asked else None
            if matches.get(number) != expected or not in_order:
                case = asked.about(article) if asked else Case("a query that was removed", article)
                said, right = (_reasons(terms, article) for terms in (matches.get(number), expected))
                yield Disagreement("index", _kind(said, right), case, said, right)


def try_round(cases: Round, shelf: Shelf, tally: Tally, engine: Engine) -> None:
    """Compare both on a round, in every way."""
    asked = list(_readable(cases, tally, engine))
    shelf.put(asked)
    for article in cases.articles:
        document, stored = document_of(article), stored_terms(article, engine)
        for one in asked:
            right = answer(one.question, article)
            said = _reasons(engine.evaluate(one.query, document), article)
            tally.counts[cases.script, "false" if right is None else "true"] += 1
            wrong = []
            if said != right:
                wrong.append(Disagreement("evaluate", _kind(said, right), one.about(article), said, right))
            if right is not None and not admits(engine.need_of(one.query), stored):
                wrong.append(Disagreement("narrowing", "lost", one.about(article), None, right))
            tally.add(cases.script, wrong)
        for disagreement in shelf.disagreements(article, document):
            tally.add(cases.script, [disagreement])


def disagreements(case: Case, engine: Engine) -> list[Disagreement]:
    """Compare both on one case."""
    tally = Tally()
    try_round(Round("", (case.query,), (case.article,), case.terms), Shelf(engine), tally, engine)
    return tally.wrong


def _kind(engine: Answer, oracle: Answer) -> str:
    if engine is None:
        return "missed"
    return "alarms" if oracle is None else "places"


def _readable(cases: Round, tally: Tally, engine: Engine) -> Iterator[Asked]:
    """Yield the queries that both can read; both must refuse the same."""
    for typed in cases.queries:
        ours, theirs = read_both(typed, cases.terms, engine)
        if isinstance(ours, Question) and isinstance(theirs, Query):
            yield Asked(typed, cases.terms, theirs, ours)
        elif isinstance(ours, Question) or isinstance(theirs, Query):
            case = Case(typed, Article(""), cases.terms)
            tally.add(cases.script, [Disagreement("reading", "unread", case, theirs, ours)])
        else:
            tally.counts[cases.script, "refused"] += 1


def read_both(
    typed: str, terms: Iterable[tuple[str, str]], engine: Engine
) -> tuple[Question | str, Query | str]:
    """Return the query as the oracle and the engine read it, or why they do not."""
    known = dict(terms)
    try:
        ours: Question | str = ask(typed, known, NOW)
    except Unreadable as refused:
        ours = str(refused)
    try:
        theirs: Query | str = engine.parse(typed, known, now=NOW)
    except QueryError as refused:
        theirs = str(refused)
    return ours, theirs


def document_of(article: Article) -> Document:
    """Return an article as the engine takes it."""
    return Document(
        article.title,
        article.body,
        author=article.author,
        tags=article.tags,
        source=article.source,
        site=article.site,
        language=article.language,
        at=article.at,
    )


def _reasons(terms: tuple[TermMatch, ...] | None, article: Article) -> Answer:
    """Return the engine's reasons in the oracle's words."""
    return None if terms is None else frozenset(_reason(term, article) for term in terms)


def _reason(term: TermMatch, article: Article) -> Reason:
    spans = tuple(_seen(span, article.text(term.field)) for span in term.spans)
    try:
        return Reason(key(read(term.term)), term.field, spans)
    except Unreadable:
        return Reason(term.term, term.field, spans)


def _seen(span: Span, text: str) -> tuple[int, int]:
    """Return a span without the characters of no width that it may end in: nobody can tell."""
    end = span.end
    while unicodedata.category(text[end - 1]) == "Cf":
        end -= 1
    return span.start, end


# ---------------------------------------------------------------- narrowing


def stored_terms(article: Article, engine: Engine) -> frozenset[str]:
    """Return the terms under which a store files an article."""
    terms = {*engine.index_terms(article.title), *engine.index_terms(article.body)}
    for name in ("author", "tag"):
        terms |= {f"{name}:{term}" for term in engine.index_terms(article.text(name))}
    labels = article.site.lower().split(".")
    subtags = (article.language or "").lower().replace("_", "-").split("-")
    terms |= {"site:" + ".".join(labels[first:]) for first in range(len(labels))}
    terms |= {"lang:" + "-".join(subtags[:last]) for last in range(1, len(subtags) + 1)}
    return frozenset(terms)


def admits(need: Need | None, stored: frozenset[str]) -> bool:
    """Whether an article filed under these terms is among those that a need narrows the search to."""
    match need:
        case None:
            return True
        case Every(parts):
            return all(admits(part, stored) for part in parts)
        case Some(parts):
            return any(admits(part, stored) for part in parts)
        case Holds(words, prefixes):
            return not stored.isdisjoint(words) or any(term.startswith(prefixes) for term in stored)
