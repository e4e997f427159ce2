"""Alerts, and deliveries on their way to a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model.articles import Article
from bot.domain.model.places import Channel, DeliveryId, EntryId
from bot.domain.model.subscriptions import Subscription, TermMatch


@dataclass(frozen=True, slots=True)
class AlertMatch:
    """Why a channel gets an alert: one subscription and where its words stand in one article."""

    subscription: Subscription
    entry_id: EntryId
    terms: tuple[TermMatch, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """The matches of one channel for one story, and the articles that tell it, the original first."""

    channel: Channel
    articles: tuple[Article, ...]
    matches: tuple[AlertMatch, ...]
    updated: bool = False


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that this claim alone may settle."""

    id: DeliveryId
    claim_id: str
    alert: Alert
    created_at: datetime
    attempts: int
    """Including this one."""


@dataclass(frozen=True, slots=True)
class Sent:
    id: DeliveryId
    receipt: str
    """The platform's id of the message."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    id: DeliveryId
    due_at: datetime
    reason: str
    tried: bool = True
    """False when it was put back without having been sent: that was no attempt."""


@dataclass(frozen=True, slots=True)
class Held:
    id: DeliveryId
    reason: str


DeliveryOutcome = Sent | Pending | Held


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's exclusive hold on a delivery; after `until` anybody may claim it again."""

    id: str
    at: datetime
    until: datetime
