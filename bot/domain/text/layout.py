"""Where words stand in a marked text, without looking at each of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from bot.domain.text.marking import UNSPACED

_STRETCH = 256
"""Characters that are looked through for one word."""
_RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring words of a text: from which character, and from which place in the sequence of words."""

    start: int
    text: str
    first: int
    count: int
    unspaced: bool


class Layout:
    """Finds words by their places in the sequence, and the other way round. The text is cut by spaces and B."""

    def __init__(self, spaced: str) -> None:
        self._stretches = list(_stretches(spaced))
        self._firsts = [stretch.first for stretch in self._stretches]
        self._starts = [stretch.start for stretch in self._stretches]

    def spot(self, place: int) -> tuple[int, int]:
        """Return from which character to which the word at a place stands."""
        stretch = self._stretches[bisect_right(self._firsts, place) - 1]
        number = place - stretch.first
        if stretch.unspaced:
            return stretch.start + number, stretch.start + number + 1
        rest = stretch.text.split(None, number)[-1] if number else stretch.text.lstrip()
        start = stretch.start + len(stretch.text) - len(rest)
        return start, start + len(rest.split(None, 1)[0])

    def before(self, char: int) -> int:
        """Return how many words and breaks begin before a character."""
        number = bisect_right(self._starts, char) - 1
        if number < 0:
            return 0
        stretch = self._stretches[number]
        inside = char - stretch.start
        seen = min(inside, stretch.count) if stretch.unspaced else len(stretch.text[:inside].split())
        return stretch.first + seen

    def adjoining(self) -> Iterator[int]:
        """Yield the places of the words that follow the one before them directly, one of them unspaced."""
        end = -1
        for stretch in self._stretches:
            inner = stretch.unspaced or not stretch.text[0].isspace()
            if stretch.start == end and inner:
                yield stretch.first
            if stretch.unspaced:
                yield from range(stretch.first + 1, stretch.first + stretch.count)
            closed = stretch.unspaced or not stretch.text[-1].isspace()
            end = stretch.start + len(stretch.text) if closed else -1


def _stretches(spaced: str) -> Iterator[_Stretch]:
    first = start = 0
    for paragraph in spaced.split("B"):
        opened = first > 0
        for at, text, unspaced in _runs(paragraph):
            number = len(text) if unspaced else len(text.split())
            if number:
                first += opened
                opened = False
                yield _Stretch(start + at, text, first, number, unspaced)
                first += number
        start += len(paragraph) + 1


def _runs(paragraph: str) -> Iterator[tuple[int, str, bool]]:
    if paragraph.isascii():
        for at, text in _cut(paragraph):
            yield at, text, False
        return
    for run in _RUN.finditer(paragraph):
        if _UNSPACED.match(run[0]):
            yield run.start(), run[0], True
        else:
            for at, text in _cut(run[0]):
                yield run.start() + at, text, False


def _cut(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for _ in count():
        end = text.find(" ", start + _STRETCH)
        if end < 0:
            break
        yield start, text[start:end]
        start = end
    yield start, text[start:]
