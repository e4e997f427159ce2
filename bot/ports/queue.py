"""Passing ids on."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Queue(Protocol):
    """A bell, never the truth: it carries ids, may lose them and may ring twice."""

    async def put(self, topic: str, *ids: str) -> None:
        """Ring for each id; an id that already waits is not added again."""

    def take(self, topic: str) -> AbstractAsyncContextManager[str]:
        """Wait for an id and hold it; leaving the block without an error acknowledges it."""
