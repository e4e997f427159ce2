"""Subscriptions that somebody has yet to confirm: a day long, and for one confirmation."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from bot.domain.model import DRAFT_LASTS, ChannelAddress, Draft, DraftId, Person, WorkspaceId
from bot.errors import NotFound
from bot.stores.rows import mention_values, read_mention
from bot.stores.tables import drafts

_ONE = select(drafts).where(
    drafts.c.id == bindparam("id"),
    drafts.c.workspace_id == bindparam("workspace_id"),
    drafts.c.created_at > bindparam("limit"),
)
_TAKE = delete(drafts).where(drafts.c.id == bindparam("draft_id"))
_GONE = "That was confirmed or changed already, or it is more than a day old. Give the command again."


def save_draft(connection: Connection, draft: Draft, workspace: WorkspaceId) -> DraftId:
    """Keep a draft under an id that was never given before, so that an old button cannot mean a new draft."""
    id = DraftId(secrets.token_urlsafe(9))
    values = {
        "id": id,
        "workspace_id": workspace,
        "channels": [[at.platform, at.workspace, at.channel] for at in draft.channels],
        "query": draft.query,
        "feeds": list(draft.feeds),
        "mention": mention_values(draft.mention),
        "changes": draft.changes,
        "made_by": draft.by.name,
        "made_by_id": draft.by.id,
        "created_at": draft.created_at,
    }
    connection.execute(insert(drafts), values)
    return id


def read_draft(connection: Connection, id: DraftId, workspace: WorkspaceId, now: datetime) -> Draft:
    asked = {"id": id, "workspace_id": workspace, "limit": now - DRAFT_LASTS}
    found = connection.execute(_ONE, asked).one_or_none() if id.isascii() else None
    if found is None:
        raise NotFound(_GONE)
    return _read(found)


def take_draft(connection: Connection, id: DraftId, workspace: WorkspaceId, now: datetime) -> Draft:
    """Return a draft and forget it: who comes second finds none."""
    draft = read_draft(connection, id, workspace, now)
    connection.execute(_TAKE, {"draft_id": id})
    return draft


def _read(row: Row[Any]) -> Draft:
    return Draft(
        channels=tuple(ChannelAddress(*at) for at in row.channels),
        query=row.query,
        by=Person(row.made_by_id, row.made_by),
        created_at=row.created_at,
        feeds=tuple(row.feeds),
        mention=read_mention(row.mention),
        changes=row.changes,
    )
