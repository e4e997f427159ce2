"""Who wrote it, as a reader may see it: names in every form a feed gives them, never an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from bot.domain.plaintext import one_line, shorten

MAX_INPUT = 1000
"""Characters that are looked at of each author field."""
MAX_NAME = 80
MAX_NAMES = 3
"""More names than these are counted: “A, B and 5 others”."""

_NOBODY = frozenset({
    "admin", "administrator", "anonymous", "author", "by", "editor", "guest", "hidden", "n/a", "nobody", "no-reply",
    "none", "noreply", "null", "root", "undefined", "unknown", "user", "webmaster",
})  # fmt: skip
"""What software writes where it knows no name."""

_BY = re.compile(r"(?:(?:written|posted|published|reported) )?by(?::| )\s*", re.IGNORECASE)
_PLAIN = re.compile(r"[^\W\d_][\w.'’-]{1,25}(?: [^\W\d_][\w.'’-]{0,25}){1,2}")
"""Most authors by far: a name that needs nothing done to it."""
_TAG = re.compile(r"<[^<>]*>")
_AT = re.compile(r"\s?(?:\[at\]|\(at\)|\{at\}|%40|＠)\s?", re.IGNORECASE)
_DOT = re.compile(r"\s?(?:\[dot\]|\(dot\)|\{dot\})\s?", re.IGNORECASE)
_SPELT_OUT = re.compile(r"[\w.+-]{1,64} at [\w-]{1,64}(?: dot [\w-]{1,64})+", re.IGNORECASE)
_AFTER_ADDRESS = re.compile(r";|(?<=[)>])\s?,")
_EDGES = " \t,;:|/-–—·\"'“”«»"


def byline(authors: Iterable[str]) -> str:
    """Return the authors as one line, “A, B and C”, or "" when nobody is named."""
    names: dict[str, str] = {}
    for author in authors:
        for name in _names(author[:MAX_INPUT]):
            names.setdefault(name.casefold(), name)
    return _listed(list(names.values()))


def _listed(names: list[str]) -> str:
    if len(names) > MAX_NAMES:
        names = [*names[: MAX_NAMES - 1], f"{len(names) - MAX_NAMES + 1} others"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _names(author: str) -> Iterator[str]:
    """Yield the names in one author field; several are told apart by `;`, or by commas after addresses."""
    if _PLAIN.fullmatch(author) and not _BY.match(author) and author.casefold() not in _NOBODY:
        yield author
        return
    text = unescape(author)
    if "@" not in text:
        text = _DOT.sub(".", _AT.sub("@", text))
    for part in _AFTER_ADDRESS.split(text) if "@" in text else text.split(";"):
        if name := _name(part):
            yield name


def _name(text: str) -> str:
    """Clean one author; "" when it is an address, a link or nobody. Capitals stay as they are: AFP, or JANE DOE."""
    text = one_line(_SPELT_OUT.sub("", _TAG.sub(" ", text)))
    kept = " ".join(word for word in text.split(" ") if not _is_address(word))
    name = _outside_brackets(_BY.sub("", kept.strip(_EDGES), count=1).strip(_EDGES))
    if name.casefold() in _NOBODY or not any(map(str.isalnum, name)):
        return ""
    return shorten(name, MAX_NAME)


def _is_address(word: str) -> bool:
    return "@" in word[1:] or "://" in word or word.lower().startswith(("www.", "mailto:"))


def _outside_brackets(name: str) -> str:
    """Choose between the halves of `outside (inside)` when one of them is empty or nobody."""
    outside, bracket, inside = name.removesuffix(")").rpartition("(")
    outside, inside = outside.strip(_EDGES), inside.strip(_EDGES)
    if not bracket or not name.endswith(")"):
        return name
    if not outside or outside.casefold() in _NOBODY:
        return inside
    return outside if inside.casefold() in _NOBODY else name
