"""Who follows which feeds: rows that people declare, and what they say together of a feed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select

from bot.domain.model import FeedId, Origin, WorkspaceId
from bot.errors import NotFound, UserError
from bot.ports import FeedRow, FollowedFeed
from bot.stores.changes import Change, Declared
from bot.stores.feednames import canonical
from bot.stores.rows import FEED, read_feed
from bot.stores.tables import feeds, follow_workspaces, follows, workspaces
from bot.stores.visibility import ACTIVE, rows_seen_by_workspace

_LISTED = (
    select(*FEED, follows.c.origin, follows.c.name, follows.c.since, follows.c.audience, follows.c.added_by)
    .join_from(follows, feeds, feeds.c.id == follows.c.feed_id)
    .where(ACTIVE)
    .order_by(follows.c.since, follows.c.id)
)


# ---------------------------------------------------------------- declaring


def follow(change: Change, row: FeedRow) -> FeedId:
    """Declare one row that is not the file's; what it leaves out stays as it was."""
    feed_id = _feed_id(change, row)
    same = select(follows).where(
        follows.c.feed_id == feed_id,
        follows.c.origin == row.origin,
        follows.c.audience == _audience(row.workspaces),
    )
    current = change.connection.execute(same).one_or_none()
    if current is not None:
        row = replace(
            row,
            name=row.name or current.name,
            title=row.title or current.title,
            interval_s=row.interval_s or current.interval_s,
        )
    declare_follow(change, current, row)
    refresh_feeds(change)
    return feed_id


def declare_follow(change: Change, current: Row[Any] | None, row: FeedRow) -> Declared:
    """Have a row say what is declared; `refresh_feeds` must come after."""
    feed_id = _feed_id(change, row)
    wanted = {
        "feed_id": feed_id,
        "name": row.name,
        "title": row.title,
        "interval_s": row.interval_s,
        "audience": _audience(row.workspaces),
    }
    made = {"origin": row.origin, "added_by": row.added_by, "since": change.now}
    declared = change.declare(follows, current, wanted, made)
    change.touched |= {feed_id} if current is None else {feed_id, current.feed_id}
    if "feed_id" in declared.edited:
        change.update(follows, declared.id, {"since": change.now})
    if declared.added or declared.edited & {"feed_id", "audience"}:
        _limit(change, declared.id, row.workspaces)
        change.mark()
    return declared


def retire_follow(change: Change, current: Row[Any]) -> None:
    """Stop following by this row; `refresh_feeds` must come after."""
    change.retire(follows, current, {})
    change.touched.add(current.feed_id)
    change.mark()


def unfollow(change: Change, wanted: str, workspace: WorkspaceId | None = None) -> None:
    """Retire the rows that a name, URL or feed id stands for and that are not the file's.

    For a workspace, of those that it sees the ones that are limited to it.
    """
    found = _rows_called(change.connection, wanted, workspace)
    if not found:
        raise NotFound(f"No feed is called “{wanted}”. See `newsbot feeds list`.")
    ours = [row for row in found if row.origin != Origin.FILE]
    if not ours:
        raise UserError(f"The feed “{wanted}” is declared in the config file. Remove it there.")
    if workspace is not None:
        ours = [row for row in ours if row.audience == alone(change.connection, workspace)]
        if not ours:
            raise UserError(
                f"The feed “{wanted}” is there for others, too. Ask whoever runs newsbot to remove it."
            )
    for row in ours:
        retire_follow(change, row)
    refresh_feeds(change)


def _rows_called(connection: Connection, wanted: str, workspace: WorkspaceId | None) -> Sequence[Row[Any]]:
    """Return the active rows that a name, URL or feed id stands for; of a workspace, those that it sees."""
    if workspace is None:
        return connection.execute(_wanted(wanted)).all()
    seen = _wanted(wanted).where(follows.c.id.in_(rows_seen_by_workspace()))
    return connection.execute(seen, {"workspace_id": workspace}).all()


