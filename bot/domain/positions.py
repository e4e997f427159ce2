"""Where words, phrases and neighbours stand in one text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from bot.domain.model import Span
from bot.domain.query.tree import Near, Phrase, Positional, Spelling, Word
from bot.domain.text import BREAK, Words

_FEW = 8
"""Spellings for which it does not pay to list all that stands in a text."""
_MOST_BESIDE = 20_000
"""Of the hits of either side of a Near, and of the pairs inside another one: in texts that say the same thousands of
times, the first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words `first` to `last` of a text can be read as; base words read as themselves."""

    first: int
    last: int
    start: int | None = None
    """Where its original characters begin and end; None for a base word, whose place is worked out when asked."""
    end: int | None = None


Others = dict[int, list[tuple[str, Reading]]]
"""Readings that are no base words, and what is read, by the place where they begin."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found: the words from `first` to `last`, and the characters to show for it."""

    first: int
    last: int
    spans: frozenset[Span]


class Positions:
    """A text's words by their forms, so that a term is looked up instead of looked for, once many are asked for."""

    def __init__(self, text: str, words: Words) -> None:
        self._text = text
        self._words = words
        self._asked = 0

    def found(self, term: Positional) -> Iterator[Hit]:
        """Yield where a term stands; for a Near, what of its sides stands near enough to the other one."""
        if isinstance(term, Near):
            left, right = self._sides(term)
            yield from self._beside(left, right, term.distance)
            yield from self._beside(right, left, term.distance)
        else:
            yield from self.hits(term)

    def hits(self, term: Positional) -> Iterator[Hit]:
        """Yield where a term stands, in no particular order."""
        match term:
            case Phrase():
                for spelling in term.spellings:
                    yield from self._phrase(term, spelling)
            case Near():
                yield from self._near(term)
            case _:
                for part in term.parts:
                    yield from self.hits(part)  # type: ignore[arg-type]

    # ------------------------------------------------------------ phrases

    def _phrase(self, phrase: Phrase, spelling: Spelling) -> Iterator[Hit]:
        self._asked += 1
        others = self._others if self._may_be_read_as(spelling) else {}
        if not others and not all(map(self._may_stand, spelling)):
            return
        for first in self._readings(spelling[0], others):
            for run in self._extended((first,), spelling, others):
                span = self._span(run)
                if not phrase.exact or self._original(span) in phrase.exact:
                    yield Hit(run[0].first, run[-1].last, frozenset((span,)))

    def _may_be_read_as(self, spelling: Spelling) -> bool:
        """Tell whether words of a spelling may be among the other readings, without reading them all for a few terms."""
        if self._asked > _FEW:
            return True
        return any(self._words.hinted(lambda norm: any(satisfies(word, norm) for word in spelling)))

    def _may_stand(self, word: Word) -> bool:
        """Tell in a moment whether a word may be among the base words; nearly all that is asked for is not."""
        if word.prefix is not None:
            return True
        if self._asked > _FEW:
            return any(form in self._places for form in word.forms)
        return any(form.encode() in self._words.letters for form in word.forms)

    def _extended(
        self, run: tuple[Reading, ...], spelling: Spelling, others: Others
    ) -> Iterator[tuple[Reading, ...]]:
        """Yield every way to go on from the first words of a spelling to its end."""
        if len(run) == len(spelling):
            yield run
            return
        word = spelling[len(run)]
        for reading in self._at(run[-1].last + 1, word, others):
            if not word.tight or self._words.touches(reading.first):
                yield from self._extended((*run, reading), spelling, others)

    def _readings(self, word: Word, others: Others) -> Iterator[Reading]:
        """Yield every reading anywhere that satisfies a word."""
        forms: Iterable[str] = word.forms
        read_as = self._read_as if others else {}
        if word.prefix is not None:
            known = (*self._places, *read_as)
            forms = {*forms, *(form for form in known if form.startswith(word.prefix))}
        for form in forms:
            found = (Reading(place, place) for place in self._where(form))
            for reading in chain(found, read_as.get(form, ())):
                if self._is_exact(word, reading):
                    yield reading

    def _at(self, place: int, word: Word, others: Others) -> Iterator[Reading]:
        """Yield the readings that begin at a place and satisfy a word."""
        if place < len(self._words.norms) and satisfies(word, self._words.norms[place]):
            found = [Reading(place, place)]
        else:
            found = []
        found += (reading for norm, reading in others.get(place, ()) if satisfies(word, norm))
        yield from (reading for reading in found if self._is_exact(word, reading))

    def _is_exact(self, word: Word, reading: Reading) -> bool:
        return not word.exact or self._original(self._span((reading,))) in word.exact

    # ------------------------------------------------------------ neighbours

    def _sides(self, near: Near) -> tuple[list[Hit], list[Hit]]:
        return list(islice(self.hits(near.left), _MOST_BESIDE)), list(
            islice(self.hits(near.right), _MOST_BESIDE)
        )

    def _near(self, near: Near) -> Iterator[Hit]:
        """Yield pairs with few words and no break between, whichever comes first; each stretch once."""
        left, right = self._sides(near)
        pairs = chain(_pairs(left, right, near.distance), _pairs(right, left, near.distance))
        stretches: dict[tuple[int, int], set[Span]] = {}
        for one, other in islice(pairs, _MOST_BESIDE):
            if not self._breaks_between(one.last, other.first):
                spans = stretches.setdefault((one.first, other.last), set())
                spans |= one.spans | other.spans
        for (first, last), spans in stretches.items():
            yield Hit(first, last, frozenset(spans))

    def _beside(self, ones: Sequence[Hit], others: Sequence[Hit], distance: int) -> Iterator[Hit]:
        """Yield each hit that has one of the others within a distance: if any, the next before it or after it."""
        firsts, lasts = sorted(hit.first for hit in others), sorted(hit.last for hit in others)
        for one in ones:
            before, after = bisect_left(lasts, one.first), bisect_right(firsts, one.last)
            gaps = [(last, one.first) for last in lasts[max(0, before - 1) : before]]
            gaps += [(one.last, first) for first in firsts[after : after + 1]]
            if any(
                first - last <= distance + 1 and not self._breaks_between(last, first) for last, first in gaps
            ):
                yield one

    def _breaks_between(self, last: int, first: int) -> bool:
        return bisect_left(self._breaks, last) != bisect_left(self._breaks, first)

    # ------------------------------------------------------------ the text

    def _where(self, form: str) -> Sequence[int]:
        """Return where a word stands."""
        if self._asked > _FEW:
            return self._places.get(form, ())
        if form.encode() not in self._words.letters:
            return ()
        return [place for place, norm in enumerate(self._words.norms) if norm == form]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where each word stands."""
        places: dict[str, list[int]] = {}
        for place, norm in enumerate(self._words.norms):
            places.setdefault(norm, []).append(place)
        places.pop(BREAK, None)
        return places

    @cached_property
    def _read_as(self) -> dict[str, list[Reading]]:
        """What can be read otherwise than word by word, by the form that is read."""
        forms: dict[str, list[Reading]] = {}
        for norm, reading in chain.from_iterable(self._others.values()):
            forms.setdefault(norm, []).append(reading)
        return forms

    @cached_property
    def _others(self) -> Others:
        """The readings that are no base words, by the place where they begin."""
        others: Others = {}
        for other in self._words.others:
            reading = Reading(other.first, other.last, other.start, other.end)
            others.setdefault(other.first, []).append((other.norm, reading))
        return others

    @cached_property
    def _breaks(self) -> list[int]:
        return [place for place, norm in enumerate(self._words.norms) if norm == BREAK]

    def _span(self, run: tuple[Reading, ...]) -> Span:
        """Return the original characters of a run."""
        first, last = run[0], run[-1]
        span = self._words.span(first.first, last.last)
        start = span.start if first.start is None else first.start
        end = span.end if last.end is None else last.end
        return Span(start, end)

    def _original(self, span: Span) -> str:
        return re.sub(r"\s+", " ", self._text[span.start : span.end])


def satisfies(word: Word, norm: str) -> bool:
    """Say whether a reading of a text may stand where a query wants a word."""
    return norm in word.forms or (word.prefix is not None and norm.startswith(word.prefix))


def _pairs(ones: list[Hit], others: list[Hit], distance: int) -> Iterator[tuple[Hit, Hit]]:
    """Yield every hit with each that begins after its end, at most `distance` words on."""
    following = sorted(others, key=_first)
    for one in ones:
        low = bisect_right(following, one.last, key=_first)
        high = bisect_right(following, one.last + distance + 1, key=_first)
        for other in following[low:high]:
            yield one, other


def _first(hit: Hit) -> int:
    return hit.first
