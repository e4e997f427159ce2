"""Keeps a host from being asked twice at once or in quick succession."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ports import Clock

SWEEP_AT_LEAST = 1000


@dataclass(slots=True)
class _Host:
    turns: asyncio.Semaphore
    next_at: datetime
    users: int = 0
    """Those who wait and those who ask."""


class Politeness:
    """Hands out turns to ask a host: first come, first served, `gap_s` after the last one ended."""

    def __init__(self, clock: Clock, gap_s: float, in_flight: int) -> None:
        self._clock = clock
        self._gap = timedelta(seconds=gap_s)
        self._in_flight = in_flight
        self._hosts: dict[str, _Host] = {}
        self._sweep_at = SWEEP_AT_LEAST

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it inside the block."""
        state = self._host(host)
        state.users += 1
        try:
            async with state.turns:
                await self._pause(state)
                try:
                    yield
                finally:
                    state.next_at = max(state.next_at, self._clock.now() + self._gap)
        finally:
            state.users -= 1

    @property
    def hosts(self) -> int:
        """Count the hosts that are remembered."""
        return len(self._hosts)

    async def _pause(self, state: _Host) -> None:
        now = self._clock.now()
        # A clock that was set back must not silence a host for hours.
        start = min(max(now, state.next_at), now + self._gap * self._in_flight)
        state.next_at = start + self._gap
        if start > now:
            await self._clock.sleep((start - now).total_seconds())

    def _host(self, host: str) -> _Host:
        state = self._hosts.get(host)
        if state is None:
            self._sweep()
            state = self._hosts[host] = _Host(asyncio.Semaphore(self._in_flight), self._clock.now())
        return state

    def _sweep(self) -> None:
        """Forget the hosts that nobody would wait for, each time their number has doubled."""
        if len(self._hosts) < self._sweep_at:
            return
        now = self._clock.now()
        self._hosts = {name: host for name, host in self._hosts.items() if host.users or host.next_at > now}
        self._sweep_at = max(SWEEP_AT_LEAST, 2 * len(self._hosts))
