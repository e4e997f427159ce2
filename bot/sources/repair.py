"""Make broken XML whole again without losing text: entities nobody declared, a bare &, junk round the document.

Markup that is broken beyond that is left to the parser that reads anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.entities import html5

from bot.errors import ParseError

MAX_DOCTYPE = 64_000
"""Bytes of a document type."""
MAX_ENTITIES = 1_000
MAX_ENTITY = 1_000
"""Bytes of one declared entity's text."""
MAX_GROWTH = 1_000_000
"""Bytes that declared entities may add to a document."""

_START = re.compile(
    rb"<(?:\?xml|!DOCTYPE|rss|feed|rdf:RDF|RDF|(?:atom|rss|a):(?:feed|rss))[\s>?]", re.IGNORECASE
)
_NEAR_START = 8192
_END = re.compile(rb"</(?:rss|feed|rdf:RDF|RDF|(?:atom|rss|a):(?:feed|rss))\s*>", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s", re.IGNORECASE)
_DOCTYPE_TOKEN = re.compile(rb"""<!--|"[^"]*"|'[^']*'|[\[\]>]""")
_ENTITY = re.compile(rb"""<!ENTITY\s+([\w.:-]{1,64})\s+(?:"([^"]*)"|'([^']*)')\s*>""")
_NESTED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[\w.:-]+;|%[\w.:-]+;")
_DECLARATION = re.compile(rb"(?:<\?xml\b[^>]{0,300}>\s*)+", re.IGNORECASE)
_CLOSINGS = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}
_OPENING = re.compile(rb"<!\[CDATA\[|<!--|<\?")
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r")
_NO_CHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")
_FAULT = re.compile(
    # Most references are sound; those of control characters and surrogates are looked at.
    rb"&(?!(?:amp|lt|gt|quot|apos|#(?:9|10|13|3[2-9]|[4-9]\d|[1-4]\d{2,4}|[5-9]\d{2,3}|x[1-9a-cA-C][\da-fA-F]{2,3}));)"
    rb"(?:#\d{1,8};|#[xX][\da-fA-F]{1,6};|[A-Za-z_][\w.:-]{0,63};)?"
    rb"|<(?![A-Za-z_:/!?])|\]\]>"
)
_FIT = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


def repair(body: bytes) -> bytes:
    """Return a UTF-8 document that says the same and is more likely to be well-formed.

    What stands in CDATA stays as it is. Nothing is opened; raise ParseError for entities made to explode.
    """
    body = _without_junk(body).translate(None, _CONTROL)
    body = _NO_CHARACTER.sub(b"", body)
    body, entities = _without_doctype(body)
    mend = _Mending(entities)
    return b"".join(piece if kept else mend.markup(piece) for piece, kept in _sections(body))


def _without_junk(body: bytes) -> bytes:
    """Cut off what stands before and after the document, like a program's warnings, and its declaration: it is UTF-8."""
    start = _START.search(body, 0, _NEAR_START)
    if start:
        body = body[start.start() :]
    if declaration := _DECLARATION.match(body):
        body = body[declaration.end() :]
    tail = max(0, len(body) - _NEAR_START * 4)
    ends = list(_END.finditer(body, tail))
    return body[: ends[-1].end()] if ends else body


def _sections(body: bytes) -> Iterator[tuple[bytes, bool]]:
    """Cut a document into markup and what is no markup: CDATA, comments, instructions (True)."""
    place = 0
    while opening := _OPENING.search(body, place):
        closing = _CLOSINGS[opening[0]]
        end = body.find(closing, opening.end())
        if end < 0:  # never closed, so no section
            break
        yield body[place : opening.start()], False
        place = end + len(closing)
        yield body[opening.start() : place], True
    yield body[place:], False


@dataclass(slots=True)
class _Mending:
    """Rewrites what is no XML, and counts what declared entities add."""

    entities: Mapping[bytes, bytes]
    growth: int = field(default=0)

    def markup(self, piece: bytes) -> bytes:
        return _FAULT.sub(self._mended, piece)

    def _mended(self, found: re.Match[bytes]) -> bytes:
        fault = found[0]
        if fault == b"<":
            return b"&lt;"
        if fault == b"]]>":
            return b"]]&gt;"
        if fault == b"&":
            return b"&amp;"
        return self._declared(fault) if fault[1:-1] in self.entities else _known(fault)

    def _declared(self, reference: bytes) -> bytes:
        text = self.entities[reference[1:-1]]
        self.growth += len(text)
        if self.growth > MAX_GROWTH:
            raise ParseError(
                "The document's own entities would make it many times as long, which no feed needs."
            )
        return text


def _known(reference: bytes) -> bytes:
    """Return the character that a reference means in HTML; one that means none stands for itself."""
    name = reference[1:].decode("ascii", "replace")
    text = unescape(f"&{name}") if name.startswith("#") else html5.get(name)
    return b"&amp;" + reference[1:] if text is None else _escaped("".join(_FIT.findall(text)))


def _escaped(text: str) -> bytes:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def _without_doctype(body: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """Take off the document type; return the document and the texts of the entities that it declares."""
    start = _DOCTYPE.search(body, 0, _NEAR_START)
    if start is None:
        return body, {}
    end = _doctype_end(body, start.end())
    return body[: start.start()] + body[end:], _entities(body[start.end() : end])


def _doctype_end(body: bytes, place: int) -> int:
    limit = place + MAX_DOCTYPE
    depth = 0
    while token := _DOCTYPE_TOKEN.search(body, place, limit):
        place = token.end()
        if token[0] == b"<!--":
            place = body.find(b"-->", place, limit) + 3
            if place < 3:
                break
        depth += (token[0] == b"[") - (token[0] == b"]")
        if token[0] == b">" and depth <= 0:
            return place
    raise ParseError("The document's type declaration does not end, or is longer than any feed's.")


def _entities(doctype: bytes) -> dict[bytes, bytes]:
    """Read simple declarations; external ones and parameters declare nothing here."""
    entities: dict[bytes, bytes] = {}
    for found in _ENTITY.finditer(doctype):
        text = found[2] if found[2] is not None else found[3]
        if _NESTED.search(text):
            raise ParseError("The document declares entities within entities, which no feed needs.")
        if len(text) > MAX_ENTITY or len(entities) >= MAX_ENTITIES:
            raise ParseError("The document declares more or longer entities than any feed needs.")
        entities[found[1]] = _escaped("".join(_FIT.findall(unescape(text.decode("utf-8", "replace")))))
    return entities
