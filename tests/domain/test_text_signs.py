"""Which signs belong to words, and which part them."""

import pytest

from bot.domain.text import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim's, KIM'S and Kim’s.", "kim kim and kim"),
        ("Kim’s-style", "kim style"),
        ("the leaders’ summit", "the leaders summit"),
        ("Yahoo!’s and Disney+’s", "yahoo and disney"),
        ("the U.S.’s plan", "the us plan"),
        ("‘Hamilton’’s run", "hamilton run"),
        ("rock ’n’ roll", "rock n roll"),
        ("He said ‘no’.", "he said no"),
        ("’s-Hertogenbosch", "hertogenbosch"),
        ("मोदी’s", "मोदी"),
        ("the 80’s and the ’90s", "the 80 and the 90s"),
    ],
)
def test_a_possessive_and_closing_quotes_are_no_part_of_a_word(text, expected):
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O‘Brien, O’Brien, O`Brien and O´Brien", "o'brien o'brien o'brien and o'brien"),
        ("don’t, Xi’an, Sana’a, Hawaiʻi", "don't xi'an sana'a hawai'i"),
        ("rock’n’roll", "rock'n'roll"),
        ("aujourd’hui", "aujourd'hui"),
        ("l’Iran, d'Ivoire, L’IRAN, ‘l’Iran’", "l iran d ivoire l iran l iran"),
        ("qu’il, jusqu’à, dell’Arte, un’altra", "qu il jusqu a dell arte un altra"),
        ("qu’l’Iran", "qu l iran"),
        ("a’l’b", "a'l'b"),
        ("Erdoğan’ın, İSTANBUL’DAN, Türkiye’nin", "erdogan in istanbul dan turkiye nin"),
        ("x’un’y", "x un y"),
        ("Ankara’dakiler", "ankara'dakiler"),
    ],
)
def test_an_apostrophe_within_a_word_stays_but_after_an_elision_and_before_a_turkish_ending(text, expected):
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S., J.K. Rowling, a.m., D.C", "us jk rowling am dc"),
        ("the U.S. It", "the us it"),
        ("U.S.-led, U.S.A", "us led usa"),
        ("J.K.Rowling", "jk rowling"),
        ("J. K. Rowling", "j k rowling"),
        ("С.Ш.А. и Η.Π.Α.", "сша и ηπα"),
        ("U.S.The", "us the"),
        ("politico.com, x.com", "politico com x com"),
        ("AT&T.x", "at&t x"),
        ("o’n.b", "o'n b"),
    ],
)
def test_the_dots_of_initials_vanish(text, expected):
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&T, R&D, Q&A’s, ＡＴ＆Ｔ", "at&t r&d q&a at&t"),
        ("Marks & Spencer, A& B", "marks spencer a b"),
        ("C++, C#, F#, C++’s", "c++ c# f# c++"),
        ("C+ C+++ ABC++ C#x #C C++17", "c c abc c x c c 17"),
        ("Vitamin C", "vitamin c"),
        ("x.й#", "xй"),
        ("9/11, 24/7, 1/2/2018", "9/11 24/7 1/2/2018"),
        ("and/or 9/a", "and or 9 a"),
        ("3.5m, $3.5bn, 1.2.3, 3.5.", "3.5m 3.5bn 1.2.3 3.5"),
        ("1,000 1,000,000 2,500.75", "1000 1000000 2500.75"),
        ("1,00 1,0000 1, 000 a,000", "1 00 1 0000 1 000 a 000"),
        ("2018-19 10:30 50% £5", "2018 19 10 30 50 5"),
        ("٣.٥", "٣.٥"),
    ],
)
def test_signs_within_names_and_numbers_stay(text, expected):
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("foo.bar@politico.com", "foo bar politico com"),
        ("https://www.politico.com/a-b_c?d=e#f", "https www politico com a b c d e f"),
        ("CAPS DSPHXGB|x", "caps dsphxgb x"),
        ("null\0byte\x1fand\x7fmore", "null byte and more"),
        ("lone\ud800surrogate", "lone surrogate"),
        ("snake_case", "snake case"),
    ],
)
def test_everything_else_parts_words(text, expected):
    assert words(text) == expected.split()
