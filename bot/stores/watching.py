"""Which channels watch which queries: rows that people declare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from bot.domain.model import (
    Channel,
    ChannelAddress,
    Mention,
    Origin,
    Subscription,
    SubscriptionId,
    WorkspaceId,
)
from bot.domain.query import parse_query
from bot.domain.query.glossary import names_in
from bot.errors import ConfigError, NotFound, QueryError, UserError
from bot.ports import SubscriptionChanges, SubscriptionRow
from bot.stores.changes import Change, Declared
from bot.stores.counters import current_revision
from bot.stores.feednames import FeedNames
from bot.stores.glossary import glossaries, with_terms
from bot.stores.rows import (
    CHANNEL,
    PERSON,
    SUBSCRIPTIONS,
    at_address,
    mention_values,
    read_channel,
    read_subscription,
)
from bot.stores.tables import channels, subscriptions, workspaces

_IN_USE = SUBSCRIPTIONS.where(subscriptions.c.retired_at.is_(None)).order_by(subscriptions.c.id)
_CHANGED = SUBSCRIPTIONS.where(subscriptions.c.revision > bindparam("since")).order_by(
    subscriptions.c.revision, subscriptions.c.id
)
_CHANNELS = (
    select(*CHANNEL)
    .join_from(channels, workspaces, workspaces.c.id == channels.c.workspace_id)
    .where(channels.c.id.in_(select(subscriptions.c.channel_id).where(subscriptions.c.active)))
    .order_by(channels.c.id)
)

RESUMED = {
    "active": True,
    "paused_at": None,
    "paused_for": None,
    "pause_reason": "",
    "paused_by": "",
    "paused_by_id": "",
}
"""What the columns of a row say that is not paused."""


# ---------------------------------------------------------------- declaring


def subscribe(change: Change, row: SubscriptionRow) -> SubscriptionId:
    """Declare one row that is not the file's; a name that it leaves out stays as it was."""
    same = (
        select(subscriptions)
        .where(
            subscriptions.c.channel_id == change.channel_id(row.channel),
            subscriptions.c.query == row.query,
            subscriptions.c.origin != Origin.FILE,
        )
        .order_by(subscriptions.c.retired_at.is_not(None), subscriptions.c.id.desc())
    )
    current = change.connection.execute(same).first()
    workspace = change.workspace_id(row.channel.platform, row.channel.workspace)
    names = FeedNames(change.connection, workspace if row.origin is Origin.CHAT else None)
    declared = declare_subscription(change, current, row, names)
    if row.name and current is not None and current.name != row.name:
        change.update(subscriptions, current.id, {"name": row.name, "revision": change.revision})
    if row.channel_name:
        change.update(channels, change.channel_id(row.channel), {"name": row.channel_name})
    return SubscriptionId(declared.id)


def declare_subscription(
    change: Change, current: Row[Any] | None, row: SubscriptionRow, names: FeedNames
) -> Declared:
    """Have a row say what is declared; raise NotFound for a feed, and for a term QueryError (of the file's ConfigError)."""
    wanted = {
        "channel_id": change.channel_id(row.channel),
        **said(row.query, row.feeds, row.mention, names),
    }
    made: dict[str, Any] = {
        "origin": row.origin,
        "name": row.name,
        "created_at": change.now,
        "created_by": row.created_by,
        "created_by_id": row.created_by_id,
        **RESUMED,
    }
    # A row that is inserted needs a revision at once; one that stays as it is must not ask for one.
    if current is None or current.retired_at is not None:
        made["revision"] = change.revision
    declared = change.declare(subscriptions, current, wanted, made)
    if declared.added or declared.edited:
        _refuse_unknown_terms(change, row)
    if declared.edited:
        change.update(subscriptions, declared.id, {"revision": change.revision})
    if current is not None and _comes_back(current, declared):
        change.rewrite(subscriptions, current, "resumed", {**RESUMED, "revision": change.revision})
    return declared


def said(query: str, feeds: Sequence[str], mention: Mention | None, names: FeedNames) -> dict[str, Any]:
    """Return the columns of what a row says that people may edit; raise NotFound for a feed."""
    return {
        "query": query,
        "feeds": list(feeds),
        "feed_ids": names.find(feeds),
        "mention": mention_values(mention),
    }


