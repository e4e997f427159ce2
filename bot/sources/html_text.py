"""From HTML to plain text: paragraphs apart by one blank line, nothing of the markup left.

Linear in the length of the input for what feeds usually publish; a real HTML parser reads the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.entities import html5
from itertools import repeat

from selectolax.lexbor import LexborHTMLParser

_PARAGRAPHS = (
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "main", "menu", "nav", "ol", "p", "picture", "pre", "section", "summary", "table", "ul", "video",
)  # fmt: skip
_LINES = ("br", "caption", "legend", "li", "optgroup", "option", "tr")
_CELLS = ("td", "th")
_HIDDEN = (
    "applet", "audio", "button", "canvas", "datalist", "head", "iframe", "map", "math", "noembed", "noframes",
    "object", "script", "select", "style", "svg", "template", "textarea", "title",
)  # fmt: skip

_TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]*)[^<>]*>")
_KNOWN_TAG = re.compile(
    r"</?(?:a|abbr|article|b|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|figure|font|h[1-6]|hr|i|img|ins|"
    r"kbd|li|mark|ol|p|pre|q|s|section|small|span|strike|strong|sub|sup|table|td|th|tr|tt|u|ul|wbr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
"""Tags that are taken for markup where text is more likely than HTML."""
_REFERENCE = re.compile(r"(&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_HIDING = re.compile(rf"<(?:!--|!\[CDATA\[|[!?]|({'|'.join(_HIDDEN)})\b[^<>]*>)", re.IGNORECASE)
_CLOSINGS = {"!--": "-->", "![cdata[": "]]>", "!": ">", "?": ">"}
_WINDOWS = re.compile("[\x80-\x9f]")
"""Characters that only stand in a text because somebody took Windows characters for Latin-1."""
_STOP = "\x00"
"""Stands for what must be cut out first."""


def _breaks() -> dict[str, str]:
    """Return what takes the place of each tag, by its name as it may be written."""
    table: dict[str, str] = {}
    for names, gap in ((_PARAGRAPHS, "\n\n"), (_LINES, "\n"), (_CELLS, " "), (_HIDDEN, _STOP)):
        for name in names:
            spelled = (name, name.upper(), name.capitalize())
            table |= dict.fromkeys((*spelled, *(f"/{each}" for each in spelled)), gap)
    # The next line or cell begins with a gap of its own.
    return table | {
        f"/{name}": " " for each in (*_LINES, *_CELLS) for name in (each, each.upper(), each.capitalize())
    }


_BREAKS = _breaks()


def paragraphs(text: str) -> str:
    """Return the text of HTML, or of plain text with or without entities, as paragraphs apart by a blank line."""
    if not text.isascii() and _WINDOWS.search(text):
        text = _WINDOWS.sub(_from_windows, text)
    if "<" not in text:
        if "&" not in text:
            return _plain(text)
        text = decode(text)
        if not _KNOWN_TAG.search(text):
            return _plain(text)
    elif not _TAG.search(text) and "<!" not in text:
        return _plain(decode(text))
    return _html(text)


def line(text: str) -> str:
    """Return a title or name on one line; markup goes, words in angle brackets that are no markup stay."""
    if not text.isascii():
        text = _WINDOWS.sub(_from_windows, text)
    if "&" in text:
        text = decode(text)
    if "<" in text:
        text = _KNOWN_TAG.sub(_gap, text)
        text = decode(text) if "&" in text else text
    return " ".join(text.split())


def decode(text: str) -> str:
    """Decode character references, also those that were encoded twice; a bare & stays."""
    for _ in range(2):
        pieces = _REFERENCE.split(text)
        if len(pieces) == 1:
            break
        pieces[1::2] = map(_character, pieces[1::2])
        text = "".join(pieces)
    return text


@lru_cache(4096)
def _character(reference: str) -> str:
    # By the whole name only: `unescape` would read &nothing; as ¬hing;
    return unescape(reference) if reference[1] == "#" else html5.get(reference[1:], reference)


def _from_windows(found: re.Match[str]) -> str:
    return _character(f"&#{ord(found[0])};")


def _gap(found: re.Match[str]) -> str:
    """Part the words on both sides of a tag where a reader would see them apart."""
    name = found[0].strip("</>").split(maxsplit=1)[0].lower()
    return " " if _BREAKS.get(name, "") else ""


def _plain(text: str) -> str:
    """Keep the paragraphs of text without markup; single line ends are only where a line was full."""
    if "\n" not in text:
        return " ".join(text.split())
    return "\n\n".join(filter(None, (" ".join(part.split()) for part in _BLANK_LINE.split(text))))


def lines(text: str) -> str:
    """Keep paragraphs and line ends of text that is plain by declaration."""
    return _tidy(text.replace("\r\n", "\n").replace("\r", "\n"))


def _html(html: str) -> str:
    for char in "\n\r\t\x00":
        if char in html:
            html = html.replace(char, " ")
    text = _without_tags(html)
    if _STOP in text or "<!" in text or "<?" in text:
        html = _without_hidden(html)
        text = _without_tags(html).replace(_STOP, "")
    if '">' in text:  # a > within an attribute
        return _parsed(html)
    return _tidy(decode(text) if "&" in text else text)


def _without_tags(html: str) -> str:
    pieces = _TAG.split(html)
    pieces[1::2] = map(_BREAKS.get, pieces[1::2], repeat(""))
    return "".join(pieces)


def _without_hidden(html: str) -> str:
    """Cut out comments, and elements whose inside is no text of the article."""
    kept: list[str] = []
    place = 0
    open_ended: set[str] = set()
    while found := _HIDING.search(html, place):
        kept.append(html[place : found.start()])
        name = (found[1] or found[0][1:]).lower()
        place = found.end()
        if name not in open_ended:
            end = _end(html, name, place)
            if end < 0:  # never closed: what follows is no less an article
                open_ended.add(name)
            place = max(place, end)
    return "".join([*kept, html[place:]])


def _end(html: str, name: str, place: int) -> int:
    """Return the place behind what a hidden element or a comment has for its end, or -1."""
    if closing := _CLOSINGS.get(name):
        end = html.find(closing, place)
        return end + len(closing) if end >= 0 else -1
    found = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(html, place)
    return found.end() if found else -1


def _parsed(html: str) -> str:
    """Have an HTML parser find the text where a pattern cannot tell markup from text."""
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    for names, gap in ((_PARAGRAPHS, "\n\n"), (_LINES, "\n"), (_CELLS, " ")):
        for node in body.css(",".join(names)):
            node.insert_before(gap)
            node.insert_after(gap)
    return _tidy(body.text(deep=True))


def _tidy(text: str) -> str:
    """Leave single spaces, no empty lines, and one blank line between paragraphs."""
    if "\xa0" in text:
        text = text.replace("\xa0", " ")
    return "\n\n".join(filter(None, map(_paragraph, text.split("\n\n"))))


def _paragraph(text: str) -> str:
    text = text.strip()
    if "\n" in text:
        return "\n".join(filter(None, map(_paragraph, text.split("\n"))))
    return " ".join(text.split()) if "  " in text else text
