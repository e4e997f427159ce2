"""How long an event loop leaves everybody waiting."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time

STEP_S = 0.005
OTHERS = 20
"""What counts is the loop's own time; so many times longer may a wait be in which it did not have the processor, for a
machine on which other tests run takes it away. A loop that sleeps or waits for a disk is found out too, if for long."""


@contextmanager
def measured() -> Iterator[list[float]]:
    """Note, while the block runs, for how many seconds at a time the loop attends to one thing, or waits for one.

    What other tests have left in memory is none of the bot's: the garbage collector does not walk through it.
    """
    gc.collect()
    gc.freeze()
    stalls: list[float] = [0.0]
    clock, own = perf_counter(), thread_time()

    def note() -> None:
        stalls.append(max(thread_time() - own, (perf_counter() - clock - STEP_S) / OTHERS))

    async def keep_appointments() -> None:
        nonlocal clock, own
        while True:
            clock, own = perf_counter(), thread_time()
            await asyncio.sleep(STEP_S)
            note()

    watching = asyncio.get_running_loop().create_task(keep_appointments())
    try:
        yield stalls
    finally:
        note()  # what was done last has let nobody else have a turn yet
        watching.cancel()
        gc.unfreeze()


@contextmanager
def under(limit_s: float) -> Iterator[None]:
    """Fail when the loop leaves everybody waiting for longer than `limit_s` while the block runs."""
    with measured() as stalls_s:
        yield
    assert max(stalls_s) < limit_s, f"the event loop stood still for {max(stalls_s) * 1000:.0f} ms"
