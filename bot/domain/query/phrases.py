"""From typed words to what may stand at each place of a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise, product
from math import prod

from bot.domain.query.tree import Kind, Spelling, Word
from bot.domain.text import BREAK, Words, counterparts

MOST_HYPHENS = 4
"""In one phrase, each read as a blank and as nothing; in a phrase with more they are blanks only."""
SHORTEST_PREFIX = 3
"""Letters before a `*`."""

_INITIALS = re.compile(r"(?:[^\W\d_]\.){2,}|(?:[^\W\d_]\.)+[^\W\d_]")
_POSSESSIVE = re.compile(r"['’ʼ＇][sS]$")
_CAPITALS = re.compile(r"[A-Z]{2,6}")


def spellings(chunks: Iterable[str], kind: Kind) -> tuple[Spelling, ...]:
    """Return the sequences of words that some typed words stand for; none when they hold no word."""
    options = [found for chunk in chunks if (found := _chunk_spellings(chunk, kind))]
    if not options:
        return ()
    if prod(map(len, options)) > 2**MOST_HYPHENS:
        options = [found[:1] for found in options]
    return tuple(dict.fromkeys(tuple(chain(*chosen)) for chosen in product(*options)))


def as_typed(chunks: Iterable[str]) -> frozenset[str]:
    """Return the strings that words typed after `=` accept: capitals may also be dotted initials."""
    return frozenset(" ".join(chosen) for chosen in product(*map(_exact_forms, chunks)))


def can_open(chunk: str) -> bool:
    """Say whether enough stands before a closing `*`: three letters, or two syllables of Hangul."""
    words = [norm for norm in Words(chunk.removesuffix("*")).norms if norm != BREAK]
    if not words:
        return False
    least = 2 if "\uac00" <= words[-1][0] <= "\ud7a3" else SHORTEST_PREFIX
    return len(words[-1]) >= least or unspaced(words[-1])


def _exact_forms(chunk: str) -> list[str]:
    bare = _POSSESSIVE.sub("", chunk)
    if _CAPITALS.fullmatch(bare):
        dotted = ".".join(bare)
        return [bare, dotted, f"{dotted}."]
    return [bare]


def _chunk_spellings(chunk: str, kind: Kind) -> list[Spelling]:
    """Return the readings of one typed run without blanks."""
    if kind is Kind.EXACT:
        return _one(tuple(Word(frozenset({norm}), tight=tight) for norm, _, tight in _pieces(chunk)))
    bare = _POSSESSIVE.sub("", chunk)
    if _INITIALS.fullmatch(bare):
        return _one(_initials(bare))
    if signed := _signed(chunk):
        return _one((Word(frozenset({signed})),))
    if kind is Kind.BARE and chunk.endswith("*"):
        return [_open_ended(spelling) for spelling in _hyphenated(chunk.removesuffix("*"), kind)]
    return _hyphenated(chunk, kind)


def _one(spelling: Spelling) -> list[Spelling]:
    return [spelling] if spelling else []


def _initials(typed: str) -> Spelling:
    """Read `U.S.`: the initials with their dots or in capitals, not the word “us”."""
    joined = typed.replace(".", "")
    dotted = ".".join(joined)
    accepted = {joined.upper(), dotted, f"{dotted}.", dotted.upper(), f"{dotted.upper()}."}
    return tuple(Word(frozenset({norm}), exact=frozenset(accepted)) for norm, _, _ in _pieces(typed))


def _signed(chunk: str) -> str | None:
    """Return the reading with its sign of `#summit`, `@POTUS` or `Disney+`."""
    if chunk[:1] not in "#@" and not chunk.endswith("+"):
        return None
    return next(
        (other.norm for other in Words(chunk).others if other.norm[0] in "#@" or other.norm[-1] == "+"), None
    )


def _open_ended(spelling: Spelling) -> Spelling:
    """Let the last word go on; a word of a script without spaces is found anywhere in a run anyway."""
    *before, last = spelling
    norm = min(last.forms, key=len)
    return spelling if unspaced(norm) else (*before, Word(frozenset(), prefix=norm, tight=last.tight))


def _hyphenated(chunk: str, kind: Kind) -> list[Spelling]:
    """Return every way to read the hyphens of a chunk, each as a blank or as nothing; all blanks first."""
    parts = [pieces for part in chunk.split("-") if (pieces := list(_pieces(part)))]
    if not parts:
        return []
    joinable = [_joins(left[-1][0], right[0][0]) for left, right in pairwise(parts)]
    if sum(joinable) > MOST_HYPHENS:
        joinable = [False] * len(joinable)
    choices = product(*((False, True) if joins else (False,) for joins in joinable))
    return list(dict.fromkeys(_joined(parts, choice, kind) for choice in choices))


def _joins(left: str, right: str) -> bool:
    """Say whether a text's hyphen between these words also counts as nothing (see `Words.others`)."""
    return not (left.isdigit() and right.isdigit()) and not unspaced(left) and not unspaced(right)


def _joined(parts: list[list[tuple[str, str, bool]]], choice: tuple[bool, ...], kind: Kind) -> Spelling:
    sequence = list(parts[0])
    for joined, part in zip(choice, parts[1:], strict=True):
        if joined:
            norm, typed, tight = sequence.pop()
            first = part[0]
            sequence += [(norm + first[0], typed + first[1], tight), *part[1:]]
        else:
            sequence += part
    return tuple(_word(norm, typed, tight, kind) for norm, typed, tight in sequence)


def _word(norm: str, typed: str, tight: bool, kind: Kind) -> Word:
    forms = {norm, norm.replace("'", "")}
    if kind is Kind.BARE and not (typed.isupper() and len(typed) > 1):
        forms |= {other for form in forms for other in counterparts(form)}
    return Word(frozenset(forms), tight=tight)


def _pieces(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the words of a typed run, each with what was typed and whether it follows the one before directly."""
    read = Words(text.replace("\n", " "))
    before = -1
    for number, norm in enumerate(read.norms):
        span = read.span(number, number)
        yield norm, text[span.start : span.end], span.start == before
        before = span.end


def unspaced(norm: str) -> bool:
    """Say whether a word is one character of a script that is written without spaces."""
    return len(norm) == 1 and not norm.isascii() and len(Words(norm * 2).norms) == 2
