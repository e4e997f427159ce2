"""Numbers for words: equal words have equal numbers, and those of a whole text are worked out at once.

The number of a word is the sum of the products of its neighbouring letters, of which the blank before it is one; an s
at its end does not count, so that a word mostly has the number of its plural. Words side by side have a number
together, made of theirs. Different words may have the same number: who finds one must look at the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2s
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]

GRAM: Final = 3
"""Words side by side that have a number together, at most."""
HEAD: Final = 3
"""Bytes at the beginning of a word that have a number too."""

_MASK: Final = 2**32 - 1
_LETTERS: Final = [int.from_bytes(blake2s(bytes((code,)), digest_size=4).digest()) | 1 for code in range(256)]
_LETTERS_AT_ONCE: Final = np.array(_LETTERS, np.uint32)
_JOINING: Final = (0x9E3779B1, 0x85EBCA6B)
_BEGINNING: Final = 0xC2B2AE35
_BLANK, _PLURAL = b" s"


class Numbered:
    """A text's words, with the numbers of all words, then of pairs, of triples and, if wanted, of beginnings."""

    __slots__ = ("_count", "_ends", "_letters", "_starts", "numbers")

    def __init__(self, letters: bytes, *, beginnings: bool = False) -> None:
        """Take the words as UTF-8 with blanks between."""
        self._letters = b"  %b  " % letters
        signs = np.frombuffer(self._letters, np.uint8)
        factors = _LETTERS_AT_ONCE.take(signs)
        sums = (factors[1:] * factors[:-1]).cumsum(dtype=np.uint32)
        blank = signs == _BLANK
        edges = (blank[1:] != blank[:-1]).nonzero()[0]
        self._starts, self._ends = edges[::2], edges[1::2]
        self._count = len(self._starts)
        before = sums.take(self._starts - 1)
        words = sums.take(self._ends - (signs.take(self._ends) == _PLURAL) - 1) - before
        numbers = [words]
        for size, factor in enumerate(_JOINING, 1):
            numbers.append(numbers[-1][:-1] * np.uint32(factor) ^ words[size:])
        if beginnings:
            begun = sums.take(self._starts + HEAD - 1) - before
            numbers.append(begun * np.uint32(_BEGINNING))
        self.numbers: Numbers = np.concatenate(numbers)

    def place_of(self, position: int) -> int:
        """Return the place of the first word that the number at a position stands for."""
        for count in range(self._count, self._count - GRAM, -1):
            if position < count:
                break
            position -= max(0, count)
        return position

    def words(self, first: int, count: int) -> list[str]:
        """Return some words; fewer or none where the text has fewer."""
        if first < 0 or first + count > self._count:
            return []
        start, end = self.place(first, first + count - 1)
        return self._letters[start + 2 : end + 2].decode().split()

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Return where in the given letters the words from the first to the last stand."""
        return self._starts.item(first) - 1, self._ends.item(last) - 1

    def begun_before(self, place: int) -> int:
        """Return how many words begin before a place of the given letters."""
        return int(self._starts.searchsorted(place + 1))


def number_of(words: Sequence[str]) -> int:
    """Return the number of words side by side; at most GRAM of them."""
    number = _number(words[0])
    for word, factor in zip(words[1:], _JOINING, strict=False):
        number = number * factor & _MASK ^ _number(word)
    return number


def number_of_beginning(word: str) -> int:
    """Return the number that all words share which begin alike."""
    return _sum(word.encode()[:HEAD]) * _BEGINNING & _MASK


@lru_cache(1 << 16)
def _number(word: str) -> int:
    return _sum(word.encode().removesuffix(b"s"))


def _sum(signs: bytes) -> int:
    return sum(_LETTERS[a] * _LETTERS[b] for a, b in pairwise(b" " + signs)) & _MASK
