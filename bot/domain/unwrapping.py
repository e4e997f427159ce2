"""Links that wrap another link: read the target from the bytes, never from the network."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from urllib.parse import unquote

REDIRECTORS = {
    "google.*": ("/url", ("q", "url")),
    "news.google.*": ("/news/url", ("url",)),
    "bing.com": ("/news/apiclick.aspx", ("url",)),
    "duckduckgo.com": ("/l/", ("uddg",)),
    "disq.us": ("/url", ("url",)),
    "getpocket.com": ("/redirect", ("url",)),
    "go.redirectingat.com": ("/", ("url",)),
    "l.facebook.com": ("/l.php", ("u",)),
    "lm.facebook.com": ("/l.php", ("u",)),
    "l.instagram.com": ("/", ("u",)),
    "out.reddit.com": ("/", ("url",)),
    "slack-redir.net": ("/link", ("url",)),
    "steamcommunity.com": ("/linkfilter", ("url", "u")),
    "t.umblr.com": ("/redirect", ("z",)),
    "vk.com": ("/away.php", ("to",)),
    "youtube.com": ("/redirect", ("q",)),
    "*.safelinks.protection.outlook.com": ("/", ("url",)),
}
"""Host (`www.` aside) → how the path begins, and the parameters that may hold the target."""

_FAMILIES = (".safelinks.protection.outlook.com", ".cdn.ampproject.org", ".rd.yahoo.com")
_GOOGLE = re.compile(r"(news\.)?google\.(?:com?\.)?[a-z]{2,3}")
_GOOGLE_NEWS_PATH = re.compile(
    r"/(?:rss/articles|__i/rss/rd/articles|articles|read)/([A-Za-z0-9_=-]{8,2048})"
)
_AMP_CACHE_PATH = re.compile(r"/[a-z]{1,3}/(s/)?(.+)")
_AMP_VIEWER_PATH = re.compile(r"/amp/(s/)?(.+)")
_YAHOO_TARGET = re.compile(r"/RU=([^/]+)")
_STARRED_TARGET = re.compile(r"\*(https?:.+)")


def wrapped(host: str, path: str, query: str) -> str | None:
    """Return the link that a link to `host` wraps (not yet cleaned), or None; `host` is lower-case."""
    site = _site(host.removeprefix("www."))
    if site in REDIRECTORS:
        start, names = REDIRECTORS[site]
        if path.startswith(start):
            return _parameter(query, names)
    target = _in_path(site, path)
    return target + (f"?{query}" if query and "?" not in target else "") if target else _opaque(site, path)


def _site(host: str) -> str:
    """Return the name under which a host stands in REDIRECTORS."""
    if "google." in host and (found := _GOOGLE.fullmatch(host)):
        return f"{found[1] or ''}google.*"
    if host.endswith(_FAMILIES):
        return next(f"*{family}" for family in _FAMILIES if host.endswith(family))
    return host


def _parameter(query: str, names: tuple[str, ...]) -> str | None:
    values = dict(part.partition("=")[::2] for part in reversed(query.split("&")))
    return next((target for name in names if (target := _address(values.get(name, "")))), None)


def _address(value: str) -> str | None:
    """Decode a percent-encoded web address; None when it is none."""
    for _ in range(2):  # some redirectors encode twice
        value = unquote(value)
        if value.lower().startswith(("http://", "https://")):
            return value
    return None


def _in_path(site: str, path: str) -> str | None:
    """Read a target that follows in the path."""
    if site in {"cdn.ampproject.org", "*.cdn.ampproject.org"}:
        return _amp(_AMP_CACHE_PATH.fullmatch(path))
    if site in {"google.*", "bing.com"}:
        return _amp(_AMP_VIEWER_PATH.fullmatch(path))
    if site == "*.rd.yahoo.com":
        found = _STARRED_TARGET.search(path)
        return found[1] if found else None
    return None


def _amp(found: re.Match[str] | None) -> str | None:
    """Return the page behind an AMP cache, whose path is [s/ for https] host path."""
    if found is None or "." not in found[2].partition("/")[0]:
        return None
    return f"{'https' if found[1] else 'http'}://{found[2]}"


def _opaque(site: str, path: str) -> str | None:
    if site == "r.search.yahoo.com" and (found := _YAHOO_TARGET.search(path)):
        return _address(found[1])
    if site == "news.google.*" and (found := _GOOGLE_NEWS_PATH.fullmatch(path)):
        return _in_protobuf(found[1])
    return None


def _in_protobuf(text: str) -> str | None:
    """Return the first web address among the fields of a base64 protobuf message.

    Older Google News links hold the article's own; newer ones hold an opaque id that only Google can resolve.
    """
    try:
        data = urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except ValueError:
        return None
    place = 0
    while place < len(data):
        kind = data[place] & 7
        number, place = _varint(data, _varint(data, place)[1])
        if kind == 2:
            field, place = data[place : place + number], place + number
            if field.startswith((b"http://", b"https://")):
                return field.decode("utf-8", "replace")
        elif kind != 0:
            return None
    return None


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """Read a protobuf number; return it and the place after it."""
    number = shift = 0
    while place < len(data):
        byte = data[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            break
    return number, place
