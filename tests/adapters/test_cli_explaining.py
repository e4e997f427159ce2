"""`newsbot explain` with a real database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import entry
from tests.stocked import stock

LINK = "https://news.example/2"


@pytest.fixture
def stocked(shell, stored):
    story = entry(
        "2",
        title="Second summit",
        body="Kim Jong Un met them.\n\nThen a round of golf.",
        url=LINK,
        language="en",
    )
    stored(lambda store: stock(store, story, title="The Wire", at=datetime.now(UTC)))
    return shell


def test_a_query_is_said_in_plain_english_with_what_else_it_finds_and_what_may_be_meant(shell):
    assert shell("explain", "summit,", "Iran or Iraq").out.splitlines() == [
        " The word “summit” or the phrase “Iran or Iraq”.",
        "   “summit” also finds “summits”.",
        " Note: “or” in small letters is a word of the phrase, which is looked for as it stands; as an operator it is OR.",
        "       Try:  summit, Iran OR Iraq",
    ]


def test_a_match_is_explained_by_the_sentences_it_stands_in(stocked):
    assert stocked(
        "explain", "Kim Jong Un lang:en, summit", "--article", f"{LINK}?utm_source=x"
    ).out.splitlines() == [
        " Second summit · The Wire matches (the phrase “Kim Jong Un” and in English) or the word “summit”.",
        "   The phrase “Kim Jong Un” stands in the text:",
        "     «Kim Jong Un» met them.",
        "   In English is so.",
        "   The word “summit” stands in the headline:",
        "     Second «summit»",
    ]


def test_what_failed_is_explained_with_the_place_of_what_is_excluded(stocked):
    assert stocked("explain", "Kim Jong Un -golf", "--article", LINK).out.splitlines() == [
        " Second summit · The Wire does not match the phrase “Kim Jong Un”, but without the word “golf”.",
        "   The word “golf” is there, which the query excludes.",
        "   The word “golf” stands in the text:",
        "     Then a round of «golf».",
        "   The phrase “Kim Jong Un” stands in the text:",
        "     «Kim Jong Un» met them.",
    ]


def test_an_explanation_as_data(stocked):
    data = stocked("explain", "Kim -golf", "--article", LINK, "--json").data
    assert data["matches"] is False
    assert data["article"]["source"] == "The Wire"
    assert data["found"][0] == {
        "term": "Kim",
        "field": "body",
        "spans": [[0, 3]],
        "excerpt": "Kim Jong Un met them.",
    }
    assert data["failures"][0]["found"][0]["excerpt"] == "Then a round of golf."
    assert stocked("explain", "lang:en", "--article", LINK, "--json").data["found"][0]["excerpt"] == ""
    assert stocked("explain", "UN", "--json").data["notes"][0]["suggestion"] == "=UN"


def test_an_article_that_is_not_stored_is_said_so(stocked):
    said = stocked("explain", "Kim", "--article", "https://news.example/none")
    assert said.code == 1
    assert "No stored article has the link https://news.example/none." in said.err
