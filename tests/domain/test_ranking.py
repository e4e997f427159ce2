"""How well articles answer a query."""

from __future__ import annotations

from bot.domain.model import Span, TermMatch
from bot.domain.ranking import Hit, scores

SPAN = Span(0, 3)


def hit(*found, length=1000):
    """An article in which terms stand so often: ("kim", "body", 2)."""
    return Hit(length, tuple(TermMatch(term, field, (SPAN,) * times) for term, field, times in found))


def best(*hits, looked_at=100):
    """Return the places of the hits, best first."""
    graded = scores(hits, looked_at)
    return sorted(range(len(hits)), key=lambda place: -graded[place])


def test_more_occurrences_are_better_but_ever_less_so():
    few, more, most = scores([hit(("kim", "body", n)) for n in (1, 2, 20)], 100)
    assert few < more < most < 3 * few


def test_a_headline_counts_more_than_the_text():
    assert best(hit(("kim", "body", 1)), hit(("kim", "title", 1))) == [1, 0]


def test_a_short_article_is_better_than_a_long_one_with_as_many():
    assert best(hit(("kim", "body", 2), length=9000), hit(("kim", "body", 2), length=500)) == [1, 0]


def test_a_rare_term_is_better_than_a_common_one():
    rare, common = hit(("zebra", "body", 1)), [hit(("news", "body", 1)) for _ in range(20)]
    assert best(*common, rare)[0] == 20


def test_both_terms_are_better_than_one_of_them_often():
    assert best(hit(("kim", "body", 9)), hit(("kim", "body", 2), ("summit", "body", 2)))[0] == 1


def test_what_every_article_holds_still_puts_them_in_order():
    assert best(hit(("kim", "body", 1)), hit(("kim", "body", 3)), looked_at=2) == [1, 0]


def test_a_fact_is_no_better_in_one_article_than_in_another():
    assert scores([hit(("site:a.example", "site", 0)), hit(("site:a.example", "site", 0), length=9)], 50) == [
        0,
        0,
    ]


def test_articles_without_any_text_are_no_trouble():
    assert scores([hit(("kim", "author", 1), length=0)], 1)[0] > 0
    assert scores([], 0) == []
