"""When an article must have become news, for a store that keeps articles in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.query.tree import AllOf, AnyOf, Fact, Node, Query


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on, and before `until`; None is open."""

    since: datetime | None = None
    until: datetime | None = None


ALWAYS = Period()


def period_of(query: Query) -> Period:
    """Return a period that every article that matches became news in: necessary, never sufficient."""
    return _period(query.root)


def _period(node: Node) -> Period:
    match node:
        case AllOf(parts):
            return shared([_period(part) for part in parts])
        case AnyOf(parts):
            return _spanning([_period(part) for part in parts])
        case Fact(field="after", value=datetime() as since):
            return Period(since=since)
        case Fact(field="before", value=datetime() as until):
            return Period(until=until)
        case _:
            return ALWAYS


def shared(periods: Sequence[Period]) -> Period:
    """Return what lies within all of some periods."""
    since = [period.since for period in periods if period.since is not None]
    until = [period.until for period in periods if period.until is not None]
    return Period(max(since, default=None), min(until, default=None))


def _spanning(periods: Sequence[Period]) -> Period:
    since = [period.since for period in periods]
    until = [period.until for period in periods]
    return Period(
        None if None in since else min(moment for moment in since if moment is not None),
        None if None in until else max(moment for moment in until if moment is not None),
    )
