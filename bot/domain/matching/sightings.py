"""What stands in one article of all that is watched for, and where."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from bot.domain.document import Document
from bot.domain.evaluation import fields_of, find
from bot.domain.matching.detours import Detours, wanted_others
from bot.domain.matching.runs import Runs, Watched
from bot.domain.model import Span, TermMatch
from bot.domain.text import BREAK, Other
from bot.domain.text.readings import MAX_JOINED

_BETWEEN: Final = f" {BREAK} ".encode()
"""Between two fields, so that no run goes on from one to the next."""


class Sightings:
    """The watched phrases that are, or may be, in an article."""

    def __init__(self, runs: Runs, document: Document, fields: Sequence[str]) -> None:
        self._runs = runs
        self._document = document
        self._fields = fields
        self._read = [document.words(name) for name in fields]
        self._starts = [0, *accumulate(len(words.letters) + len(_BETWEEN) for words in self._read)]
        """Where the letters of each field begin in those of all."""
        self._text = runs.number(_BETWEEN.join(words.letters for words in self._read))
        self._places: defaultdict[Watched, set[tuple[int, int]]] = defaultdict(set)
        """The first and the last word of each run that stands there word by word."""
        self._unsure: set[Watched] = set()
        """What stands there if at all in another way, or in other ways too."""
        self._look()

    def __iter__(self) -> Iterator[Watched]:
        return iter(self._places.keys() | self._unsure)

    def reasons(self, watched: Watched) -> tuple[TermMatch, ...]:
        """Return where a watched phrase stands; nothing if it does not after all."""
        if watched in self._unsure or (watched.strict and watched in self._places):
            return tuple(find(watched.phrase, self._document))
        spans: defaultdict[str, list[Span]] = defaultdict(list)
        for first, last in sorted(self._places.get(watched, ())):
            self._place(first, last, spans)
        phrase = watched.phrase
        return tuple(
            TermMatch(phrase.text, name, tuple(spans[name])) for name in fields_of(phrase) if name in spans
        )

    def _place(self, first: int, last: int, spans: defaultdict[str, list[Span]]) -> None:
        """Add the characters on which the words from the first to the last stand to those of their field."""
        start, end = self._text.place(first, last)
        number = bisect_right(self._starts, start) - 1
        words, begin = self._read[number], self._starts[number]
        if words.letters.isascii():
            span = words.span_of(start - begin, end - begin)
        else:
            before = self._text.count_before(begin)
            span = words.span(first - before, last - before)
        spans[self._fields[number]].append(span)

    def _look(self) -> None:
        near = self._detoured()
        for first, run in self._runs.look(self._text):
            if any(first in places for places in near):
                self._unsure.add(run.watched)
            elif run.stands(self._text, first):
                self._places[run.watched].add((first, first + len(run.words) - 1))

    def _detoured(self) -> list[range]:
        """Note what may stand there by other readings; return the places from which a run may reach one of these."""
        near: list[range] = []
        for words, begin in zip(self._read, self._starts, strict=False):
            if others := wanted_others(words, self._runs.wants):
                self._note(Detours(words.norms, others, self._runs.wants))
                before = self._text.count_before(begin)
                near += (self._reach(other, before) for other in others)
        return near

    def _note(self, detours: Detours) -> None:
        for words in detours.grams():
            self._unsure.update(run.watched for run in self._runs.under(words))

    def _reach(self, other: Other, before: int) -> range:
        longest = self._runs.longest * MAX_JOINED
        return range(before + other.first - longest, before + other.last + 1)
