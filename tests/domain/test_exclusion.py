"""What to leave out of a query, so that it finds no more articles like one."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.domain.document import Document
from bot.domain.exclusion import exclusions, norms, without
from bot.domain.query import MAX_TERMS
from bot.errors import QueryError

GOLF = Document(
    "Kim plays Golf after the summit", "The golf club was delighted. A golf summit.", tags=("Sport",)
)


def proposed(query, unwanted=GOLF, *others, terms=None, usual=None):
    found = exclusions(query, terms or {}, unwanted, others, Counter(usual or {}))
    return [(one.word, one.query) for one in found]


def test_the_word_that_stands_most_in_the_article_and_in_no_other_comes_first():
    others = (Document("A summit of Kim", "Nobody plays."), Document("Summit after summit"))
    assert proposed("summit", GOLF, *others)[0] == ("Golf", "summit -Golf")
    assert "plays" not in dict(proposed("summit", GOLF, *others))
    assert len(proposed("summit", GOLF, *others)) == 3


def test_words_that_are_usual_in_other_articles_are_less_telling():
    unwanted = Document("Summit Xanadu tournament")
    assert proposed("summit", unwanted, usual={"tournament": 90, "the": 100})[0][0] == "Xanadu"
    assert proposed("summit", unwanted, usual={"xanadu": 90})[0][0] == "tournament"


def test_words_that_stand_in_every_tenth_article_are_not_telling():
    usual = {"the": 200, "tournament": 20, "xanadu": 19}
    assert proposed("summit", Document("The Summit Xanadu tournament"), usual=usual) == [
        ("Xanadu", "summit -Xanadu")
    ]
    few = {"the": 10, "xanadu": 10}
    assert proposed("summit", Document("Summit Xanadu"), usual=few) == [("Xanadu", "summit -Xanadu")]


@pytest.mark.parametrize("title", ["summit", "the of 12 a1 é", "summit AND NEAR", "Will", ""])
def test_short_and_ordinary_words_numbers_and_operators_are_never_proposed(title):
    words = {word for word, _ in proposed("summit", Document(title))}
    assert words <= {"NEAR", "the"}


def test_words_of_other_scripts_are_proposed_at_two_letters():
    assert proposed("김정은", Document("김정은 골프"))[0] == ("골프", "김정은 -골프")


def test_every_proposal_leaves_out_the_article_and_keeps_the_others():
    # The plural of a word that is left out would be lost too.
    others = (Document("Summit of clubs"),)
    assert "club" not in [word.lower() for word, _ in proposed("summit", GOLF, *others)]


def test_what_the_query_asks_for_is_not_left_out():
    assert proposed("golf", Document("golfs")) == []
    assert proposed("(missile NEAR/5 (test, launch)) -Kim", Document("Missile test: launch")) == []
    assert proposed("site:bbc.com golf", Document("golf")) == []


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ("summit", "summit -golf"),
        ("summit -tennis", "summit -tennis -golf"),
        ("Kim AND summit", "Kim AND summit -golf"),
        ("Kim Jong Un, summit", "(Kim Jong Un, summit) -golf"),
        ("@talks", "@talks -golf"),
        ("a NEAR/3 b", "a NEAR/3 b -golf"),
    ],
)
def test_a_word_is_left_out_of_the_whole_query(query, changed):
    assert without(query, "golf", {"talks": "talks, summit"}) == changed


def test_a_query_that_may_not_grow_is_not_changed():
    full = ", ".join(("summit", *(f"word{number}" for number in range(MAX_TERMS - 1))))
    assert proposed(full) == []


def test_a_query_that_cannot_take_a_word_is_not_changed():
    with pytest.raises(QueryError, match="cannot be left out"):
        without("summit", "golf, tennis", {})


def test_the_words_of_an_article_are_those_of_its_headline_text_and_tags():
    assert norms(Document("Kim", "a b\n\nc", tags=("Asia",))) == {"kim", "a", "b", "c", "asia"}


def test_little_words_are_not_proposed_however_few_articles_there_are():
    words = [
        word for word, _ in proposed("summit", Document("The summit", "After the golf they were there."))
    ]
    assert words == ["golf"]
