"""Asking Slack again when it asks to wait: in conversation there is somebody who waits for the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.chat.slack_errors import LIBRARY_ERRORS, is_rate_limit, may_pass, status_of, wait_s

T = TypeVar("T")
Wait = Callable[[float], Awaitable[None]]

MOST_WAIT_S = 120.0
"""All waits of one call together."""
TRIES = 4
"""Of a call that fails on Slack's side or on the way."""


async def patiently(ask: Callable[[], Awaitable[T]], wait: Wait, *, tries: int = TRIES) -> T:
    """Ask until Slack answers; raise one of LIBRARY_ERRORS for a refusal, or when it lasts too long.

    With one of `tries` only rate limits are waited out, so that nothing is said twice.
    """
    left_s, failed = MOST_WAIT_S, 0
    while True:
        try:
            return await ask()
        except LIBRARY_ERRORS as error:
            if is_rate_limit(error):
                pause_s = wait_s(error)
            else:
                failed += 1
                pause_s = back_off_s(failed - 1)
                if failed >= tries or not _passes(error):
                    raise
            if pause_s > left_s:
                raise
        left_s -= pause_s
        await wait(pause_s)


def _passes(error: Exception) -> bool:
    return may_pass(error) or not status_of(error)


async def with_back_off(
    ask: Callable[[], Awaitable[T]], wait: Wait, failed: Callable[[Exception, float], None]
) -> T:
    """Ask until it works, however long that takes; `failed` is told of each failure and of the wait after it.

    It may raise to end this.
    """
    tries = 0
    while True:
        try:
            return await ask()
        except LIBRARY_ERRORS as error:
            pause_s = wait_s(error) if is_rate_limit(error) else back_off_s(tries)
            failed(error, pause_s)
        tries += 1
        await wait(pause_s)


def back_off_s(tries: int) -> float:
    """Return how long to wait after so many failures: 1 s, doubling to a minute."""
    return float(min(60, 2 ** min(tries, 6)))
