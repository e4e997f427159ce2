"""From what a parser read to an Entry: one shape for every kind of feed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import Entry


@dataclass(frozen=True, slots=True)
class RawLink:
    """A link as published; `rel` is lower-case, "" means alternate. feedburner:origLink comes as `origlink`."""

    href: str
    rel: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One item as a parser read it: markup already turned into plain text, nothing else decided."""

    id: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    """Plain text; paragraphs are separated by one blank line."""
    links: tuple[RawLink, ...] = ()
    authors: tuple[str, ...] = ()
    """As published: `address (Name)`, `Name <address>`, …"""
    tags: tuple[str, ...] = ()
    language: str | None = None
    image_url: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    canonical_urls: tuple[str, ...] = ()
    """The targets of `rel=canonical` found in its content."""
    fingerprint: int = 0
    """63-bit hash of everything the feed says of it."""


def normalise(raw: RawEntry, base_url: str) -> Entry:
    """Turn one item into an Entry; relative links are resolved against `base_url`."""
    link = next((link.href for link in raw.links if link.rel in {"", "alternate"}), None)
    body = max(raw.content, raw.summary, key=len)
    return Entry(
        uid=raw.id or link or base_url,
        fingerprint=raw.fingerprint,
        title=raw.title or body[:80],
        body=body,
        url=link,
        published_at=raw.published,
        updated_at=raw.updated,
    )


def unique(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Keep one entry per uid: the first, because feeds list the newest first."""
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.uid, entry)
    return tuple(first.values())
