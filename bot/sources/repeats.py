"""Ids that a document gives to several of its items: numbers of places, or one id for everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from xml.sax.saxutils import escape

FEW = 20
"""So many new items at most are looked for among the known ones; more of them show among themselves what repeats."""


def repeated(body: bytes, ids: Sequence[str]) -> tuple[str, ...]:
    """Return which of the new items' ids several items have.

    The known items are not read again: for their ids, the bytes are searched.
    """
    counts = Counter(ids)
    if len(ids) > FEW:
        return tuple(id for id, number in counts.items() if number > 1)
    return tuple(id for id, number in counts.items() if number > 1 or _stands_again(body, id))


def _stands_again(body: bytes, id: str) -> bool:
    """Tell whether the bytes have an id more than once in its usual place, where no link stands."""
    return sum(map(body.count, _as_written(body, id))) > 1


def _as_written(body: bytes, id: str) -> tuple[bytes, bytes]:
    """Return the two ways in which RSS, or Atom, or JSON Feed gives an id to an item."""
    for end in (b"</guid>", b"</id>"):
        if end in body:
            text = escape(id).encode()
            return b">%b%b" % (text, end), b"[%b]]>%b" % (text, end)
    return f'"id":"{id}"'.encode(), f'"id": "{id}"'.encode()
