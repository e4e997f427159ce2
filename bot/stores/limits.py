"""Declaring within limits: what is there is counted in the transaction that adds to it, so two at once fit too."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.model import FeedId, SubscriptionId, WorkspaceId
from bot.errors import LimitError
from bot.ports import FeedRow, SubscriptionRow
from bot.stores.changes import Change
from bot.stores.follows import follow
from bot.stores.standing import usage
from bot.stores.watching import subscribe


def subscribe_all(change: Change, rows: Sequence[SubscriptionRow], most: int) -> list[SubscriptionId]:
    """Add subscriptions; raise LimitError, which undoes all of it, where they have become too many."""
    concerned = {_of(change, row) for row in rows}
    used = {workspace: _subscriptions(change, workspace) for workspace in concerned}
    ids = [subscribe(change, row) for row in rows]
    for workspace, before in used.items():
        _refuse_more(_subscriptions(change, workspace), before, most)
    return ids


def follow_within(change: Change, row: FeedRow, most: int) -> FeedId:
    """Follow a feed; raise LimitError, which undoes it, where a workspace has too many by it."""
    [place] = row.workspaces
    workspace = change.workspace_id(*place)
    before = usage(change.connection, workspace).feeds
    id = follow(change, row)
    _refuse_more(usage(change.connection, workspace).feeds, before, most)
    return id


def _refuse_more(now: int, before: int, most: int) -> None:
    if now > before and now > most:
        raise LimitError(most, before)


def _of(change: Change, row: SubscriptionRow) -> WorkspaceId:
    return change.workspace_id(row.channel.platform, row.channel.workspace)


def _subscriptions(change: Change, workspace: WorkspaceId) -> int:
    return usage(change.connection, workspace).subscriptions
