"""A short memory: the latest of many things."""

from __future__ import annotations

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Remembers so many things at most, and forgets the oldest for the newest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: dict[K, V] = {}

    def __contains__(self, key: K) -> bool:
        return key in self._items

    def get(self, key: K) -> V | None:
        """Return what was remembered under a key, or None."""
        return self._items.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember something as the newest."""
        self._items.pop(key, None)
        self._items[key] = value
        if len(self._items) > self._most:
            del self._items[next(iter(self._items))]

    def drop(self, key: K) -> None:
        """Forget something, if it is remembered."""
        self._items.pop(key, None)
