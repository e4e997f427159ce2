"""Waiting for what a server comes to know: by condition and with a deadline."""

import asyncio
from collections.abc import Callable

LOOK_AGAIN_S = 0.02
"""For conditions about something that the server does not hear of."""


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
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        while not condition():
            left_s = deadline - loop.time()
            if left_s <= 0:
                return False
            waiter = asyncio.ensure_future(self._event.wait())
            try:
                await asyncio.wait([waiter], timeout=min(left_s, LOOK_AGAIN_S))
            finally:
                waiter.cancel()
        return True
