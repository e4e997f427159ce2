"""The table of queries that must hold, one test for each text of each row, and the page that prints it."""

import pytest

from bot.domain.evaluation import evaluate
from bot.domain.matching import QueryIndex
from bot.domain.model import SubscriptionId
from bot.domain.query import MAX_CHARACTERS, MAX_DISTANCE, MAX_TERMS, parse_query
from tests.domain import query_page
from tests.domain.query_table import TERMS, document, rows

ROWS = rows()
MATCHING = [pytest.param(row, text, id=f"{row.query} finds {text}") for row in ROWS for text in row.matching]
OTHERS = [
    pytest.param(row, text, id=f"{row.query} does not find {text}") for row in ROWS for text in row.others
]


def reasons(row, text):
    """Return what the evaluator says of a query and a text, having seen the index say the same."""
    query, article = parse_query(row.typed, TERMS, now=row.now), document(text)
    found = evaluate(query, article)
    index = QueryIndex()
    index.add(SubscriptionId(7), query)
    assert [match.terms for match in index.match(article)] == ([] if found is None else [found])
    return found


@pytest.mark.parametrize(("row", "text"), MATCHING)
def test_a_query_finds(row, text):
    assert reasons(row, text)


@pytest.mark.parametrize(("row", "text"), OTHERS)
def test_a_query_does_not_find(row, text):
    assert reasons(row, text) is None


def test_both_alternatives_that_are_found_are_reasons_of_one_match():
    row = next(row for row in ROWS if row.query == "Kim Jong Un, summit")
    assert [term.term for term in reasons(row, "Kim Jong Un at the summit")] == ["Kim Jong Un", "summit"]


def test_the_table_is_as_large_as_promised():
    sections = [row.section for row in ROWS]
    assert len(ROWS) >= 16 + 60
    assert sections.count("Singular and plural") + sections.count("Case, marks and letters") >= 40


def test_every_row_has_its_own_query():
    assert len({row.query for row in ROWS}) == len(ROWS)


def test_the_page_prints_the_table_and_the_lists_as_they_are():
    assert query_page.PAGE.read_text(encoding="utf-8") == query_page.written(), "run `make docs`"


def test_the_page_tells_the_limits_that_are_kept():
    page = query_page.PAGE.read_text(encoding="utf-8")
    assert f"{MAX_CHARACTERS:,} characters, {MAX_TERMS} terms" in page
    assert f"NEAR up to {MAX_DISTANCE}" in page
