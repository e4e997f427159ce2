"""Numbers for words: equal words have equal numbers, and those of a whole text are worked out at once.

The number of a word is the sum of the numbers of its neighbouring letters, of which the blank before it is one. An s
mostly counts only before another letter, so that a word mostly has the number of its plural. Two words side by side
have a number together, made of theirs. Different words may have the same number: who finds one must look at the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import shake_128
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]

GRAM: Final = 2
"""Words side by side that have a number together, at most."""
HEAD: Final = 3
"""Bytes at the beginning of a word that have a number too."""

_MASK: Final = 2**32 - 1
_JOINING: Final = 0x9E3779B1
_BEGINNING: Final = 0xC2B2AE35
_NO_PLURAL: Final = b" aisu"
"""What an s hardly ever makes a plural of: has, this, loss, us, and an s by itself."""
_EDGE: Final = b"  "
_END: Final = b" | "
"""What stands before a text's first word, and behind its last one."""


def _neighbours() -> Numbers:
    """Return the numbers of all two bytes: that of a letter and the next one is at [next, letter]."""
    numbers = np.frombuffer(shake_128(b"words").digest(1 << 18), np.uint32).reshape(256, 256).copy()
    numbers[[*b" \n"]] = 0
    numbers[ord("s"), [code for code in range(256) if code not in _NO_PLURAL]] = 0
    return numbers


_NEIGHBOURS: Final = _neighbours()
_BY_BOTH: Final = _NEIGHBOURS.ravel()
"""The same by both bytes as one little-endian number."""


class Numbered:
    """A text's words, with the numbers of all words, of all pairs and, if wanted, of all beginnings."""

    __slots__ = ("_count", "_letters", "_starts", "numbers")

    def __init__(self, letters: bytes, *, beginnings: bool = False) -> None:
        """Take the words as UTF-8 with blanks between, and newlines, over which nothing is read on."""
        self._letters = letters
        padded = b"%b%b%b" % (_EDGE, letters, _END)
        neighbours: Numbers = np.ndarray(len(padded) - 1, "<u2", padded, 0, 1)
        sums = _BY_BOTH.take(neighbours, mode="wrap").cumsum(dtype=np.uint32)
        filled = np.frombuffer(padded, np.uint8, offset=1) > ord(" ")
        # Where words begin in the given letters, which is two places further on in the padded ones.
        self._starts = (filled[1:] > filled[:-1]).nonzero()[0]
        self._count = len(self._starts) - 1
        before = sums.take(self._starts)
        words = before[1:] - before[:-1]
        numbers = [words, words[:-1] * np.uint32(_JOINING) ^ words[1:]]
        if beginnings:
            begun = sums.take(self._starts[:-1] + HEAD) - before[:-1]
            numbers.insert(1, begun * np.uint32(_BEGINNING))
        self.numbers: Numbers = np.concatenate(numbers)

    def place_of(self, position: int) -> int:
        """Return the place of the first word that the number at a position stands for."""
        return position % self._count

    def words(self, first: int, count: int) -> list[str]:
        """Return some words; none where the text has fewer, or a break among them."""
        if first < 0 or first + count > self._count:
            return []
        letters = self._letters[self._starts.item(first) : self._starts.item(first + count)].rstrip()
        return [] if b"\n" in letters else letters.decode().split()

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Return where in the given letters the words from the first to the last stand."""
        start = self._starts.item(first)
        return start, start + len(self._letters[start : self._starts.item(last + 1)].rstrip())

    def begun_before(self, place: int) -> int:
        """Return how many words begin before a place of the given letters."""
        return int(self._starts.searchsorted(place))


def number_of(words: Sequence[str]) -> int:
    """Return the number of a word, or of two side by side."""
    number = _number(words[0])
    return number if len(words) == 1 else number * _JOINING & _MASK ^ _number(words[1])


def number_of_beginning(word: str) -> int:
    """Return the number that all words share which begin alike."""
    return _sum(word.encode()[:HEAD]) * _BEGINNING & _MASK


@lru_cache(1 << 16)
def _number(word: str) -> int:
    return _sum(word.encode())


def _sum(letters: bytes) -> int:
    return sum(_NEIGHBOURS.item(behind, letter) for letter, behind in pairwise(b" " + letters)) & _MASK
