"""Running the roles: what no test of the whole program can bring about."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.runtime import mind_the_clock

HOUR = timedelta(hours=1)


class Wound:
    """A clock that is wound by `by` while the first sleeper sleeps; then nobody wakes."""

    def __init__(self, by: timedelta) -> None:
        self._now = datetime.now(UTC)
        self._by = by
        self.asleep = asyncio.Event()
        """Somebody sleeps for the second time."""

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if not self._by:
            self.asleep.set()
            await asyncio.Event().wait()
        self._now += self._by
        self._by = timedelta(0)


async def waits(clock):
    """Return for how long a tick waits that was due in an hour when the clock was wound."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.start(paused=True)
    scheduler.add_job(print, "interval", seconds=1, next_run_time=datetime.now(UTC) + HOUR, id="tick")
    watch = asyncio.create_task(mind_the_clock(scheduler, clock))
    await clock.asleep.wait()
    waiting = scheduler.get_job("tick").next_run_time - datetime.now(UTC)
    watch.cancel()
    scheduler.shutdown(wait=False)
    return waiting


async def test_ticks_go_on_at_once_when_the_clock_was_set_back():
    assert await waits(Wound(-HOUR)) <= timedelta(0)


async def test_ticks_keep_their_times_while_the_clock_goes_on():
    assert await waits(Wound(timedelta(seconds=5))) > HOUR / 2
