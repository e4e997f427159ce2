"""Words: how a text is cut so that queries and articles meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from bot.domain.model import Span
from bot.domain.text.characters import lettered, places
from bot.domain.text.layout import BREAK, Layout, cut
from bot.domain.text.marking import ANY_LETTER, UNSPACED, mark
from bot.domain.text.readings import Other, end_of, others

_ANY_LETTER = re.compile(ANY_LETTER)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_TRAILING = re.compile(f"[{_INVISIBLE}]+$")


class Words:
    """A text's words. Most texts match nothing, so all but the words themselves is worked out only when asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        folded, self._even = lettered(text)
        self._cut = cut(mark(folded))
        self.norms = self._cut.norms
        """Folded words, with a BREAK between paragraphs."""

    @cached_property
    def others(self) -> tuple[Other, ...]:
        """Readings beside the words: joined at hyphens, with a sign (#summit, 18+), without a Korean particle."""
        return others(self._cut, self._original)

    @cached_property
    def adjoining(self) -> frozenset[int]:
        """Places of the words that follow the one before with nothing between: scripts written without spaces."""
        has_any = not self._cut.marked.isascii() and _UNSPACED.search(self._cut.marked)
        return frozenset(self._layout.adjoining()) if has_any else frozenset()

    def span(self, first: int, last: int) -> Span:
        """Return the characters of the original text on which the words first to last stand."""
        start = self._layout.spot(first)[0]
        end = self._layout.spot(last)[1]
        return Span(*self._original(start, end_of(self._cut.marked, end)))

    def spans_of(self, wanted: Iterable[tuple[int, int]]) -> list[Span]:
        """Return the spans of several runs of words."""
        return [self.span(first, last) for first, last in wanted]

    def tokens(self, wanted: Iterable[int]) -> Iterator[tuple[int, Span]]:
        """Yield the spans of the words at the wanted places, with those places."""
        for place in sorted(wanted):
            yield place, self.span(place, place)

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self._cut.lines)

    @cached_property
    def _places(self) -> list[int]:
        return places(self._text)

    def _original(self, start: int, end: int) -> tuple[int, int]:
        """Translate places of the marked text to the original."""
        if self._even:
            return start, end
        first = self._places[start]
        # Of a letter that folds to two (ß) the first may end a word; marks that vanish belong to their letter.
        last = max(self._places[end], self._places[end - 1] + 1)
        if not _ANY_LETTER.match(self._cut.marked, end):
            last = first + len(_TRAILING.sub("", self._text[first:last]))
        return first, last


def words(text: str) -> list[str]:
    """Return the folded words of a text, without its breaks."""
    norms = Words(text).norms
    return [norm for norm in norms if norm != BREAK] if BREAK in norms else norms


def index_terms(text: str) -> list[str]:
    """Return what a full-text index keeps of a text: all it may be read as, and unspaced neighbours in pairs."""
    read = Words(text)
    norms = read.norms
    terms = words(text)
    terms += [other.norm for other in read.others]
    terms += [norms[place - 1] + norms[place] for place in sorted(read.adjoining) if _is_pair(norms, place)]
    return terms


def _is_pair(norms: list[str], place: int) -> bool:
    return _UNSPACED.match(norms[place - 1]) is not None and _UNSPACED.match(norms[place]) is not None
