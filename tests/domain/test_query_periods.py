"""When an article must have become news to match a query."""

from __future__ import annotations

import pytest

from bot.domain.query import parse_query
from bot.domain.query.periods import ALWAYS, Period, period_of, shared
from tests.builders import NOW, at


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ("kim", None, None),
        ("kim after:3d", at(days=-3), None),
        ("kim before:3d", None, at(days=-3)),
        ("kim after:9d before:3d", at(days=-9), at(days=-3)),
        ("kim after:9d after:2d", at(days=-2), None),
        ("kim before:9d before:2d", None, at(days=-9)),
        ("kim, summit after:3d", None, None),
        ("kim after:9d, summit after:3d", at(days=-9), None),
        ("kim after:9d before:8d, summit after:3d before:1d", at(days=-9), at(days=-1)),
        ("kim -(summit after:3d)", None, None),
        ("(kim, summit) after:3d", at(days=-3), None),
        ("site:a.example before:6h", None, at(hours=-6)),
    ],
)
def test_a_period_holds_every_article_that_can_match(query, since, until):
    assert period_of(parse_query(query, now=NOW)) == Period(since, until)


def test_periods_share_what_lies_within_all_of_them():
    assert shared([ALWAYS, Period(since=NOW), Period(at(days=-1), at(days=1))]) == Period(NOW, at(days=1))
    assert shared([]) == ALWAYS
