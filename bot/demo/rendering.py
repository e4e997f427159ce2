"""The newsstand's papers as documents: RSS 2.0, Atom and JSON Feed, escaped as real publishers do it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from lxml import etree

from bot.demo.articles import Article, Paper

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
_CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """An article on a feed's list."""

    article: Article
    published_at: datetime | None
    updated_at: datetime


def content_type(paper: Paper) -> str:
    return _CONTENT_TYPES[paper.form]


def render(paper: Paper, listed: Sequence[Listed], url: str) -> bytes:
    """Return the document that a feed serves at `url`, articles in the order given."""
    write = {"rss": _rss, "atom": _atom, "json": _json_feed}[paper.form]
    return write(paper, listed, url)


def as_html(text: str) -> str:
    """Return plain paragraphs as the HTML that an editor's program makes of them."""
    paragraphs = (escape(part, quote=False).replace("\n", "<br/>") for part in text.split("\n\n"))
    return "\n".join(f"<p>{part}</p>" for part in paragraphs if part).replace("\u00a0", "&nbsp;")


def _rss(paper: Paper, listed: Sequence[Listed], url: str) -> bytes:
    root = etree.Element("rss", version="2.0", nsmap={"content": CONTENT, "atom": ATOM})
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", paper.title)
    _add(channel, "link", paper.home)
    _add(channel, "description", f"{paper.title}, as printed for the newsbot demo")
    _add(channel, f"{{{ATOM}}}link", "", rel="self", href=url, type="application/rss+xml")
    for one in listed:
        _rss_item(etree.SubElement(channel, "item"), one)
    return _serialised(root)


def _rss_item(item: Any, one: Listed) -> None:
    article = one.article
    _add(item, "title", article.title_html or article.title)
    _add(item, "link", article.link)
    _add(item, "guid", article.key, isPermaLink="false")
    if article.author:
        _add(item, "author", article.author)
    for tag in article.tags:
        _add(item, "category", tag)
    if one.published_at:
        _add(item, "pubDate", format_datetime(one.published_at, usegmt=True))
    _add(item, "description", escape(article.text.partition("\n\n")[0], quote=False))
    encoded = etree.SubElement(item, f"{{{CONTENT}}}encoded")
    encoded.text = etree.CDATA(as_html(article.text))


def _atom(paper: Paper, listed: Sequence[Listed], url: str) -> bytes:
    root = etree.Element("feed", nsmap={None: ATOM})
    _add(root, "title", paper.title)
    _add(root, "id", paper.home)
    _add(root, "link", "", rel="alternate", type="text/html", href=paper.home)
    _add(root, "link", "", rel="self", type="application/atom+xml", href=url)
    _add(root, "updated", _stamp(max((one.updated_at for one in listed), default=datetime.now(UTC))))
    for one in listed:
        _atom_entry(etree.SubElement(root, "entry"), one)
    return _serialised(root)


def _atom_entry(entry: Any, one: Listed) -> None:
    article = one.article
    _add(entry, "id", article.key)
    if article.title_html:
        _add(entry, "title", article.title_html, type="html")
    else:
        _add(entry, "title", article.title)
    _add(entry, "link", "", rel="alternate", type="text/html", href=article.link)
    if article.author:
        _add(etree.SubElement(entry, "author"), "name", article.author)
    for tag in article.tags:
        _add(entry, "category", "", term=tag)
    if one.published_at:
        _add(entry, "published", _stamp(one.published_at))
        _add(entry, "updated", _stamp(one.updated_at))
    _add(entry, "content", as_html(article.text), type="html")


def _json_feed(paper: Paper, listed: Sequence[Listed], url: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": paper.title,
        "home_page_url": paper.home,
        "feed_url": url,
        "items": [_json_item(one) for one in listed],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _json_item(one: Listed) -> dict[str, object]:
    article = one.article
    item: dict[str, object] = {
        "id": article.key,
        "url": article.link,
        "title": article.title,
        "content_html": as_html(article.text),
    }
    if article.author:
        item["authors"] = [{"name": article.author}]
    if article.tags:
        item["tags"] = list(article.tags)
    if one.published_at:
        item["date_published"] = _stamp(one.published_at)
    return item


def _add(parent: Any, tag: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, tag, attributes).text = text or None


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _serialised(root: Any) -> bytes:
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return document
