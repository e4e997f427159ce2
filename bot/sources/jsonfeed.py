"""JSON Feed 1.0 and 1.1: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from bot.domain.normalise import RawEntry, RawLink
from bot.errors import ParseError
from bot.sources.dates import read_date
from bot.sources.documents import Head, Reading, canonical_urls, fingerprint, repeats, unknown
from bot.sources.html_text import line, lines, paragraphs
from bot.sources.images import picture
from bot.sources.survey import MAX_ITEMS


def _text(value: Any) -> str:
    """Take what publishers write in place of text: numbers as they are, nothing for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _texts(value: Any) -> list[str]:
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]


def _objects(value: Any) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    return [
        {"name": each} if isinstance(each, str) else each for each in values if isinstance(each, str | dict)
    ]


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[list[str], BeforeValidator(_texts)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Author(_Model):
    name: Text = ""
    url: Text = ""


class Attachment(_Model):
    url: Text = ""
    mime_type: Text = ""


class Item(_Model):
    """One item; whatever has the wrong type is left out, for a reader wants the rest."""

    id: Text = ""
    url: Text = ""
    external_url: Text = ""
    title: Text = ""
    content_html: Text = ""
    content_text: Text = ""
    summary: Text = ""
    image: Text = ""
    banner_image: Text = ""
    date_published: Text = ""
    date_modified: Text = ""
    author: Annotated[list[Author], BeforeValidator(_objects)] = []
    authors: Annotated[list[Author], BeforeValidator(_objects)] = []
    tags: Texts = []
    language: Text = ""
    attachments: Annotated[list[Attachment], BeforeValidator(_objects)] = []


class Feed(_Model):
    title: Text = ""
    home_page_url: Text = ""
    icon: Text = ""
    favicon: Text = ""
    language: Text = ""
    author: Annotated[list[Author], BeforeValidator(_objects)] = []
    authors: Annotated[list[Author], BeforeValidator(_objects)] = []


def read_json(body: bytes, known: Container[int]) -> Reading:
    """Read a UTF-8 document; raise ParseError."""
    try:
        document = json.loads(body, strict=False)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise ParseError(f"This document begins like a JSON Feed and is no JSON: {reason}.") from None
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ParseError("This address answers with JSON that is no JSON Feed: it has no list of items.")
    feed = Feed.model_validate(document)
    items = [item for each in document["items"][:MAX_ITEMS] if (item := _item(each))]
    authors = _names([*feed.authors, *feed.author])
    head = Head(
        title=line(feed.title),
        site_url=feed.home_page_url or None,
        icon_url=feed.icon or feed.favicon or None,
        language=feed.language or None,
    )
    fingerprints = tuple(map(_fingerprint, items))
    entries = (
        (_entry(items[n], fingerprints[n], head.language, authors), "") for n in unknown(fingerprints, known)
    )
    return Reading(head, fingerprints, entries, cut=len(document["items"]) > MAX_ITEMS)


def _entry(item: Item, fingerprint: int, language: str | None, authors: tuple[str, ...]) -> RawEntry:
    content = paragraphs(item.content_html) if item.content_html else lines(item.content_text)
    summary = lines(item.summary)
    return RawEntry(
        id=item.id or None,
        title=line(item.title),
        summary="" if repeats(summary, content) else summary,
        content=content,
        links=_links(item),
        authors=_names([*item.authors, *item.author]) or authors,
        tags=tuple(map(line, item.tags)),
        language=item.language or language,
        image_url=_picture(item),
        published=read_date(item.date_published),
        updated=read_date(item.date_modified),
        canonical_urls=canonical_urls(item.content_html),
        fingerprint=fingerprint,
    )


def _item(value: Any) -> Item | None:
    try:
        return Item.model_validate(value)
    except ValidationError:
        return None  # no object at all


def _fingerprint(item: Item) -> int:
    return fingerprint(item.content_html or item.content_text, item.id, item.url, item.title, item.summary)


def _names(authors: Sequence[Author]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(author.name for author in authors if author.name))


def _links(item: Item) -> tuple[RawLink, ...]:
    links = [RawLink(item.url)] if item.url else []
    if item.external_url:
        links.append(RawLink(item.external_url, "related" if item.url else ""))
    links += [RawLink(found.url, "enclosure", found.mime_type) for found in item.attachments if found.url]
    return tuple(links)


def _picture(item: Item) -> str | None:
    attached = (found.url for found in item.attachments if found.mime_type.startswith("image/"))
    return picture((), (item.image, item.banner_image, *attached), item.content_html)
