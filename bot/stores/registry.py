"""Workspaces, channels, and the rows that people declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Concatenate, Final, ParamSpec

from sqlalchemy import Connection, bindparam, select

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
from bot.ports import (
    FeedRow,
    FileChanges,
    FollowedFeed,
    RowChange,
    SubscriptionChanges,
    SubscriptionEdit,
    SubscriptionRow,
    TermRow,
)
from bot.stores import tending
from bot.stores.changes import Change
from bot.stores.database import Database
from bot.stores.declarations import apply_file, try_file
from bot.stores.follows import follow, list_follows, unfollow
from bot.stores.glossary import list_terms, remove_term, set_term
from bot.stores.history import subscription_history
from bot.stores.limits import follow_within, subscribe_all
from bot.stores.secrets import Owner, Secrets
from bot.stores.tables import workspaces
from bot.stores.watching import list_changes, list_channels, list_subscriptions, subscribe, unsubscribe

P = ParamSpec("P")

_NO_TERMS: Final[Mapping[str, str]] = MappingProxyType({})
_WORKSPACE = select(
    workspaces.c.id, workspaces.c.platform, workspaces.c.external_id, workspaces.c.name
).where(workspaces.c.platform == bindparam("platform"), workspaces.c.external_id == bindparam("external_id"))


class SqlRegistry:
    """What people declare survives a power cut from the moment they are told so."""

    def __init__(self, database: Database, key: str | None) -> None:
        self._database = database
        self._secrets = Secrets(database, key)

    async def apply_file(
        self,
        feeds: Sequence[FeedRow],
        subscriptions: Sequence[SubscriptionRow],
        now: datetime,
        terms: Mapping[str, str] = _NO_TERMS,
    ) -> FileChanges:
        return await self._database.write_through(apply_file, feeds, subscriptions, now, terms)

    async def try_file(
        self,
        feeds: Sequence[FeedRow],
        subscriptions: Sequence[SubscriptionRow],
        now: datetime,
        terms: Mapping[str, str] = _NO_TERMS,
    ) -> FileChanges:
        return await try_file(self._database, feeds, subscriptions, now, terms)

    async def follow(self, row: FeedRow, now: datetime, most: int | None = None) -> FeedId:
        if most is None or len(row.workspaces) != 1:
            return await self._database.write_through(lambda c: follow(Change(c, now), row))
        return await self._database.write_through(lambda c: follow_within(Change(c, now), row, most))

    async def unfollow(self, feed: str, now: datetime, workspace: WorkspaceId | None = None) -> None:
        await self._database.write_through(lambda c: unfollow(Change(c, now), feed, workspace))

    async def feeds(self, workspace: WorkspaceId | None = None) -> Sequence[FollowedFeed]:
        return await self._database.read(list_follows, workspace)

    async def subscribe(self, row: SubscriptionRow, now: datetime) -> SubscriptionId:
        return await self._database.write_through(lambda c: subscribe(Change(c, now), row))

    async def subscribe_all(
        self, rows: Sequence[SubscriptionRow], now: datetime, most: int
    ) -> Sequence[SubscriptionId]:
        return await self._database.write_through(lambda c: subscribe_all(Change(c, now), rows, most))

    async def unsubscribe(self, subscription: str, now: datetime) -> None:
        await self._database.write_through(lambda c: unsubscribe(Change(c, now), subscription))

    async def subscriptions(
        self,
        workspace: WorkspaceId | None = None,
        channel: ChannelAddress | None = None,
        *,
        paused: bool = False,
    ) -> Sequence[Subscription]:
        return await self._database.read(list_subscriptions, workspace, channel, paused)

    async def subscription(self, id: SubscriptionId, workspace: WorkspaceId) -> Subscription:
        return await self._database.read(tending.subscription_of, id, workspace)

    async def edit(
        self, id: SubscriptionId, workspace: WorkspaceId, edit: SubscriptionEdit, by: Person, now: datetime
    ) -> Subscription:
        return await self._tend(tending.edit, by, now, id, workspace, edit)

    async def pause(
        self, id: SubscriptionId, workspace: WorkspaceId, by: Person, now: datetime, reason: str = ""
    ) -> Subscription:
        return await self._tend(tending.pause, by, now, id, workspace, by, reason)

    async def resume(
        self, id: SubscriptionId, workspace: WorkspaceId, by: Person, now: datetime
    ) -> Subscription:
        return await self._tend(tending.resume, by, now, id, workspace)

    async def retire(
        self, id: SubscriptionId, workspace: WorkspaceId, by: Person, now: datetime
    ) -> Subscription:
        return await self._tend(tending.retire, by, now, id, workspace)

    async def history(self, subscription: str) -> Sequence[RowChange]:
        return await self._database.read(subscription_history, subscription)

    async def changes(self, since: int) -> SubscriptionChanges:
        return await self._database.read(list_changes, since)

    async def terms(self, workspace: WorkspaceId) -> Sequence[NamedTerm]:
        return await self._database.read(list_terms, workspace)

    async def set_term(self, row: TermRow, now: datetime) -> Sequence[Subscription]:
        return await self._database.write_through(lambda c: set_term(Change(c, now), row))

    async def remove_term(self, name: str, workspace: WorkspaceId, now: datetime) -> Sequence[Subscription]:
        return await self._database.write_through(lambda c: remove_term(Change(c, now), name, workspace))

    async def workspace(self, platform: str, external_id: str, now: datetime) -> Workspace:
        known = await self._database.read(_workspace, platform, external_id)
        if known is not None:
            return known
        return await self._database.write_through(_new_workspace, platform, external_id, now)

    async def channels(self) -> Sequence[Channel]:
        return await self._database.read(list_channels)

    async def save_credential(
        self, name: str, secret: str, now: datetime, workspace: WorkspaceId | None = None
    ) -> None:
        await self._secrets.save(Owner(name, workspace), secret, now)

    async def credential(self, name: str, workspace: WorkspaceId | None = None) -> str | None:
        """Return a secret, or None; raise ConfigError when the key does not fit."""
        return await self._secrets.read(Owner(name, workspace))

    async def _tend(
        self,
        work: Callable[Concatenate[Change, P], Subscription],
        by: Person,
        now: datetime,
        *args: P.args,
        **kw: P.kwargs,
    ) -> Subscription:
        return await self._database.write_through(lambda c: work(Change(c, now, by.name), *args, **kw))


def _workspace(connection: Connection, platform: str, external_id: str) -> Workspace | None:
    row = connection.execute(_WORKSPACE, {"platform": platform, "external_id": external_id}).one_or_none()
    return None if row is None else Workspace(*row)


def _new_workspace(connection: Connection, platform: str, external_id: str, now: datetime) -> Workspace:
    return Workspace(Change(connection, now).workspace_id(platform, external_id), platform, external_id)
