"""Keeping the store small, safe and known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of the store, for `status` and summaries."""

    feeds: int
    articles: int
    stories: int
    matches: int
    deliveries: Mapping[str, int]
    """By state: pending, claimed, sent, held."""
    held_reasons: Mapping[str, int]
    oldest_pending_at: datetime | None
    size_bytes: int
    schema: str
    heartbeat_at: datetime | None
    stopped_at: datetime | None = None
    """When the last program ended in good order; None while one runs, and after one was killed."""


@dataclass(frozen=True, slots=True)
class Retention:
    articles_s: float = 90 * 86400.0
    ids_s: float = 90 * 86400.0
    """Beyond the day on which the feed last listed the id."""
    deliveries_s: float = 90 * 86400.0
    """After it was sent or held; the buttons of an alert work as long."""


class Upkeep(Protocol):
    """Keeping the store small, safe and known."""

    async def prune(self, now: datetime, retention: Retention, batch: int) -> int:
        """Delete at most about `batch` rows past their time in one transaction; return how many. 0 means done."""

    async def stats(self) -> Stats:
        """Count everything."""

    async def beat(self, now: datetime) -> datetime | None:
        """Record that a running program is alive; return the sign of life before this one."""

    async def set_back(self, now: datetime, by: timedelta) -> None:
        """Have what a clock that was ahead by so much has put off come that much sooner, but not before now.

        This is for polls and pending deliveries; a claim is left to end when it was to end.
        """

    async def rest(self, now: datetime) -> None:
        """Record that the program ends in good order: until the next beat none is running."""

    async def backup(self, file: str) -> None:
        """Write a consistent copy while the program runs; raise UserError when the file exists."""
