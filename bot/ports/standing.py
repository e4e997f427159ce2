"""How things stand, as the Frontdesk tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import Channel, DeliveryId
from bot.ports.declared import FollowedFeed


@dataclass(frozen=True, slots=True)
class Usage:
    """What a workspace has taken of its quotas."""

    feeds: int
    """That it follows by itself: neither the file's nor offered to all."""
    subscriptions: int
    """Active and paused, but for the file's."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Deliveries of a channel that wait, or are held, for one reason."""

    reason: str
    """In words; empty for those that only wait for their time."""
    count: int
    oldest_at: datetime
    """When the oldest was decided."""
    newest: DeliveryId
    """By which `requeue` finds them all."""


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    channel: Channel
    pending: tuple[Backlog, ...] = ()
    """Those that are being sent among them; the largest first."""
    held: tuple[Backlog, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkspaceStatus:
    """How things stand in a workspace."""

    channels: tuple[ChannelStatus, ...]
    """Those that watch something, or have deliveries pending or held."""
    active: int
    """Subscriptions."""
    paused: int
    feeds: int
    """That it follows, offered ones too."""
    polled_at: datetime | None
    """When the last of them was read, or failed to be."""
    failing: tuple[FollowedFeed, ...]
    """Those whose last poll failed, the longest failing first."""


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed of a workspace, and how much it brings; how it fares is in its FeedState."""

    followed: FollowedFeed
    articles: int
    """First seen in the days that were asked for."""
    per_day: float
    """Of the time that it has been read."""
