"""Folding and cutting words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import BREAK, Words, fold, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim Jong-un’s visit", ["kim", "jong", "un", "visit"]),
        ("KIM'S", ["kim"]),
        ("O’Brien and O'Brien", ["o'brien", "and", "o'brien"]),
        ("the leaders' summit", ["the", "leaders", "summit"]),
        ("Erdoğan, Ørsted, Straße, Łódź, œuvre", ["erdogan", "orsted", "strasse", "lodz", "oeuvre"]),
        ("Μητσοτάκης", ["μητσοτακησ"]),
        ("cafe\u0301 ﬁnance ＫＩＭ", ["cafe", "finance", "kim"]),
        ("据说金正恩", ["据", "说", "金", "正", "恩"]),
        ("북한 김정은이", ["북한", "김정은이"]),
        ("नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("9/11 #summit G7-summit", ["9/11", "summit", "g7", "summit"]),
        ("... — !", []),
        ("", []),
    ],
)
def test_text_is_cut_into_folded_words(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kim Jong-un’s", ["Kim", "Jong", "un"]),
        ("Die Straße dort", ["Die", "Straße", "dort"]),
        ("cafe\u0301 noir", ["cafe\u0301", "noir"]),
        ("zero\u200bwidth x", ["zero\u200bwidth", "x"]),
        ("œuvre — “Łódź”", ["œuvre", "Łódź"]),
        ("ﬁß", ["ﬁß"]),
    ],
)
def test_tokens_name_their_place_in_the_original(text, found):
    read = Words(text)
    spans = read.spans_of((place, place) for place in range(len(read.norms)))
    assert [text[span.start : span.end] for span in spans] == found


TEXTS = st.text(
    st.one_of(
        st.sampled_from("aAéßŁœﬁ'’-\u0301\u200b 金恩정น नमİ\n"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@given(TEXTS)
def test_every_word_has_its_place_in_the_original(text):
    read = Words(text)
    at = 0
    for place, norm in enumerate(read.norms):
        if norm != BREAK:
            span = read.span(place, place)
            assert at <= span.start < span.end <= len(text)
            assert norm in words(text[span.start : span.end])
            at = span.start


@pytest.mark.parametrize("between", ["\n\n", "\n \t\n", "\r\n\r\n", "\n\u3000\u200b\n", "\n\n\n"])
def test_blank_lines_part_paragraphs(between):
    assert Words(f"Kim{between}Jong").norms == ["kim", BREAK, "jong"]


@pytest.mark.parametrize("sign", ["&", "'", "•", "…", "・", "*"])
def test_a_line_that_holds_only_a_sign_is_not_blank(sign):
    assert Words(f"Kim\n{sign}\nJong").norms == ["kim", "jong"]


@pytest.mark.parametrize(
    ("text", "word"),
    [("Kim\u00ad says", "Kim"), ("Kim\u200b", "Kim"), ("金\u00ad正", "金"), ("Kim\u2060’s", "Kim")],
)
def test_a_word_ends_before_a_character_of_no_width(text, word):
    span = Words(text).span(0, 0)
    assert text[span.start : span.end] == word


@pytest.mark.parametrize(
    ("text", "touching"),
    [("金正", True), ("金\u200b正", True), ("金 正", False), ("金・正", False), ("金\n正", False)],
)
def test_words_touch_when_nothing_can_be_seen_between_them(text, touching):
    assert Words(text).touches(1) is touching


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text):
    assert words(fold(text)) == words(text)
