"""Counts, lengths of time and sizes as people say them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

_STEPS = ((86400, "day"), (3600, "h"), (60, "min"), (1, "s"))


def count(number: int, noun: str) -> str:
    """Return `1 feed`, `12 feeds` or `21,340 stories`."""
    if number != 1:
        if re.search("[^aeiou]y$", noun):
            noun = f"{noun[:-1]}ies"
        else:
            noun += "es" if noun.endswith(("s", "ch")) else "s"
    return f"{number:,} {noun}"


def lasting(length: timedelta) -> str:
    """Return a length of time in its largest unit: `40 s`, `2 min`, `3 h`, `1 day`, `12 days`."""
    seconds = max(0, int(length.total_seconds()))
    size, unit = next(((size, unit) for size, unit in _STEPS if seconds >= size), _STEPS[-1])
    number = seconds // size
    return count(number, unit) if unit == "day" else f"{number} {unit}"


def ago(then: datetime, now: datetime) -> str:
    """Return `just now`, `2 min ago`, `yesterday` (UTC) or, after a week, the day: `12 May 2024`."""
    age = now - then
    if age < timedelta(seconds=1):
        return "just now"
    if age < timedelta(days=1):
        return f"{lasting(age)} ago"
    days = (now.date() - then.date()).days
    if days < 7:
        return "yesterday" if days == 1 else f"{days} days ago"
    return day(then)


def ahead(then: datetime, now: datetime) -> str:
    """Return `now` or `in 2 min`."""
    return f"in {lasting(then - now)}" if then - now >= timedelta(seconds=1) else "now"


def day(moment: datetime) -> str:
    """Return `12 May 2024`."""
    return f"{moment.day} {moment:%B %Y}"


def size(number_of_bytes: int) -> str:
    """Return `312 B`, `18 kB`, `4.1 MB` or `18 MB`."""
    for unit, bytes_each in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number_of_bytes >= bytes_each:
            amount = number_of_bytes / bytes_each
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{number_of_bytes} B"


def moment(then: datetime, now: datetime) -> str:
    """Return `12:04 UTC`, of another day `12:04 UTC on 2 May`, of another year `12:04 UTC on 2 May 2023`."""
    clock = f"{then:%H:%M} UTC"
    if then.date() == now.date():
        return clock
    return f"{clock} on {day(then) if then.year != now.year else f'{then.day} {then:%B}'}"


def times(number: int) -> str:
    """Return `once`, `twice` or `12 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def listed(names: Sequence[str], most: int = 10) -> str:
    """Return `a`, `a and b`, `a, b and c` or, of too many, `a, b and 7 more`."""
    shown, others = names[:most], len(names) - most
    if others > 0:
        return f"{', '.join(shown)} and {others:,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
