"""Listeners in a running newsbot: one that fails listens again after a pause, and never disturbs the others."""

from __future__ import annotations

import asyncio

from bot.errors import ChatError
from bot.runtime import LONGEST_PAUSE_S, attend
from tests.clock import FakeClock


async def test_a_listener_whose_input_ended_is_left_alone():
    heard = []

    async def listen():
        heard.append("once")

    clock = FakeClock(auto=True)
    await attend("console", listen, clock)
    assert (heard, clock.slept) == (["once"], [])


async def test_a_listener_that_fails_begins_anew_ever_more_slowly(caplog):
    failures = iter([ChatError("token refused"), *[RuntimeError("cannot be read")] * 11])

    async def listen():
        if error := next(failures, None):
            raise error

    clock = FakeClock(auto=True)
    await attend("discord", listen, clock)
    assert clock.slept[:4] == [1, 2, 4, 8]
    assert clock.slept[-1] == LONGEST_PAUSE_S


async def test_one_that_had_listened_for_long_is_back_soon():
    clock = FakeClock(auto=True)
    turns = iter(range(13))

    async def listen():
        turn = next(turns)
        if turn == 10:
            clock.jump(86_400)
        if turn < 12:
            raise ChatError("connection lost")

    await attend("slack", listen, clock)
    assert clock.slept[8:] == [256, 300, 300, 1]


async def test_asked_to_end_a_listener_ends():
    began = asyncio.Event()

    async def listen():
        began.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(attend("slack", listen, FakeClock()))
    await began.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
