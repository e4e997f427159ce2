"""Keeps a host from being asked twice at once or in quick succession."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.ports import Clock

SWEEP_AT_LEAST = 1000


class Host:
    """Turns to ask one host, as an async context manager: first come, first served, `gap` after the last one ended."""

    __slots__ = ("_clock", "_gap", "_longest", "_turns", "next_at", "users")

    def __init__(self, clock: Clock, gap: timedelta, in_flight: int) -> None:
        self._clock = clock
        self._gap = gap
        self._longest = gap * in_flight
        self._turns = asyncio.Semaphore(in_flight)
        self.next_at = clock.now()
        self.users = 0
        """Those who wait and those who ask."""

    async def __aenter__(self) -> None:
        self.users += 1
        try:
            await self._turns.acquire()
        except BaseException:
            self.users -= 1
            raise
        try:
            await self._pause()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *exc_info: object) -> None:
        self.next_at = max(self.next_at, self._clock.now() + self._gap)
        self._leave()

    async def _pause(self) -> None:
        now = self._clock.now()
        # A clock that was set back must not silence a host for hours.
        start = min(max(now, self.next_at), now + self._longest)
        self.next_at = start + self._gap
        if start > now:
            await self._clock.sleep((start - now).total_seconds())

    def _leave(self) -> None:
        self._turns.release()
        self.users -= 1


class Politeness:
    """The turns of every host that is being asked or was asked a moment ago."""

    def __init__(self, clock: Clock, gap_s: float, in_flight: int) -> None:
        self._clock = clock
        self._gap = timedelta(seconds=gap_s)
        self._in_flight = in_flight
        self._hosts: dict[str, Host] = {}
        self._sweep_at = SWEEP_AT_LEAST

    def turn(self, host: str) -> Host:
        """Return what to enter at once for a turn: `async with politeness.turn(host)`."""
        state = self._hosts.get(host)
        if state is None:
            self._sweep()
            state = self._hosts[host] = Host(self._clock, self._gap, self._in_flight)
        return state

    @property
    def hosts(self) -> int:
        """Count the hosts that are remembered."""
        return len(self._hosts)

    def _sweep(self) -> None:
        """Forget the hosts that nobody would wait for, each time their number has doubled."""
        if len(self._hosts) < self._sweep_at:
            return
        now = self._clock.now()
        self._hosts = {name: host for name, host in self._hosts.items() if host.users or host.next_at > now}
        self._sweep_at = max(SWEEP_AT_LEAST, 2 * len(self._hosts))
