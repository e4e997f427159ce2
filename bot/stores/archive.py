"""Stored articles, as searches and previews read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select

from bot.domain.model import Article, WorkspaceId
from bot.domain.query.narrowing import Every, Holds, Need
from bot.domain.query.periods import ALWAYS, Period
from bot.ports import SearchPage
from bot.stores.database import Database
from bot.stores.order import first_seen
from bot.stores.rows import ARTICLES, read_article
from bot.stores.tables import entries
from bot.stores.terms import LATE, LATE_AFTER
from bot.stores.visibility import seen_by_workspace

END = 2**63 - 1
"""No article has so high an id."""
SET_BACK = timedelta(hours=2)
"""Articles are in order of first sight, but for polls that end in another order, and clocks that are set back."""

_NEWEST = ARTICLES.where(entries.c.id >= bindparam("first"), entries.c.id < bindparam("end")).order_by(
    entries.c.id.desc()
)
_UNDER_KEY = ARTICLES.where(entries.c.url_key == bindparam("url_key")).order_by(entries.c.id.desc()).limit(1)
_COUNT = select(func.count()).select_from(entries).where(entries.c.id >= bindparam("first"))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is wanted of a range of ids, newest first."""

    need: Need | None
    workspace: WorkspaceId | None
    first: int
    end: int
    limit: int


class SqlArchive:
    """Newest first is by id, which rises with first sight: no search sorts by a date."""

    def __init__(self, database: Database) -> None:
        self._database = database
        filling = database.words.filling(ARTICLES)
        limit: BindParameter[int] = bindparam("limit")
        # Made once: SQLAlchemy recognises a statement that it has seen, and need not write it anew.
        self._statements = {
            (narrowed, limited): (_seen_by_workspace(query) if limited else query).limit(limit)
            for narrowed, query in ((False, _NEWEST), (True, filling))
            for limited in (False, True)
        }

    async def candidates(
        self,
        need: Need | None,
        workspace: WorkspaceId | None,
        before: int | None,
        limit: int,
        period: Period = ALWAYS,
    ) -> SearchPage:
        # One more than asked for, to know whether there is another page.
        asked = _Asked(need, workspace, 0, END if before is None else before, limit + 1)
        found = await self._database.read(self._within, asked, period)
        return SearchPage(tuple(found[:limit]), cursor=found[limit - 1].id if len(found) > limit else None)

    async def article(self, url_key: str, workspace: WorkspaceId | None) -> Article | None:
        query = _UNDER_KEY if workspace is None else _seen_by_workspace(_UNDER_KEY)
        values = {"url_key": url_key, "workspace_id": workspace}
        found = await self._database.read(_read, query, values)
        return found[0] if found else None

    async def count(self, workspace: WorkspaceId | None, since: datetime) -> int:
        return await self._database.read(_count, workspace, since)

    def _within(self, connection: Connection, asked: _Asked, period: Period) -> Sequence[Article]:
        """Read a page, and of what was seen too early or too late only what may have become news in the period."""
        if period.since is not None:
            asked = replace(asked, first=first_seen(connection, period.since - SET_BACK))
        if period.until is None:
            return self._newest(connection, asked)
        in_time = first_seen(connection, period.until + LATE_AFTER + SET_BACK)
        late = Holds((LATE,)) if asked.need is None else Every((asked.need, Holds((LATE,))))
        found = self._newest(connection, replace(asked, need=late, first=max(asked.first, in_time)))
        rest = replace(asked, end=min(asked.end, in_time), limit=asked.limit - len(found))
        return [*found, *self._newest(connection, rest)] if rest.limit else found

    def _newest(self, connection: Connection, asked: _Asked) -> Sequence[Article]:
        wanted = None if asked.need is None else self._database.words.wanted(asked.need)
        if asked.first >= asked.end or (wanted is None and asked.need is not None):
            return []
        query = self._statements[wanted is not None, asked.workspace is not None]
        values = {
            "wanted": wanted,
            "workspace_id": asked.workspace,
            "first": asked.first,
            "end": asked.end,
            "limit": asked.limit,
        }
        return _read(connection, query, values)


def _seen_by_workspace(query: Select[Any]) -> Select[Any]:
    return query.where(entries.c.feed_id.in_(seen_by_workspace()))


def _read(connection: Connection, query: Select[Any], values: dict[str, Any]) -> Sequence[Article]:
    return [read_article(row) for row in connection.execute(query, values)]


def _count(connection: Connection, workspace: WorkspaceId | None, since: datetime) -> int:
    query = _COUNT if workspace is None else _COUNT.where(entries.c.feed_id.in_(seen_by_workspace()))
    first = first_seen(connection, since)
    return connection.execute(query, {"first": first, "workspace_id": workspace}).scalar_one()
