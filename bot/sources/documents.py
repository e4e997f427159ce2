"""What every kind of feed document comes to, whichever parser read it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from zlib import crc32

from bot.domain.normalise import RawEntry

_CANONICAL = re.compile(
    r"""<(?:link|a)\s(?=[^<>]*\brel\s*=\s*["']?canonical\b)[^<>]*?\bhref\s*=\s*["']([^"'<>]+)["']""",
    re.IGNORECASE,
)
_PERIODS_S = {
    "hourly": 3600.0,
    "daily": 86400.0,
    "weekly": 7 * 86400.0,
    "monthly": 30 * 86400.0,
    "yearly": 365 * 86400.0,
}
MAX_TTL_S = 86400.0
"""A feed that asks to be left alone for longer does not mean it."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a document says of itself."""

    title: str = ""
    site_url: str | None = None
    """As published; it may be relative."""
    icon_url: str | None = None
    language: str | None = None
    ttl_s: float | None = None
    base: str = ""
    """What relative links are relative to, if the document says so."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says."""

    head: Head
    fingerprints: Sequence[int]
    """Of every item, in the document's order."""
    entries: Iterable[tuple[RawEntry, str]]
    """The unknown ones, each with what its links are relative to, or "" for what holds for the document."""
    cut: bool = False
    """Whether the document lists more items than are read."""


def unknown(fingerprints: Sequence[int], known: Container[int]) -> list[int]:
    """Return the places of the items to read."""
    return [place for place, fingerprint in enumerate(fingerprints) if fingerprint not in known]


def fingerprint(body: str, *said: str | None) -> int:
    """Return a 63-bit hash of what an item says; it stays the same in every process and version.

    Of the body, the long part, it holds length and checksum: enough to see an edit, at a third of the cost.
    """
    text = "\x1f".join([text or "" for text in said])
    text = f"{text}\x1f{len(body)}:{crc32(body.encode('utf-8', 'replace'))}"
    digest = sha256(text.encode("utf-8", "replace"), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8]) >> 1


def canonical_urls(html: str) -> tuple[str, ...]:
    """Return what the links in an article name as its original."""
    return tuple(_CANONICAL.findall(html)) if "canonical" in html else ()


def ttl(minutes: str | None, period: str | None, frequency: str | None) -> float | None:
    """Return for how many seconds a feed asks to be left alone, by `ttl` or by sy:updatePeriod and -Frequency."""
    wait = 60.0 * _number(minutes)
    if not wait and period:
        wait = _PERIODS_S.get(period.strip().lower(), 0) / (_number(frequency) or 1)
    return min(wait, MAX_TTL_S) or None


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def repeats(summary: str, content: str) -> bool:
    """Tell whether a summary only is how the content begins, spaces aside."""
    probe = "".join(summary[:240].split())[:80]
    return "".join(content[:480].split()).startswith(probe)
