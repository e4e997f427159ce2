"""Which of an item's pictures shows what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.sources.html_text import decode

LOOK = 20_000
"""Characters of an article among which its first picture is looked for."""
TOO_SMALL = 32
"""Pixels; what is no larger is an icon, a spacer or a tracker."""

_ATTRIBUTE = re.compile(
    r"""\b(src|width|height|class)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_NO_PICTURE = re.compile(
    r"^data:|^$|/(?:pixel|spacer|blank|transparent|clear|1x1|emoji|smil(?:ey|ies))\b|/core/emoji/|[?&/]pixel|"
    r"//(?:pixel|stats|b|track|counter|beacon|analytics)\.|feedburner\.com/~|/~(?:r|ff|a)/|doubleclick\.net|"
    r"feedsportal\.com|gravatar\.com/avatar|\.php\?|share_save_|blogger_logo|/tracker|/tracking",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", re.IGNORECASE)
_DIGITS = re.compile(r"\d{1,5}")


def picture(media: Iterable[Mapping[str, Any]], others: Iterable[str | None], html: str) -> str | None:
    """Return the address of an item's picture: the widest in its media, another declared one, or one in its text."""
    widest, found = -1, None
    for item in media:
        address, width = _address(item), _width(item)
        if address and width > widest:
            widest, found = width, address
    return found or next(filter(None, others), None) or first_picture(html)


def first_picture(html: str) -> str | None:
    """Return the source of the first real picture in an article, or None; undecided attributes count as large."""
    place = html.find("<img", 0, LOOK)
    while place >= 0:
        end = html.find(">", place)
        said = {
            found[1].lower(): found[2] or found[3] or found[4] or ""
            for found in _ATTRIBUTE.finditer(html, place, end)
        }
        source = decode(said.get("src", "")).strip()
        if not _NO_PICTURE.search(source) and not _small(said):
            return source
        place = html.find("<img", place + 4, LOOK)
    return None


def _small(said: Mapping[str, str]) -> bool:
    sizes = [
        int(size[0]) for name in ("width", "height") if (size := _DIGITS.match(said.get(name, "").strip()))
    ]
    return any(size <= TOO_SMALL for size in sizes) or "smiley" in said.get("class", "")


def _address(item: Mapping[str, Any]) -> str | None:
    """Return the address of a picture; of a film, that of its thumbnail."""
    url = str(item.get("url") or "")
    kind = str(item.get("type") or item.get("medium") or "")
    image = kind.startswith("image") if kind else bool(_FILE.search(url))
    return url if image and url else item.get("thumbnail_url")


def _width(item: Mapping[str, Any]) -> int:
    size = _DIGITS.match(str(item.get("width") or ""))
    return int(size[0]) if size else 0
