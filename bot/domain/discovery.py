"""The feeds that a web page offers: what it declares in its head, else what its links look like."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.urls import absolute_url

MOST = 5
"""Feeds of a page that are offered."""
LOOKED_AT = 500_000
"""Bytes of a page in which feeds are looked for; every pattern below takes time in step with them."""
MOST_TITLE = 60

_TAG = re.compile(r"<(link|a|base)\b([^<>]{1,2000})>([^<>]{0,200})", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""([a-z-]{1,20})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_CHARSET = re.compile(rb"""charset\s{0,5}=\s{0,5}["']?([\w-]{2,20})""", re.IGNORECASE)
_CHARSETS = ("utf-8", "utf-16", "iso-8859", "windows-125", "koi8", "gb", "big5", "euc-", "shift_jis")
"""Python knows others that are no charsets of pages, and slow."""
_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "text/xml",
    }
)
_LIKELY = re.compile(r"(?:^|[/._?=-])(?:rss|atom|feeds?)(?:[/._?=&-]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that a page names; nothing of it has been checked but that it is an address."""

    url: str
    title: str = ""
    """As the page calls it."""


def feeds_on_page(body: bytes, content_type: str, url: str) -> tuple[Offer, ...]:
    """Return the feeds of a web page, each address once: the declared ones, else links that look like feeds."""
    text = _decoded(body[:LOOKED_AT], content_type)
    declared: dict[str, Offer] = {}
    likely: dict[str, Offer] = {}
    base = url
    for name, attributes, label in _tags(text):
        if name == "base" and (given := attributes.get("href")):
            base = absolute_url(given, url) or base
        elif address := absolute_url(attributes.get("href", ""), base):
            if name == "link" and _declares(attributes):
                declared.setdefault(address, Offer(address, _title(attributes.get("title", ""))))
            elif name == "a" and _LIKELY.search(address.partition("://")[2].partition("/")[2]):
                likely.setdefault(address, Offer(address, _title(label)))
    return tuple((declared or likely).values())[:MOST]


def _tags(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    for tag in _TAG.finditer(text):
        attributes = {
            found[1].lower(): html.unescape(next((value for value in found.group(2, 3, 4) if value), ""))
            for found in _ATTRIBUTE.finditer(tag[2])
        }
        yield tag[1].lower(), attributes, html.unescape(tag[3])


def _declares(attributes: dict[str, str]) -> bool:
    rel = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").lower().partition(";")[0].strip()
    return "alternate" in rel and kind in _TYPES


def _decoded(body: bytes, content_type: str) -> str:
    declared = _CHARSET.search(content_type.encode("ascii", "ignore")) or _CHARSET.search(body, 0, 2000)
    name = declared[1].decode().lower() if declared else "utf-8"
    try:
        return body.decode(name if name.startswith(_CHARSETS) else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _title(text: str) -> str:
    return " ".join(text.split())[:MOST_TITLE]
