"""How much one person may ask in a short time; each refusal names the limit, the use and the remedy."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from bot.errors import UserError

MOST_REMEMBERED = 10_000
"""People whose last commands are remembered; of more, those who were quiet longest are forgotten."""


class Throttle:
    """Counts each person's commands over a few seconds."""

    def __init__(self, limit: int, within: timedelta) -> None:
        self._limit = limit
        self._within = within
        self._asked: dict[tuple[str, ...], deque[datetime]] = {}

    def admit(self, who: tuple[str, ...], now: datetime) -> None:
        """Count a command; raise UserError when it is one too many."""
        asked = self._asked.pop(who, deque())
        self._asked[who] = asked  # the last to speak is the last to be forgotten
        while asked and now - asked[0] >= self._within:
            asked.popleft()
        if len(asked) >= self._limit:
            wait = self._within - (now - asked[0])
            raise UserError(
                f"That was {len(asked)} commands in {self._within.total_seconds():.0f} s, which is the limit."
                f" Try again in {max(1, round(wait.total_seconds()))} s."
            )
        asked.append(now)
        if len(self._asked) > MOST_REMEMBERED:
            del self._asked[next(iter(self._asked))]
