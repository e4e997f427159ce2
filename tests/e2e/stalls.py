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

    async def keep_appointments() -> None:
        while True:
            clock, own = perf_counter(), thread_time()
            await asyncio.sleep(STEP_S)
            stalls.append(max(thread_time() - own, (perf_counter() - clock - STEP_S) / OTHERS))

    watching = asyncio.get_running_loop().create_task(keep_appointments())
    try:
        yield stalls
    finally:
        watching.cancel()
        gc.unfreeze()
