"""Look things up in what is stored: search for words, and preview what a query would have found."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.document import document_of
from bot.domain.evaluation import evaluate
from bot.domain.excerpts import excerpt, mark
from bot.domain.message import Text
from bot.domain.model import Article, FeedId, Span, StoryId, TermMatch, WorkspaceId
from bot.domain.query import Query, need_of, parse_query
from bot.domain.query.periods import ALWAYS, Period, period_of, shared
from bot.domain.ranking import Hit, scores
from bot.ports import Archive

PAGE = 100
"""Articles asked of the archive at once, at most."""
SLICE = 25
"""Articles looked at before the event loop has its turn."""
WINDOW = 1_000
"""The best are looked for among so many of the newest articles that match."""


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
class BestResult:
    """The newest articles that match, the best first."""

    query: Query
    found: tuple[Found, ...]
    """Of equals the newest first."""
    skip: int | None
    """Pass it on, with `before`, for the next best; None when there are none."""
    before: int | None
    """Where the window begins: articles that came later do not disturb the pages."""
    since: datetime | None
    """When the oldest article was seen that was looked at; None when there is no older one that may match."""


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
    samples: tuple[Found, ...] = ()

    def count(self, found: Found) -> None:
        story = found.article.story_id
        for term in found.terms:
            self.terms.setdefault(term.term, set()).add(story)
        if story in self.stories:
            return
        self.stories.add(story)
        self.days[found.at.date()] += 1
        self.samples = _newest([*self.samples, found])[: self.samples_wanted]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Asks the archive for candidates and lets the query decide, exactly as it decides about new articles."""

    archive: Archive
    workspace: WorkspaceId | None = None
    """Whose eyes it sees with; None sees all."""
    most_read: int = 50_000
    """Articles that one search or preview looks at; it says so when there were more."""
    most_graded: int = 5_000
    """Articles that one search for the best looks at: about a second's work."""
    terms: Mapping[str, str] = field(default_factory=dict)
    """Definitions of named terms, by their names in lower case."""
    feeds: frozenset[FeedId] = frozenset()
    """Limits it to articles of these feeds; empty means all."""

    async def search(
        self, text: str, limit: int = 20, before: int | None = None, now: datetime | None = None
    ) -> SearchResult:
        """Return the newest articles that a query matches, older than a cursor if one is given; raise QueryError.

        Pages are of articles as they came, and each is in the order in which they became news.
        after: and before: count from `now`. Fewer than `limit`, and a cursor, is what most_read articles held.
        """
        query = parse_query(text, self.terms, now=now)
        found: list[Found] = []
        looked_at = 0
        async for article in self._candidates(query, before, limit + 1):
            if looked_at == self.most_read:
                return SearchResult(query, _newest(found), before)
            looked_at, before = looked_at + 1, article.id
            if hit := self._found(query, article):
                if len(found) == limit:
                    return SearchResult(query, _newest(found), found[-1].article.id)
                found.append(hit)
        return SearchResult(query, _newest(found), None)

    async def best(
        self,
        text: str,
        limit: int = 20,
        skip: int = 0,
        before: int | None = None,
        now: datetime | None = None,
    ) -> BestResult:
        """Return the newest articles that match, best first; raise QueryError.

        The newest WINDOW at most, of the newest `most_graded` that may match. `skip` and `before` are the last page's.
        """
        query = parse_query(text, self.terms, now=now)
        found: list[Found] = []
        looked_at, since = 0, None
        async for article in self._candidates(query, before, PAGE):
            if len(found) == WINDOW or looked_at == self.most_graded:
                break
            before = article.id + 1 if before is None else before
            looked_at, since = looked_at + 1, article.first_seen_at
            if hit := self._found(query, article):
                found.append(hit)
        else:
            since = None
        ranked = _ranked(found, looked_at)
        left = len(ranked) > skip + limit
        return BestResult(
            query, tuple(ranked[skip : skip + limit]), skip + limit if left else None, before, since
        )

    async def preview(self, text: str, now: datetime, days: int = 7, samples: int = 5) -> Preview:
        """Count what a query would have matched in the last days; raise QueryError."""
        query = parse_query(text, self.terms, now=now)
        since = (now - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
        tally, looked_at, complete = _Tally(samples), 0, True
        async for article in self._candidates(query, None, PAGE, Period(since=since)):
            if looked_at == self.most_read:
                complete = False
                break
            looked_at += 1
            if (found := self._found(query, article)) and found.at >= since:
                tally.count(found)
        every_day = [since.date() + timedelta(days=n) for n in range(days)]
        return Preview(
            query=query,
            since=since,
            days={day: tally.days[day] for day in every_day},
            terms={term.text: len(tally.terms.get(term.text, ())) for term in query.terms},
            samples=tally.samples,
            looked_at=looked_at,
            complete=complete,
        )

    async def _candidates(
        self, query: Query, before: int | None, first: int, period: Period = ALWAYS
    ) -> AsyncIterator[Article]:
        """Yield the articles that may match, newest first; `first` are asked for at once, then more and more."""
        need, page_size = need_of(query), min(first, PAGE)
        period = shared((period_of(query), period))
        while True:
            page = await self.archive.candidates(need, self.workspace, before, page_size, period)
            for number, article in enumerate(page.articles, 1):
                yield article
                if number % SLICE == 0:
                    await asyncio.sleep(0)
            if page.cursor is None:
                return
            before, page_size = page.cursor, min(page_size * 4, PAGE)

    def _found(self, query: Query, article: Article) -> Found | None:
        if self.feeds and article.feed_id not in self.feeds:
            return None
        terms = evaluate(query, document_of(article))
        return None if terms is None else Found(article, terms)


def _newest(found: Sequence[Found]) -> tuple[Found, ...]:
    """Return articles in the order in which they became news; of equals, as they were."""
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _ranked(found: Sequence[Found], looked_at: int) -> list[Found]:
    """Return articles best first; of those that do equally well, the newest."""
    hits = [Hit(len(one.article.entry.title) + len(one.article.entry.body), one.terms) for one in found]
    graded = sorted(zip(scores(hits, looked_at), found, strict=True), key=lambda pair: -pair[0])
    return [one for _, one in graded]
