"""What people declare, as the Registry takes it and tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import ChannelAddress, Feed, Mention, Origin, Subscription, WorkspaceId


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A declaration that a workspace (or, with none, every workspace) follows a feed."""

    kind: str
    url: str
    origin: Origin
    name: str | None = None
    title: str = ""
    workspaces: tuple[tuple[str, str], ...] = ()
    """(platform, external id) of those it is limited to; empty offers it to all."""
    credentials: str | None = None
    interval_s: float | None = None
    added_by: str = ""


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A feed as its followers see it."""

    feed: Feed
    origin: Origin
    name: str | None
    since: datetime
    workspaces: tuple[tuple[str, str], ...] = ()
    added_by: str = ""


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A declaration that a channel watches a query."""

    channel: ChannelAddress
    query: str
    origin: Origin
    name: str | None = None
    feeds: tuple[str, ...] = ()
    """Names or URLs of the feeds it is limited to; one made in a chat can name those that its workspace follows."""
    created_by: str = ""
    created_by_id: str = ""
    """The platform's id of the person, if it is made in a chat."""
    mention: Mention | None = None
    channel_name: str = ""
    """As the chat shows it; left out, it stays as it was."""


@dataclass(frozen=True, slots=True)
class SubscriptionEdit:
    """What a subscription is to say from now on; it is what it said, but for what is to change."""

    query: str
    feeds: tuple[str, ...] = ()
    """Names or URLs, as in `Subscription.feeds_named`."""
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class TermRow:
    """A declaration of what a name stands for in a workspace."""

    workspace: WorkspaceId
    name: str
    """As `bot.domain.query.naming.read_name` gives it."""
    definition: str
    origin: Origin
    by: str = ""


@dataclass(frozen=True, slots=True)
class FileChanges:
    """What making the store agree with the config file did; every list holds names, those of terms as `@kim`."""

    added: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    """Subscriptions that say what they said, but mean something else through a term."""


@dataclass(frozen=True, slots=True)
class SubscriptionChanges:
    """Every subscription that changed after a revision, itself or through a term; inactive ones included."""

    revision: int
    changed: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One change of a declared row."""

    at: datetime
    change: str
    """edited, paused, resumed, retired or revived"""
    before: Mapping[str, str]
    """What was changed, as it was: of a subscription its channel, query, feeds and mention, as people write them."""
    by: str = ""
    """The name of the person who changed it in a chat."""
