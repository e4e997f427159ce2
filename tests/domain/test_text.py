"""Folding and cutting words."""

import re
from bisect import bisect_left

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.text import BREAK, Words, words


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


PIECES = [
    "Kim", "Jong-un", "’s", "O’Brien", "U.S.", "-led", "AT&T", "C++", "#", "@", "+", "1,000", "9/11", "3.5", "Straße", "café",
    "cafe\u0301", "l’", "’ın", "İ", "ﬁ", "…", "金正恩", "ｶﾞ", "か\u3099", "김정은이", "नमस्ते", "\u200b", "\u00ad", "กี่", "\u0301",
    " ", " ", " ", "\n", "\n\n", "\n \n", "-", "'", ".", ",", "&", "/", "“", "”", "—", "a", "l", "s", "1",
]  # fmt: skip
NEWS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
TEXTS = NEWS | st.text()
SCRAPS = [
    "-",
    "–",
    "'",
    ".",
    "\n",
    "\n\n",
    " ",
    ",",
    "+",
    "#",
    "@",
    "/",
    "a",
    "ls",
    "1",
    "金",
    "か",
    "김",
    "은",
    "é",
    "'s",
    "G7",
    "U.S.",
    "|",
]
FRAGMENTS = st.lists(st.sampled_from(SCRAPS), max_size=20).map("".join)


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


@given(TEXTS, st.data())
def test_a_run_of_words_reaches_from_the_first_to_the_last(text, data):
    read = Words(text)
    places = [place for place, norm in enumerate(read.norms) if norm != BREAK]
    if places:
        first = data.draw(st.sampled_from(places))
        last = data.draw(st.sampled_from([place for place in places if place >= first]))
        [span] = read.spans_of([(first, last)])
        assert (span.start, span.end) == (read.span(first, first).start, read.span(last, last).end)


@given(TEXTS)
def test_other_readings_stand_on_the_words_that_they_read(text):
    read = Words(text)
    for other in read.others:
        span = read.span(other.first, other.last)
        assert other.start in {span.start, span.start - 1} or text[other.start] in "#@"
        assert span.start < other.end <= max(span.end, other.end)
        assert BREAK not in read.norms[other.first : other.last + 1]
    assert [other.first for other in read.others] == sorted(other.first for other in read.others)


@settings(max_examples=1_000)
@given(FRAGMENTS | TEXTS)
def test_hints_tell_of_every_other_reading_and_of_its_place(text):
    read = Words(text)
    begins = [word.start() for word in re.finditer(rb"[^ \n]+|\n", read.letters)]
    assert len(begins) == len(read.norms)
    hints = {
        (hint.norm, bisect_left(begins, hint.at) - 1, hint.words) for hint in read.hinted(lambda norm: True)
    }
    assert hints >= {(other.norm, other.first, 1 + other.last - other.first) for other in read.others}


def test_hints_in_runs_of_characters_keep_the_place_of_those_that_follow():
    read = Words("#金正恩 #峰会 cease-fire")
    hints = [(hint.norm, read.letters[: hint.at].decode().split()) for hint in read.hinted(lambda norm: True)]
    assert hints == [
        ("ceasefire", ["金", "正", "恩", "峰", "会", "cease"]),
        ("#金", ["金"]),
        ("#峰", ["金", "正", "恩", "峰"]),
    ]


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("-a cease-fire", "ceasefire"),
        ("–cease-fire", "ceasefire"),
        ("-'un-un-", "unun"),
        ("x- cease-fire-", "ceasefire"),
    ],
)
def test_hints_tell_of_hyphens_behind_others(text, norm):
    assert norm in {other.norm for other in Words(text).others}
    assert norm in {hint.norm for hint in Words(text).hinted(lambda norm: True)}


@given(NEWS)
def test_other_readings_are_read_again_on_their_own_characters(text):
    for other in Words(text).others:
        own = Words(text[other.start : other.end])
        assert other.norm in {*own.norms, *(again.norm for again in own.others)}


@given(NEWS, NEWS)
def test_paragraphs_are_read_by_themselves(one, other):
    together = [norm for norm in Words(f"{one}.\n\n.{other}").norms if norm != BREAK]
    assert together == words(f"{one}.") + words(f".{other}")


LONG = "Kim Jong-un’s 金正恩 U.S. Straße " * 60


@pytest.mark.parametrize(
    "text", [LONG, LONG.replace("ß", "ss"), f"x\n\n{LONG}", LONG.replace("金正恩", ""), "x" * 3000 + " y"]
)
def test_words_are_found_in_long_paragraphs_too(text):
    read = Words(text)
    for place, norm in enumerate(read.norms):
        if norm != BREAK:
            span = read.span(place, place)
            assert words(text[span.start : span.end]) == [norm]


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
