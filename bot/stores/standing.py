"""How things stand in a workspace: quotas, deliveries that wait or are held, and how its feeds fare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Connection, Select, bindparam, func, select, text

from bot.domain.model import Channel, ChannelId, DeliveryId, Origin, WorkspaceId
from bot.ports import Backlog, ChannelStatus, FeedHealth, FollowedFeed, Usage, WorkspaceStatus
from bot.stores.database import OneOf
from bot.stores.follows import alone, list_follows
from bot.stores.order import first_seen
from bot.stores.rows import CHANNEL, read_channel
from bot.stores.tables import (
    HELD,
    UNSETTLED,
    channels,
    deliveries,
    entries,
    follows,
    subscriptions,
    workspaces,
)
from bot.stores.visibility import ACTIVE

_HERE = channels.c.workspace_id == bindparam("workspace_id")
_IN_USE = subscriptions.c.retired_at.is_(None)
_SUBSCRIPTIONS = (
    select(subscriptions.c.channel_id, subscriptions.c.active, subscriptions.c.origin, func.count())
    .join_from(subscriptions, channels, channels.c.id == subscriptions.c.channel_id)
    .where(_HERE, _IN_USE)
    .group_by(subscriptions.c.channel_id, subscriptions.c.active, subscriptions.c.origin)
)
_OWN_FEEDS = select(func.count(follows.c.feed_id.distinct())).where(
    ACTIVE, follows.c.origin != Origin.FILE, follows.c.audience == bindparam("audience")
)
_CHANNELS = (
    select(*CHANNEL)
    .join_from(channels, workspaces, workspaces.c.id == channels.c.workspace_id)
    .where(_HERE, OneOf(channels.c.id, bindparam("ids", type_=JSON)))
    .order_by(channels.c.id)
)
_PUBLISHED = func.coalesce(
    entries.c.published_at, entries.c.first_seen_at, type_=entries.c.first_seen_at.type
)
_BROUGHT = (
    select(entries.c.feed_id, func.count(), func.min(_PUBLISHED))
    .where(entries.c.id >= bindparam("first"), bindparam("since", type_=_PUBLISHED.type) <= _PUBLISHED)
    .group_by(entries.c.feed_id)
)


def _backlog(state: str) -> Select[Any]:
    """Select the channels, reasons, counts and ages of what is in a state, and the newest of each."""
    newest = func.max(deliveries.c.created_at).label("newest_at")
    groups = (
        select(
            deliveries.c.channel_id,
            func.coalesce(deliveries.c.reason, "").label("reason"),
            func.count().label("number"),
            func.min(deliveries.c.created_at).label("oldest_at"),
            newest,
        )
        .where(
            text(state),
            deliveries.c.channel_id.in_(select(channels.c.id).where(_HERE)),
        )
        .group_by(deliveries.c.channel_id, func.coalesce(deliveries.c.reason, ""))
        .subquery()
    )
    # Not the largest id of them, for which SQLite would walk through all deliveries by id.
    one = (
        select(deliveries.c.id)
        .where(
            text(state),
            deliveries.c.channel_id == groups.c.channel_id,
            func.coalesce(deliveries.c.reason, "") == groups.c.reason,
            deliveries.c.created_at == groups.c.newest_at,
        )
        .limit(1)
        .scalar_subquery()
    )
    return select(*groups.c, one.label("newest")).order_by(groups.c.number.desc(), groups.c.reason)


_PENDING, _HELD = _backlog(UNSETTLED), _backlog(HELD)


# ---------------------------------------------------------------- quotas and deliveries


def usage(connection: Connection, workspace: WorkspaceId) -> Usage:
    counted = connection.execute(_SUBSCRIPTIONS, {"workspace_id": workspace})
    own = {"audience": alone(connection, workspace)}
    return Usage(
        feeds=connection.execute(_OWN_FEEDS, own).scalar_one(),
        subscriptions=sum(number for _, _, origin, number in counted if origin != Origin.FILE),
    )


def status(connection: Connection, workspace: WorkspaceId) -> WorkspaceStatus:
    here = {"workspace_id": workspace}
    counted = connection.execute(_SUBSCRIPTIONS, here).all()
    pending, held = _backlogs(connection, _PENDING, here), _backlogs(connection, _HELD, here)
    concerned = {row.channel_id for row in counted} | pending.keys() | held.keys()
    places = connection.execute(_CHANNELS, here | {"ids": sorted(concerned)})
    followed = list_follows(connection, workspace)
    polled = [one.feed.state.polled_at for one in followed if one.feed.state.polled_at]
    return WorkspaceStatus(
        channels=tuple(_channel_status(read_channel(row), pending, held) for row in places),
        active=sum(number for _, active, _, number in counted if active),
        paused=sum(number for _, active, _, number in counted if not active),
        feeds=len(followed),
        polled_at=max(polled, default=None),
        failing=_failing(followed),
    )


_Backlogs = Mapping[ChannelId, Sequence[Backlog]]


def _backlogs(connection: Connection, query: Select[Any], here: Mapping[str, Any]) -> _Backlogs:
    found: defaultdict[ChannelId, list[Backlog]] = defaultdict(list)
    for row in connection.execute(query, here):
        backlog = Backlog(row.reason, row.number, row.oldest_at, DeliveryId(row.newest))
        found[row.channel_id].append(backlog)
    return dict(found)


def _channel_status(channel: Channel, pending: _Backlogs, held: _Backlogs) -> ChannelStatus:
    return ChannelStatus(channel, tuple(pending.get(channel.id, ())), tuple(held.get(channel.id, ())))


def _failing(followed: Iterable[FollowedFeed]) -> tuple[FollowedFeed, ...]:
    failing = [(one.feed.state.failing_since, one) for one in followed]
    return tuple(one for since, one in sorted(failing, key=lambda pair: str(pair[0])) if since is not None)


# ---------------------------------------------------------------- feeds


def health(connection: Connection, workspace: WorkspaceId, now: datetime, days: int) -> list[FeedHealth]:
    since = now - timedelta(days=days)
    asked = {"first": first_seen(connection, since), "since": since}
    brought = {feed_id: (number, oldest) for feed_id, number, oldest in connection.execute(_BROUGHT, asked)}
    return [
        _health(followed, brought.get(followed.feed.id, (0, now)), since, now)
        for followed in list_follows(connection, workspace)
    ]


def _health(
    followed: FollowedFeed, brought: tuple[int, datetime], since: datetime, now: datetime
) -> FeedHealth:
    """Count per day of the time of which a feed has told: what it listed when it was first read tells of earlier days."""
    number, oldest = brought
    start = max(since, min(oldest, followed.since))
    days = max((now - start) / timedelta(days=1), 1.0)
    return FeedHealth(followed, number, number / days)
