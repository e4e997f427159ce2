"""How a text is read: its words, and what else they can be taken for.

Slow on purpose: with nothing but `unicodedata` and the rules at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.oracle.folding import is_written, letters
from tests.oracle.lists import PARTICLES
from tests.oracle.words import Piece, cut

SIGNS = "#@"


@dataclass(frozen=True, slots=True)
class Sight:
    """Something a reader can see in a text: a word, or another reading of pieces `first` to `last`."""

    norm: str
    first: int
    last: int
    start: int
    end: int
    kind: str = "word"
    """word, joined, sign, stem."""


class Reading:
    """A text, read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.letters = letters(text)
        self.pieces = cut(self.letters)
        self._sights: list[list[Sight]] = [[] for _ in self.pieces]
        for sight in (*_words(self), *_joined(self), *_signed(self), *_stems(self)):
            self._sights[sight.first].append(sight)

    def at(self, place: int) -> Sequence[Sight]:
        """Return what can be seen from a piece on."""
        return self._sights[place]

    def together(self, first: int, last: int) -> bool:
        """Whether no blank line stands between two pieces."""
        return self.pieces[first].paragraph == self.pieces[last].paragraph

    def touching(self, place: int) -> bool:
        """Whether nothing at all stands between a piece and the one before."""
        return place > 0 and self.pieces[place].first == self.pieces[place - 1].last + 1

    def sight(self, norm: str, pieces: tuple[int, int], ends: tuple[int, int], kind: str) -> Sight:
        """Return what letters `ends` (both included) show."""
        first, last = ends
        return Sight(norm, *pieces, self.letters[first].start, self.letters[last].end, kind)


def _words(read: Reading) -> Iterator[Sight]:
    for place, piece in enumerate(read.pieces):
        yield read.sight(piece.norm, (place, place), (piece.first, piece.last), "word")


def _joined(read: Reading) -> Iterator[Sight]:
    """Yield two to four pieces that hyphens hold together, as one word."""
    for first in range(len(read.pieces)):
        for last in range(first + 1, min(first + 4, len(read.pieces))):
            if not hyphened(read.pieces[last - 1], read.pieces[last]):
                break
            norm = "".join(piece.norm for piece in read.pieces[first : last + 1])
            ends = read.pieces[first].first, read.pieces[last].last
            yield read.sight(norm, (first, last), ends, "joined")


def hyphened(left: Piece, right: Piece) -> bool:
    """Whether one hyphen and nothing else joins two pieces that are not both numbers."""
    numbers = left.norm.isdigit() and right.norm.isdigit()
    return right.before == "-" and not numbers and "unspaced" not in (left.kind, right.kind)


def _signed(read: Reading) -> Iterator[Sight]:
    """Yield #summit, @POTUS and Disney+."""
    text = "".join(letter.char for letter in read.letters)
    for place, piece in enumerate(read.pieces):
        sign, after = text[: piece.first][-1:], text[piece.last + 1 : piece.last + 3]
        if sign in set(SIGNS) and not _is_taken(read, place, text):
            yield read.sight(sign + piece.norm, (place, place), (piece.first - 1, piece.last), "sign")
        if after[:1] == "+" and is_written(text[piece.last]) and not is_written(after[1:] or " "):
            yield read.sight(piece.norm + "+", (place, place), (piece.first, piece.last + 1), "sign")


def _is_taken(read: Reading, place: int, text: str) -> bool:
    """Whether the sign before a piece belongs to the piece before, as in C#, or directly follows a letter of it."""
    before = read.pieces[place - 1].last if place else -9
    return before == read.pieces[place].first - 1 or (
        before == read.pieces[place].first - 2 and is_written(text[before])
    )


def _stems(read: Reading) -> Iterator[Sight]:
    """Yield Korean words without their particles."""
    for place, piece in enumerate(read.pieces):
        for particle in PARTICLES:
            stem = piece.norm.removesuffix(particle)
            if stem and stem != piece.norm and piece.kind != "unspaced":
                dot = read.letters[piece.last].char == "."
                ends = piece.first, piece.last - dot - len(particle)
                yield read.sight(stem, (place, place), ends, "stem")
