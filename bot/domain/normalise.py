"""From what a parser read to an Entry: one shape for every kind of feed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b

from bot.domain.bylines import byline
from bot.domain.model import Entry
from bot.domain.plaintext import fit, one_line, shorten
from bot.domain.text import fold
from bot.domain.trailers import Trailer, cut_trailer
from bot.domain.urls import absolute_url, clean_link, host_name

MAX_TITLE = 300
"""Characters; a longer title is put at the head of the body too, so that nothing of it is lost."""
MADE_TITLE = 80
"""Characters of a title that is made of the body."""
MAX_BODY = 200_000
MAX_UID = 255
"""Characters; a longer id is replaced by its hash."""
MAX_TAGS = 10
MAX_TAG = 60
"""A longer tag is no tag but prose."""
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""What lies outside is no date; nor is the beginning of 1970, which is an empty one in disguise."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_PERMALINK = re.compile(r"\s*https?://", re.IGNORECASE)
_RANKS = {"origlink": 0, "": 1, "alternate": 1, "id": 2, "enclosure": 3}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}")


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
    title = one_line(raw.title)
    trailer = cut_trailer(_text(raw, title))
    url, key = _link(raw, base_url)
    original_url, original_key = _original(raw, base_url, trailer, key)
    published = aware(raw.published) or aware(raw.updated)
    return Entry(
        uid=_uid(
            raw, key, f"{title}\n{'' if title and key else trailer.body}\n{published and published.date()}"
        ),
        fingerprint=raw.fingerprint,
        title=_title(title, trailer.body, url),
        body=trailer.body,
        url=url,
        key=key,
        original_url=original_url,
        original_key=original_key,
        # A copy signed by the blog that made it names the writer at its end.
        byline=trailer.byline or byline(raw.authors),
        tags=_tags((*trailer.tags, *raw.tags)),
        language=_language(raw.language),
        image_url=absolute_url(raw.image_url, base_url) if raw.image_url else None,
        published_at=published,
        updated_at=aware(raw.updated),
    )


def unique(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Keep one entry per uid: the first, because feeds list the newest version first.

    Where a feed gives one id to several articles (another link, another title), the later ones get a uid
    of their own, so that none is lost.
    """
    first: dict[str, Entry] = {}
    for entry in entries:
        kept = first.setdefault(entry.uid, entry)
        if kept is not entry and _told(kept) != _told(entry):
            uid = _hashed(f"{entry.uid}\n{_told(entry)}")
            first.setdefault(uid, replace(entry, uid=uid))
    return tuple(first.values())


def _told(entry: Entry) -> tuple[str | None, str, str]:
    """Return by what two articles under one id are told apart."""
    return entry.key, fold(entry.title), "" if entry.key else entry.body


# ---------------------------------------------------------------- text


def _text(raw: RawEntry, title: str) -> str:
    """Return the longer of content and summary, and what else the feed says that is in neither."""
    content, summary = fit(raw.content).strip(), fit(raw.summary).strip()
    body, other = (content, summary) if len(content) >= len(summary) else (summary, content)
    if other and not _says(body, other):
        body = f"{other}\n\n{body}"
    head, _, rest = body.partition("\n\n")
    if len(head) < len(title) + 20 and fold(one_line(head)) == fold(title):
        body = rest  # many feeds repeat the headline as the first paragraph
    if len(title) > MAX_TITLE:
        body = f"{title}\n\n{body}"
    return body[:MAX_BODY].strip()


def _says(body: str, other: str) -> bool:
    """Tell whether a body has another text's first words, however they are spaced."""
    probe = other[:60].rstrip(" …[].")
    if probe in body:
        return True
    words = " ".join(other.split()[:8])[:60].rstrip(" …[].")
    return words in " ".join(body[:20_000].split())


def _title(title: str, body: str, url: str | None) -> str:
    """Return the title, or one made of the first words of the body."""
    if title:
        return shorten(title, MAX_TITLE)
    line = one_line(body[: MADE_TITLE * 8])
    return shorten(line, MADE_TITLE) or host_name(url or "") or "Untitled"


# ---------------------------------------------------------------- identity


def _link(raw: RawEntry, base_url: str) -> tuple[str, str] | tuple[None, None]:
    """Return the article's own link: the one a feed proxy replaced, the alternate, the id, or its enclosure."""
    links = list(raw.links)
    if raw.id and _PERMALINK.match(raw.id):
        links.append(RawLink(raw.id, "id"))
    for link in sorted(links, key=_rank):
        # A page whose id names a place in it means that place: a list of notes, each its own article.
        keep = "#" in link.href and link.href == raw.id and "=" not in link.href.partition("#")[2]
        found = clean_link(link.href, base_url, keep_fragment=keep) if link.rel in _RANKS else None
        if found:
            return found
    return None, None


def _rank(link: RawLink) -> float:
    """Order links by how surely they lead to the article as a page."""
    other = link.type not in {"", "text/html", "application/xhtml+xml"} and link.rel in {"", "alternate"}
    return _RANKS.get(link.rel, len(_RANKS)) + other / 2


def _uid(raw: RawEntry, key: str | None, text: str) -> str:
    """Return the feed's own id, else a hash of link, title and day.

    A link alone identifies nothing: pages with a fixed address list something else every day.
    """
    uid = one_line(raw.id or "")
    if not uid:
        return _hashed(f"{key}\n{text}")
    return uid if len(uid) <= MAX_UID else _hashed(uid)


def _hashed(text: str) -> str:
    return f"hash:{blake2b(text.encode(), digest_size=16).hexdigest()}"


def _original(
    raw: RawEntry, base_url: str, trailer: Trailer, key: str | None
) -> tuple[str | None, str | None]:
    """Return the address and key of the article that this one says it is a copy of."""
    said = [trailer.url] if trailer.url else []
    elsewhere = [*raw.canonical_urls, *(link.href for link in raw.links if link.rel in {"canonical", "via"})]
    for pointer in (*said, *elsewhere):
        url, target = clean_link(pointer, base_url) or ("", "")
        site = _site(target)
        if target in {key, site}:  # itself, or only a site
            continue
        if pointer in said or key is None or site != _site(key):
            return url, target
    return None, None


def _site(key: str) -> str:
    """Return the host and port of a URL key."""
    return re.split(r"[/?#]", key, maxsplit=1)[0]


# ---------------------------------------------------------------- the rest


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Return up to MAX_TAGS different tags without their #; a scheme's address is no tag."""
    kept: dict[str, str] = {}
    for tag in tags:
        name = one_line(tag[: MAX_TAG * 4]).lstrip("#").strip()
        if name and len(name) <= MAX_TAG and "://" not in name:
            kept.setdefault(name.casefold(), name)
    return tuple(kept.values())[:MAX_TAGS]


def _language(language: str | None) -> str | None:
    """Return a BCP 47 tag in lower case, or None for what is none."""
    tag = (language or "").strip().lower().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def aware(time: datetime | None) -> datetime | None:
    """Return a time in UTC; a naive one is taken for UTC, an impossible one for none."""
    if time is None:
        return None
    try:
        utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        return None
    return utc if EARLIEST <= utc < LATEST and utc != EPOCH else None
