"""What must come of what the newsstand published, by rules that are not newsbot's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import takewhile

from bot.demo.articles import PAPERS
from bot.demo.newsstand import Printed
from bot.demo.witness import Seen
from bot.domain.message import plain
from bot.domain.urls import clean_url, url_key

MAX_AGE = timedelta(hours=48)
"""newsbot's default; what is older when it is first listed is no news."""


@dataclass(frozen=True, slots=True)
class Due:
    """An alert that a channel must get, once."""

    channel: str
    title: str
    link: str
    updated: bool
    byline: str | None = None
    """None, as in what follows, is not looked at."""
    tags: tuple[str, ...] | None = None
    also_at: tuple[str, ...] = ()
    """Sources that it must name, among others."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the summary tells; `quiet` are matches that are no news."""

    feeds: int
    articles: int
    folded: int
    matches: int
    alerts: int

    @property
    def quiet(self) -> int:
        return self.matches - self.alerts


@dataclass(frozen=True, slots=True)
class Expected:
    counts: Counts
    due: tuple[Due, ...]


@dataclass(slots=True)
class _Story:
    """Everything printed of one story, in order."""

    printed: list[Printed] = field(default_factory=list)

    @property
    def articles(self) -> dict[tuple[str, str], Printed]:
        """Return the printed by paper and id: edits are the same article."""
        first: dict[tuple[str, str], Printed] = {}
        for one in self.printed:
            first.setdefault((one.article.paper, one.article.key), one)
        return first

    @property
    def channels(self) -> dict[str, Printed]:
        """Return the channels whose words stand in it, and where each found them first."""
        first: dict[str, Printed] = {}
        for one in self.printed:
            for channel in sorted(one.article.watched_by):
                first.setdefault(channel, one)
        return first


def expect(printed: Sequence[Printed], feeds: int) -> Expected:
    """Reckon, from what a person who read the articles would say, what newsbot must count and send."""
    stories: dict[str, _Story] = {}
    for one in printed:
        stories.setdefault(one.article.story, _Story()).printed.append(one)
    articles = sum(len(story.articles) for story in stories.values())
    due = tuple(alert for story in stories.values() for alert in _due(story))
    counts = Counts(
        feeds=feeds,
        articles=articles,
        folded=articles - len(stories),
        matches=sum(len(story.channels) for story in stories.values()),
        alerts=len(due),
    )
    return Expected(counts, due)


def _due(story: _Story) -> Iterator[Due]:
    articles = story.articles
    original = next((one.article for one in story.printed if not one.article.points_to), None)
    shown = original or story.printed[0].article
    for channel, found in story.channels.items():
        first = articles[found.article.paper, found.article.key]
        if not _is_news(first):
            continue
        link = clean_url(shown.story_link, "") or shown.story_link
        due = Due(channel, shown.title, link, updated=first is not found)
        if not shown.readers_own:
            due = replace(due, byline=byline(shown.author), tags=shown.tags, also_at=_copies_before(story))
        yield due


def _copies_before(story: _Story) -> tuple[str, ...]:
    """Name the papers that printed a copy before the original: those that an alert must name."""
    copies = takewhile(lambda one: one.article.points_to, story.printed)
    return tuple(PAPERS[one.article.paper].title for one in copies)


def _is_news(first: Printed) -> bool:
    age = first.article.age
    return not first.before and (age is None or age < MAX_AGE)


def compare(expected: Expected, counts: Counts, seen: Sequence[Seen]) -> tuple[str, ...]:
    """Name every difference between what was published and what came of it, in words."""
    return (
        *_missing_and_surplus(expected.due, seen),
        *_told_wrong(expected.due, seen),
        *_miscounted(expected, counts),
    )


def _missing_and_surplus(due: Sequence[Due], seen: Sequence[Seen]) -> Iterator[str]:
    wanted = Counter((one.channel, url_key(one.link)) for one in due)
    came = Counter((one.channel, url_key(one.message.url or "")) for one in seen)
    titles = {url_key(one.link): one.title for one in due}
    titles |= {url_key(one.message.url or ""): plain(one.message.headline) for one in seen}
    for channel, key in wanted - came:
        yield f"#{channel} did not get “{titles[key]}” ({key})"
    for (channel, key), count in (came - wanted).items():
        times = (
            f" {count + wanted[channel, key]} times"
            if wanted[channel, key]
            else ", which nothing in it calls for"
        )
        yield f"#{channel} got “{titles[key]}” ({key}){times}"


def _told_wrong(due: Sequence[Due], seen: Sequence[Seen]) -> Iterator[str]:
    """Yield what an alert says otherwise than the article does."""
    wanted = {(one.channel, url_key(one.link)): one for one in due}
    for one in seen:
        message = one.message
        must = wanted.get((one.channel, url_key(message.url or "")))
        if must is None:
            continue
        where = f"“{must.title}” in #{one.channel}"
        if message.url != must.link:
            yield f"{where} links to {message.url}, not to {must.link}"
        if must.byline is not None and message.byline != must.byline:
            yield f"{where} is signed “{message.byline}”, not “{must.byline}”"
        if must.tags is not None and message.tags != must.tags:
            yield f"{where} is tagged {list(message.tags)}, not {list(must.tags)}"
        for source in set(must.also_at) - set(message.also_at):
            yield f"{where} does not say that {source} carries it too"
        if not any(run.marked for run in (*message.headline, *message.excerpt)):
            yield f"{where} marks none of its words"
        if message.updated != must.updated:
            yield f"{where} is {'not ' if must.updated else ''}marked as updated"


def _miscounted(expected: Expected, counts: Counts) -> Iterator[str]:
    for name in ("feeds", "articles", "folded", "matches", "alerts"):
        want, have = getattr(expected.counts, name), getattr(counts, name)
        if want != have:
            yield f"{name}: {have} counted, {want} published"


def byline(author: str) -> str:
    """Return the name of an author as the demo's papers write it: `address (Name)`, `By Name` or `Name`."""
    inside = author.partition("(")[2].partition(")")[0]
    return inside or author.removeprefix("By ").strip()
