"""Texts made to keep a program busy: whatever reads them takes time in proportion to their length."""

import re
import time
from itertools import pairwise

import pytest

from bot.domain.document import Document
from bot.domain.evaluation import evaluate, find
from bot.domain.excerpts import excerpt, mark
from bot.domain.explaining import explain
from bot.domain.matching import QueryIndex
from bot.domain.model import Span, SubscriptionId
from bot.domain.query import Fact, parse_query
from bot.domain.text import BREAK, Words, fold, index_terms
from tests.growth import grows_in_proportion

ATTACKS = [
    # hyphens and what may stand at them
    "-", "a-", "1-a-", "a-a\n", "a--a", "s's-", "x.x.-", "-김", "a-김 ", "é-", "-金", "a-#a", "a/a-",
    # apostrophes, quotes, dots, commas, ampersands
    "'", "a'", "l'", "'s", "a'da", "’", "'\"", '"a', "'s\n", ".", "a.", ".\n", "1.1", "! ", "。", "1,000,", "1/", "a&", "&amp;",
    # signs
    "+", "a+ ", "a+", "#", "#a", "@a\n", "c++ ", "金+", "#金", "@かか ", "#-a",
    # blank lines and other blanks
    "\n", "\n ", "a\n", "a\n\n", " ", " a", "\u3000", "\r\n",
    # one giant word
    "a", "é", "김", "ракета", "1",
    # marks, and characters that vanish
    "\u0301", "\u0316\u0301", "a\u0316\u0301", "и\u0306", "ᄒ\u1161\u11ab", "\u1161", "ｶﾞ", "\u200b", "a\u200b",
    # scripts without spaces, and all sorts
    "金", "か", "กี่", "a金", "金\n", "か\u3099", "Ά", "ß ", "ﬁ", "김정은에게서 ", "👩‍👩‍👧 ", "\ud800", "|",
]  # fmt: skip

QUERIES = [parse_query(query) for query in ("a-s a OR =US", "a NEAR/3 a", "aaa* AND #a OR (김 AND 金金)")]


def index() -> QueryIndex:
    """Return an index that is interested in nearly everything that the attacks hold."""
    index = QueryIndex()
    for number, query in enumerate(
        ("a", "aa", "a s", "ss", "#a", "a+", "김", "김은", "金金", "l a", "aaa*", "=US", "kim jong un")
    ):
        index.add(SubscriptionId(number), parse_query(query))
    return index


INDEX = index()


def spans(text: str) -> list[Span]:
    words = Words(text)
    return words.spans_of((place, place) for place, norm in enumerate(words.norms) if norm != BREAK)


def neighbours(text: str) -> int:
    words = Words(text)
    pairs = enumerate(pairwise(words.norms), 1)
    return sum(words.touches(place) for place, pair in pairs if BREAK not in pair)


def wanted(text: str) -> int:
    return sum(1 for _ in Words(text).hinted(lambda norm: len(norm) % 2 == 0))


def in_letters(text: str) -> list[Span]:
    """Return the spans of words by the places of their letters, as texts without other letters have them."""
    words = Words(text)
    found = re.finditer(rb"[^ \n]+", words.letters) if words.letters.isascii() else ()
    return [Span(*words.read_from(word.start(), word.end())) for word in found]


def found(text: str) -> None:
    document = Document("", text)
    for query in QUERIES:
        evaluate(query, document)
        for term in query.terms:
            if not isinstance(term, Fact):
                list(find(term, document))


def matched(text: str) -> None:
    INDEX.match(Document("", text))


def explained(text: str) -> None:
    explain(parse_query("zebra golf OR =Zebra"), Document("", text))


def shown(text: str) -> None:
    places = [Span(place, place + 2) for place in range(0, len(text) - 2, 3)]
    mark(text, places)
    for span in (places[0], places[-1], places[len(places) // 2], Span(5, len(text) - 5)):
        excerpt(text, [span, *places])


@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
@pytest.mark.parametrize(
    "work",
    [Words, fold, index_terms, wanted, spans, neighbours, in_letters, matched, found, explained, shown],
)
def test_hostile_texts_take_time_in_proportion_to_their_length(work, attack):
    assert grows_in_proportion(work, attack)


def test_work_that_grows_with_the_square_is_told():
    assert not grows_in_proportion(lambda text: [sum(range(place)) for place in range(0, len(text), 10)], "a")
    assert grows_in_proportion(lambda text: [sum(range(500)) for _ in text], "a")


def test_a_chain_of_nears_is_soon_done_with_a_text_that_repeats_its_words():
    query = parse_query(" NEAR/50 ".join("abcabc"))
    start = time.process_time()
    assert evaluate(query, Document("", "a b c " * 10_000))
    assert time.process_time() - start < 20
