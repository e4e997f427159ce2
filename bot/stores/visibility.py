"""Who sees which feeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, or_, select

from bot.domain.model import FeedId, WorkspaceId
from bot.stores.tables import follow_workspaces, follows, workspaces

ACTIVE = follows.c.retired_at.is_(None)
OFFERED = follows.c.audience == ""
"""Not limited: every workspace follows it."""

_FOLLOWERS = (
    select(workspaces.c.id, workspaces.c.created_at, follows.c.since)
    .join_from(
        follows,
        workspaces,
        or_(
            OFFERED,
            exists().where(
                follow_workspaces.c.follow_id == follows.c.id,
                follow_workspaces.c.workspace_id == workspaces.c.id,
            ),
        ),
    )
    .where(ACTIVE, follows.c.feed_id == bindparam("feed_id"))
)


def rows_seen_by_workspace() -> Select[tuple[int]]:
    """Select the active follows that the workspace in the parameter `workspace_id` sees."""
    return _seen(select(follows.c.id))


def seen_by_workspace() -> Select[tuple[FeedId]]:
    """Select the feeds that the workspace in the parameter `workspace_id` follows."""
    return _seen(select(follows.c.feed_id))


def _seen(query: Select[Any]) -> Select[Any]:
    limited = exists().where(
        follow_workspaces.c.follow_id == follows.c.id,
        follow_workspaces.c.workspace_id == bindparam("workspace_id"),
    )
    return query.where(ACTIVE, or_(OFFERED, limited))


def followers(connection: Connection, feed_id: FeedId) -> Mapping[WorkspaceId, datetime]:
    """Return since when each workspace follows a feed: never longer than the workspace has been there."""
    since: dict[WorkspaceId, datetime] = {}
    for workspace_id, created_at, followed_at in connection.execute(_FOLLOWERS, {"feed_id": feed_id}):
        moment = max(created_at, followed_at)
        since[workspace_id] = min(moment, since.get(workspace_id, moment))
    return since
