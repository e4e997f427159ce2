"""The keyword engine beside the oracle of `tests/oracle`, and whether the oracle would notice a mistake."""

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.matching import QueryIndex
from bot.domain.model import Span, TermMatch
from bot.domain.query import Holds, Query, parse_query
from bot.errors import QueryError
from tests.domain.query_table import TERMS, Row, document, rows
from tests.oracle.__main__ import Trial, run, table
from tests.oracle.comparing import Case, Disagreement, Engine, Shelf, Tally, disagreements, try_round
from tests.oracle.failures import shrink, told
from tests.oracle.meaning import Article, answer, ask
from tests.oracle.random_cases import Round, make_round, rounds
from tests.oracle.vocabulary import SCRIPTS

CASES = 3_000


def complaint(tally: Tally, engine: Engine) -> str:
    return "\n\n".join(told(shrink(wrong, engine)) for wrong in tally.wrong[:3])


# ---------------------------------------------------------------- the engine


@pytest.fixture(scope="module")
def small_run() -> Tally:
    return run(Trial(cases=CASES, seed=20180910, jobs=1, kept=20))


def test_the_engine_says_what_the_oracle_says(small_run):
    assert not small_run.wrong, complaint(small_run, Engine())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.large_base_example])
@given(rounds())
def test_the_engine_says_what_the_oracle_says_of_whatever_hypothesis_thinks_of(cases: Round):
    tally = Tally()
    try_round(cases, Shelf(Engine(), Random(1)), tally, Engine())
    assert not tally.wrong, complaint(tally, Engine())


# ---------------------------------------------------------------- the oracle


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.query)
def test_the_oracle_says_what_the_table_says(row: Row):
    question = ask(row.typed, TERMS, row.now)
    assert [text for text in row.matching if answer(question, article(text)) is None] == []
    assert [text for text in row.others if answer(question, article(text)) is not None] == []


def article(text: str) -> Article:
    """Return the article that a text of the table stands for."""
    read = document(text)
    texts = {name: read.text(name) for name in ("title", "body", "author", "source")}
    tags = tuple(read.text("tag").split("\n\n"))
    return Article(**texts, tags=tags, site=read.site, language=read.language, at=read.at)


def test_the_cases_are_of_every_script_and_a_good_part_of_them_match(small_run):
    assert set(small_run.scripts()) == {script.name for script in SCRIPTS}
    for script in SCRIPTS:
        true, false = (small_run.of(kind, script=script.name) for kind in ("true", "false"))
        assert 0.2 < true / (true + false) < 0.65, script.name


def test_a_seed_gives_the_same_cases_again():
    assert make_round(Random("1/7")) == make_round(Random("1/7"))
    assert make_round(Random("1/7")) != make_round(Random("1/8"))


def test_the_table_of_a_run_counts_every_case_once(small_run):
    lines = table(small_run).splitlines()
    cases = [int(re.split("  +", line)[1].replace(",", "")) for line in lines[1:]]
    assert lines[-1].startswith("all")
    assert sum(cases[:-1]) == cases[-1] == small_run.of("true", "false") >= CASES


# ---------------------------------------------------------------- would it notice?


def found_out(engine: Engine, way: str, kind: str) -> Disagreement:
    """Return the first disagreement of a kind with an engine that is broken."""
    shelf = Shelf(engine, Random("broken"))
    for number in range(300):
        tally = Tally()
        try_round(make_round(Random(f"broken/{number}")), shelf, tally, engine)
        for wrong in tally.wrong:
            if (wrong.way, wrong.kind) == (way, kind):
                return wrong
    raise AssertionError(f"the oracle finds nothing {kind} in {way}")


def blind_to_bodies(query: Query, of: Document) -> tuple[TermMatch, ...] | None:
    return evaluate(query, Document(of.text("title"), site=of.site, language=of.language, at=of.at))


def across_paragraphs(query: Query, of: Document) -> tuple[TermMatch, ...] | None:
    joined = Document(
        of.text("title"), of.text("body").replace("\n", " "), site=of.site, language=of.language
    )
    return evaluate(query, of) or evaluate(query, joined)


def one_character_late(query: Query, of: Document) -> tuple[TermMatch, ...] | None:
    found = evaluate(query, of)
    return found and tuple(
        replace(term, spans=tuple(Span(span.start + 1, span.end) for span in term.spans)) for term in found
    )


def without_plurals(typed: str, terms: Mapping[str, str], **search: object) -> Query:
    return parse_query(typed.upper() if typed.isalpha() else typed, terms, **search)  # type: ignore[arg-type]


def refusing(typed: str, terms: Mapping[str, str], **search: object) -> Query:
    raise QueryError("no")


class Forgetful(QueryIndex):
    """Keeps what was removed."""

    def remove(self, subscription_id):
        pass


class Distracted(QueryIndex):
    """Tells of all but the last match."""

    def match(self, of):
        return super().match(of)[:-1]


class Backward(QueryIndex):
    """Tells of matches in no order."""

    def match(self, of):
        return super().match(of)[::-1]


@pytest.mark.parametrize(
    ("engine", "way", "kind"),
    [
        (Engine(evaluate=blind_to_bodies), "evaluate", "missed"),
        (Engine(evaluate=across_paragraphs), "evaluate", "alarms"),
        (Engine(evaluate=one_character_late), "evaluate", "places"),
        (Engine(parse=without_plurals), "evaluate", "places"),
        (Engine(parse=refusing), "reading", "unread"),
        (Engine(index=Distracted), "index", "missed"),
        (Engine(index=Forgetful), "index", "alarms"),
        (Engine(index=Backward), "index", "places"),
        (Engine(need_of=lambda _query: Holds(("nothing",))), "narrowing", "lost"),
        (Engine(index_terms=lambda text: text.split()), "narrowing", "lost"),
    ],
)
def test_a_broken_engine_is_found_out(engine, way, kind):
    assert found_out(engine, way, kind)


def test_what_was_found_is_shrunk_to_what_matters_and_told():
    engine = Engine(evaluate=blind_to_bodies)
    long = Article(
        "Kim Jong Un wrote", "He wants another summit with Trump, and golf, in Singapore.", tags=("x", "y")
    )
    found = disagreements(Case("Kim Jong Un AND (summit, meeting)", long), engine)
    small = shrink(found[0], engine)
    assert told(small).splitlines() == [
        "evaluate, missed: 'summit'",
        "  body: 'summit'",
        "  engine: does not match",
        "  oracle: matches: body 0–6 'summit'",
    ]


def test_two_readings_of_a_query_are_told():
    engine = Engine(parse=refusing)
    small = shrink(disagreements(Case("(Kim, Jong) Un", Article("")), engine)[0], engine)
    assert told(small).splitlines()[1:] == ["  engine: no", "  oracle: reads it"]
