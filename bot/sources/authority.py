"""RSS and Atom as feedparser reads them: slowly, and whatever state they are in.

It burns seconds on hostile input, so it runs in a process that can be killed, and sees bytes only: a string
or bytes that look like an address or a path would be opened.
"""

from __future__ import annotations

import io
import re
from collections.abc import Container, Mapping
from typing import Any

import feedparser

from bot.domain.normalise import RawEntry, RawLink
from bot.errors import ParseError
from bot.sources.dates import read_date
from bot.sources.documents import Head, Reading, canonical_urls, fingerprint, repeats, ttl, unknown
from bot.sources.html_text import line, paragraphs
from bot.sources.images import picture
from bot.sources.survey import MAX_ITEMS

_ITEM = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]")
_FORMATS = {"content-type": "application/xml; charset=utf-8"}

Item = Mapping[str, Any]


def read_slowly(body: bytes, known: Container[int]) -> Reading:
    """Read what can be read of a UTF-8 document; raise ParseError when it is no feed."""
    beginning = _cut(body)
    parsed = feedparser.parse(
        io.BytesIO(beginning), response_headers=_FORMATS, sanitize_html=False, resolve_relative_uris=False
    )
    # Its mappings answer with another key where one is missing; these do not.
    items = [dict(item) for item in parsed.entries[:MAX_ITEMS]]
    if not items and not parsed.version:
        raise ParseError(
            "This address answers with a document that is no feed: neither RSS nor Atom nor JSON Feed."
        )
    feed = dict(parsed.feed)
    head = _head(feed)
    # In Atom the feed's author has written what names no other.
    authors = _authors(feed) if str(parsed.version).startswith("atom") else ()
    fingerprints = tuple(map(_fingerprint, items))
    fresh = unknown(fingerprints, known)
    entries = ((_entry(items[n], fingerprints[n], head.language, authors), _base(items[n])) for n in fresh)
    cut = len(beginning) < len(body) or len(parsed.entries) > MAX_ITEMS
    return Reading(head, fingerprints, entries, cut)


def _entry(item: Item, fingerprint: int, language: str | None, authors: tuple[str, ...]) -> RawEntry:
    html, description = _texts(item)
    content = paragraphs(html)
    summary = "" if repeats(description, content) else paragraphs(description)
    return RawEntry(
        id=item.get("id"),
        title=line(item.get("title") or ""),
        summary="" if repeats(summary, content) else summary,
        content=content,
        links=_links(item),
        authors=_authors(item) or authors,
        tags=tuple(line(tag.get("label") or tag.get("term") or "") for tag in item.get("tags", ())),
        language=(item.get("title_detail") or {}).get("language") or language,
        image_url=_picture(item, html),
        published=read_date(item.get("published") or item.get("created") or ""),
        updated=read_date(item.get("updated") or ""),
        canonical_urls=canonical_urls(html),
        fingerprint=fingerprint,
    )


def _cut(body: bytes) -> bytes:
    """Cut off the items that are too many before they cost seconds."""
    for number, item in enumerate(_ITEM.finditer(body)):
        if number == MAX_ITEMS:
            return body[: item.start()]
    return body


def _base(item: Item) -> str:
    detail = item.get("title_detail") or item.get("summary_detail") or {}
    return detail.get("base") or ""


def _head(feed: Mapping[str, Any]) -> Head:
    image = feed.get("image") or {}
    return Head(
        title=line(feed.get("title") or ""),
        site_url=feed.get("link"),
        icon_url=feed.get("icon") or feed.get("logo") or image.get("href") or image.get("url"),
        language=feed.get("language"),
        ttl_s=ttl(feed.get("ttl"), feed.get("sy_updateperiod"), feed.get("sy_updatefrequency")),
    )


def _texts(item: Item) -> tuple[str, str]:
    """Return content and summary as published; the longest content where there are several."""
    contents = [part.get("value") or "" for part in item.get("content", ())]
    summary = item.get("summary") or ""
    content = max(contents, key=len, default="")
    return (content, summary) if content else (summary, "")


def _fingerprint(item: Item) -> int:
    html, description = _texts(item)
    other = description if len(description) > len(html) else ""
    return fingerprint(html, item.get("id"), item.get("link"), item.get("title"), other)


def _authors(said: Mapping[str, Any]) -> tuple[str, ...]:
    people = [
        _author(person.get("name") or "", person.get("email") or "") for person in said.get("authors", ())
    ]
    return tuple(filter(None, people)) or tuple(filter(None, [said.get("author")]))


def _author(name: str, email: str) -> str:
    # feedparser takes four letters for the longest end of a domain, and the rest for the beginning of the name.
    if len(email.rpartition(".")[2]) == 4 and name[:1].islower():
        return f"{email}{name}{')' * (name.count('(') - name.count(')'))}"
    return f"{name} <{email}>" if name and email else name or email


def _links(item: Item) -> tuple[RawLink, ...]:
    links = [
        RawLink(link["href"], (link.get("rel") or "").lower(), link.get("type") or "")
        for link in item.get("links", ())
        if link.get("href")
    ]
    if item.get("link") and not any(link.rel in {"", "alternate"} for link in links):
        links.insert(0, RawLink(item["link"]))
    original = item.get("feedburner_origlink")
    return (*links, RawLink(original, "origlink")) if original else tuple(links)


def _picture(item: Item, html: str) -> str | None:
    media = [
        *item.get("media_content", ()),
        *({"medium": "image", **thumb} for thumb in item.get("media_thumbnail", ())),
    ]
    enclosed = [
        link.get("href")
        for link in item.get("links", ())
        if link.get("rel") == "enclosure" and str(link.get("type") or "").startswith("image")
    ]
    return picture(media, (*enclosed, (item.get("image") or {}).get("href")), html)
