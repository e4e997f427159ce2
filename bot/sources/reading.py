"""From the bytes of any feed to normalised entries."""

from __future__ import annotations

import codecs

from bot.domain.model import ParsedFeed
from bot.domain.normalise import normalise, unique
from bot.domain.urls import absolute_url
from bot.sources.documents import Reading
from bot.sources.encoding import to_utf8
from bot.sources.jsonfeed import read_json
from bot.sources.memory import Memory
from bot.sources.repeats import repeated
from bot.sources.rss import read_xml

_BEFORE = b" \t\r\n\0" + codecs.BOM_UTF8 + codecs.BOM_UTF16
"""Bytes that may stand before the first character, or be a part of it."""


def read_feed(
    body: bytes, content_type: str, url: str, known: frozenset[int], memory: Memory | None = None
) -> ParsedFeed:
    """Read a document from `url`; leave out the entries whose fingerprint is known; raise ParseError."""
    reading = _read(body, content_type, url, known, memory)
    head = reading.head
    base = _absolute(head.base, url) or url
    entries = [normalise(entry, _absolute(own, base) or base) for entry, own in reading.entries]
    return ParsedFeed(
        entries=unique(entries),
        listed=tuple(dict.fromkeys(reading.fingerprints)),
        title=head.title,
        site_url=_absolute(head.site_url, base),
        icon_url=_absolute(head.icon_url, base),
        language=head.language,
        ttl_s=head.ttl_s,
        cut=reading.cut,
        repeated=repeated(body, [entry.uid for entry in entries]),
    )


def _read(body: bytes, content_type: str, url: str, known: frozenset[int], memory: Memory | None) -> Reading:
    """Read JSON or XML, by the first character; what a server calls it is often wrong."""
    if body[:200].translate(None, _BEFORE)[:1] in {b"{", b"["}:
        return read_json(to_utf8(body, content_type), known)
    return read_xml(body, content_type, url, known, memory)


def _absolute(url: str | None, base: str) -> str | None:
    return absolute_url(url, base) if url else None
