"""From typed words to what may stand at each place of a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, product
from math import prod
from typing import NamedTuple
from unicodedata import category, normalize

from bot.domain.model import Span
from bot.domain.query.tree import Kind, Spelling, Word
from bot.domain.text import Other, Words, counterparts

MOST_HYPHENS = 4
"""In one phrase, each read as a blank and as nothing; in a phrase with more they are blanks only."""
SHORTEST_PREFIX = 3
"""Letters before a `*`."""

MOST_INITIALS = 4
"""Words in capitals after one `=` that may also stand with dots; with more of them none may."""

_INITIALS = re.compile(r"(?:[^\W\d_]\.){2,}|(?:[^\W\d_]\.)+[^\W\d_]")
_SHORT = re.compile(r"(?<![\w.])[^\W\d_]{2,6}(?!\w)")


class _Place(NamedTuple):
    """A word and the characters that it was read from."""

    norm: str
    start: int
    end: int
    touches: bool = False
    """Whether nothing stands between it and the word before."""
    hyphen: bool = False
    """Whether a hyphen does, and may be left out."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One word of what was typed."""

    norm: str
    typed: str
    tight: bool = False
    exact: frozenset[str] = frozenset()
    hyphen: bool = False
    """Whether it may be one word with the piece before."""


def spellings(chunks: Iterable[str], kind: Kind) -> tuple[Spelling, ...]:
    """Return the sequences of words that some typed words stand for; none when they hold no word."""
    options = [found for chunk in chunks if (found := _chunk_spellings(chunk, kind))]
    if not options:
        return ()
    if prod(map(len, options)) > 2**MOST_HYPHENS:
        options = [found[:1] for found in options]
    return tuple(dict.fromkeys(tuple(chain(*chosen)) for chosen in product(*options)))


def as_typed(text: str) -> frozenset[str]:
    """Return the strings that words typed after `=`, one at least, accept: short capitals may also be dotted initials."""
    pieces = [span for part in re.finditer(r"\S+", text) for span in _places(part.group(), part.start())]
    core = " ".join(text[pieces[0].start : pieces[-1].end].split())
    capitals = [found for found in _SHORT.finditer(core) if found.group().isupper()]
    if not 0 < len(capitals) <= MOST_INITIALS:
        return frozenset((core,))
    between = [core[before.end() : after.start()] for before, after in pairwise(capitals)]
    gaps = [core[: capitals[0].start()], *between, core[capitals[-1].end() :]]
    forms = (_dotted(found.group()) for found in capitals)
    return frozenset(
        "".join(chain(*zip(gaps, chosen, strict=False), gaps[-1:])) for chosen in product(*forms)
    )


def can_open(chunk: str) -> bool:
    """Say whether enough stands before a closing `*`: three letters, or two syllables of Hangul."""
    words = Words(chunk.removesuffix("*")).norms
    if not words:
        return False
    least = 2 if "\uac00" <= words[-1][0] <= "\ud7a3" else SHORTEST_PREFIX
    return len(words[-1]) >= least or unspaced(words[-1])


def unspaced(norm: str) -> bool:
    """Say whether a word is one character of a script that is written without spaces."""
    return len(norm) == 1 and not norm.isascii() and len(Words(norm * 2).norms) == 2


def _dotted(capitals: str) -> tuple[str, str, str]:
    dotted = ".".join(capitals)
    return capitals, dotted, f"{dotted}."


def _chunk_spellings(chunk: str, kind: Kind) -> list[Spelling]:
    """Return every way to read one typed run: each hyphen as a blank and, but after `=`, as nothing; blanks first."""
    open_ended = kind is Kind.BARE and chunk.endswith("*")
    pieces = list(_pieces(chunk))
    if not pieces:
        return []
    joinable = [kind is not Kind.EXACT and piece.hyphen for piece in pieces[1:]]
    if sum(joinable) > MOST_HYPHENS:
        joinable = [False] * len(joinable)
    choices = product(*((False, True) if joins else (False,) for joins in joinable))
    sequences = dict.fromkeys(_joined(pieces, choice) for choice in choices)
    return [_spelling(sequence, kind, open_ended=open_ended) for sequence in sequences]


def _joined(pieces: Sequence[_Piece], choice: tuple[bool, ...]) -> tuple[_Piece, ...]:
    sequence = [pieces[0]]
    for joined, piece in zip(choice, pieces[1:], strict=True):
        if joined:
            before = sequence.pop()
            sequence.append(_Piece(before.norm + piece.norm, before.typed + piece.typed, before.tight))
        else:
            sequence.append(piece)
    return tuple(sequence)


def _spelling(sequence: tuple[_Piece, ...], kind: Kind, *, open_ended: bool) -> Spelling:
    words = [_word(piece, kind) for piece in sequence]
    last = sequence[-1]
    if open_ended and not unspaced(last.norm):  # which is found anywhere in a run without a star
        words[-1] = Word(frozenset(), prefix=last.norm, tight=last.tight)
    return tuple(words)


def _word(piece: _Piece, kind: Kind) -> Word:
    if kind is Kind.EXACT or piece.exact:
        return Word(frozenset((piece.norm,)), tight=piece.tight, exact=piece.exact)
    forms = {piece.norm, piece.norm.replace("'", "")}
    if kind is Kind.BARE and not _is_in_capitals(piece.typed):
        forms |= {other for form in forms for other in counterparts(form)}
    return Word(frozenset(forms), tight=piece.tight)


def _is_in_capitals(typed: str) -> bool:
    """Tell an acronym, which means itself only, from a single letter, and from a designation like AK-47."""
    return len(typed) > 1 and typed.isupper() and not typed[-1].isdigit()


def _pieces(chunk: str) -> Iterator[_Piece]:
    """Yield the words of a typed run without blanks."""
    before: _Piece | None = None
    for place in _places(chunk, 0):
        typed = chunk[place.start : place.end]
        piece = _Piece(place.norm, typed, exact=_initials(typed))
        if before:
            tight = place.touches and _run_on(before.norm) and _run_on(place.norm)
            joins = place.hyphen and not before.exact and not piece.exact
            piece = replace(piece, tight=tight, hyphen=joins)
        yield piece
        before = piece


def _initials(typed: str) -> frozenset[str]:
    """Return what `U.S.` stands for, the initials with their dots or in capitals; nothing for other words."""
    plain = "".join(char for char in normalize("NFKC", typed) if category(char) != "Cf")
    if not _INITIALS.fullmatch(plain):
        return frozenset()
    joined = plain.replace(".", "")
    return frozenset((*_dotted(joined)[1:], *_dotted(joined.upper())))


def _run_on(norm: str) -> bool:
    return unspaced(norm.lstrip("#@"))


def _places(chunk: str, offset: int) -> Iterator[_Place]:
    """Yield the words of a typed run, those with a sign before or after with their sign."""
    read = Words(chunk)
    others = [other for other in read.others if other.first == other.last]
    signed = {other.first: other for other in others if other.norm[0] in "#@" or other.norm[-1] == "+"}
    hyphens = {other.last for other in read.others if other.last == other.first + 1}
    hyphens -= {beside for number in signed for beside in (number, number + 1)}
    for number, norm in enumerate(read.norms):
        span: Span | Other = signed.get(number) or read.span(number, number)
        shown = span.norm if isinstance(span, Other) else norm
        touches = number > 0 and read.touches(number)
        yield _Place(shown, offset + span.start, offset + span.end, touches, number in hyphens)
