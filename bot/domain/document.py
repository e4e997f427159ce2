"""An article as a query sees it: its fields, each read into words once, when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.model import Article, Entry
from bot.domain.positions import Positions
from bot.domain.text import Words
from bot.domain.urls import host_name

TEXTS = ("title", "body")
"""The fields that words without a field are looked for in."""


@dataclass(slots=True, eq=False)
class Document:
    """The fields of one article."""

    title: str
    body: str = ""
    author: str = ""
    tags: Sequence[str] = ()
    source: str = ""
    site: str = ""
    """The host of its link in lower case."""
    language: str | None = None
    at: datetime | None = None
    """When it became news."""
    _words: dict[str, Words] = field(default_factory=dict, init=False, repr=False)
    _positions: dict[str, Positions] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, entry: Entry, source: str = "", at: datetime | None = None) -> Document:
        """Return what a query sees of an entry of the feed that is called `source`."""
        return cls(
            entry.title,
            entry.body,
            author=entry.byline,
            tags=entry.tags,
            source=source,
            site=host_name(entry.url).removeprefix("www.") if entry.url else "",
            language=entry.language,
            at=at or entry.published_at,
        )

    def text(self, name: str) -> str:
        """Return a field's text: title, body, author, tag or source; tags are paragraphs of one text."""
        text: str = "\n\n".join(self.tags) if name == "tag" else getattr(self, name)
        return text

    def words(self, name: str) -> Words:
        """Return a field as the words it holds."""
        read = self._words.get(name)
        if read is None:
            read = self._words[name] = Words(self.text(name))
        return read

    def positions(self, name: str) -> Positions:
        """Return where a field's words stand."""
        found = self._positions.get(name)
        if found is None:
            found = self._positions[name] = Positions(self.text(name), self.words(name))
        return found


def document_of(article: Article) -> Document:
    """Return what a query sees of a stored article; it became news when it was published, or first seen."""
    published = article.entry.published_at
    at = min(published, article.first_seen_at) if published else article.first_seen_at
    return Document.of(article.entry, article.source, at)
