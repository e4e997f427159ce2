"""Cutting a marked text into words, and finding where they stand without looking at each of them.

A cut text holds blanks where the marked one holds no letters: places in it are places in the marked text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from bot.domain.text.marking import UNSPACED

BREAK: Final = "|"
"""Stands in a sequence of words for a blank line."""

_STRETCH = 512
"""Characters that are looked through for one word."""
_UNSPACED = re.compile(f"[{UNSPACED}]")
_UNSPACED_PAIR = re.compile(f"[{UNSPACED}]{{2}}")
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
_RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_WORD = re.compile(f"[{UNSPACED}]|[^ {UNSPACED}]+")
_KEPT = "abcdefghijklmnopqrstuvwxyz0123456789'&X"
_SIGNS = {"D": ".", "S": "/", "P": "+", "H": "#", "B": "\n"}
_CUT = bytes(
    code if code > 127 or chr(code) in _KEPT else ord(_SIGNS.get(chr(code), " ")) for code in range(256)
)


class Stretch(NamedTuple):
    """A part of a cut text, with its first character and its first word as counted in the whole."""

    start: int
    first: int
    text: str


def letters(marked: str) -> bytes:
    """Return the words of a marked text with blanks between, and a newline at every break."""
    found = marked.encode().translate(_CUT, b"X")
    return found if marked.isascii() else _UNSPACED_RUN.sub(_parted, found.decode()).encode()


def letters_before(marked: str, places: Iterable[int]) -> Iterator[int]:
    """Yield how long the letters of what stands before each of some places, which ascend, are."""
    start = length = 0
    for place in places:
        length += len(letters(marked[start:place]))
        yield length
        start = place
        # A run that is cut here has a blank round either half: between its characters there is but one.
        length -= bool(_UNSPACED_PAIR.match(marked, place - 1))


def split(text: str) -> list[str]:
    """Return the words of a part of a cut text."""
    if not text.isascii():
        text = _UNSPACED_RUN.sub(_parted, text)
    return text.split()


def unspaced_runs(marked: str) -> list[str]:
    """Return the runs of characters each of which is a word."""
    return [] if marked.isascii() else _UNSPACED_RUN.findall(marked)


def paragraphs(marked: str, norms: list[str]) -> list[Stretch]:
    """Return what stands between the breaks of a marked text, whose words are given."""
    found: list[Stretch] = []
    start = first = 0
    for text in marked.encode().translate(_CUT).decode().split("\n"):
        if found:
            first = norms.index(BREAK, first) + 1
        found.append(Stretch(start, first, text))
        start += len(text) + 1
    return found


def words_before(paragraphs: list[Stretch], chars: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield how many words and breaks stand before each of some places, which ascend, and the last of those words."""
    number = 0
    start, place, text = paragraphs[0]
    at = start
    for char in chars:
        while number + 1 < len(paragraphs) and paragraphs[number + 1].start <= char:
            number += 1
            start, place, text = paragraphs[number]
            at = start
        found = split(text[at - start : char - start])
        at = char
        place += len(found)
        yield place, found[-1] if found else ""


def spots(paragraphs: Iterable[Stretch]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the place of every word, and from which character to which it stands."""
    for start, first, text in paragraphs:
        for place, word in enumerate(_WORD.finditer(text), first):
            yield place, (start + word.start(), start + word.end())


class Layout:
    """Finds any word by its place in the sequence."""

    def __init__(self, paragraphs: Iterable[Stretch]) -> None:
        self._stretches = [stretch for paragraph in paragraphs for stretch in _stretches(paragraph)]
        self._firsts = [stretch.first for stretch in self._stretches]

    def spot(self, place: int) -> tuple[int, int]:
        """Return from which character to which the word at a place stands."""
        start, first, text = self._stretches[bisect_right(self._firsts, place) - 1]
        if _UNSPACED.match(text):
            return start + place - first, start + place - first + 1
        rest = text.lstrip() if place == first else text.split(None, place - first)[-1]
        start += len(text) - len(rest)
        return start, start + len(rest.split(None, 1)[0])


def _stretches(paragraph: Stretch) -> Iterator[Stretch]:
    """Cut a paragraph into runs of one kind of script, none of them long unless it is one word or unspaced."""
    start, first, text = paragraph
    if text.isascii() and len(text) <= _STRETCH:
        yield paragraph
        return
    for run in _RUN.finditer(text):
        if _UNSPACED.match(run[0]):
            yield Stretch(start + run.start(), first, run[0])
            first += len(run[0])
            continue
        for at, piece in _pieces(run[0]):
            if count := len(piece.split()):
                yield Stretch(start + run.start() + at, first, piece)
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
