"""Whether work grows no faster than what it is done on: judged by the processor's time, which a busy machine leaves alone."""

from __future__ import annotations

import time
from collections.abc import Callable

SIZE = 10_000
"""Characters of the small text; the large one has four times as many."""
QUICK_S = 0.04
"""What takes no longer for the small text is no danger at any length that is stored."""
FACTOR = 10
"""The square of four is 16."""
TRIES = 4


def repeated(attack: str, size: int = SIZE) -> str:
    """Return a text of some length that consists of nothing else."""
    return attack * (size // len(attack))


def grows_in_proportion(work: Callable[[str], object], attack: str) -> bool:
    """Say whether four times the text takes less than FACTOR times the time, by the best of several tries."""
    small, large = repeated(attack), repeated(attack, 4 * SIZE)
    shortest = _seconds(work, small)
    if shortest <= QUICK_S:
        return True
    longest = float("inf")
    for _ in range(TRIES):
        longest = min(longest, _seconds(work, large))
        if longest < FACTOR * shortest:
            return True
        shortest = min(shortest, _seconds(work, small))
    return False


def _seconds(work: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    work(text)
    return time.process_time() - start
