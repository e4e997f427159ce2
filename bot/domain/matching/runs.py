"""The runs of words that somebody watches for, filed under the numbers of up to three of their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import Final, TypeVar

from bot.domain.matching.filing import Filing
from bot.domain.matching.numbering import GRAM, HEAD, Numbered, number_of, number_of_beginning
from bot.domain.model import SubscriptionId
from bot.domain.positions import satisfies
from bot.domain.query import Phrase, Spelling, Word

Form = TypeVar("Form", str, bytes)

_MOST_SHARED: Final = 100_000


@dataclass(slots=True, eq=False)
class Watched:
    """A phrase that somebody watches for."""

    phrase: Phrase
    strict: bool
    """Whether its words side by side are not all it takes: they must be written so, or touch."""
    alone: tuple[SubscriptionId, ...] = ()
    """Subscriptions to this phrase and nothing else."""
    within: tuple[SubscriptionId, ...] = ()
    """Subscriptions to queries that are worth asking where this phrase stands."""
    besides: int = 0
    """In how many queries it has a say, once they are asked."""

    @property
    def is_wanted(self) -> bool:
        return bool(self.alone or self.within or self.besides)


@dataclass(slots=True, eq=False)
class Run:
    """One spelling of a watched phrase."""

    watched: Watched
    words: Spelling
    at: int
    """The first of the words under which it is filed."""

    def stands(self, text: Numbered, first: int) -> bool:
        """Say whether these words stand in a text from the word `first` on."""
        found = text.words(first, len(self.words))
        for word, norm in zip(self.words, found, strict=False):
            if norm not in word.forms and not satisfies(word, norm):
                return False
        return bool(found)


class Runs:
    """Every run, and how to come by those that may stand in a text."""

    def __init__(self) -> None:
        self._filing: Filing[Run] = Filing()
        self._forms: Counter[str] = Counter()
        """In how many runs each form of a word may stand."""
        self._beginnings: Counter[bytes] = Counter()
        """The same for the beginnings of words that go on as they like (`denuclear*`)."""
        self._open = 0
        """Runs that are filed under the beginning of a word."""
        self._shared: dict[Word, Word] = {}
        self.longest = 0
        """Words of the longest run that ever was."""

    def number(self, letters: bytes) -> Numbered:
        """Return the words of a text, given with blanks between, with the numbers under which runs are filed."""
        return Numbered(letters, beginnings=self._open > 0)

    def look(self, text: Numbered) -> Iterator[tuple[int, Run]]:
        """Yield the runs that may stand in a text, each with the place of its first word."""
        for position, runs in self._filing.look(text.numbers):
            place = text.place_of(position)
            for run in runs:
                yield place - run.at, run

    def under(self, words: tuple[str, ...]) -> Iterator[Run]:
        """Yield the runs that are filed under words side by side, which are GRAM at most."""
        yield from self._filing.get(number_of(words))
        if len(words) == 1:
            yield from self._filing.get(number_of_beginning(words[0]))

    def wants(self, form: str) -> bool:
        """Say whether some run may want a word."""
        return form in self._forms or (bool(self._beginnings) and _beginning(form) in self._beginnings)

    def add(self, phrase: Phrase) -> Watched:
        """File the spellings of a phrase."""
        shared = replace(phrase, spellings=tuple(map(self._share, phrase.spellings)))
        watched = Watched(shared, _is_strict(phrase))
        for spelling in watched.phrase.spellings:
            at, numbers = _filed(spelling)
            run = Run(watched, spelling, at)
            for number in numbers:
                self._filing.add(number, run)
            self._forms.update(_forms(spelling))
            self._beginnings.update(_beginnings(spelling))
            self._open += spelling[at].prefix is not None
            self.longest = max(self.longest, len(spelling))
        return watched

    def remove(self, watched: Watched) -> None:
        """Forget a phrase."""
        for spelling in watched.phrase.spellings:
            at, numbers = _filed(spelling)
            for number in numbers:
                self._filing.remove(number, lambda run: run.watched is watched)
            _discount(self._forms, _forms(spelling))
            _discount(self._beginnings, _beginnings(spelling))
            self._open -= spelling[at].prefix is not None

    def _share(self, spelling: Spelling) -> Spelling:
        """Return a spelling whose words are those of other runs, if they have the same: most words are in many."""
        if len(self._shared) >= _MOST_SHARED:
            self._shared.clear()
        return tuple(self._shared.setdefault(word, word) for word in spelling)


def _filed(spelling: Spelling) -> tuple[int, set[int]]:
    """Return under which numbers a run is filed, and the first of the words that they stand for.

    These are the most words, and among as many the longest, all of whose forms are known.
    """
    for size in range(min(GRAM, len(spelling)), 0, -1):
        if places := [at for at in range(len(spelling) - size + 1) if _is_closed(spelling[at : at + size])]:
            at = max(places, key=lambda at: sum(map(_length, spelling[at : at + size])))
            forms = product(*(word.forms for word in spelling[at : at + size]))
            return at, set(map(number_of, forms))
    return 0, {number_of_beginning(spelling[0].prefix or "")}


def _is_strict(phrase: Phrase) -> bool:
    words = chain.from_iterable(phrase.spellings)
    return bool(phrase.exact) or any(word.exact or word.tight for word in words)


def _is_closed(words: Spelling) -> bool:
    return all(word.prefix is None for word in words)


def _length(word: Word) -> int:
    return min(map(len, word.forms))


def _forms(spelling: Spelling) -> Iterator[str]:
    return chain.from_iterable(word.forms for word in spelling)


def _beginnings(spelling: Spelling) -> Iterator[bytes]:
    return (_beginning(word.prefix) for word in spelling if word.prefix is not None)


def _beginning(form: str) -> bytes:
    return form.encode()[:HEAD]


def _discount(counts: Counter[Form], forms: Iterable[Form]) -> None:
    """Count some forms once less; what is left with none is forgotten."""
    for form in forms:
        counts[form] -= 1
        if not counts[form]:
            del counts[form]
