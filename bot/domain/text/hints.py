"""What else a text may hold than its words, told in a fraction of the time that it takes to tell where it stands.

Most of the other readings of a text are nobody's business; only where one is, more has to be known of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from bot.domain.text.layout import letters
from bot.domain.text.marking import ANY_LETTER, LETTER
from bot.domain.text.particles import is_hangul, stems
from bot.domain.text.readings import MAX_JOINED

_HYPHEN = re.compile(f"-(?={LETTER})")
_TAG = re.compile(f"[#@](?={ANY_LETTER})")
_PLUS = re.compile(rf"\+(?<={ANY_LETTER}\+)")
HANGUL = re.compile("[\uac00-\ud7a3]")
_RUN = re.compile(rb"[^ \n]+")
_AROUND = "\"'().,:;?!"


class Hint(NamedTuple):
    """What some words of a text may be read as."""

    norm: str
    at: int
    """A place between the beginning of the first of them and the beginning of the next."""
    words: int
    """How many they are."""


class Hints:
    """The readings at a text's hyphens and signs; what stands at hyphens is looked for once, however many ask."""

    __slots__ = ("_guesses", "_marked", "_tokens")

    def __init__(self, marked: str) -> None:
        self._marked = marked
        self._tokens = _hyphenated(marked) if "-" in marked else []
        self._guesses = _guesses(self._tokens)

    def wanted(self, is_wanted: Callable[[str], bool]) -> Iterator[Hint]:
        """Yield what is wanted, and perhaps more; places are those in the marked text."""
        if any(map(is_wanted, self._guesses)):
            joined = (hint for start, token in self._tokens for hint in _joined(start, token))
            yield from (hint for hint in joined if is_wanted(hint.norm))
        if "#" in self._marked or "@" in self._marked or "+" in self._marked:
            yield from (hint for hint in _signed(self._marked) if is_wanted(hint.norm))


def stem_hints(letters: bytes) -> Iterator[Hint]:
    """Yield Korean words without each particle that they may end in; their places are those in `letters`."""
    for found in _RUN.finditer(letters):
        norm = found[0].decode()
        if is_hangul(norm[-1]):
            for stem in stems(norm):
                yield Hint(stem, found.start() + 1, 1)


def _hyphenated(marked: str) -> list[tuple[int, str]]:
    """Return what stands between blanks and has a hyphen inside, each with its place."""
    found: list[tuple[int, str]] = []
    hyphen = marked.find("-")
    while hyphen >= 0:
        start = marked.rfind(" ", 0, hyphen) + 1
        end = marked.find(" ", hyphen)
        token = marked[start : end if end >= 0 else None]
        if "-" in token.strip("-"):
            found.append((start, token))
        hyphen = marked.find("-", start + len(token))
    return found


def _guesses(tokens: list[tuple[int, str]]) -> list[str]:
    """Return what may be joined at hyphens, and more, faster than by looking at each of them."""
    plain: list[str] = []
    found: list[str] = []
    for start, token in tokens:
        if token.count("-") == 1 and "G-" not in token and ".-" not in token:
            plain.append(token)
        else:
            found += [hint.norm for hint in _rows(start, token)]
    return found + _words(" ".join(plain).replace("-", ""))


def _joined(start: int, token: str) -> Iterator[Hint]:
    """Yield what a token may be read as; most often it is two plain words."""
    left, _, right = token.strip(_AROUND).partition("-")
    both = left + right
    if left and right and both.isalnum() and both.isascii() and both == both.lower():
        yield Hint(both, start + token.index("-"), 2)
    else:
        yield from _rows(start, token)


def _rows(start: int, token: str) -> Iterator[Hint]:
    """Yield the words of a token joined at its hyphens, up to four in a row."""
    hyphens = [found.start() for found in _HYPHEN.finditer(token)]
    words = _words(token[: hyphens[0]]) if hyphens else []
    row: list[tuple[str, int]] = []
    for hyphen, end in zip(hyphens, [*hyphens[1:], len(token)], strict=False):
        row = row or [(word, hyphen) for word in words[-1:]]
        words = _words(token[hyphen + 1 : end])
        row = [*row[1 - MAX_JOINED :], (words[0], end)]
        for first, (_, at) in enumerate(row[:-1]):
            yield Hint("".join(word for word, _ in row[first:]), start + at, len(row) - first)
        if len(words) > 1:
            row = []


def _signed(marked: str) -> Iterator[Hint]:
    # A word ends before the next sign at the latest: no part of the text is looked at twice.
    tags = [found.start() for found in _TAG.finditer(marked)]
    for tag, end in pairwise([*tags, len(marked)]):
        rest = marked[tag + 1 : end].split(None, 1)[0]
        yield Hint(marked[tag] + _words(rest)[0], tag + 2, 1)
    pluses = [found.start() for found in _PLUS.finditer(marked)]
    for before, plus in pairwise([-1, *pluses]):
        rest = marked[before + 1 : plus].rsplit(None, 1)[-1]
        yield Hint(_words(rest)[-1] + "+", plus, 1)


def _words(part: str) -> list[str]:
    return letters(part).decode().split()
