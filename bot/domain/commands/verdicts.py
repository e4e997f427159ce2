"""What became of an article in each subscription, or would have become of it, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.commands.telling import quoted, stands
from bot.domain.document import Document, document_of
from bot.domain.evaluation import evaluate
from bot.domain.excerpts import excerpt
from bot.domain.explaining import Failure, explain
from bot.domain.message import Text
from bot.domain.model import (
    Article,
    Delivery,
    DeliveryState,
    EntryId,
    Ruling,
    Subscription,
    SubscriptionState,
    TermMatch,
    Trace,
)
from bot.domain.query import Query, parse_query
from bot.domain.wording import listed, moment
from bot.errors import QueryError
from bot.telemetry import redact

MOST_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    subscription: Subscription
    text: str
    """A sentence or two, which follow the name of the subscription and a colon."""
    quote: Text = ()
    """Where what must not be there stands."""
    decided: bool = True
    """False when it was never decided on, because it does not match or was not there."""
    posted: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """An article and its story, each text of which is read into words once, however many are asked about it."""

    trace: Trace
    now: datetime
    documents: Mapping[EntryId, Document]

    @classmethod
    def of(cls, trace: Trace, now: datetime) -> Case:
        return cls(trace, now, {one.id: document_of(one) for one in trace.told})

    def verdict(self, watching: Subscription) -> Verdict:
        """Say what a subscription made of the article."""
        ruling = next((one for one in self.trace.rulings if one.subscription.id == watching.id), None)
        return _undecided(self, watching) if ruling is None else _decided(ruling, self.now)


# ---------------------------------------------------------------- decided


def _decided(ruling: Ruling, now: datetime) -> Verdict:
    watching, delivery = ruling.subscription, ruling.delivery
    why = stands(ruling.terms, now)
    removed = " It has been removed since." if watching.state is SubscriptionState.RETIRED else ""
    if ruling.withheld:
        text = f"it matches, but was not posted: {ruling.withheld.value}."
    elif delivery is None:
        text = "it matched; what became of the alert is no longer stored."
    else:
        text = f"{_course(delivery, now)}."
    posted = not ruling.withheld and delivery is not None and delivery.state is DeliveryState.SENT
    return Verdict(watching, f"{text} {why}{removed}".strip(), posted=posted)


def _course(delivery: Delivery, now: datetime) -> str:
    match delivery.state:
        case DeliveryState.SENT:
            return f"posted {moment(delivery.settled_at or delivery.created_at, now)}"
        case DeliveryState.HELD:
            return f"held and not posted: {delivery.reason.rstrip('.')}"
        case _:
            waits = f": {delivery.reason.rstrip('.')}" if delivery.reason else ""
            return f"on its way{waits}"


# ---------------------------------------------------------------- never decided on


def _undecided(case: Case, watching: Subscription) -> Verdict:
    trace = case.trace
    try:
        query = parse_query(watching.query, watching.terms)
    except QueryError as error:
        return Verdict(watching, f"it cannot be read any more: {error}", decided=False)
    articles = [one for one in trace.told if not watching.feeds or one.feed_id in watching.feeds]
    if not articles:
        only = redact(listed(watching.feeds_named)) or "other sources"
        return Verdict(watching, f"it watches {only} only.", decided=False)
    if not any(evaluate(query, case.documents[article.id]) is not None for article in articles):
        asked = trace.article if trace.article in articles else articles[0]
        return _mismatch(watching, query, case.documents[asked.id])
    return Verdict(watching, _late(trace.article, watching, case.now), decided=False)


def _late(article: Article, watching: Subscription, now: datetime) -> str:
    """Say why there was no alert of an article that matches now."""
    if watching.pause:
        by = f" by {watching.pause.by.name}" if watching.pause.by else ""
        reason = f" ({watching.pause.reason})" if watching.pause.reason else ""
        return f"it matches, but is paused{by} since {moment(watching.pause.since, now)}{reason}."
    if watching.created_at > article.first_seen_at:
        return (
            "it matches and would have brought an alert, but the article came first: it was seen"
            f" {moment(article.first_seen_at, now)}, the subscription made {moment(watching.created_at, now)}."
        )
    return (
        "it matches as things are now, but did not when the article came: since then the article or the"
        " subscription was changed, or it was paused."
    )


def _mismatch(watching: Subscription, query: Query, document: Document) -> Verdict:
    told = explain(query, document)
    failures: Sequence[Failure] = told.failures[:MOST_FAILURES]
    return Verdict(watching, _failed(told.found, failures), _quote(document, failures), decided=False)


def _failed(found: Sequence[TermMatch], failures: Sequence[Failure]) -> str:
    """Say what is missing; or that all is there, and with it something that must not be."""
    there = list(dict.fromkeys(quoted(match.term) for match in found if match.spans))[:MOST_FAILURES]
    excluded = [failure.excluded for failure in failures]
    if there and all(excluded):
        are, so = ("is" if len(names) == 1 else "are" for names in (there, excluded))
        return (
            f"{listed(there)} {are} there, but so {so} {listed(excluded)}, which the subscription excludes."
        )
    text = " ".join(failure.text for failure in failures)
    return f"{text[:1].lower()}{text[1:]}"


def _quote(document: Document, failures: Sequence[Failure]) -> Text:
    """Return the sentence in which something excluded stands."""
    found = (match for failure in failures for match in failure.found if match.spans)
    return next((excerpt(document.text(match.field), match.spans) for match in found), ())
