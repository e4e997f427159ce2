"""Folding: characters that a reader takes for the same become the same, one after the other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from tests.oracle.lists import APOSTROPHES, DASHES, LETTERS, QUOTES


@dataclass(frozen=True, slots=True)
class Letter:
    """A character as it is compared, and the characters of the text that it stands for."""

    char: str
    start: int
    end: int


def letters(text: str) -> list[Letter]:
    """Fold a text; what vanishes belongs to the letter before, unless it has no width."""
    folded: list[Letter] = []
    for start, end in _clusters(text):
        parts = "".join(_fold(char) for char in _composed(text[start:end]))
        if not parts and folded and unicodedata.category(text[start]) != "Cf":
            folded[-1] = replace(folded[-1], end=end)
        folded += [Letter(part, start, end) for part in parts]
    return folded


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield each character alone, or together with the marks and jamo that make another of it."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _belongs(text[start:end], text[end]):
            end += 1
        if _composed(text[start:end]) == text[start:end]:
            yield from ((place, place + 1) for place in range(start, end))
        else:
            yield start, end
        start = end


def _belongs(cluster: str, char: str) -> bool:
    if char.isascii():
        return False
    if unicodedata.combining(char):
        return True
    return _composed(cluster + char) != _composed(cluster) + _composed(char)


def _composed(cluster: str) -> str:
    """Put marks and jamo together; the marks of half-width kana are letters until they are made wide."""
    wide = "".join(unicodedata.normalize("NFKC", char) if "ｦ" <= char <= "ﾟ" else char for char in cluster)
    return unicodedata.normalize("NFC", wide)


@cache
def _fold(char: str) -> str:
    """Fold one character; the answer may be several or none."""
    if (sign := _sign(char)) is not None:
        return sign
    return "".join(_plain(part) for part in unicodedata.normalize("NFKC", char).casefold())


def _sign(char: str) -> str | None:
    for chars, plain in ((APOSTROPHES, "'"), (QUOTES, '"'), (DASHES, "-"), ("™℠", "|")):
        if char in chars:
            return plain
    return "" if _unseen(char) else None


def _unseen(char: str) -> bool:
    """Whether a character vanishes: zero-width ones, Arabic vowel marks and tatweel, Hebrew points, marks of no script."""
    if unicodedata.category(char) == "Cf" or char == "\N{ARABIC TATWEEL}":
        return True
    name = unicodedata.name(char, "")
    mark = unicodedata.category(char) in ("Mn", "Me") and "KATAKANA" not in name
    return mark and name.startswith(("ARABIC", "HEBREW", "COMBINING", "VARIATION SELECTOR"))


def _plain(char: str) -> str:
    """Return a letter without its marks if it is Latin or Greek, and as itself otherwise."""
    if (sign := _sign(char)) is not None:
        return sign
    letter = unicodedata.normalize("NFD", char)[0]
    if unicodedata.name(letter, "").startswith(("LATIN", "GREEK")):
        return LETTERS.get(letter, letter)
    return char


# ---------------------------------------------------------------- kinds of characters


UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x3400, 0x9FFF),
    (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Scripts written without spaces: Thai and Lao, Burmese, Khmer, kana, Han."""


def is_unspaced(char: str) -> bool:
    """Whether a script is written without spaces, so that every character is a word of its own."""
    return is_written(char) and any(first <= ord(char) <= last for first, last in UNSPACED)


@cache
def is_written(char: str) -> bool:
    """Whether a character is a letter, a digit, or a vowel sign."""
    return unicodedata.category(char)[0] in "LNM"


def is_word(char: str) -> bool:
    """Whether a character can stand inside a word."""
    return is_written(char) and not is_unspaced(char)


def is_hangul(char: str) -> bool:
    """Whether a character is a Korean syllable or letter."""
    return unicodedata.name(char, "").startswith("HANGUL")
