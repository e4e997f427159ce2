"""Reading keyword expressions and saying them back."""

import pytest

from bot.domain.query import MAX_CHARACTERS, MAX_TERMS, parse_query
from bot.errors import QueryError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kim Jong Un", "the phrase “Kim Jong Un”"),
        (" Kim Jong Un ,summit,", "the phrase “Kim Jong Un” or the word “summit”"),
        ("“Kim Jong Un”\nsummit", "the phrase “Kim Jong Un” or the word “summit”"),
        ("summit, summit", "the word “summit”"),
        ("金正恩、summit", "the phrase “金正恩” or the word “summit”"),
        ("or and not", "the phrase “or and not”"),
    ],
)
def test_a_query_says_itself_back(text, said):
    assert parse_query(text).describe() == said


def test_a_query_names_the_words_that_an_article_must_hold():
    assert parse_query("Kim Jong-un, Summit").tokens() == [("kim", "jong", "un"), ("summit",)]


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("", 0, "empty"),
        (" , \n", 0, "empty"),
        ("summit,  ?!", 9, "“?!” holds no word"),
        ('""', 0, "holds no word"),
        ("Kim AND summit", 4, "“AND” in capitals"),
        ("x" * (MAX_CHARACTERS + 1), MAX_CHARACTERS, "1,001 characters"),
        (",".join(f"w{n}" for n in range(MAX_TERMS + 1)), 0, "65 alternatives"),
    ],
)
def test_a_query_that_cannot_be_read_names_the_place_and_the_fault(text, position, part):
    with pytest.raises(QueryError, match=part) as caught:
        parse_query(text)
    assert caught.value.position == position
