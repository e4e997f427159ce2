"""What the other readings of a text may be, told in a fraction of the time that it takes to find them.

Most texts hold no reading that anybody asks for; where these words are of no interest, `Words.others` need not be worked out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.domain.text.layout import letters
from bot.domain.text.particles import is_hangul, stems
from bot.domain.text.readings import _HYPHEN, _PLUS, _TAG, MAX_JOINED


def hints(marked: str) -> Iterator[str]:
    """Yield the words of every other reading of a marked text, and some that are none."""
    if "-" in marked:
        yield from _joined(_HYPHEN.split(marked))
    if "#" in marked or "@" in marked:
        for found in _TAG.finditer(marked):
            yield found[0] + _words(marked[found.end() :].split(None, 1)[0])[0]
    if "+" in marked:
        for found in _PLUS.finditer(marked):
            yield _words(marked[: found.start()].rsplit(None, 1)[-1])[-1] + "+"
    if not marked.isascii():
        for word in _words(marked):
            if is_hangul(word[-1]):
                yield from stems(word)


def _joined(pieces: list[str]) -> Iterator[str]:
    """Join the words at the hyphens between pieces of a text, up to four in a row."""
    row: list[str] = []
    for before, piece in pairwise(pieces):
        row = row or [_words(before.rsplit(None, 1)[-1])[-1]]
        head = piece.split(None, 1)[0]
        words = _words(head)
        row = [*row[1 - MAX_JOINED :], words[0]]
        for first in range(len(row) - 1):
            yield "".join(row[first:])
        if len(head) < len(piece) or len(words) > 1:
            row = []


def _words(part: str) -> list[str]:
    core = part.strip('.,;:!?"()')
    if core.isascii() and core.isalnum() and core == core.lower():
        return [core]
    return letters(part).decode().split()
