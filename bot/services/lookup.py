"""Look things up in what is stored: search for words, and preview what a query would have found."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.excerpts import excerpt, mark
from bot.domain.matching import match_query
from bot.domain.message import Text
from bot.domain.model import Article, Span, StoryId, TermMatch, WorkspaceId
from bot.domain.query import Query, parse_query
from bot.ports import Archive

PAGE = 200
"""Articles asked of the archive at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article that a query matches, and where."""

    article: Article
    terms: tuple[TermMatch, ...]

    @property
    def at(self) -> datetime:
        """When it became news: its publication, or its first sight if that is unknown or still to come."""
        published = self.article.entry.published_at
        return min(published, self.article.first_seen_at) if published else self.article.first_seen_at

    @property
    def headline(self) -> Text:
        return mark(self.article.entry.title, self._spans("title"))

    @property
    def excerpt(self) -> Text:
        """The sentence with the first match in the text, else the first sentence."""
        return excerpt(self.article.entry.body, self._spans("body"))

    def _spans(self, name: str) -> Sequence[Span]:
        return sorted(
            (span for term in self.terms if term.field == name for span in term.spans),
            key=lambda span: span.start,
        )


@dataclass(frozen=True, slots=True)
class SearchResult:
    query: Query
    found: tuple[Found, ...]
    """Newest first."""
    cursor: int | None
    """Pass it on for older ones; None when there are none."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a query would have brought over some days, one story counted once."""

    query: Query
    since: datetime
    days: Mapping[date, int]
    """Stories per day (UTC), days without any included, oldest first."""
    terms: Mapping[str, int]
    """Stories per term of the query, as typed."""
    samples: tuple[Found, ...]
    """The newest, one per story."""
    looked_at: int
    """Articles that the archive offered."""
    complete: bool
    """False when there was more than one preview reads."""

    @property
    def total(self) -> int:
        return sum(self.days.values())


@dataclass(slots=True)
class _Tally:
    """What a preview has counted so far."""

    samples_wanted: int
    stories: set[StoryId] = field(default_factory=set)
    days: Counter[date] = field(default_factory=Counter)
    terms: dict[str, set[StoryId]] = field(default_factory=dict)
    samples: list[Found] = field(default_factory=list)

    def count(self, found: Found) -> None:
        story = found.article.story_id
        for term in found.terms:
            self.terms.setdefault(term.term, set()).add(story)
        if story in self.stories:
            return
        self.stories.add(story)
        self.days[found.at.date()] += 1
        if len(self.samples) < self.samples_wanted:
            self.samples.append(found)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Asks the archive for candidates and lets the query decide, exactly as it decides about new articles."""

    archive: Archive
    workspace: WorkspaceId | None = None
    """Whose eyes it sees with; None sees all."""
    most_read: int = 50_000
    """Articles that one preview looks at; it says so when there were more."""

    async def search(self, text: str, limit: int = 20, before: int | None = None) -> SearchResult:
        """Return the newest articles that a query matches, older than a cursor if one is given; raise QueryError."""
        query = parse_query(text)
        found: list[Found] = []
        async for article in self._candidates(query, before):
            if len(found) == limit:
                return SearchResult(query, tuple(found), found[-1].article.id)
            if terms := match_query(query, article.entry.title, article.entry.body):
                found.append(Found(article, terms))
        return SearchResult(query, tuple(found), None)

    async def preview(self, text: str, now: datetime, days: int = 7, samples: int = 5) -> Preview:
        """Count what a query would have matched in the last days; raise QueryError."""
        query = parse_query(text)
        since = (now - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
        tally, looked_at, complete = _Tally(samples), 0, True
        async for article in self._candidates(query, None):
            if article.first_seen_at < since:
                break  # newest first: all others were seen, and so published, before
            if looked_at == self.most_read:
                complete = False
                break
            looked_at += 1
            terms = match_query(query, article.entry.title, article.entry.body)
            if terms and (found := Found(article, terms)).at >= since:
                tally.count(found)
        every_day = [since.date() + timedelta(days=n) for n in range(days)]
        return Preview(
            query=query,
            since=since,
            days={day: tally.days[day] for day in every_day},
            terms={phrase.text: len(tally.terms.get(phrase.text, ())) for phrase in query.phrases},
            samples=tuple(tally.samples),
            looked_at=looked_at,
            complete=complete,
        )

    async def _candidates(self, query: Query, before: int | None) -> AsyncIterator[Article]:
        while True:
            page = await self.archive.candidates(query.tokens(), self.workspace, before, PAGE)
            for article in page.articles:
                yield article
            if page.cursor is None:
                return
            before = page.cursor
