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


def try_round(cases: Round, rng: Random | None, tally: Tally, engine: Engine) -> None:
    """Compare both on a round, in every way; without a generator, all queries simply are in the index."""
    asked = list(_readable(cases, tally, engine))
    index, present = _loaded(asked, rng, engine)
    for article in cases.articles:
        document, stored = document_of(article), stored_terms(article, engine)
        matches = {match.subscription_id: match.terms for match in index.match(document)}
        for number, (typed, query, question) in enumerate(asked):
            expected = answer(question, article)
            tally.counts[cases.script, "false" if expected is None else "true"] += 1
            case = Case(typed, article, cases.terms)
            answers = (
                ("evaluate", engine.evaluate(query, document), expected),
                ("index", matches.get(SubscriptionId(number)), expected if number in present else None),
            )
            wrong = [
                Disagreement(way, _kind(said, right), case, said, right)
                for way, terms, right in answers
                if (said := _reasons(terms, article)) != right
            ]
            if expected is not None and not admits(engine.need_of(query), stored):
                wrong.append(Disagreement("narrowing", "lost", case, None, expected))
            tally.add(cases.script, wrong)


def disagreements(case: Case, engine: Engine) -> list[Disagreement]:
    """Compare both on one case."""
    tally = Tally()
    try_round(Round("", (case.query,), (case.article,), case.terms), None, tally, engine)
    return tally.wrong


def _kind(engine: Answer, oracle: Answer) -> str:
    if engine is None:
        return "missed"
    return "alarms" if oracle is None else "places"


def _readable(cases: Round, tally: Tally, engine: Engine) -> Iterator[tuple[str, Query, Question]]:
    """Yield the queries that both can read; both must refuse the same."""
    for typed in cases.queries:
        ours, theirs = read_both(typed, cases.terms, engine)
        if isinstance(ours, Question) and isinstance(theirs, Query):
            yield typed, theirs, ours
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


def _loaded(
    asked: Sequence[tuple[str, Query, Question]], rng: Random | None, engine: Engine
) -> tuple[QueryIndex, set[int]]:
    """Return an index of queries after some coming and going, and the numbers of those that stayed."""
    index = engine.index()
    numbers = list(range(len(asked)))
    if rng is None:
        for number in numbers:
            index.add(SubscriptionId(number), asked[number][1])
        return index, set(numbers)
    for number in rng.sample(numbers, len(numbers)):
        if rng.random() < 0.3:
            index.add(SubscriptionId(number), rng.choice(asked)[1])
        index.add(SubscriptionId(number), asked[number][1])
    gone = {number for number in numbers if rng.random() < 0.2}
    for number in gone:
        index.remove(SubscriptionId(number))
        index.add(SubscriptionId(1000 + number), asked[number][1])
        index.remove(SubscriptionId(1000 + number))
    return index, set(numbers) - gone


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
    labels, subtags = article.site.lower().split("."), (article.language or "").lower().split("-")
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
