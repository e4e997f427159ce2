"""Cutting a marked text into words, and finding where they stand without looking at each of them.

A cut text holds blanks where the marked one holds no letters: places in it are places in the marked text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from bot.domain.text.marking import UNSPACED

BREAK: Final = "\n"
"""Stands in a sequence of words for a blank line."""

_STRETCH = 512
"""Characters that are looked through for one word."""
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
_RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_KEPT = "abcdefghijklmnopqrstuvwxyz0123456789'&X\n"
_SIGNS = {"D": ".", "S": "/", "P": "+", "H": "#"}
_CUT = bytes(
    code if code > 127 or chr(code) in _KEPT else ord(_SIGNS.get(chr(code), " ")) for code in range(256)
)


class Stretch(NamedTuple):
    """A part of a cut text, with its first character and its first word as counted in the whole."""

    start: int
    first: int
    text: str


class Cut(NamedTuple):
    """A marked text, its words with a BREAK between paragraphs, and its lines that hold any."""

    marked: str
    norms: list[str]
    lines: list[Stretch]


def cut(marked: str) -> Cut:
    """Cut a marked text into words."""
    clean = marked.encode().translate(_CUT).decode()
    vanishing = "X" in clean
    norms: list[str] = []
    lines: list[Stretch] = []
    start = 0
    blank = False
    for line in clean.split("\n"):
        found = split(line.replace("X", "") if vanishing else line)
        if found:
            if blank and norms:
                norms.append(BREAK)
            blank = False
            lines.append(Stretch(start, len(norms), line))
            norms += found
        elif not line or marked[start : start + len(line)].isspace():
            blank = True
        start += len(line) + 1
    return Cut(marked, norms, lines)


def split(text: str) -> list[str]:
    """Return the words of a part of a cut text."""
    if not text.isascii():
        text = _UNSPACED_RUN.sub(_parted, text)
    return text.split()


def words_before(lines: list[Stretch], chars: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield how many words and breaks stand before each of some places, and the last of those words.

    The places ascend; each lies in a line, and with a word between it and the place before.
    """
    number = at = place = 0
    for char in chars:
        while number < len(lines) and lines[number].start <= char:
            line = lines[number]
            at, place = line.start, line.first
            number += 1
        found = split(line.text[at - line.start : char - line.start])
        at = char
        place += len(found)
        yield place, found[-1] if found else ""


class Layout:
    """Finds any word by its place in the sequence."""

    def __init__(self, lines: Iterable[Stretch]) -> None:
        self._stretches = [stretch for line in lines for stretch in _stretches(line)]
        self._firsts = [stretch.first for stretch in self._stretches]

    def spot(self, place: int) -> tuple[int, int]:
        """Return from which character to which the word at a place stands."""
        start, first, text = self._stretches[bisect_right(self._firsts, place) - 1]
        if _UNSPACED_RUN.match(text):
            return start + place - first, start + place - first + 1
        rest = text.lstrip() if place == first else text.split(None, place - first)[-1]
        start += len(text) - len(rest)
        return start, start + len(rest.split(None, 1)[0])

    def adjoining(self) -> Iterator[int]:
        """Yield the places of the words that follow the one before directly: one of the two is unspaced."""
        end = -1
        for start, first, text in self._stretches:
            if start == end and not text[0].isspace():
                yield first
            if _UNSPACED_RUN.match(text):
                yield from range(first + 1, first + len(text))
            end = -1 if text[-1].isspace() else start + len(text)


def _stretches(line: Stretch) -> Iterator[Stretch]:
    """Cut a line into runs of one kind of script, none of them long unless it is one word or unspaced."""
    if line.text.isascii() and len(line.text) <= _STRETCH:
        yield line
        return
    first = line.first
    for run in _RUN.finditer(line.text):
        if _UNSPACED_RUN.match(run[0]):
            yield Stretch(line.start + run.start(), first, run[0])
            first += len(run[0])
            continue
        for at, text in _pieces(run[0]):
            if count := len(text.split()):
                yield Stretch(line.start + run.start() + at, first, text)
                first += count


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut text at blanks, with the place of each piece."""
    start = 0
    while (end := text.find(" ", start + _STRETCH)) >= 0:
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _parted(run: re.Match[str]) -> str:
    return f" {' '.join(run[0])} "
