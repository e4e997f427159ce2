"""What is filed under numbers, for a text that has hundreds of them and finds something under few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeVar

import numpy as np

from bot.domain.matching.numbering import Numbers

Item = TypeVar("Item")

_SMALLEST: Final = 16
"""Bits: the table has two to the power of them marks."""
_ROOM: Final = 4
"""Bits: there are 16 marks for every number, so that few numbers have to share one."""
_SEVERAL: Final = 255
"""Marks where numbers of different ends are filed."""
_NUMBER_BITS: Final = 32


class Filing(Generic[Item]):
    """Items by number, and a table of marks that tells of many numbers at once where to look.

    A number's beginning is the place of its mark, and its last byte the mark: of those that are not filed, one in about
    200 meets a mark like its own. A mark stays when what it stands for is gone, until the table is made anew. Either
    costs a look, and no match.
    """

    def __init__(self) -> None:
        self._items: dict[int, tuple[Item, ...]] = {}
        self._mark_all()

    def add(self, number: int, item: Item) -> None:
        filed = self._items.get(number, ())
        self._items[number] = (*filed, item)
        if not filed:
            self._marked += 1
            place, mark = number >> self._shift, number & 0xFF or _SEVERAL
            self._marks[place] = mark if self._marks[place] in (0, mark) else _SEVERAL
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
        marks = self._marks.take(numbers >> self._shift, mode="wrap")
        filed = marks == numbers.astype(np.uint8)
        filed |= marks == _SEVERAL
        positions = filed.nonzero()[0]
        found = map(self._items.get, numbers.take(positions).tolist())
        for position, items in zip(positions.tolist(), found, strict=True):
            if items:
                yield position, items

    def _mark_all(self) -> None:
        """Make the table anew, with room for four times as much as is filed."""
        bits = max(_SMALLEST, len(self._items).bit_length() + _ROOM + 1)
        self._shift = _NUMBER_BITS - bits
        self._marks = np.zeros(1 << bits, np.uint8)
        numbers = np.fromiter(self._items, np.uint32, len(self._items))
        places, marks = numbers >> self._shift, numbers.astype(np.uint8)
        self._marks[places] = marks
        self._marks[places[(self._marks[places] != marks) | (marks == 0)]] = _SEVERAL
        self._marked = len(self._items)
