"""Feeds as publishers write them: RSS 2.0, Atom and JSON Feed from the same items."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal
from xml.sax.saxutils import escape

Kind = Literal["rss", "atom", "json"]

CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One article as a publisher would list it; empty fields are left out."""

    title: str
    url: str
    text: str = ""
    """HTML."""
    published: datetime | None = None
    author: str = ""
    section: str = ""
    id: str = ""


def write(kind: Kind, title: str, items: Sequence[Item]) -> bytes:
    """Write a feed, newest item first."""
    newest_first = list(reversed(items))
    text = {"rss": _rss, "atom": _atom, "json": _json}[kind](title, newest_first)
    return text.encode()


def _rss(title: str, items: Sequence[Item]) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        + _tag("title", title)
        + _tag("link", "https://paper.example/")
        + "".join(
            "<item>"
            + _tag("title", item.title)
            + _tag("link", item.url)
            + _tag("guid", item.id)
            + _tag(
                "pubDate",
                format_datetime(item.published.astimezone(UTC), usegmt=True) if item.published else "",
            )
            + _tag("author", item.author)
            + _tag("category", item.section)
            + _tag("description", item.text)
            + "</item>\n"
            for item in items
        )
        + "</channel></rss>\n"
    )


def _atom(title: str, items: Sequence[Item]) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        + _tag("title", title)
        + _tag("id", "https://paper.example/")
        + "".join(
            "<entry>"
            + _tag("title", item.title)
            + f'<link href="{escape(item.url, {chr(34): "&quot;"})}"/>'
            + _tag("id", item.id or item.url)
            + _tag("published", item.published.isoformat() if item.published else "")
            + (f"<author>{_tag('name', item.author)}</author>" if item.author else "")
            + (f'<category term="{escape(item.section)}"/>' if item.section else "")
            + (f'<content type="html">{escape(item.text)}</content>' if item.text else "")
            + "</entry>\n"
            for item in items
        )
        + "</feed>\n"
    )


def _json(title: str, items: Sequence[Item]) -> str:
    rows = []
    for item in items:
        row = {
            "id": item.id or item.url,
            "url": item.url,
            "title": item.title,
            "content_html": item.text,
            "date_published": item.published.isoformat() if item.published else None,
            "authors": [{"name": item.author}] if item.author else None,
            "tags": [item.section] if item.section else None,
        }
        rows.append({key: value for key, value in row.items() if value})
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": rows},
        ensure_ascii=False,
        indent=1,
    )


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
