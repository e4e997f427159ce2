"""What is filed under numbers, for a text that has hundreds of them and finds something under few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeVar

import numpy as np

from bot.domain.matching.numbering import Numbers

Item = TypeVar("Item")

_SMALLEST: Final = 18
"""Bits: the table has two to the power of them marks."""
_ROOM: Final = 6
"""Bits: there are 64 marks for every number, so that one in 64 numbers at most meets a mark that is not its own."""
_NUMBER_BITS: Final = 32


class Filing(Generic[Item]):
    """Items by number, and a table of marks that tells of many numbers at once where to look.

    A mark stays when what it stands for is gone, until the table is made anew: it costs a look, and no match.
    """

    def __init__(self) -> None:
        self._items: dict[int, tuple[Item, ...]] = {}
        self._mark_all()

    def __len__(self) -> int:
        return len(self._items)

    def add(self, number: int, item: Item) -> None:
        filed = self._items.get(number, ())
        self._items[number] = (*filed, item)
        if not filed:
            self._marked += 1
            self._marks[number >> self._shift] = True
            if self._marked << _ROOM > len(self._marks):
                self._mark_all()

    def remove(self, number: int, is_gone: Callable[[Item], bool]) -> None:
        left = tuple(item for item in self._items.pop(number, ()) if not is_gone(item))
        if left:
            self._items[number] = left

    def get(self, number: int) -> tuple[Item, ...]:
        return self._items.get(number, ())

    def look(self, numbers: Numbers) -> Iterator[tuple[int, tuple[Item, ...]]]:
        """Yield the positions of the numbers under which something is filed, and what."""
        positions = self._marks.take(numbers >> self._shift).nonzero()[0]
        found = map(self._items.get, numbers.take(positions).tolist())
        for position, items in zip(positions.tolist(), found, strict=True):
            if items:
                yield position, items

    def _mark_all(self) -> None:
        """Make the table anew, with room for four times as much as is filed."""
        bits = max(_SMALLEST, len(self._items).bit_length() + _ROOM + 1)
        self._shift = _NUMBER_BITS - bits
        self._marks = np.zeros(1 << bits, np.bool_)
        numbers = np.fromiter(self._items, np.uint32, len(self._items))
        self._marks[numbers >> self._shift] = True
        self._marked = len(self._items)
