"""What a text holds if it is not read word by word: cease-fire as ceasefire, G7+ with its sign, 김정은이 as 김정은."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from bot.domain.matching.numbering import GRAM
from bot.domain.text import Other, Words

Wanted = Callable[[str], bool]


def wanted_others(words: Words, is_wanted: Wanted) -> Sequence[Other]:
    """Return the other readings of a text that somebody may want; mostly there are none."""
    if not any(map(is_wanted, words.hints())):
        return ()
    return [other for other in words.others if is_wanted(other.norm)]


class Detours:
    """The ways through a text that take some of its other readings, with as many words as are numbered together."""

    def __init__(self, norms: Sequence[str], others: Sequence[Other], is_wanted: Wanted) -> None:
        self._norms = norms
        self._others = others
        self._is_wanted = is_wanted
        self._from: defaultdict[int, list[Other]] = defaultdict(list)
        self._to: defaultdict[int, list[Other]] = defaultdict(list)
        for other in others:
            self._from[other.first].append(other)
            self._to[other.last + 1].append(other)

    def grams(self) -> Iterator[tuple[str, ...]]:
        """Yield words side by side, one of them at least another reading."""
        for other in self._others:
            for before in self._back(other.first, GRAM - 1):
                for after in self._on(other.last + 1, GRAM - 1 - len(before)):
                    yield (*before, other.norm, *after)

    def _on(self, place: int, most: int) -> Iterator[tuple[str, ...]]:
        """Yield what may follow before a place, up to some number of words."""
        yield ()
        if most:
            for norm, following in self._words_from(place):
                for rest in self._on(following, most - 1):
                    yield (norm, *rest)

    def _back(self, place: int, most: int) -> Iterator[tuple[str, ...]]:
        yield ()
        if most:
            for norm, preceding in self._words_to(place):
                for rest in self._back(preceding, most - 1):
                    yield (*rest, norm)

    def _words_from(self, place: int) -> Iterator[tuple[str, int]]:
        """Yield the readings that begin with the word at a place, and the place after each."""
        if place < len(self._norms) and self._is_wanted(self._norms[place]):
            yield self._norms[place], place + 1
        for other in self._from[place]:
            yield other.norm, other.last + 1

    def _words_to(self, place: int) -> Iterator[tuple[str, int]]:
        """Yield the readings that end before a place, and the place of each."""
        if place and self._is_wanted(self._norms[place - 1]):
            yield self._norms[place - 1], place - 1
        for other in self._to[place]:
            yield other.norm, other.first
