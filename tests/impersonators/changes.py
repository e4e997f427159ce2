"""Waiting for what a server comes to know: by condition and with a deadline, never by sleeping."""

import asyncio
from collections.abc import Callable


class Changes:
    """Wakes those who wait for something to become true."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def tell(self) -> None:
        """Say that something changed."""
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, condition: Callable[[], bool], within_s: float) -> bool:
        """Wait until something is true, or until the time is up; return whether it is."""
        try:
            async with asyncio.timeout(within_s):
                while not condition():
                    await self._event.wait()
        except TimeoutError:
            return condition()
        return True
