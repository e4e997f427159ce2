"""Words: how a text is cut so that queries and articles meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.domain.model import Span
from bot.domain.text.characters import lettered, places
from bot.domain.text.layout import Layout
from bot.domain.text.marking import ANY_LETTER, LETTER, UNSPACED, mark
from bot.domain.text.particles import is_hangul, stems

BREAK: Final = "\n"
"""Stands in a sequence of words for a blank line."""
MAX_JOINED = 4
"""Pieces of a hyphenated word that are also read as one."""

_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
_ASCII = dict.fromkeys(range(128), " ") | {
    ord(char): char for char in "abcdefghijklmnopqrstuvwxyz0123456789'&B"
}
_ASCII |= {ord("D"): ".", ord("S"): "/", ord("P"): "+", ord("H"): "#"}
_SPACED = _ASCII | {ord("X"): "X"}
_READ = _ASCII | {ord("X"): None}
_HYPHEN = re.compile(rf"-(?:(?<={LETTER}-)|(?<=[XPH]-)|(?<={LETTER}GG-)|(?<=XGG-))(?={LETTER})")
_TAG = re.compile(rf"(?:#|@)(?<!{ANY_LETTER}.)(?={ANY_LETTER})", re.DOTALL)
_PLUS = re.compile(rf"\+(?<={ANY_LETTER}\+)(?!{ANY_LETTER})")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_NUMBER = re.compile("[0-9./]+")


@dataclass(frozen=True, slots=True)
class Other:
    """Another reading of the words `first` to `last` of a text, which stand at `start` to `end` of its characters."""

    norm: str
    first: int
    last: int
    start: int
    end: int


class Words:
    """A text's words. Most texts match nothing, so all but the words themselves is worked out only when asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._marked = mark(lettered(text))
        self.norms = _cut(self._marked)
        """Folded words, with a BREAK between paragraphs."""

    @cached_property
    def others(self) -> tuple[Other, ...]:
        """Readings beside the words: joined at hyphens, with a sign (#summit, @potus, 18+), without a Korean particle."""
        return tuple(
            sorted(
                (*self._joined(), *self._signed(), *self._stems()),
                key=lambda other: (other.first, other.last),
            )
        )

    @cached_property
    def adjoining(self) -> frozenset[int]:
        """Places of the words between which and the word before nothing stands: in scripts written without spaces."""
        return frozenset(self._layout.adjoining()) if _UNSPACED_RUN.search(self._marked) else frozenset()

    def span(self, first: int, last: int) -> Span:
        """Return the characters of the original text on which the words first to last stand."""
        return self._span(self._layout.spot(first)[0], self._layout.spot(last)[1])

    def spans_of(self, wanted: Iterable[tuple[int, int]]) -> list[Span]:
        """Return the spans of several runs of words."""
        return [self.span(first, last) for first, last in wanted]

    def tokens(self, wanted: Iterable[int]) -> Iterator[tuple[int, Span]]:
        """Yield the spans of the words at the wanted places, with those places."""
        for place in sorted(wanted):
            yield place, self.span(place, place)

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self._marked.translate(_SPACED))

    @cached_property
    def _places(self) -> list[int] | None:
        return places(self._text)

    def _span(self, start: int, end: int) -> Span:
        """Translate a span of the marked text."""
        at = self._places
        # A letter that folds to two (ß) ends one place after where it starts; marks that vanish belong to it.
        return Span(start, end) if at is None else Span(at[start], max(at[end], at[end - 1] + 1))

    def _other(self, norm: str, first: int, last: int) -> Other:
        span = self.span(first, last)
        return Other(norm, first, last, span.start, span.end)

    def _joined(self) -> Iterator[Other]:
        """Join up to four neighbouring pieces; between two numbers a hyphen means a range or a score."""
        if "-" not in self._marked:
            return
        joints = [self._layout.before(found.end()) for found in _HYPHEN.finditer(self._marked)]
        joints = [right for right in joints if not (self._is_number(right - 1) and self._is_number(right))]
        linked = set(joints)
        for right in joints:
            for last in range(right, right + MAX_JOINED - 1):
                if last not in linked:
                    break
                yield self._other("".join(self.norms[right - 1 : last + 1]), right - 1, last)

    def _is_number(self, place: int) -> bool:
        return _NUMBER.fullmatch(self.norms[place]) is not None

    def _signed(self) -> Iterator[Other]:
        if "#" in self._marked or "@" in self._marked:
            for found in _TAG.finditer(self._marked):
                place = self._layout.before(found.end())
                span = self._span(found.start(), self._layout.spot(place)[1])
                yield Other(found[0] + self.norms[place], place, place, span.start, span.end)
        if "+" in self._marked:
            for found in _PLUS.finditer(self._marked):
                place = self._layout.before(found.start()) - 1
                span = self._span(self._layout.spot(place)[0], found.end())
                yield Other(self.norms[place] + "+", place, place, span.start, span.end)

    def _stems(self) -> Iterator[Other]:
        if self._marked.isascii() or not _HANGUL.search(self._marked):
            return
        for place, norm in enumerate(self.norms):
            if is_hangul(norm[-1]):
                for stem in stems(norm):
                    start, end = self._layout.spot(place)
                    span = self._span(start, end - (len(norm) - len(stem)))
                    yield Other(stem, place, place, span.start, span.end)


def words(text: str) -> list[str]:
    """Return the folded words of a text, without its breaks."""
    norms = Words(text).norms
    return [norm for norm in norms if norm != BREAK] if BREAK in norms else norms


def index_terms(text: str) -> list[str]:
    """Return what a full-text index keeps of a text: every reading of it, and the pairs of unspaced characters."""
    read = Words(text)
    terms = [norm for norm in read.norms if norm != BREAK]
    terms += [other.norm for other in read.others]
    terms += [
        read.norms[place - 1] + read.norms[place]
        for place in sorted(read.adjoining)
        if _is_pair(read.norms, place)
    ]
    return terms


def _is_pair(norms: list[str], place: int) -> bool:
    return all(_UNSPACED_RUN.fullmatch(norm) for norm in norms[place - 1 : place + 1])


def _cut(marked: str) -> list[str]:
    read = marked.translate(_READ)
    if not read.isascii():
        read = _UNSPACED_RUN.sub(lambda run: f" {' '.join(run[0])} ", read)
    norms: list[str] = []
    for paragraph in read.split("B"):
        found = paragraph.split()
        if found and norms:
            norms.append(BREAK)
        norms += found
    return norms
