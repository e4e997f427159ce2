"""What people declare, remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol

from bot.domain.model import (
    Channel,
    ChannelAddress,
    FeedId,
    NamedTerm,
    Person,
    Subscription,
    SubscriptionId,
    Workspace,
    WorkspaceId,
)
from bot.ports.declared import (
    FeedRow,
    FileChanges,
    FollowedFeed,
    RowChange,
    SubscriptionChanges,
    SubscriptionEdit,
    SubscriptionRow,
    TermRow,
)

_NO_TERMS: Final[Mapping[str, str]] = MappingProxyType({})


class Registry(Protocol):
    """Workspaces, channels, and the rows that people declare. Every method is one transaction."""

    async def apply_file(
        self,
        feeds: Sequence[FeedRow],
        subscriptions: Sequence[SubscriptionRow],
        now: datetime,
        terms: Mapping[str, str] = _NO_TERMS,
    ) -> FileChanges:
        """Make the file's rows exactly these: add, edit (history kept), retire; a second call changes nothing.

        `terms` are definitions by name, defaults for every workspace. Raise ConfigError, and change nothing, when
        a query or a term could not be read then: a term that it uses is gone, or has become part of a circle.
        """

    async def try_file(
        self,
        feeds: Sequence[FeedRow],
        subscriptions: Sequence[SubscriptionRow],
        now: datetime,
        terms: Mapping[str, str] = _NO_TERMS,
    ) -> FileChanges:
        """Say what `apply_file` would do, or raise what it would raise; nothing is changed."""

    async def follow(self, row: FeedRow, now: datetime, most: int | None = None) -> FeedId:
        """Follow a feed; following it again is the same row.

        Raise LimitError when the only workspace that it is limited to would then have more than `most` of its own.
        """

    async def unfollow(self, feed: str, now: datetime, workspace: WorkspaceId | None = None) -> None:
        """Retire a row that was not made by the file, by name, URL or id; raise NotFound or UserError.

        A `workspace` can name what it sees, and retire what is its alone; None is the operator, who may retire all.
        """

    async def feeds(self, workspace: WorkspaceId | None = None) -> Sequence[FollowedFeed]:
        """List what a workspace follows, or everything that anybody does."""

    async def subscribe(self, row: SubscriptionRow, now: datetime) -> SubscriptionId:
        """Add a subscription; the same channel and query again is the same row, active again if it was paused.

        Raise NotFound for a feed, and QueryError when the query uses a term that its workspace does not have.
        """

    async def subscribe_all(
        self, rows: Sequence[SubscriptionRow], now: datetime, most: int
    ) -> Sequence[SubscriptionId]:
        """Add subscriptions as `subscribe` does, all of them or none.

        Raise LimitError when a workspace would then have more than `most`, the file's not counted. What is there
        already is no more, so it may be said again.
        """

    async def unsubscribe(self, subscription: str, now: datetime) -> None:
        """Retire a row that was not made by the file, by name or id; raise NotFound or UserError."""

    async def subscriptions(
        self,
        workspace: WorkspaceId | None = None,
        channel: ChannelAddress | None = None,
        *,
        paused: bool = False,
    ) -> Sequence[Subscription]:
        """List the active subscriptions, oldest first, of everybody or of one place; with `paused`, paused ones too."""

    async def subscription(self, id: SubscriptionId, workspace: WorkspaceId) -> Subscription:
        """Return an active or paused subscription of a workspace; raise NotFound."""

    async def edit(
        self, id: SubscriptionId, workspace: WorkspaceId, edit: SubscriptionEdit, by: Person, now: datetime
    ) -> Subscription:
        """Change what a workspace's subscription says, and return it; a paused one stays paused.

        Raise NotFound, also for a feed, QueryError for a term, and UserError for one that the file declares, or when
        its channel watches that query already.
        """

    async def pause(
        self, id: SubscriptionId, workspace: WorkspaceId, by: Person, now: datetime, reason: str = ""
    ) -> Subscription:
        """Have a workspace's subscription match nothing until it is resumed; raise NotFound.

        One that somebody has paused stays as they have paused it. One that the file declares stays paused over
        restarts, until the file says something else of it.
        """

    async def resume(
        self, id: SubscriptionId, workspace: WorkspaceId, by: Person, now: datetime
    ) -> Subscription:
        """Have a workspace's paused subscription match again, whoever paused it; raise NotFound."""

    async def retire(
        self, id: SubscriptionId, workspace: WorkspaceId, by: Person, now: datetime
    ) -> Subscription:
        """Take a workspace's subscription out of use; raise NotFound, and UserError for one that the file declares."""

    async def history(self, subscription: str) -> Sequence[RowChange]:
        """Tell, oldest first, how rows came to say what they say, retired ones too, by name or id; raise NotFound."""

    async def changes(self, since: int) -> SubscriptionChanges:
        """Return what changed after revision `since`; 0 asks for everything."""

    async def terms(self, workspace: WorkspaceId) -> Sequence[NamedTerm]:
        """List by name the terms that hold in a workspace: its own, and the file's that it does not define itself."""

    async def set_term(self, row: TermRow, now: datetime) -> Sequence[Subscription]:
        """Define a name in a workspace, or define it anew, and return the subscriptions that mean something else now.

        They count as changed. Raise UserError, and change nothing, when the term would rest on itself, or when a
        term or subscription could not be read then.
        """

    async def remove_term(self, name: str, workspace: WorkspaceId, now: datetime) -> Sequence[Subscription]:
        """Take a workspace's own definition back, and return the subscriptions that mean something else now.

        That needs a default of the same name: a term that is used cannot go. Raise UserError, naming what uses it
        or that the file defines it, or NotFound.
        """

    async def workspace(self, platform: str, external_id: str, now: datetime) -> Workspace:
        """Return a workspace, made if need be."""

    async def channels(self) -> Sequence[Channel]:
        """List the channels that have an active subscription."""

    async def save_credential(
        self, name: str, secret: str, now: datetime, workspace: WorkspaceId | None = None
    ) -> None:
        """Keep a workspace's secret, or the operator's own, encrypted."""

    async def credential(self, name: str, workspace: WorkspaceId | None = None) -> str | None:
        """Return a secret to the one it belongs to, or None."""