def _comes_back(current: Row[Any], declared: Declared) -> bool:
    """Whether what is declared takes a row out of its pause.

    The file says the same at every start: only what it says anew counts, and of a place that was left only that it
    is another now.
    """
    if current.paused_at is None or current.retired_at is not None:
        return False
    if current.origin != Origin.FILE or "channel_id" in declared.edited:
        return True
    return current.paused_for == PERSON and bool(declared.edited & {"query", "feeds"})


def _refuse_unknown_terms(change: Change, row: SubscriptionRow) -> None:
    try:
        refuse_unknown_terms(
            change, row.query, change.workspace_id(row.channel.platform, row.channel.workspace)
        )
    except QueryError as error:
        if row.origin is Origin.FILE:
            raise ConfigError(f"The subscription “{row.name}”: {error}") from error
        raise


def refuse_unknown_terms(change: Change, query: str, workspace_id: WorkspaceId) -> None:
    """Raise QueryError when a query uses a term that its workspace does not have."""
    if names_in(query):
        parse_query(query, glossaries(change.connection, [workspace_id])[workspace_id])


def retire_subscription(change: Change, current: Row[Any]) -> None:
    change.retire(subscriptions, current, {"active": False})
    change.update(subscriptions, current.id, {"revision": change.revision})


def unsubscribe(change: Change, wanted: str) -> None:
    """Retire the rows that a name or id stands for and that are not the file's."""
    named = [subscriptions.c.name == wanted]
    if wanted.isdecimal() and len(wanted) < 19:  # the database counts no further
        named.append(subscriptions.c.id == int(wanted))
    asked = select(subscriptions).where(subscriptions.c.retired_at.is_(None), or_(*named))
    found = change.connection.execute(asked).all()
    if not found:
        raise NotFound(f"No subscription is called “{wanted}”. See `newsbot subscriptions list`.")
    ours = [row for row in found if row.origin != Origin.FILE]
    if not ours:
        raise UserError(f"The subscription “{wanted}” is declared in the config file. Remove it there.")
    for row in ours:
        retire_subscription(change, row)


def find_feeds_again(change: Change, names: FeedNames) -> None:
    """Follow a feed's name to where it leads now, for every row that is limited to feeds."""
    limited = (
        select(subscriptions, channels.c.workspace_id)
        .join_from(subscriptions, channels, channels.c.id == subscriptions.c.channel_id)
        .where(subscriptions.c.retired_at.is_(None), subscriptions.c.feeds != [])
    )
    of_workspace: dict[WorkspaceId, FeedNames] = {}
    for row in change.connection.execute(limited).all():
        known = names
        if row.origin == Origin.CHAT:
            if row.workspace_id not in of_workspace:
                of_workspace[row.workspace_id] = FeedNames(change.connection, row.workspace_id)
            known = of_workspace[row.workspace_id]
        found = _found(known, row)
        if found != row.feed_ids:
            change.update(subscriptions, row.id, {"feed_ids": found, "revision": change.revision})


def _found(names: FeedNames, row: Row[Any]) -> Any:
    """Return the feeds that a row means, or those that it meant when one of them is no longer followed."""
    try:
        return names.find(row.feeds)
    except NotFound:
        return row.feed_ids


# ---------------------------------------------------------------- listing


def list_subscriptions(
    connection: Connection, workspace: WorkspaceId | None, channel: ChannelAddress | None, paused: bool
) -> list[Subscription]:
    asked = _IN_USE if paused else _IN_USE.where(subscriptions.c.active)
    if workspace is not None:
        asked = asked.where(channels.c.workspace_id == workspace)
    if channel is not None:
        asked = asked.where(at_address(channel))
    return with_terms(connection, list(map(read_subscription, connection.execute(asked))))


def list_changes(connection: Connection, since: int) -> SubscriptionChanges:
    changed = list(map(read_subscription, connection.execute(_CHANGED, {"since": since})))
    return SubscriptionChanges(current_revision(connection), tuple(with_terms(connection, changed)))


def list_channels(connection: Connection) -> list[Channel]:
    return [read_channel(row) for row in connection.execute(_CHANNELS)]
