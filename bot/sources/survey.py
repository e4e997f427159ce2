"""The first look at an XML document: where its items begin, and whether it may exhaust a parser.

Only what costs next to nothing is done here, for most polls find nothing new. What is new is looked at closely,
by `notes`, before it is read, and so is everything before the slow parser sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_ITEMS = 5_000
"""The first ones are read, the rest is cut off."""
LONG_TAG = 4096
"""Bytes; a longer tag may have more attributes than is good for a parser, which takes quadratic time over them."""

_ATOM = re.compile(rb"<feed[\s>]")
_WINDOW = LONG_TAG // 2


class Doubtful(Exception):
    """The document cannot be read in this way without losing something; the text says why."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document, and where its items begin."""

    body: bytes
    starts: Sequence[int]

    @classmethod
    def of(cls, body: bytes) -> Document:
        return cls(body, item_starts(body))

    @property
    def head(self) -> bytes:
        """What stands before the items."""
        return self.body[: self.starts[0]] if self.starts else self.body

    def items(self, places: Iterable[int]) -> list[bytes]:
        """Return some of the items, each with what stands behind it."""
        bounds = [*self.starts, len(self.body)]
        return [self.body[bounds[place] : bounds[place + 1]] for place in places]


def item_starts(body: bytes) -> list[int]:
    """Return where items begin, for those with the usual names."""
    name = b"<entry" if _ATOM.search(body, 0, 4000) else b"<item"
    starts: list[int] = []
    place = body.find(name)
    while place >= 0 and len(starts) <= MAX_ITEMS:
        end = place + len(name)
        if body[end : end + 1] in b" >\t\r\n":
            starts.append(place)
        place = body.find(name, end)
    return starts


def has_long_tag(body: bytes) -> bool:
    """Tell whether a tag of more than LONG_TAG bytes is there, or something that may be one.

    No `<` can stand within a tag, so such a tag fills at least one window that has none.
    """
    place = 0
    while place < len(body):
        if body.find(b"<", place, place + _WINDOW) >= 0:
            place += _WINDOW
            continue
        start = body.rfind(b"<", 0, place) + 1
        end = body.find(b"<", place)
        end = len(body) if end < 0 else end
        if _is_long_tag(body, start, end):
            return True
        place = end - end % _WINDOW + _WINDOW
    return False


def _is_long_tag(body: bytes, start: int, end: int) -> bool:
    """Tell whether what begins after a `<` is a tag that does not surely end soon."""
    if body[start : start + 1] in {b"!", b"?", b"/"}:
        return False
    close = body.find(b">", start, min(end, start + LONG_TAG))
    return close < 0 or body.count(b'"', start, close) % 2 > 0 or body.count(b"'", start, close) % 2 > 0
