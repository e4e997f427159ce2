"""What the demo's newspapers print: one shape for an article, and who prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Paper:
    """A feed of the newsstand."""

    name: str
    title: str
    form: Literal["rss", "atom", "json"]
    home: str
    """The site its articles belong to; nothing there is ever asked for."""

    @property
    def path(self) -> str:
        """Where the newsstand serves it."""
        return f"/{self.name}/{'feed.json' if self.form == 'json' else f'{self.form}.xml'}"


PAPERS: Mapping[str, Paper] = MappingProxyType(
    {
        paper.name: paper
        for paper in (
            Paper("politico", "Politico", "rss", "https://www.politico.com/"),
            Paper("harbourwire", "Harbour Wire", "atom", "https://harbourwire.example/"),
            Paper("meridian", "The Meridian", "rss", "https://www.meridian.example/"),
            Paper("fieldnotes", "Field Notes", "json", "https://fieldnotes.example/"),
            Paper("headlines", "headlines.example", "atom", "https://headlines.example/"),
        )
    }
)

WATCHES: Mapping[str, str] = MappingProxyType({"korea": "Kim Jong Un", "diplomacy": "summit"})
"""The console channels of the demo, and what each is subscribed to."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its paper prints it, and what a person who reads it expects of newsbot."""

    paper: str
    title: str
    text: str
    """Plain; paragraphs are separated by one blank line."""
    link: str
    id: str = ""
    """Its identity in its feed; an article with an id that was printed before is an edit of that one."""
    title_html: str = ""
    """The title with the markup that some papers leave in it."""
    author: str = ""
    tags: tuple[str, ...] = ()
    age: timedelta | None = timedelta(minutes=2)
    """How long ago it says it was published when it is first listed; None leaves the date out."""
    watched_by: frozenset[str] = frozenset()
    """The channels whose words stand in it."""
    copy_of: str = ""
    """The id of an article that tells the same story, whichever of them is printed first."""
    points_to: str = ""
    """The link of the original, if this is a copy."""
    readers_own: bool = False
    """Whether it came from a reader's file."""

    @property
    def key(self) -> str:
        return self.id or self.link

    @property
    def story(self) -> str:
        return self.copy_of or self.key

    @property
    def story_link(self) -> str:
        """Where a reader should be sent."""
        return self.points_to or self.link


@dataclass(frozen=True, slots=True)
class Edition:
    """Articles that are printed at the same moment."""

    articles: tuple[Article, ...]
    after_reading: bool = False
    """Only once newsbot has fetched everything printed before: for what is about the order of things."""


def blog_copy(original: Article, paper: str, link: str) -> Article:
    """Return the post that a blog makes of another paper's article, with the trailer such blogs leave."""
    tags = " ".join(f"#{tag}" for tag in original.tags)
    trailer = f"source: {original.link} {tags} by: {original.author}\nOriginal Post: {original.link}"
    return Article(
        paper=paper,
        title=original.title,
        text=f"{original.text} {trailer}",
        link=link,
        age=original.age,
        watched_by=original.watched_by,
        copy_of=original.key,
        points_to=original.link,
    )
