"""A queue within one process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class _Bell:
    """The ids that wait in one topic, oldest first, each once."""

    def __init__(self) -> None:
        self._line: asyncio.Queue[str] = asyncio.Queue()
        self._waiting: set[str] = set()

    def ring(self, id: str) -> None:
        if id not in self._waiting:
            self._waiting.add(id)
            self._line.put_nowait(id)

    async def take(self) -> str:
        taken = await self._line.get()
        self._waiting.discard(taken)
        return taken


class MemoryQueue:
    """Keeps what waits in memory: what a stopped program had not done is found again in the store.

    An id whose work failed is not rung for again; the store's next tick does that.
    """

    def __init__(self) -> None:
        self._bells: defaultdict[str, _Bell] = defaultdict(_Bell)

    async def put(self, topic: str, *ids: str) -> None:
        for id in ids:
            self._bells[topic].ring(id)

    @asynccontextmanager
    async def take(self, topic: str) -> AsyncIterator[str]:
        yield await self._bells[topic].take()
