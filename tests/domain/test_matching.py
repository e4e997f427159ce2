"""Which subscriptions an article concerns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.matching import QueryIndex
from bot.domain.model import SubscriptionId
from bot.domain.query import Phrase, Query, Word, parse_query
from bot.domain.text import words


def matched(query, title="", body=""):
    texts = {"title": title, "body": body}
    return [
        texts[term.field][span.start : span.end]
        for term in (evaluate(parse_query(query), Document(title, body)) or ())
        for span in term.spans
    ]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("Kim Jong Un", "KIM JONG UN speaks", ["KIM JONG UN"]),
        ("Kim Jong Un", "on Kim Jong-un’s orders", ["Kim Jong-un"]),
        ("summit", "The summit's end. Summit!", ["summit", "Summit"]),
        ("Erdogan", "Erdoğan’s visit", ["Erdoğan"]),
        ("金正恩", "据说金正恩今天", ["金正恩"]),
        ("summit", "G7-summit", ["summit"]),
    ],
)
def test_words_match_whatever_their_case_marks_and_hyphens(query, text, found):
    assert matched(query, body=text) == found


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("tor", "storage, tory, history"),
        ("Kim Jong Un", "Kim Jong Il; Jong Un Kim"),
        ("Kim Jong Un", "Kim, said to be Jong Un"),
        ("Kim Jong Un", "Kim Jong"),
    ],
)
def test_nothing_but_whole_words_in_their_order_matches(query, text):
    assert matched(query, body=text) == []


def test_a_phrase_never_crosses_from_the_title_to_the_body():
    assert matched("Kim Jong Un", title="A letter from Kim", body="Jong Un wrote") == []


def test_every_alternative_found_is_a_reason():
    terms = evaluate(
        parse_query("Kim Jong Un, summit"), Document("Summit planned", "Kim Jong Un asked for a summit")
    )
    assert [(term.term, term.field) for term in terms] == [
        ("Kim Jong Un", "body"),
        ("summit", "title"),
        ("summit", "body"),
    ]


def test_an_index_forgets_a_subscription_and_leaves_the_others():
    index = QueryIndex()
    for number, query in enumerate(["Kim Jong Un", "Kim", "Kim Jong Un, summit"], start=1):
        index.add(SubscriptionId(number), parse_query(query))
    index.remove(SubscriptionId(1))
    index.remove(SubscriptionId(99))
    assert len(index) == 2
    assert [match.subscription_id for match in index.match(Document("Kim Jong Un", ""))] == [2, 3]
    index.remove(SubscriptionId(3))
    assert [match.subscription_id for match in index.match(Document("Kim Jong Un at the summit", ""))] == [2]


def test_phrases_that_begin_alike_are_forgotten_one_by_one():
    index = QueryIndex()
    for number, query in enumerate(("Kim Jong Un visits", "Kim Jong Un travels", "Kim Jong Un")):
        index.add(SubscriptionId(number), parse_query(query))
    index.remove(SubscriptionId(0))
    article = Document("Kim Jong Un visits, Kim Jong Un travels")
    assert [match.subscription_id for match in index.match(article)] == [1, 2]


def test_an_index_that_has_grown_finds_old_and_new():
    index = QueryIndex()
    for number in range(6_000):
        index.add(SubscriptionId(number), parse_query(f"kim{number}x jong"))
    article = Document("kim3x jong, kim5999x jong")
    assert [match.subscription_id for match in index.match(article)] == [3, 5999]


def test_phrases_of_very_many_words_are_found_like_others():
    index = QueryIndex()
    texts = [
        " ".join(f"w{number}" for number in range(first, first + 1_000)) for first in range(0, 102_000, 1_000)
    ]
    for number, text in enumerate(texts):
        spelling = tuple(Word(frozenset({word})) for word in text.split())
        index.add(SubscriptionId(number), Query(text, Phrase(text, text, (spelling,))))
    for number in (0, 50, 101):
        [match] = index.match(Document("", f"So {texts[number]} it was"))
        assert match.subscription_id == number


def test_a_phrase_that_a_query_spells_in_two_ways_can_be_forgotten():
    index = QueryIndex()
    index.add(SubscriptionId(1), parse_query("Kim Jong Un, Kim Jong-un"))
    index.remove(SubscriptionId(1))
    assert index.match(Document("Kim Jong Un", "")) == ()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("summit NEAR/3 koala", False),
        ("summit AND (koala, wallaby)", False),
        ("summit AND (koala, Kim)", True),
        ("title:summit AND koala", False),
        ("summit AND author:Ann", True),
        ("summit AND koa* AND Kim", False),
        ("summit AND ceasefire", True),
        ("summit -koala", True),
        ("summit AND site:paper.example", True),
    ],
)
def test_a_query_is_asked_only_where_its_words_may_be_and_decides_as_ever(query, found):
    index = QueryIndex()
    index.add(SubscriptionId(1), parse_query(query))
    article = Document("A summit", "Kim on a cease-fire", author="Ann Bee", site="paper.example")
    assert bool(index.match(article)) == found == bool(evaluate(parse_query(query), article))


def test_a_combination_of_phrases_is_forgotten_with_all_that_it_looked_for():
    queries = ["summit AND Kim -golf", "summit AND (Kim, Trump)", "golf", "summit, title:Kim", "golf -tennis"]
    article = Document("Kim at the summit", "Trump plays golf")
    for removed in range(len(queries)):
        index = QueryIndex()
        for number, query in enumerate(queries):
            index.add(SubscriptionId(number), parse_query(query))
        index.remove(SubscriptionId(removed))
        found = [match.subscription_id for match in index.match(article)]
        assert found == [number for number in (1, 2, 3, 4) if number != removed]
        for number in range(len(queries)):
            index.remove(SubscriptionId(number))
        assert not index.match(article)
        assert not index._watched


@pytest.mark.parametrize(
    ("query", "text"), [("a", "a "), ("a AND b", "a b "), ("ab", "a-b "), ("ab NEAR/1 c", "a-b c ")]
)
def test_of_thousands_of_places_in_one_text_some_are_told(query, text):
    index = QueryIndex()
    index.add(SubscriptionId(1), parse_query(query))
    article = Document("News", text * 40_000)
    (match,) = index.match(article)
    for terms in (match.terms, evaluate(parse_query(query), article)):
        assert all(500 <= len(term.spans) <= 2_000 for term in terms)


def test_a_subscription_added_again_has_only_its_new_query():
    index = QueryIndex()
    index.add(SubscriptionId(1), parse_query("summit"))
    index.add(SubscriptionId(1), parse_query("golf"))
    assert index.match(Document("summit", "")) == ()
    assert [match.subscription_id for match in index.match(Document("golf", ""))] == [1]


WORDS = st.lists(
    st.sampled_from(["kim", "jong", "un", "il", "summit", "tor", "storage"]), min_size=1, max_size=4
)


@given(st.lists(WORDS, min_size=1, max_size=8), st.lists(WORDS, max_size=6), st.integers(0, 7))
def test_the_index_finds_what_reading_every_query_finds(queries, text, removed):
    body = " ".join(word for part in text for word in part)
    index = QueryIndex()
    for number, query in enumerate(queries, start=1):
        index.add(SubscriptionId(number), parse_query(" ".join(query)))
    index.remove(SubscriptionId(removed))
    padded = f" {' '.join(words(body))} "
    expected = [
        number for number, query in enumerate(queries, start=1)
        if number != removed and f" {' '.join(query)} " in padded
    ]  # fmt: skip
    assert [match.subscription_id for match in index.match(Document("", body))] == expected
