"""Ways through a text that are not word by word: cease-fire as ceasefire, #summit with its sign, 김정은이 as 김정은."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bot.domain.matching.numbering import GRAM, Numbered


class Way(NamedTuple):
    """What the words `first` to `last` of a text may be read as."""

    norm: str
    first: int
    last: int


class Detours:
    """All the ways that take some other readings of a text, as far as any words on them are wanted."""

    def __init__(self, text: Numbered, others: Sequence[Way], is_wanted: Callable[[str], bool]) -> None:
        self._text = text
        self._others = others
        self._is_wanted = is_wanted
        self._starting: defaultdict[int, list[Way]] = defaultdict(list)
        self._ending: defaultdict[int, list[Way]] = defaultdict(list)
        for other in others:
            self._starting[other.first].append(other)
            self._ending[other.last].append(other)

    def grams(self) -> Iterator[tuple[str, ...]]:
        """Yield words side by side, as many as have a number together or fewer, that another reading is among."""
        for other in self._others:
            for before in self._back(other.first - 1, GRAM - 1):
                for after in self._on(other.last + 1, GRAM - 1 - len(before)):
                    yield (*before, other.norm, *after)

    def _on(self, place: int, most: int) -> Iterator[tuple[str, ...]]:
        """Yield the words that may stand from a place on: none, one, and so on up to `most`."""
        yield ()
        if most:
            ways = ((other.norm, other.last) for other in self._starting[place])
            for norm, last in (*self._word(place), *ways):
                for rest in self._on(last + 1, most - 1):
                    yield (norm, *rest)

    def _back(self, place: int, most: int) -> Iterator[tuple[str, ...]]:
        """Yield the words that may stand up to a place."""
        yield ()
        if most:
            ways = ((other.norm, other.first) for other in self._ending[place])
            for norm, first in (*self._word(place), *ways):
                for rest in self._back(first - 1, most - 1):
                    yield (*rest, norm)

    def _word(self, place: int) -> Iterator[tuple[str, int]]:
        for norm in self._text.words(place, 1):
            if self._is_wanted(norm):
                yield norm, place
