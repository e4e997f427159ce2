"""Stored articles, to be searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.model import Article, WorkspaceId
from bot.domain.query.narrowing import Need
from bot.domain.query.periods import ALWAYS, Period


@dataclass(frozen=True, slots=True)
class SearchPage:
    articles: tuple[Article, ...]
    cursor: int | None
    """Pass it on for the next, older page; None at the end."""


class Archive(Protocol):
    """Stored articles, as searches and previews read them. A workspace sees only what it follows."""

    async def candidates(
        self,
        need: Need | None,
        workspace: WorkspaceId | None,
        before: int | None,
        limit: int,
        period: Period = ALWAYS,
    ) -> SearchPage:
        """Return articles that fill a need and may have become news in a period, newest first by first sight.

        A narrowing, never a loss: the caller's Query decides. Every term is plain text. No need: everything.
        `workspace=None` sees all. `before` is the last page's cursor. What a period excludes is not read, but for
        articles that were first seen long after they were published.
        """

    async def article(self, url_key: str, workspace: WorkspaceId | None) -> Article | None:
        """Return the newest article under a canonical URL."""

    async def count(self, workspace: WorkspaceId | None, since: datetime) -> int:
        """Count the articles first seen since then, near enough for shares."""
