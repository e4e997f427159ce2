from datetime import UTC, datetime

import pytest

from bot.domain.document import Document
from bot.domain.explaining import also_found, explain, places_of
from bot.domain.query import Phrase, parse_query

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SUMMIT = Document(
    "White House planning second Trump–Kim summit",
    "Kim Jong Un, a leader, said who.\n\nThe missile was far from any big old new strange long test. After a round of golf.",
    author="Quint Forgey",
    source="Politico",
    site="politico.com",
    language="en",
    at=datetime(2026, 11, 20, 8, tzinfo=UTC),
)

FAR_APART = (
    "The word “missile” and the word “test” are there, but nowhere with at most 5 words between them"
    " in one paragraph."
)


def failures(query: str, document: Document = SUMMIT) -> list[str]:
    explanation = explain(parse_query(query, now=NOW), document)
    assert explanation.matches == (not explanation.failures)
    return [failure.text for failure in explanation.failures]


def test_a_match_is_explained_by_its_terms_and_their_places():
    explanation = explain(parse_query("Kim Jong Un, summit, golf club"), SUMMIT)
    assert explanation.matches
    assert [(match.term, places_of(match)) for match in explanation.found] == [
        ("Kim Jong Un", "the text"),
        ("summit", "the headline"),
    ]


def test_what_is_excluded_is_named_with_its_places_and_what_else_was_found_too():
    explanation = explain(parse_query("Kim Jong Un -(golf, tennis)"), SUMMIT)
    [failure] = explanation.failures
    assert failure.text == "The word “golf” or the word “tennis” is there, which the query excludes."
    assert [SUMMIT.body[span.start : span.end] for match in failure.found for span in match.spans] == ["golf"]
    assert [match.term for match in explanation.found] == ["Kim Jong Un"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Kim Jong Il", "The phrase “Kim Jong Il” is not there: “Il” is missing."),
        ("Kim Xi Il", "The phrase “Kim Xi Il” is not there: “Xi” and “Il” are missing."),
        (
            "Kim leader",
            "The phrase “Kim leader” is not there: its words are, but nowhere side by side in one paragraph.",
        ),
        ("zebra", "The word “zebra” is not there."),
        ("zeb*", "A word beginning with “zeb” is not there."),
        ("North zeb*", "A phrase beginning with “North zeb” is not there: “North” and “zeb*” are missing."),
        (
            "cease-fire now",
            "The phrase “cease-fire now” is not there: “cease” and “fire” and “now” are missing.",
        ),
        ("金正恩", "The word “金正恩” is not there."),
        (
            "=WHO",
            "The word “WHO” written exactly so is not there; the same letters are, written otherwise.",
        ),
        ("W.H.O.", "The word “W.H.O.” is not there; the same letters are, written otherwise."),
        ("title:golf", "The word “golf” in the headline is not there; it stands in the text."),
        (
            "author:Politico",
            "The word “Politico” in the byline is not there; it stands in the source’s name.",
        ),
        ("title:zebra", "The word “zebra” in the headline is not there."),
        ("missile NEAR/5 test", FAR_APART),
        ("missile NEAR/5 rocket", "The word “rocket” is not there."),
        ("site:bbc.com Kim", "It is on politico.com, not on bbc.com."),
        ("lang:fr Kim", "Its language is en: it is not in French."),
        ("Kim after:2d", "It was published 2026-11-20 08:00 UTC, not since 21 Nov 2026 12:00 UTC."),
    ],
)
def test_the_part_that_failed_is_told_and_how_nearly(query, said):
    assert failures(query) == [said]


def test_of_alternatives_every_one_is_told():
    assert failures("summit AND (zebra, okapi)") == [
        "The word “zebra” is not there.",
        "The word “okapi” is not there.",
    ]


def test_what_an_article_does_not_say_of_itself_is_said_so():
    silent = Document("Kim")
    assert failures("site:bbc.com Kim", silent) == ["It has no link."]
    assert failures("lang:fr Kim", silent) == [
        "Its feed names no language, so nobody knows whether it is in French."
    ]
    assert failures("Kim before:2d", silent) == [
        "It was published at an unknown time, not before 21 Nov 2026 12:00 UTC."
    ]


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        ("summit", ("summits",)),
        ("summits", ("summit",)),
        ("cease-fire", ("cease fire", "ceasefires")),
        ("Kim Jong Un", ()),
        ('"summit"', ()),
        ("=WHO", ()),
        ("U.S.", ()),
        ("denuclear*", ()),
    ],
)
def test_a_word_tells_what_else_it_finds(query, forms):
    phrase = parse_query(query).root
    assert isinstance(phrase, Phrase)
    if query != "cease-fire":
        assert also_found(phrase) == forms
    else:
        assert "ceasefire" in also_found(phrase)
