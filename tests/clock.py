"""A clock that tests wind by hand: nothing in the suite waits for real time.

`FakeClock()` stands still until `await clock.advance(seconds)`, which wakes sleepers in the order of their
times. `FakeClock(auto=True)` jumps to the earliest sleeper as soon as everybody who is ready has run: for code
that sleeps now and then, not for loops that sleep for ever (they would race through the years).
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

START = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
SETTLE_TURNS = 20
"""Turns of the event loop that a woken task gets before time moves on; enough for a few awaits in a row."""


class FakeClock:
    """Satisfies the Clock port. `slept` lists every sleep asked for, in seconds."""

    def __init__(self, start: datetime = START, *, auto: bool = False) -> None:
        self._now = start
        self._auto = auto
        self._order = itertools.count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), next(self._order), woken))
        if self._auto:
            loop.call_soon(self._wake_next)
        await woken

    @property
    def waiting(self) -> int:
        """Count those asleep."""
        return sum(not woken.done() for _, _, woken in self._sleepers)

    async def advance(self, seconds: float = 0.0) -> None:
        """Let `seconds` pass, waking whoever sleeps meanwhile; those who sleep again are woken again."""
        until = self._now + timedelta(seconds=seconds)
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            self._wake_next()
            await self._settle()
        self._now = max(self._now, until)

    def jump(self, seconds: float) -> None:
        """Set the clock forward or back without anybody waking, as an administrator or NTP would."""
        self._now += timedelta(seconds=seconds)

    def _wake_next(self) -> None:
        while self._sleepers:
            at, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                self._now = max(self._now, at)
                woken.set_result(None)
                return

    async def _settle(self) -> None:
        for _ in range(SETTLE_TURNS):
            await asyncio.sleep(0)
