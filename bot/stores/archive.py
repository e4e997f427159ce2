"""Stored articles, as searches and previews read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam

from bot.domain.model import Article, WorkspaceId
from bot.ports import SearchPage
from bot.stores.database import Database
from bot.stores.rows import ARTICLES, read_article
from bot.stores.tables import entries
from bot.stores.visibility import seen_by_workspace

_UNDER_KEY = ARTICLES.where(entries.c.url_key == bindparam("url_key")).order_by(entries.c.id.desc())


class SqlArchive:
    """Newest first is by id, which rises with first sight: no search sorts by a date."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def candidates(
        self, tokens: Sequence[Sequence[str]], workspace: WorkspaceId | None, before: int | None, limit: int
    ) -> SearchPage:
        wanted = [_clean(alternative) for alternative in tokens]
        anything = not wanted or not all(wanted)
        query = _newest(before) if anything else self._database.words.newest(ARTICLES, wanted, before)
        return await self._database.read(_page, _seen_by(query, workspace), limit)

    async def article(self, url_key: str, workspace: WorkspaceId | None) -> Article | None:
        query = _seen_by(_UNDER_KEY, workspace).params(url_key=url_key)
        page = await self._database.read(_page, query, 1)
        return page.articles[0] if page.articles else None


def _clean(tokens: Sequence[str]) -> list[str]:
    """Return tokens without what separates words; one that holds a blank is as many as it looks like."""
    return [part for token in tokens for part in token.replace("\0", " ").split()]


def _newest(before: int | None) -> Select[Any]:
    query = ARTICLES.order_by(entries.c.id.desc())
    return query if before is None else query.where(entries.c.id < before)


def _seen_by(query: Select[Any], workspace: WorkspaceId | None) -> Select[Any]:
    if workspace is None:
        return query
    return query.where(entries.c.feed_id.in_(seen_by_workspace())).params(workspace_id=workspace)


def _page(connection: Connection, query: Select[Any], limit: int) -> SearchPage:
    """Read one article more than asked for, to know whether there is another page."""
    found = [read_article(row) for row in connection.execute(query.limit(limit + 1))]
    articles = tuple(found[:limit])
    return SearchPage(articles, cursor=articles[-1].id if len(found) > limit else None)
