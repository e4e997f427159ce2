"""What the items of each address's last document came to, so that the same bytes are not read twice.

Of a document with news, most is as it was. A worker keeps this to itself: without it, everything is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sources.survey import MAX_ITEMS, Document, Doubtful

if TYPE_CHECKING:
    from bot.sources.documents import Reading

LIMIT = 100_000
"""Items remembered; each takes about 200 bytes."""
SPACE = 200
"""Bytes that may stand between two items."""

_ROOT = re.compile(rb"<(?:rss|feed)\b[^>]*>")
_ENDS = (b"</item>", b"</entry>")


class Memory:
    """Fingerprints by the hash of an item's bytes, for the addresses that were read last.

    Python's own hash serves: it has 64 bits under a secret of this process, and an item is compared only with
    those of its own address.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._size = 0
        self._addresses: dict[str, dict[int, int]] = {}
        """The one read last at the end."""

    def read(
        self, url: str, document: Document, known: Collection[int], read: Callable[[Document], Reading]
    ) -> Reading:
        """Have `read` read a document without the items that are known to say nothing new."""
        items = document.items(range(len(document.starts)))
        frame = _frame(document.head)
        hashes = [hash((frame, item)) if _is_whole(item) else None for item in items]
        recalled = self._recalled(url, hashes, known)
        fresh = [item for item, fingerprint in zip(items, recalled, strict=True) if fingerprint is None]
        if len(fresh) < len(items) <= MAX_ITEMS:
            with suppress(Doubtful):
                reading = read(Document.of(document.head + b"".join(fresh)))
                if len(reading.fingerprints) == len(fresh):
                    reading = replace(reading, fingerprints=_merged(recalled, reading.fingerprints))
                    return self._kept(url, hashes, reading)
        return self._kept(url, hashes, read(document))

    def _recalled(self, url: str, hashes: Sequence[int | None], known: Collection[int]) -> list[int | None]:
        """Return the fingerprints of the items that need not be read; None for the others."""
        before = self._addresses.get(url, {})
        found = [None if each is None else before.get(each) for each in hashes]
        return [fingerprint if fingerprint in known else None for fingerprint in found]

    def _kept(self, url: str, hashes: Sequence[int | None], reading: Reading) -> Reading:
        """Remember a reading in which every item has its place."""
        self._size -= len(self._addresses.pop(url, ()))
        if len(hashes) == len(reading.fingerprints):
            of_items = zip(hashes, reading.fingerprints, strict=True)
            items = {each: fingerprint for each, fingerprint in of_items if each is not None}
            self._addresses[url] = items
            self._size += len(items)
        while self._size > self._limit:
            self._size -= len(self._addresses.pop(next(iter(self._addresses))))
        return reading


def _frame(head: bytes) -> bytes:
    """Return what decides on how an item is read: everything up to the root, with its namespaces."""
    root = _ROOT.search(head)
    return head[: root.end()] if root else head


def _is_whole(item: bytes) -> bool:
    """Tell whether nothing but space stands behind an item: it can be left out, and the rest stays as it is."""
    return item[-SPACE:].rstrip().endswith(_ENDS)


def _merged(recalled: Sequence[int | None], read: Sequence[int]) -> list[int]:
    """Put the fingerprints that were read in the places of those that were not recalled."""
    rest: Iterator[int] = iter(read)
    return [next(rest) if fingerprint is None else fingerprint for fingerprint in recalled]
