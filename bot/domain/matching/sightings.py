"""What stands in one article of all that is watched for, and where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from bot.domain.document import TEXTS, Document
from bot.domain.evaluation import MOST_PLACES, fields_of, find
from bot.domain.matching.detours import Detours, Way
from bot.domain.matching.runs import Runs, Watched
from bot.domain.model import Span, TermMatch
from bot.domain.positions import satisfies
from bot.domain.query import AllOf, AnyOf, Near, Node, Phrase, Spelling
from bot.domain.text import Hint, Words
from bot.domain.text.readings import MAX_JOINED

_BETWEEN: Final = "\n\n"
"""Between two fields: a blank line, over which no run goes on."""


class Sightings:
    """The watched phrases that are, or may be, in an article; its fields are read as paragraphs of one text."""

    __slots__ = ("_document", "_fields", "_places", "_runs", "_starts", "_text", "_unsure", "_words")

    def __init__(self, runs: Runs, document: Document, fields: Sequence[str]) -> None:
        self._runs = runs
        self._document = document
        self._fields = fields
        self._words = Words(_BETWEEN.join([document.text(name) for name in fields]))
        self._text = runs.number(self._words.letters)
        self._starts: list[int] = []
        """Where each field begins in the whole text, once that has been asked."""
        self._places: dict[Watched, list[tuple[int, int]]] = {}
        """The first and the last word of every run that stands there word by word."""
        self._unsure: set[Watched] = set()
        """What stands there, if at all, perhaps in another way too."""
        self._look()

    def __iter__(self) -> Iterator[Watched]:
        return iter(self._places.keys() | self._unsure if self._unsure else self._places)

    def reasons(self, watched: Watched) -> tuple[TermMatch, ...]:
        """Return where a watched phrase stands; nothing if it does not after all."""
        phrase = watched.phrase
        if watched in self._unsure:
            return tuple(find(phrase, self._document))
        places = self._places.get(watched)
        if not places:
            return ()
        if watched.strict:
            return tuple(find(phrase, self._document))
        if not self._starts:
            lengths = [len(self._document.text(name)) + len(_BETWEEN) for name in self._fields]
            self._starts = [0, *accumulate(lengths)]
        spans: dict[str, list[Span]] = {}
        for first, last in sorted(set(places))[:MOST_PLACES] if len(places) > 1 else places:
            start, end = self._read_from(first, last)
            number = bisect_right(self._starts, start) - 1
            begin = self._starts[number]
            spans.setdefault(self._fields[number], []).append(Span(start - begin, end - begin))
        return tuple(
            [TermMatch(phrase.text, name, tuple(spans[name])) for name in fields_of(phrase) if name in spans]
        )

    def may_hold(self, node: Node) -> bool:
        """Tell in a moment whether what a query asks for can be here: by its words, wherever they stand."""
        match node:
            case AllOf(parts):
                return all(map(self.may_hold, parts))
            case AnyOf(parts):
                return any(map(self.may_hold, parts))
            case Near():
                return self.may_hold(node.left) and self.may_hold(node.right)
            case Phrase() if node.field is None or node.field in TEXTS:
                return any(map(self._may_be_spelled, node.spellings))
            case _:
                return True

    def _may_be_spelled(self, spelling: Spelling) -> bool:
        letters = self._words.letters
        if all(
            word.prefix is not None or any(form.encode() in letters for form in word.forms)
            for word in spelling
        ):
            return True
        return any(self._words.hinted(lambda norm: any(satisfies(word, norm) for word in spelling)))

    def _read_from(self, first: int, last: int) -> tuple[int, int]:
        """Return from where to where in the whole text the words from the first to the last stand."""
        start, end = self._text.place(first, last)
        letters = self._words.letters
        if letters.isascii():
            return self._words.read_from(start, end)
        breaks = letters.count(b"\n", 0, start)
        span = self._words.span(first + breaks, last + breaks)
        return span.start, span.end

    def _look(self) -> None:
        near = self._detour()
        for first, run in self._runs.look(self._text):
            if near and bisect_right(near, first) % 2:
                self._unsure.add(run.watched)
            elif run.stands(self._text, first):
                self._places.setdefault(run.watched, []).append((first, first + len(run.words) - 1))

    def _detour(self) -> list[int]:
        """Note what may stand there by other readings; return from and up to which places a run may reach one of them."""
        ways = [self._way(hint) for hint in self._words.hinted(self._runs.wants)]
        if not ways:
            return []
        for gram in set(Detours(self._text, ways, self._runs.wants).grams()):
            self._unsure.update(run.watched for run in self._runs.under(gram))
        longest = self._runs.longest * MAX_JOINED
        return _merged((way.first - longest, way.last + 1) for way in ways)

    def _way(self, hint: Hint) -> Way:
        first = self._text.begun_before(hint.at) - 1
        return Way(hint.norm, first, first + hint.words - 1)


def _merged(stretches: Iterable[tuple[int, int]]) -> list[int]:
    """Return where stretches begin and end, those that overlap as one: a beginning, its end, the next beginning."""
    edges: list[int] = []
    for start, end in sorted(stretches):
        if edges and start <= edges[-1]:
            edges[-1] = max(edges[-1], end)
        else:
            edges += (start, end)
    return edges
