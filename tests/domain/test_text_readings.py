"""What words may be taken for besides."""

from unicodedata import normalize

import pytest

from bot.domain.text import Other, Words, index_terms


def readings(text):
    read = Words(text)
    return {(other.norm, text[other.start : other.end]) for other in read.others}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a cease-fire, Cease‑Fire", {("ceasefire", "cease-fire"), ("ceasefire", "Cease‑Fire")}),
        (
            "Jong-un-style",
            {("jongun", "Jong-un"), ("unstyle", "un-style"), ("jongunstyle", "Jong-un-style")},
        ),
        (
            "a-b-c-d-e",
            {
                *zip(
                    "ab bc cd de abc bcd cde abcd bcde".split(),
                    "a-b b-c c-d d-e a-b-c b-c-d c-d-e a-b-c-d b-c-d-e".split(),
                    strict=True,
                )
            },
        ),
        ("U.S.-led", {("usled", "U.S.-led")}),
        ("non-U.S. troops", {("nonus", "non-U.S.")}),
        ("Kim’s-style and U.S.’s-led", {("kimstyle", "Kim’s-style"), ("usled", "U.S.’s-led")}),
        ("C++-style, C#’s-like", {("c++style", "C++-style"), ("c#like", "C#’s-like")}),
        ("COVID-19, F-16", {("covid19", "COVID-19"), ("f16", "F-16")}),
        ("2018-19, 1,000-2,000", set()),
        ("G7-2018-19-x", {("g72018", "G7-2018"), ("19x", "19-x")}),
        ("AT&T-led 9/11-style", {("at&tled", "AT&T-led"), ("9/11style", "9/11-style")}),
        ("Kim - Jong -un Kim--Un -x x-", set()),
        ("cease-\nfire", set()),
        ("金-正 G7-金", set()),
        ("한-미", {("한미", "한-미")}),
        ("e-\n\nmail e-mail", {("email", "e-mail")}),
    ],
)
def test_pieces_joined_by_hyphens_are_also_one_word(text, expected):
    assert readings(text) == expected


def test_another_reading_names_its_words_in_the_sequence():
    read = Words("First.\n\nKim Jong-un-style")
    assert read.norms == ["first", "|", "kim", "jong", "un", "style"]
    assert read.others == (
        Other("jongun", 3, 4, 12, 19),
        Other("jongunstyle", 3, 5, 12, 25),
        Other("unstyle", 4, 5, 17, 25),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Talks #Summit, #G7-x", {("#summit", "#Summit"), ("#g7", "#G7"), ("g7x", "G7-x")}),
        (".@POTUS tweets", {("@potus", "@POTUS")}),
        ("##x @金 #U.S.", {("#x", "#x"), ("@金", "@金"), ("#us", "#U.S.")}),
        ("foo@politico.com C#x # x", set()),
        ("Kim’s#x", {("#x", "#x")}),
        ("Disney+, 18+", {("disney+", "Disney+"), ("18+", "18+")}),
        ("Disney+’s", {("disney+", "Disney+")}),
        ("1+1 + C++ x +y", set()),
        ("金+", {("金+", "金+")}),
        ("Straße+ #Straße", {("strasse+", "Straße+"), ("#strasse", "#Straße")}),
    ],
)
def test_words_with_a_sign_are_also_read_with_it(text, expected):
    assert readings(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("김정은이 왔다", {("김정은", "김정은"), ("왔", "왔")}),
        ("북한에서는", {("북한", "북한"), ("북한에서", "북한에서")}),
        ("NATO는 G7과", {("nato", "NATO"), ("g7", "G7")}),
        (normalize("NFD", "김정은이"), {("김정은", normalize("NFD", "김정은"))}),
        ("이 김정숙", set()),
    ],
)
def test_korean_words_are_also_read_without_their_particles(text, expected):
    assert readings(text) >= expected
    assert bool(readings(text)) is bool(expected)


def test_texts_without_signs_have_no_other_readings():
    assert Words("Kim Jong Un travels").others == ()
    assert Words("").others == ()


def test_the_index_keeps_every_reading_and_pairs_of_neighbours():
    assert index_terms("Kim Jong-un\n\n金正恩, 峰会 x") == [
        *("kim jong un 金 正 恩 峰 会 x jongun 金正 正恩 峰会".split()),
    ]
    assert index_terms("Kim") == ["kim"]
    assert index_terms("") == []


@pytest.mark.parametrize("line", ["cease-fire ", "#summit ", "Disney+ ", "북한에서 "])
def test_other_readings_are_found_in_every_paragraph(line):
    text = f"{line}{line}\n\nKim\n\n{line}"
    norm = readings(line).pop()[0]
    found = [other for other in Words(text).others if other.norm == norm]
    assert [text[other.start : other.end] for other in found] == [line.strip().removesuffix("에서")] * 3
    assert len({(other.first, other.last) for other in found}) == 3
