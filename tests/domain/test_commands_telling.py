"""How subscriptions and matches are told of."""

from __future__ import annotations

import pytest

from bot.domain.commands.telling import LONGEST, added, place, quoted, said, stands
from bot.domain.commands.verdicts import Case
from bot.domain.model import Origin, Ruling, Span, TermMatch, Trace
from tests.builders import NOW, article, channel, subscription

HERE = (Span(0, 1),)


def test_a_channel_is_called_by_its_name_or_its_address():
    assert (place(channel(name="world")), place(channel("slack:T1/C1"))) == ("#world", "#C1")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("“Kim Jong Un”", "“Kim Jong Un”"),
        ('"Kim Jong Un"', "“Kim Jong Un”"),
        ("“Kim Jong Un” AND summit", '“"Kim Jong Un" AND summit”'),
        ('"Kim", "summit"', '“"Kim", "summit"”'),
        ('"', '“"”'),
    ],
)
def test_marks_that_a_query_brings_along_are_not_doubled(query, told):
    assert quoted(query) == told


def test_a_long_text_is_cut_within_its_marks():
    assert quoted("Kim") == "“Kim”"
    assert quoted("x" * 500) == f"“{'x' * LONGEST}…”"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"created_by": "Ann", "origin": Origin.CHAT}, "added by Ann on 1 May 2024"),
        ({"created_by": "cli", "origin": Origin.CLI}, "added by whoever runs newsbot on 1 May 2024"),
        ({"created_by": "", "origin": Origin.CHAT}, "added by whoever runs newsbot on 1 May 2024"),
        ({"created_by": "", "origin": Origin.FILE}, "declared in newsbot’s config file"),
    ],
)
def test_who_added_a_subscription_is_told(fields, told):
    assert added(subscription(**fields)) == told


def test_where_words_stand_is_one_sentence():
    found = (
        TermMatch("Kim Jong Un", "body", HERE),
        TermMatch('"summit"', "title", HERE),
        TermMatch('"summit"', "body", HERE * 2),
        TermMatch("missile NEAR/5 test", "body", HERE * 2),
        TermMatch("author:Forgey", "author", HERE),
        TermMatch("site:bbc.com", "site", ()),
        TermMatch("after:2d", "after", ()),
    )
    assert stands(found, NOW) == (
        "“Kim Jong Un” stands once in the text, “summit” 3 times in the headline and text, the word “missile” with at"
        " most 5 words between it and the word “test” in the text, “Forgey” once in the byline, it is on bbc.com, it"
        " is published since 29 Apr 2024 12:00 UTC."
    )
    assert stands(found[-2:-1], NOW) == "It is on bbc.com."
    assert stands((), NOW) == ""


def test_a_term_that_cannot_be_read_by_itself_is_quoted():
    assert said('"Kim', NOW) == '“"Kim”'


def test_an_alert_of_long_ago_is_said_to_be_forgotten():
    watching = subscription("headline")
    trace = Trace(article(), (article(),), (Ruling(watching, NOW, (), None),))
    assert (
        Case.of(trace, NOW).verdict(watching).text
        == "it matched; what became of the alert is no longer stored."
    )
