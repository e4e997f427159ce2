"""Which channels watch which queries: rows that people declare."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from bot.domain.model import Channel, Origin, Subscription, SubscriptionId
from bot.domain.query import parse_query
from bot.domain.query.glossary import names_in
from bot.errors import ConfigError, NotFound, QueryError, UserError
from bot.ports import SubscriptionChanges, SubscriptionRow
from bot.stores.changes import Change, Declared
from bot.stores.counters import current_revision
from bot.stores.feednames import FeedNames
from bot.stores.glossary import glossaries, with_terms
from bot.stores.rows import CHANNEL, SUBSCRIPTIONS, read_channel, read_subscription
from bot.stores.tables import channels, subscriptions, workspaces

_ACTIVE = SUBSCRIPTIONS.where(subscriptions.c.active).order_by(subscriptions.c.id)
_CHANGED = SUBSCRIPTIONS.where(subscriptions.c.revision > bindparam("since")).order_by(
    subscriptions.c.revision, subscriptions.c.id
)
_CHANNELS = (
    select(*CHANNEL)
    .join_from(channels, workspaces, workspaces.c.id == channels.c.workspace_id)
    .where(channels.c.id.in_(select(subscriptions.c.channel_id).where(subscriptions.c.active)))
    .order_by(channels.c.id)
)


# ---------------------------------------------------------------- declaring


def subscribe(change: Change, row: SubscriptionRow) -> SubscriptionId:
    """Declare one row that is not the file's; a name that it leaves out stays as it was."""
    same = select(subscriptions).where(
        subscriptions.c.channel_id == change.channel_id(row.channel),
        subscriptions.c.query == row.query,
        subscriptions.c.origin != Origin.FILE,
    )
    current = change.connection.execute(same).one_or_none()
    names = FeedNames(change.connection)
    declared = declare_subscription(change, current, row, names)
    if row.name and current is not None and current.name != row.name:
        change.update(subscriptions, current.id, {"name": row.name, "revision": change.revision})
    return SubscriptionId(declared.id)


def declare_subscription(
    change: Change, current: Row[Any] | None, row: SubscriptionRow, names: FeedNames
) -> Declared:
    """Have a row say what is declared; raise NotFound for a feed, and for a term QueryError (of the file's ConfigError)."""
    wanted = {
        "channel_id": change.channel_id(row.channel),
        "query": row.query,
        "feeds": list(row.feeds),
        "feed_ids": names.find(row.feeds),
    }
    made: dict[str, Any] = {
        "origin": row.origin,
        "name": row.name,
        "created_at": change.now,
        "created_by": row.created_by,
        "active": True,
    }
    # A row that is inserted needs a revision at once; one that stays as it is must not ask for one.
    if current is None or current.retired_at is not None:
        made["revision"] = change.revision
    declared = change.declare(subscriptions, current, wanted, made)
    if declared.added or declared.edited:
        _refuse_unknown_terms(change, row)
    if declared.edited:
        change.update(subscriptions, declared.id, {"revision": change.revision})
    return declared


def _refuse_unknown_terms(change: Change, row: SubscriptionRow) -> None:
    if not names_in(row.query):
        return
    workspace_id = change.workspace_id(row.channel.platform, row.channel.workspace)
    try:
        parse_query(row.query, glossaries(change.connection, [workspace_id])[workspace_id])
    except QueryError as error:
        if row.origin is Origin.FILE:
            raise ConfigError(f"The subscription “{row.name}”: {error}") from error
        raise


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
    limited = select(subscriptions).where(subscriptions.c.retired_at.is_(None), subscriptions.c.feeds != [])
    for row in change.connection.execute(limited).all():
        found = _found(names, row)
        if found != row.feed_ids:
            change.update(subscriptions, row.id, {"feed_ids": found, "revision": change.revision})


def _found(names: FeedNames, row: Row[Any]) -> Any:
    """Return the feeds that a row means, or those that it meant when one of them is no longer followed."""
    try:
        return names.find(row.feeds)
    except NotFound:
        return row.feed_ids


# ---------------------------------------------------------------- listing


def list_subscriptions(connection: Connection) -> list[Subscription]:
    return with_terms(connection, list(map(read_subscription, connection.execute(_ACTIVE))))


def list_changes(connection: Connection, since: int) -> SubscriptionChanges:
    changed = list(map(read_subscription, connection.execute(_CHANGED, {"since": since})))
    return SubscriptionChanges(current_revision(connection), tuple(with_terms(connection, changed)))


def list_channels(connection: Connection) -> list[Channel]:
    return [read_channel(row) for row in connection.execute(_CHANNELS)]
