"""Make published text fit to be stored, matched and shown."""

from __future__ import annotations

import re

# Control characters but tab and newline, those that reverse the reading order, and what is no character at all:
# databases refuse some of them, and a reader is deceived by others.
_ASCII_UNFIT = dict.fromkeys([*range(9), *range(11, 32), 127])
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def fit(text: str) -> str:
    """Drop control characters, half surrogates and marks that turn the reading order round."""
    if text.isascii():
        return text.translate(_ASCII_UNFIT)
    return _UNFIT.sub("", text)


def one_line(text: str) -> str:
    """Return fit text on one line, single-spaced."""
    if not text.isprintable():
        text = fit(text.replace("\r", " ").replace("\x0c", " "))
    return " ".join(text.split())


def shorten(text: str, limit: int) -> str:
    """Return text of at most `limit` characters and a …, cut between words where they are separated."""
    if len(text) <= limit:
        return text
    head = text[: limit + 1]
    space = head.rfind(" ", limit // 2)
    return head[: space if space > 0 else limit].rstrip(" ,;:–—-") + "…"
