"""Alerts, and deliveries on their way to a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.model.articles import Article
from bot.domain.model.people import Person
from bot.domain.model.places import Channel, DeliveryId, EntryId, StoryId
from bot.domain.model.polls import Withheld
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


# ---------------------------------------------------------------- as they are told of


class DeliveryState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    """Being sent."""
    SENT = "sent"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where an alert is on its way to a channel."""

    id: DeliveryId
    channel: Channel
    story_id: StoryId
    state: DeliveryState
    created_at: datetime
    """When it was decided, or made pending again by hand."""
    due_at: datetime
    settled_at: datetime | None = None
    """When it was sent or held."""
    reason: str = ""
    """Why it waits or is held, in words."""
    receipt: str = ""
    """The platform's id of the message, once it was sent."""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Mute:
    """A channel hears nothing more of a story until then."""

    channel: Channel
    story_id: StoryId
    until: datetime
    by: Person


@dataclass(frozen=True, slots=True)
class PostedAlert:
    """A delivery with what it tells, as the story stands now."""

    delivery: Delivery
    alert: Alert
    mute: Mute | None = None
    """That of its story in its channel, while it holds."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided when a subscription matched a story."""

    subscription: Subscription
    matched_at: datetime
    terms: tuple[TermMatch, ...]
    """Where its words stood; empty once the text is no longer stored."""
    entry_id: EntryId | None
    """The article that matched; None once it is no longer stored."""
    withheld: Withheld | None = None
    """The rule that kept it from being an alert."""
    delivery: Delivery | None = None
    """That of the story to the subscription's channel; there is one at most, whichever subscription asked first."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of an article in a workspace."""

    article: Article
    told: tuple[Article, ...]
    """What the workspace sees of its story, the original first; the others were folded into it."""
    rulings: tuple[Ruling, ...]
    """Of the workspace's subscriptions, in the order in which they were made."""
    mutes: tuple[Mute, ...] = ()
    """Those of the story that hold now."""
