"""What a typed term asks for: the words that may stand at each place of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tests.oracle.folding import is_hangul
from tests.oracle.plurals import partners
from tests.oracle.reading import Reading, hyphened
from tests.oracle.tree import Unreadable
from tests.oracle.words import Piece

MOST_HYPHENS = 4
MOST_INITIALS = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a sequence of words, and what may stand there."""

    norms: frozenset[str]
    prefix: str = ""
    originals: frozenset[str] = frozenset()
    """If there are any: the characters of the text must be one of these."""
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term as it is compared."""

    spellings: frozenset[tuple[Slot, ...]]
    originals: frozenset[str] = frozenset()


def one_line(text: str) -> str:
    """Return a text with every run of blanks as one."""
    return " ".join(text.split())


@lru_cache(5000)
def wanted(kind: str, typed: str) -> Wanted:
    """Return what a term asks for; raise Unreadable if it holds no word."""
    text = Reading(one_line(typed))
    if not text.pieces:
        raise Unreadable("no word")
    if kind == "bare":
        _check_stars(one_line(typed).split())
    if kind == "exact":
        slots = [_slot(kind, text, place, place) for place in range(len(text.pieces))]
        return Wanted(frozenset({tuple(slots)}), frozenset(_dotted(text)))
    return Wanted(frozenset(_spelled(kind, text, 0, joins=_hyphens(text) <= MOST_HYPHENS)))


def _hyphens(text: Reading) -> int:
    """Return how many hyphens may stand for nothing."""
    return sum(_joins(text, place) for place in range(len(text.pieces)))


def _joins(text: Reading, place: int) -> bool:
    """Whether a piece and the one before may be one word: a hyphen joins them, and they are plain words."""
    if place == 0 or not hyphened(text.pieces[place - 1], text.pieces[place]):
        return False
    sights = [*text.at(place - 1), *text.at(place)]
    signed = any(sight.kind == "sign" for sight in sights)
    return not signed and "initials" not in (text.pieces[place - 1].kind, text.pieces[place].kind)


def _spelled(kind: str, text: Reading, place: int, *, joins: bool) -> Iterator[tuple[Slot, ...]]:
    """Yield every spelling: pieces that hyphens part may stand apart or, if there are few, as one word."""
    if place == len(text.pieces):
        yield ()
        return
    last = place
    while True:
        for rest in _spelled(kind, text, last + 1, joins=joins):
            yield (_slot(kind, text, place, last), *rest)
        last += 1
        if not joins or last == len(text.pieces) or not _joins(text, last):
            return


def _slot(kind: str, text: Reading, first: int, last: int) -> Slot:
    """Return what pieces `first` to `last`, written as one word, ask for."""
    pieces = text.pieces[first : last + 1]
    norm = "".join(piece.norm for piece in pieces)
    shown = "".join(_original(text, piece) for piece in pieces)
    opened = kind == "bare" and _is_open(text, pieces[-1])
    for sight in text.at(first):
        if sight.kind == "sign" and first == last:
            return Slot(
                frozenset() if opened else frozenset({sight.norm}), prefix=sight.norm if opened else ""
            )
    if kind != "exact" and first == last and pieces[0].kind == "initials" and not opened:
        letters = "".join(char for char in unicodedata.normalize("NFKC", shown) if char.isalpha())
        originals = {*_initials(letters), *_initials(letters.upper())}
        if letters != letters.upper():
            originals.remove(letters)
        return Slot(frozenset({norm}), originals=frozenset(originals))
    tight = pieces[0].kind == "unspaced" and first > 0 and text.touching(first)
    tight = tight and text.pieces[first - 1].kind == "unspaced"
    if opened:
        return Slot(frozenset(), prefix=norm, tight=tight)
    norms = {norm, norm.replace("'", "")}
    if kind == "bare" and not _is_capitals(shown):
        norms |= {other for form in norms for other in partners(form)}
    return Slot(frozenset(norms), tight=tight)


def _original(text: Reading, piece: Piece) -> str:
    return text.text[text.letters[piece.first].start : text.letters[piece.last].end]


def _is_open(text: Reading, piece: Piece) -> bool:
    """Whether a star ends what was typed with this word; in a script without spaces it adds nothing."""
    after = "".join(letter.char for letter in text.letters[piece.last + 1 :])
    following = [other.first for other in text.pieces if other.first > piece.last]
    rest = after.split(" ")[0]
    is_last = not following or following[0] - piece.last > len(rest)
    return rest.endswith("*") and is_last and piece.kind != "unspaced"


def _check_stars(chunks: Sequence[str]) -> None:
    """Raise Unreadable for a `*` that does not end a word, or ends one of which too little is there."""
    for chunk in chunks:
        if "*" not in chunk:
            continue
        if chunk.index("*") < len(chunk) - 1 or chunk == "*":
            raise Unreadable("a star ends a word")
        pieces = Reading(chunk).pieces
        least = 2 if pieces and is_hangul(pieces[-1].norm[0]) else 3
        if not pieces or (len(pieces[-1].norm) < least and pieces[-1].kind != "unspaced"):
            raise Unreadable("three letters at least")


def _is_capitals(shown: str) -> bool:
    letters = [char for char in shown if char.isalpha()]
    return len(letters) >= 2 and all(char.isupper() for char in letters) and not shown[-1].isdigit()


def _initials(capitals: str) -> set[str]:
    dotted = ".".join(capitals)
    return {capitals, dotted, dotted + "."}


def _dotted(text: Reading) -> Iterator[str]:
    """Yield what an exact term accepts: itself, and its short words in capitals as initials too."""
    sights = [sight for place in (0, len(text.pieces) - 1) for sight in text.at(place)]
    start, end = min(sight.start for sight in sights), max(sight.end for sight in sights)
    short = [piece for piece in text.pieces if _is_short(_original(text, piece))]
    ways = [""]
    for piece in short if len(short) <= MOST_INITIALS else ():
        shown = _original(text, piece)
        before = text.text[start : text.letters[piece.first].start]
        ways = [way + before + form for way in ways for form in _initials(shown)]
        start = text.letters[piece.last].end
    yield from (way + text.text[start:end] for way in ways)


def _is_short(shown: str) -> bool:
    return shown.isalpha() and shown.isupper() and 2 <= len(shown) <= 6
