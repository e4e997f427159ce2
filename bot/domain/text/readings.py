"""What the words of a text may be taken for besides: joined at hyphens, with a sign, without a Korean particle."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter

from bot.domain.text.layout import Stretch, spots, words_before
from bot.domain.text.marking import ANY_LETTER, INITIAL, INNER, LAST_DOT, LETTER
from bot.domain.text.particles import is_hangul, stems

MAX_JOINED = 4
"""Pieces of a hyphenated word that are also read as one."""
_MOST = 20_000
"""Of the readings in one text: in one that is nothing but hyphens, the first."""

# Between a word and its hyphen may stand the last dot of initials and what was a possessive.
_HYPHEN = re.compile(
    rf"-(?={LETTER})(?:(?<={LETTER}-)|(?<=[PH]-)|(?<=X{INITIAL}\.-)|(?<={LETTER}GG-)|(?<=[PH]GG-)|(?<=X{INITIAL}\.GG-))"
)
_TAG = re.compile(rf"[#@](?={ANY_LETTER})(?<!{ANY_LETTER}.)", re.DOTALL)
_PLUS = re.compile(rf"\+(?!{ANY_LETTER})(?<={ANY_LETTER}\+)")
_WORD = re.compile(rf"(?:{INNER}|[XDSPH])+|{ANY_LETTER}")
_HANGUL = re.compile("[\uac00-\ud7a3]")

Places = Callable[[int, int], tuple[int, int]]
"""From where something begins and ends in the marked text → the same in the original."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A marked text, its words, and its paragraphs."""

    marked: str
    norms: list[str]
    paragraphs: list[Stretch]


@dataclass(frozen=True, slots=True)
class Other:
    """Another reading of the words `first` to `last` of a text, which stand on its characters `start` to `end`."""

    norm: str
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Joint:
    """A hyphen between two words: where the left one begins, the place of the right one, and where that ends."""

    start: int
    right: int
    end: int


def others(text: Cut, original: Places) -> tuple[Other, ...]:
    """Return every other reading of a text, by the word with which it begins."""
    kinds: list[Iterator[Other]] = []
    if "-" in text.marked:
        kinds.append(_joined(text, original))
    if "#" in text.marked or "@" in text.marked:
        kinds.append(_tagged(text, original))
    if "+" in text.marked:
        kinds.append(_plussed(text, original))
    if not text.marked.isascii() and _HANGUL.search(text.marked):
        kinds.append(_stemmed(text, original))
    return tuple(sorted(islice(chain.from_iterable(kinds), _MOST), key=attrgetter("first")))


def end_of(marked: str, end: int) -> int:
    """Return where a word ends, with the last dot of its initials."""
    return end + 1 if marked.startswith(".", end) and LAST_DOT.match(marked, end) else end


def _joined(text: Cut, original: Places) -> Iterator[Other]:
    """Yield up to four neighbouring pieces as one word; between two numbers a hyphen means a range or a score."""
    row: list[_Joint] = []
    for joint in _joints(text):
        if row and row[-1].right + 1 != joint.right:
            row = []
        row = [*row[2 - MAX_JOINED :], joint]
        for number in reversed(range(len(row))):
            first, last = row[number], row[-1]
            start, end = original(first.start, last.end)
            norm = "".join(text.norms[first.right - 1 : last.right + 1])
            yield Other(norm, first.right - 1, last.right, start, end)


def _joints(text: Cut) -> Iterator[_Joint]:
    hyphens = [found.start() for found in _HYPHEN.finditer(text.marked)]
    for hyphen, (right, left_word) in zip(hyphens, words_before(text.paragraphs, hyphens), strict=True):
        if not (text.norms[right].isdigit() and text.norms[right - 1].isdigit()):
            left_end = hyphen - 2 if text.marked[hyphen - 1] == "G" else hyphen
            left_end -= text.marked[left_end - 1] == "."
            yield _Joint(left_end - len(left_word), right, _word_end(text.marked, hyphen + 1))


def _word_end(marked: str, start: int) -> int:
    return end_of(marked, next(_WORD.finditer(marked, start)).end())


def _tagged(text: Cut, original: Places) -> Iterator[Other]:
    signs = [found.start() for found in _TAG.finditer(text.marked)]
    for sign, (place, _) in zip(signs, words_before(text.paragraphs, signs), strict=True):
        start, end = original(sign, _word_end(text.marked, sign + 1))
        yield Other(text.marked[sign] + text.norms[place], place, place, start, end)


def _plussed(text: Cut, original: Places) -> Iterator[Other]:
    signs = [found.start() for found in _PLUS.finditer(text.marked)]
    for sign, (after, word) in zip(signs, words_before(text.paragraphs, signs), strict=True):
        start, end = original(sign - len(word), sign + 1)
        yield Other(text.norms[after - 1] + "+", after - 1, after - 1, start, end)


def _stemmed(text: Cut, original: Places) -> Iterator[Other]:
    for place, (begin, finish) in spots(text.paragraphs):
        norm = text.norms[place]
        if is_hangul(norm[-1]):
            for stem in stems(norm):
                start, end = original(begin, finish - len(norm) + len(stem))
                yield Other(stem, place, place, start, end)
