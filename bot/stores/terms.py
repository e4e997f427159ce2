"""What the full-text index keeps of an article: everything that a `Need` of `bot.domain.query.narrowing` may ask for.

    kim  jongun  金正  …    words and other readings of title and body
    author:kim  tag:asia    the same of its byline and its tags
    site:politico.com       the host of its link, and every domain that this belongs to
    lang:en  lang:en-gb     its language, and what that is a kind of
    late:                   it was first seen long after it was published

An article is forgotten by the same terms. Whoever changes what they are, here or in `bot.domain.text`, adds a
migration that rebuilds the index, as `migrations/versions/s0002_search.py` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.domain.text import index_terms
from bot.domain.urls import host_name
from bot.stores.tables import entries

LATE: Final = "late:"
LATE_AFTER: Final = timedelta(days=1)
"""An article that is not late was published at most so long before it was first seen."""

INDEXED: Final = (
    entries.c.title,
    entries.c.body,
    entries.c.byline,
    entries.c.tags,
    entries.c.url,
    entries.c.language,
    entries.c.published_at,
)
"""The columns that an article's terms follow from, besides `first_seen_at`."""


class Said(Protocol):
    """An Entry, or a row of INDEXED."""

    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def byline(self) -> str: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def url(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def published_at(self) -> datetime | None: ...


def terms_of(said: Said, first_seen_at: datetime) -> list[str]:
    """Return the terms of an article, each once."""
    found = [*index_terms(said.title), *index_terms(said.body), *_facts(said, first_seen_at)]
    return list(dict.fromkeys(found))


def _facts(said: Said, first_seen_at: datetime) -> Iterator[str]:
    if said.byline:
        yield from (f"author:{term}" for term in index_terms(said.byline))
    if said.tags:
        yield from (f"tag:{term}" for term in index_terms("\n\n".join(said.tags)))
    if said.url:
        yield from (f"site:{domain}" for domain in _domains(host_name(said.url)))
    if said.language:
        yield from (f"lang:{tag}" for tag in _tags(said.language))
    if said.published_at and said.published_at < first_seen_at - LATE_AFTER:
        yield LATE


def _domains(host: str) -> Iterator[str]:
    labels = host.split(".")
    return (".".join(labels[start:]) for start in range(len(labels)))


def _tags(language: str) -> Iterator[str]:
    parts = language.lower().replace("_", "-").split("-")
    return ("-".join(parts[:length]) for length in range(1, len(parts) + 1))
