"""Characters that a reader takes for the same."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import characters, fold, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ÉCOLE Ångström Þórr Æon ĸ", "ecole angstrom thorr aeon ĸ"),
        ("Straße STRAẞE ĦAL İstanbul ıstanbul", "strasse strasse hal istanbul istanbul"),
        ("ﬁnance ﬀ ﬃ ǆ", "finance ff ffi dz"),
        ("ＫＩＭ　Ｊｏｎｇ", "kim jong"),
        ("𝐊𝐢𝐦 Ⅷ ① CO₂ m²", "kim viii 1 co2 m2"),
        ("ΣΊΣΥΦΟΣ σίσυφος Ἀθῆναι", "σισυφοσ σισυφοσ αθηναι"),
        ("Ёлка Київ Й", "ёлка київ й"),
        ("الرِّيَاض الريـاض", "الرياض الرياض"),
        ("יִשְׂרָאֵל", "ישראל"),
        ("हिन्दी क्षत्रिय", "हिन्दी क्षत्रिय"),
        ("ㅋㅋㅋ", "ㅋㅋㅋ"),
        ("zero\u200bwidth so\u00adft \u200eRTL\u200f", "zerowidth soft rtl"),
        ("iPhone™ BMW®", "iphone bmw"),
        ("🇺🇸 flag 👩‍👩‍👧 Kim🎉Jong 1️⃣", "flag kim jong 1"),
        ("wait…what", "wait what"),
        ("１，０００ ９／１１", "1000 9/11"),
        ("½ cup", "1 2 cup"),
    ],
)
def test_letters_are_folded(text, expected):
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ｶﾞｿﾘﾝ ﾊﾟﾘ", "ガ ソ リ ン パ リ"),
        ("カﾞ", "ガ"),
        ("ｶ\u3099", "ガ"),
        ("ｶ x ﾞ", "カ x \u3099"),
        ("か\u3099", "が"),
        ("テスト人々", "テ ス ト 人 々"),
        ("ドナルド・トランプ", "ド ナ ル ド ト ラ ン プ"),
        ("น้ำ ไทย", "น \u0e49 \u0e4d า ไ ท ย"),
        ("金正恩summit", "金 正 恩 summit"),
        ("\U00020000\uf900", "\U00020000 豈"),
    ],
)
def test_scripts_without_spaces_are_read_character_by_character(text, expected):
    assert words(text) == unicodedata.normalize("NFC", expected).split()


def test_signs_are_levelled():
    assert fold("‘Kim’ “Jong”–Un „x‟ «y» `z´") == '\'kim\' "jong"-un "x" "y" \'z\''


@given(st.text())
def test_folding_is_the_same_whether_letters_are_composed_or_not(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(st.text())
def test_a_text_is_folded_alike_however_much_of_it_is_beyond_ascii(text):
    padding = " Ωμέγα — ў" * 50
    assert words(text + padding) == words(text) + words(padding)


@given(st.text())
def test_folded_text_is_folded(text):
    assert fold(fold(text)) == fold(text)
    assert words(fold(text)) == words(text)


def test_letters_that_are_left_alone_change_nothing_but_their_case():
    plain = re.compile(f"[{characters._PLAIN}]")
    for char in filter(plain.match, map(chr, range(0x80, 0x10000))):
        assert fold(char) == char.lower()
        assert len(char.lower()) == 1
        assert unicodedata.category(char)[0] in "LMN"


def test_many_different_runs_of_characters_are_folded_alike_from_memory_and_anew():
    runs = [f"é{chr(0x3B1 + n % 20)}ü{chr(0x3B1 + n % 7)}" for n in range(200)]
    text = " ".join(runs)
    assert words(text) == words(text) == [word for run in runs for word in words(run)]
    assert words("ό" * 100) == ["ο" * 100]
