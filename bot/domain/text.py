"""Words: how text is folded and cut so that queries and articles meet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache

# Scripts written without spaces: every character is a token, so that a name is found inside a run.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Vowel signs of the Indic scripts are marks, not letters, to `\w`; the danda is punctuation.
_MARKS = "\u0300-\u036f\u0900-\u0963\u0966-\u0dff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+(?:'(?:[^\W_{_UNSPACED}]|[{_MARKS}])+)*")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")

_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ŋ": "n",
    "‘": "'", "’": "'", "ʼ": "'", "‛": "'", "ʹ": "'", "＇": "'", "`": "'", "´": "'",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is compared, and the characters of the original text that it stands for."""

    norm: str
    start: int
    end: int


class Words:
    """A text's folded words. Most texts match nothing, so where the words stand is worked out only when asked."""

    __slots__ = ("_folded", "_text", "norms")

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = fold(text)
        found = _pattern(self._folded).findall(self._folded)
        self.norms: list[str] = _without_possessives(found) if "'s" in self._folded else found

    def tokens(self, wanted: Container[int]) -> Iterator[tuple[int, Token]]:
        """Yield the words at the wanted places in the sequence, with those places."""
        places = _places(self._text)
        for number, found in enumerate(_pattern(self._folded).finditer(self._folded)):
            if number in wanted:
                yield number, _token(self.norms[number], found.start(), places)


def tokenize(text: str) -> list[Token]:
    """Cut text into folded words with their places in the original.

    Folded are case, width, and marks on Latin and Greek letters; a possessive 's is no part of the
    word; a hyphen separates. Linear in the length of the text.
    """
    read = Words(text)
    return [token for _, token in read.tokens(range(len(read.norms)))]


def words(text: str) -> list[str]:
    """Return only the folded words of a text."""
    return Words(text).norms


def fold(text: str) -> str:
    """Return text in the form in which words are compared."""
    return text.lower() if text.isascii() else text.translate(_fold_table())


def _pattern(folded: str) -> re.Pattern[str]:
    return _ASCII_WORD if folded.isascii() else _WORD


def _without_possessives(found: list[str]) -> list[str]:
    return [word.removesuffix("'s") for word in found]


def _places(text: str) -> list[int] | None:
    """Return, for each place in the folded text, the one in the original; None where they are all equal."""
    if text.isascii():
        return None
    table = _fold_table()
    if all(len(table[ord(char)]) == 1 for char in set(text)):
        return None
    places = [place for place, char in enumerate(text) for _ in table[ord(char)]]
    return [*places, len(text)]


def _token(norm: str, start: int, places: list[int] | None) -> Token:
    end = start + len(norm)
    if places is None:
        return Token(norm, start, end)
    # A letter that folds to two (ß) ends one place after where it starts; marks that fold to nothing belong to it.
    return Token(norm, places[start], max(places[end], places[end - 1] + 1))


class _FoldTable(dict[int, str]):
    """A `str.translate` table that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


@cache
def _fold_table() -> _FoldTable:
    return _FoldTable()


def _fold_char(char: str) -> str:
    lowered = unicodedata.normalize("NFKC", char).casefold()
    return "".join(_LETTERS.get(part, _unmarked(part)) for part in lowered)


def _unmarked(char: str) -> str:
    """Take the marks off a Latin or Greek letter; a mark that stands alone vanishes, other scripts stay."""
    if "\u0300" <= char <= "\u036f":
        return ""
    plain = unicodedata.normalize("NFD", char)
    if len(plain) > 1 and unicodedata.name(plain[0], "").startswith(("LATIN", "GREEK")):
        return _LETTERS.get(plain[0], plain[0])
    return char