def alone(connection: Connection, workspace: WorkspaceId) -> str:
    """Return the audience of rows that are limited to one workspace."""
    named = select(workspaces.c.platform, workspaces.c.external_id).where(workspaces.c.id == workspace)
    return _audience([tuple(row) for row in connection.execute(named)])


def _wanted(wanted: str) -> Select[Any]:
    named = [follows.c.name == wanted, feeds.c.url.in_({wanted, canonical(wanted)})]
    if wanted.isdecimal() and len(wanted) < 19:  # the database counts no further
        named.append(feeds.c.id == int(wanted))
    return (
        select(follows).join_from(follows, feeds, feeds.c.id == follows.c.feed_id).where(ACTIVE, or_(*named))
    )


def _feed_id(change: Change, row: FeedRow) -> FeedId:
    """Return the feed of a kind, URL and credentials; make it if need be."""
    origin = {"kind": row.kind, "url": row.url, "credentials": row.credentials or ""}
    same = (feeds.c[name] == value for name, value in origin.items())
    found = change.connection.execute(select(feeds.c.id).where(*same)).scalar()
    if found is None:
        found = change.insert(feeds, {**origin, "followed": False, "next_poll_at": change.now})
    return FeedId(found)


def _audience(workspaces: Iterable[tuple[str, str]]) -> str:
    """Write the workspaces that a row is limited to as its identity needs them: sorted, "" for no limit."""
    limits = sorted(set(workspaces))
    return json.dumps(limits) if limits else ""


def _limit(change: Change, follow_id: int, workspaces: Iterable[tuple[str, str]]) -> None:
    limits = follow_workspaces.c.follow_id == follow_id
    change.connection.execute(delete(follow_workspaces).where(limits))
    for workspace in sorted(set(workspaces)):
        values = {"follow_id": follow_id, "workspace_id": change.workspace_id(*workspace)}
        change.connection.execute(insert(follow_workspaces), values)


# ---------------------------------------------------------------- what the rows say together


def refresh_feeds(change: Change) -> None:
    """Have each feed that a change touched say what its followers say together.

    One that is followed for the first time (again) catches up: it is polled at once, and nothing that was
    there before is announced.
    """
    for feed_id in sorted(change.touched):
        rows = change.connection.execute(select(follows).where(ACTIVE, follows.c.feed_id == feed_id)).all()
        feed = change.connection.execute(select(feeds).where(feeds.c.id == feed_id)).one()
        said = _said_together(rows)
        if said["followed"] and not feed.followed:
            said |= {"caught_up": False, "quiet_before": change.now, "next_poll_at": change.now}
        if any(getattr(feed, name) != value for name, value in said.items()):
            change.update(feeds, feed_id, said)
    change.touched.clear()


def _said_together(rows: Sequence[Row[Any]]) -> dict[str, Any]:
    """Let the file speak first, then the command line, then chats; the shortest interval wins."""
    ranked = sorted(rows, key=lambda row: (list(Origin).index(Origin(row.origin)), row.id))
    return {
        "followed": bool(rows),
        "given_title": next((row.title for row in ranked if row.title), ""),
        "interval_s": min((row.interval_s for row in rows if row.interval_s is not None), default=None),
    }


# ---------------------------------------------------------------- listing


def list_follows(connection: Connection, workspace: WorkspaceId | None) -> list[FollowedFeed]:
    """List every row; or each feed that a workspace follows once, by the row that brought it."""
    if workspace is None:
        return [_followed(row) for row in connection.execute(_LISTED)]
    query = _LISTED.where(follows.c.id.in_(rows_seen_by_workspace()))
    rows = connection.execute(query, {"workspace_id": workspace})
    first: dict[FeedId, FollowedFeed] = {}
    for followed in map(_followed, rows):
        first.setdefault(followed.feed.id, followed)
    return list(first.values())


def _followed(row: Sequence[Any]) -> FollowedFeed:
    origin, name, since, audience, added_by = row[len(FEED) :]
    limits = tuple((platform, id) for platform, id in json.loads(audience or "[]"))
    return FollowedFeed(read_feed(row), Origin(origin), name, since, limits, added_by)
