"""How many alerts a source will bring, judged by what it lists now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.document import Document
from bot.domain.matching import QueryIndex
from bot.domain.model import Entry, Subscription
from bot.domain.query import parse_query
from bot.domain.wording import count
from bot.errors import QueryError

LATELY = timedelta(days=7)
MOST = 150
"""Articles that are judged, the newest ones."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Expectation:
    alerts: int
    """Of the articles that were judged: one for each channel and article."""
    channels: int
    days: float
    """That the articles span; 0 when none of them says when it was published."""

    def __str__(self) -> str:
        where = f" in {count(self.channels, 'channel')}" if self.channels > 1 else ""
        if not self.alerts:
            return "None of what it lists now would have brought an alert here."
        if not self.days:
            return f"{count(self.alerts, 'alert')} from what it lists now{where}."
        if (a_day := self.alerts / self.days) >= 1:
            return f"+{count(round(a_day), 'alert')} a day{where}."
        return f"+{count(max(1, round(7 * a_day)), 'alert')} a week{where}."


def expectation(
    entries: Sequence[Entry], source: str, watching: Iterable[Subscription], now: datetime
) -> Expectation:
    """Match what a document lists against subscriptions to any source."""
    index, places = QueryIndex(), {}
    for one in watching:
        if one.active and not one.feeds:
            try:
                index.add(one.id, parse_query(one.query, one.terms))
            except QueryError:
                continue
            places[one.id] = one.channel.id
    recent, days = _recent(entries, now)
    alerts = {
        (places[match.subscription_id], number)
        for number, entry in enumerate(recent)
        for match in index.match(Document.of(entry, source, entry.published_at or now))
    }
    return Expectation(len(alerts), len({channel for channel, _ in alerts}), days)


def _recent(entries: Sequence[Entry], now: datetime) -> tuple[Sequence[Entry], float]:
    """Return the articles of the last days and how many days they span; all of them when none is dated."""
    dated = sorted(
        ((entry.published_at, entry) for entry in entries if entry.published_at), key=lambda pair: pair[0]
    )
    if not dated:
        return entries[:MOST], 0.0
    recent = [(at, entry) for at, entry in dated if now - at <= LATELY][-MOST:]
    reaches_back = len(recent) < len(dated) and len(recent) < MOST
    oldest = now - LATELY if reaches_back or not recent else recent[0][0]
    return [entry for _, entry in recent], max(now - oldest, _DAY) / _DAY
