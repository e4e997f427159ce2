"""How long an event loop leaves everybody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

STEP_S = 0.005


@contextmanager
def measured() -> Iterator[list[float]]:
    """Note, while the block runs, by how many seconds the loop is late for an appointment every few milliseconds."""
    loop = asyncio.get_running_loop()
    late: list[float] = [0.0]

    async def keep_appointments() -> None:
        while True:
            appointment = loop.time() + STEP_S
            await asyncio.sleep(STEP_S)
            late.append(loop.time() - appointment)

    watching = loop.create_task(keep_appointments())
    try:
        yield late
    finally:
        watching.cancel()
