"""What people do to a subscription in chats: each only to those of their own workspace."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from bot.domain.model import Origin, Person, Subscription, SubscriptionId, WorkspaceId
from bot.errors import NotFound, UserError
from bot.ports import SubscriptionEdit
from bot.stores.changes import Change
from bot.stores.feednames import FeedNames
from bot.stores.glossary import with_terms
from bot.stores.rows import PERSON, SUBSCRIPTIONS, read_subscription
from bot.stores.tables import channels, subscriptions
from bot.stores.watching import RESUMED, refuse_unknown_terms, retire_subscription, said

_LARGEST = 2**63 - 1
_ONE = SUBSCRIPTIONS.where(subscriptions.c.id == bindparam("id"))
_TENDED = (
    select(subscriptions)
    .join(channels, channels.c.id == subscriptions.c.channel_id)
    .where(
        subscriptions.c.id == bindparam("id"),
        subscriptions.c.retired_at.is_(None),
        channels.c.workspace_id == bindparam("workspace_id"),
    )
)


def subscription_of(connection: Connection, id: SubscriptionId, workspace: WorkspaceId) -> Subscription:
    _row(connection, id, workspace)
    return _read(connection, id)


def edit(
    change: Change, id: SubscriptionId, workspace: WorkspaceId, wanted: SubscriptionEdit
) -> Subscription:
    current = _row(change.connection, id, workspace)
    if current.origin == Origin.FILE:
        raise UserError(f"{_title(current)} is declared in the config file. Change it there.")
    _refuse_twin(change.connection, current, wanted.query)
    # What the command line has limited to a feed may be known there by a name that the workspace does not see.
    names = FeedNames(change.connection, workspace if list(wanted.feeds) != current.feeds else None)
    declared = change.declare(
        subscriptions, current, said(wanted.query, wanted.feeds, wanted.mention, names), {}
    )
    if declared.edited:
        refuse_unknown_terms(change, wanted.query, workspace)
        change.update(subscriptions, current.id, {"revision": change.revision})
    return _read(change.connection, id)


def pause(
    change: Change, id: SubscriptionId, workspace: WorkspaceId, by: Person, reason: str
) -> Subscription:
    current = _row(change.connection, id, workspace)
    if current.paused_for != PERSON:
        paused = {
            "active": False,
            "paused_at": change.now,
            "paused_for": PERSON,
            "pause_reason": reason,
            "paused_by": by.name,
            "paused_by_id": by.id,
            "revision": change.revision,
        }
        change.rewrite(subscriptions, current, "paused", paused)
    return _read(change.connection, id)


def resume(change: Change, id: SubscriptionId, workspace: WorkspaceId) -> Subscription:
    current = _row(change.connection, id, workspace)
    if current.paused_at is not None:
        change.rewrite(subscriptions, current, "resumed", {**RESUMED, "revision": change.revision})
    return _read(change.connection, id)


def retire(change: Change, id: SubscriptionId, workspace: WorkspaceId) -> Subscription:
    current = _row(change.connection, id, workspace)
    if current.origin == Origin.FILE:
        raise UserError(
            f"{_title(current)} is declared in the config file. Remove it there, or pause it here."
        )
    retire_subscription(change, current)
    return _read(change.connection, id)


def _row(connection: Connection, id: SubscriptionId, workspace: WorkspaceId) -> Row[Any]:
    """Return a row that is in use in a workspace; raise NotFound, which does not tell whether another has it."""
    asked = {"id": id, "workspace_id": workspace}
    found = connection.execute(_TENDED, asked).one_or_none() if abs(id) <= _LARGEST else None
    if found is None:
        raise NotFound(f"There is no subscription {id} here.")
    return found


def _refuse_twin(connection: Connection, current: Row[Any], query: str) -> None:
    twin = select(subscriptions.c.id).where(
        subscriptions.c.channel_id == current.channel_id,
        subscriptions.c.query == query,
        subscriptions.c.origin != Origin.FILE,
        subscriptions.c.retired_at.is_(None),
        subscriptions.c.id != current.id,
    )
    other = connection.execute(twin).scalar()
    if other is not None:
        raise UserError(f"“{query}” is watched there already: that is subscription {other}.")


def _title(row: Row[Any]) -> str:
    return f"The subscription “{row.name or row.query}”"


def _read(connection: Connection, id: SubscriptionId) -> Subscription:
    return with_terms(connection, [read_subscription(connection.execute(_ONE, {"id": id}).one())])[0]
