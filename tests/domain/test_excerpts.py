"""The sentence that a reader is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.excerpts import EXCERPT_LENGTH, excerpt, mark
from bot.domain.message import plain
from bot.domain.model import Span
from bot.domain.query import parse_query


def shown(text, query=None):
    terms = (evaluate(parse_query(query), Document("", text)) or ()) if query else ()
    spans = sorted((span for term in terms for span in term.spans), key=lambda span: span.start)
    return "".join(f"[{run.text}]" if run.marked else run.text for run in excerpt(text, spans))


def test_the_sentence_around_the_match_is_shown():
    text = "It rained. North Korean leader Kim Jong Un spoke Monday. Nobody listened."
    assert shown(text, "Kim Jong Un") == "North Korean leader [Kim Jong Un] spoke Monday."


def test_without_a_match_the_first_sentence_is_shown():
    assert shown("It rained all day. It stopped.") == "It rained all day."


def test_every_match_in_the_sentence_is_marked_and_none_outside():
    text = "A summit was held. Kim came to the summit, Kim left. The summit is over."
    assert shown(text, "Kim, summit").count("[") == 1
    assert shown(text, "Kim") == "[Kim] came to the summit, [Kim] left."


@pytest.mark.parametrize("name", ["Mr. Kim", "J. R. Kim", "Gen. Kim", "the U.S. Congress and Kim"])
def test_a_short_form_ends_no_sentence(name):
    text = f"It rained. Then {name} spoke to us. They left."
    assert shown(text, "Kim") == f"Then {name} spoke to us.".replace("Kim", "[Kim]")


def test_quotation_marks_stay_with_their_sentence():
    text = "“Stop.” Kim spoke. “Go on.”"
    assert shown(text, "Kim") == "[Kim] spoke."


def test_paragraphs_end_sentences():
    assert shown("A heading without a stop\n\nKim spoke here\n\nMore", "Kim") == "[Kim] spoke here"


def test_chinese_sentences_end_with_their_own_stop():
    assert shown("今天下雨。据说金正恩来了。明天晴。", "金正恩") == "据说[金正恩]来了。"


def test_a_long_sentence_is_cut_at_words_around_the_match():
    text = " ".join(["before"] * 100 + ["Kim"] + ["after"] * 100) + "."
    cut = shown(text, "Kim")
    assert cut.startswith("… before")
    assert cut.endswith("after …")
    assert "[Kim]" in cut
    assert len(cut) <= EXCERPT_LENGTH + len("… ") + len(" …") + len("[]")


def test_a_sentence_without_spaces_is_cut_all_the_same():
    cut = shown("x" * 500 + " Kim " + "y" * 5000, "Kim")
    assert "[Kim]" in cut
    assert len(cut) <= EXCERPT_LENGTH + 6


def test_no_text_makes_no_excerpt():
    assert excerpt("", []) == ()


def test_marks_that_overlap_are_joined_and_lines_are_one():
    runs = mark("Kim\nJong Un", [Span(0, 3), Span(0, 11), Span(4, 8)])
    assert [(run.text, run.marked) for run in runs] == [("Kim Jong Un", True)]


@given(st.text("aB .!?\n。”'", max_size=900), st.integers(0, 900), st.integers(1, 20))
def test_an_excerpt_is_short_and_shows_its_match(text, start, length):
    span = Span(min(start, len(text)), min(start + length, len(text)))
    runs = excerpt(text, [span])
    assert len(plain(runs)) <= EXCERPT_LENGTH + 4
    wanted = text[span.start : span.end].strip()
    if wanted and "\n" not in wanted and not any(stop in wanted for stop in ".!?。"):
        assert any(run.marked for run in runs)


def test_a_long_sentence_whose_match_opens_it_is_cut_only_behind():
    cut = shown("Kim " + "after " * 100 + "end.", "Kim")
    assert cut.startswith("[Kim] after")
    assert cut.endswith(" …")


def test_a_long_sentence_whose_match_ends_it_is_cut_only_before():
    cut = shown("before " * 100 + "met Kim.", "Kim")
    assert cut.startswith("… before")
    assert cut.endswith("met [Kim].")
