"""Words: how a text is cut so that queries and articles meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from operator import add

from bot.domain.model import Span
from bot.domain.text.characters import lettered, places
from bot.domain.text.hints import HANGUL, Hint, Hints, stem_hints
from bot.domain.text.layout import BREAK, Layout, letters, letters_before, paragraphs, unspaced_runs
from bot.domain.text.marking import mark
from bot.domain.text.readings import Cut, Other, end_of, others

_INVISIBLE = "\u00ad\u061c\ufeff" + "".join(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
)

_MOST_HINTS = 50_000
"""Of those that are wanted in one text, more than twice as many as there are readings in it."""


class Words:
    """A text's words. Most texts match nothing, so all but the words themselves is worked out only when asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        folded, self._even = lettered(text)
        self._marked = mark(folded)
        self.letters: bytes = letters(self._marked)
        """The folded words with blanks between, and a newline at every break, as UTF-8."""
        self._reached = 0, 0
        """A place in ASCII `letters`, and the same in the marked text."""

    @cached_property
    def norms(self) -> list[str]:
        """Folded words, with a BREAK for every run of blank lines."""
        return self.letters.decode().replace("\n", f" {BREAK} ").split()

    @cached_property
    def others(self) -> tuple[Other, ...]:
        """Readings beside the words: joined at hyphens, with a sign (#summit, 18+), without a Korean particle."""
        return others(self._cut, self._original)

    def hinted(self, is_wanted: Callable[[str], bool]) -> Iterator[Hint]:
        """Yield those of `others` that are wanted, and perhaps more, in a fraction of the time; by places in `letters`."""
        found = list(islice(self._hints.wanted(is_wanted), _MOST_HINTS))
        if found:
            places = sorted({hint.at for hint in found})
            in_letters = dict(zip(places, letters_before(self._marked, places), strict=True))
            yield from (hint._replace(at=in_letters[hint.at]) for hint in found)
        if not self._marked.isascii() and HANGUL.search(self._marked):
            yield from (hint for hint in stem_hints(self.letters) if is_wanted(hint.norm))

    def span(self, first: int, last: int) -> Span:
        """Return the characters of the original text on which the words first to last stand."""
        start = self._layout.spot(first)[0]
        end = self._layout.spot(last)[1]
        return Span(*self._original(start, end_of(self._marked, end)))

    def spans_of(self, wanted: Iterable[tuple[int, int]]) -> list[Span]:
        """Return the spans of several runs of words."""
        return [self.span(first, last) for first, last in wanted]

    def read_from(self, start: int, end: int) -> tuple[int, int]:
        """Return from where to where the text stands that `letters[start:end]`, whole ASCII words, were read from.

        It is quick for those that ascend.
        """
        letter, place = self._reached if start >= self._reached[0] else (0, 0)
        place = self._further(place, start - letter)
        self._reached = start, place
        return self._original(place, end_of(self._marked, self._further(place, end - start)))

    def _further(self, place: int, letters: int) -> int:
        """Return the place in the marked text so many letters after another; an X is none of them."""
        end = place + letters
        while left_out := self._marked.count("X", place, end):
            place, end = end, end + left_out
        return end

    def touches(self, place: int) -> bool:
        """Tell whether nothing that can be seen stands between a word and the one before."""
        return self._layout.spot(place - 1)[1] == self._layout.spot(place)[0]

    def pairs(self) -> Iterator[str]:
        """Yield every two characters of a script without spaces that stand side by side."""
        for run in unspaced_runs(self._marked):
            yield from map(add, run, run[1:])

    @cached_property
    def _hints(self) -> Hints:
        return Hints(self._marked)

    @cached_property
    def _cut(self) -> Cut:
        return Cut(self._marked, self.norms, paragraphs(self._marked, self.norms))

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self._cut.paragraphs)

    @cached_property
    def _places(self) -> list[int]:
        return places(self._text)

    def _original(self, start: int, end: int) -> tuple[int, int]:
        """Translate places of the marked text to the original."""
        if self._even:
            return start, end
        first = self._places[start]
        # Of a letter that folds to two (ß) the first may end a word; marks that vanish belong to their letter,
        # characters of no width to nothing.
        last = max(self._places[end], self._places[end - 1] + 1)
        last = first + len(self._text[first:last].rstrip(_INVISIBLE))
        return first, last


def words(text: str) -> list[str]:
    """Return the folded words of a text, without its breaks."""
    return _without_breaks(Words(text).norms)


def index_terms(text: str) -> list[str]:
    """Return what a full-text index keeps of a text: all it may be read as, and unspaced neighbours in pairs."""
    read = Words(text)
    return [*_without_breaks(read.norms), *(other.norm for other in read.others), *read.pairs()]


def _without_breaks(norms: list[str]) -> list[str]:
    return [norm for norm in norms if norm != BREAK] if BREAK in norms else norms
