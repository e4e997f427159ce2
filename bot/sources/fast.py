"""RSS and Atom as fastfeedparser reads them, completed by what the survey has noted."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import fastfeedparser
from lxml import etree

from bot.domain.normalise import RawEntry, RawLink
from bot.domain.urls import absolute_url
from bot.sources.dates import read_date
from bot.sources.documents import Head, Reading, canonical_urls, fingerprint, repeats, ttl
from bot.sources.html_text import line, lines, paragraphs
from bot.sources.images import picture
from bot.sources.notes import Notes
from bot.sources.survey import MAX_ITEMS, Doubtful

Item = Mapping[str, Any]

_PLAIN = frozenset({"text", "text/plain"})


@dataclass(frozen=True, slots=True)
class FastDocument:
    feed: Item
    items: Sequence[Item]
    fingerprints: Sequence[int]

    def read(self, items: Sequence[int], of_feed: Notes, of_items: Sequence[Notes]) -> Reading:
        """Read the items at these places; the notes are on them, in the same order."""
        head = _head(self.feed, of_feed)
        # In Atom the feed's author has written what names no other.
        authors = tuple(of_feed.get("author", ())) if "format" in of_feed else ()
        entries = (
            (self._entry(item, notes, head.language, authors), notes.get("base", [""])[0])
            for item, notes in zip(items, of_items, strict=True)
        )
        return Reading(head, self.fingerprints, entries)

    def _entry(self, index: int, notes: Notes, language: str | None, authors: tuple[str, ...]) -> RawEntry:
        item = self.items[index]
        html, kind = _content(item)
        content = lines(html) if kind in _PLAIN and "<" not in html else paragraphs(html)
        return RawEntry(
            id=item.get("id")
            if "id" in notes
            else None,  # the parser takes the link for the id where there is none
            title=line(item["title"]),
            summary=_summary(item["description"], html, content),
            content=content,
            links=_links(item, notes),
            authors=tuple(notes.get("author", authors)),
            tags=tuple(line(tag["label"] or tag["term"]) for tag in item.get("tags", ())),
            language=notes["language"][0] if "language" in notes else language,
            image_url=_picture(item, notes, html),
            published=_date(notes.get("published", ())),
            updated=_date(notes.get("updated", ())),
            canonical_urls=canonical_urls(html),
            fingerprint=self.fingerprints[index],
        )


def read_fast(body: bytes) -> FastDocument:
    """Read a UTF-8 document; raise Doubtful when it is not the kind that this parser reads."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about dates with unknown zones, which are read from the notes
            parsed = fastfeedparser.parse(body)
    except (ValueError, TypeError, LookupError, AttributeError, etree.Error) as error:
        raise Doubtful(str(error)) from None
    items = parsed["entries"][:MAX_ITEMS]
    return FastDocument(parsed["feed"], items, [_fingerprint(item) for item in items])


def _head(feed: Item, notes: Notes) -> Head:
    def first(topic: str) -> str | None:
        return notes[topic][0] if topic in notes else None

    image = feed.get("image") or {}
    return Head(
        title=line(feed.get("title") or ""),
        site_url=feed.get("link"),
        icon_url=first("icon") or first("logo") or image.get("url") or first("image"),
        language=first("language"),
        ttl_s=ttl(first("ttl"), first("period"), first("frequency")),
        base=first("base") or "",
    )


def _fingerprint(item: Item) -> int:
    html, description = _content(item)[0], item["description"]
    other = description if len(description) > len(html) else ""
    return fingerprint(html, item.get("id"), item.get("link"), item["title"], other)


def _content(item: Item) -> tuple[str, str]:
    """Return an item's text as published, and its declared type; that of its film or picture when it has none."""
    for content in item.get("content", ()):
        return content["value"] or "", content["type"] or ""
    described = item["description"] or max(
        (media.get("description", "") for media in item.get("media_content", ())), key=len, default=""
    )
    return described, ""


def _summary(description: str, html: str, content: str) -> str:
    """Return the summary where it says something else than the content."""
    if not description or len(description) == len(html.strip()) or repeats(description, content):
        return ""
    summary = paragraphs(description)
    return "" if repeats(summary, content) else summary


def _links(item: Item, notes: Notes) -> tuple[RawLink, ...]:
    links = [
        RawLink(link["href"].strip(), (link["rel"] or "").lower(), link["type"] or "")
        for link in item["links"]
    ]
    link = item.get("link")
    if link and not any(other.rel in {"", "alternate"} for other in links):
        links.insert(0, RawLink(link))
    links += [RawLink(href, "origlink") for href in notes.get("origlink", ())]
    links += [
        RawLink(found["url"], "enclosure", found.get("type", "")) for found in item.get("enclosures", ())
    ]
    return tuple(links)


def _picture(item: Item, notes: Notes, html: str) -> str | None:
    enclosed = (
        found["url"] for found in item.get("enclosures", ()) if found.get("type", "").startswith("image")
    )
    found = picture(item.get("media_content", ()), (*enclosed, *notes.get("image", ())), html)
    base = item["content"][0].get("base") if "content" in item else None
    return absolute_url(found, base) or found if found and base else found


def _date(said: Sequence[str]) -> datetime | None:
    """Return the first date that can be read."""
    for text in said:
        if date := read_date(text):
            return date
    return None
