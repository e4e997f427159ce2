"""From a document's bytes to UTF-8, whatever the server, the document and the facts say about them."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, with whose mark it begins
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
_PROLOG = re.compile(
    rb"""(\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*)(["'])\s*([A-Za-z0-9._:-]{1,40})\s*\2""", re.IGNORECASE
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)

# What is meant by the names of older and smaller character sets: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
_WINDOWS_NAMES = {
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "x-user-defined": "cp1252",
}
_VAGUE = frozenset({"cp1252", "utf-8"})
"""What servers and programs declare without knowing."""
_SEVEN_BIT = ("iso2022", "hz", "utf-7")
"""Encodings that use ASCII bytes for everything."""

_STRAY = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
"""Bytes that are no UTF-8, as `surrogateescape` marks them, and what they most often are."""


def to_utf8(body: bytes, content_type: str = "") -> bytes:
    """Return the document in UTF-8, without byte order mark and declaring nothing else; never raise.

    What is valid UTF-8 is UTF-8 whatever is declared; else the first declaration that fits is believed.
    Bytes that fit nothing are read as Windows characters one by one.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            body = body[len(mark) :]
            return (
                _redeclared(body)
                if name == "utf-8" and _is_utf8(body)
                else _recoded(body.decode(name, "replace"))
            )
    for start, name in _UNMARKED:
        if body.startswith(start):
            return _recoded(body.decode(name, "replace"))
    declared = _declared(body, content_type)
    if _is_utf8(body) and not any(name.startswith(_SEVEN_BIT) for name in declared):
        return body if all(name == "utf-8" for name in declared) else _redeclared(body)
    return _recoded(_decoded(body, declared))


def says_utf8(body: bytes, content_type: str) -> bool:
    """Tell at a glance whether a document says, and nobody denies, that it is UTF-8; it may still be wrong."""
    head = body[:200].lower()
    if not head.lstrip().startswith((b"<", b"{")) or head[1:2] == b"\0":
        return False
    if b"encoding" in head and b"utf-8" not in head:
        return False
    return "charset" not in content_type or "utf-8" in content_type.lower()


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return True
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the encodings that are declared, by Python's names, the most credible first."""
    prolog = _PROLOG.match(body)
    header = _CHARSET.search(content_type)
    names = [_known(header[1]) if header else None, _known(prolog[3].decode("ascii")) if prolog else None]
    return sorted(filter(None, names), key=_VAGUE.__contains__)


def _known(label: str) -> str | None:
    """Return Python's name of the encoding that a label means, or None."""
    label = label.lower().strip()
    try:
        name = codecs.lookup(_WINDOWS_NAMES.get(label, label)).name
        "".encode(name)
    except LookupError:
        return None  # unknown, or one of Python's own that encode no text, like zlib
    return _MEANT.get(name, name)


def _decoded(body: bytes, declared: list[str]) -> str:
    for name in declared:
        if name == "utf-8":
            continue
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    odd = next((name for name in declared if name not in _VAGUE), None)
    if odd is not None:  # a single broken byte does not make it another encoding
        text = body.decode(odd, "replace")
        if text.count("\ufffd") * 100 < len(text):
            return text
    return body.decode("utf-8", "surrogateescape").translate(_STRAY)


def _recoded(text: str) -> bytes:
    return _redeclared(text.lstrip("\ufeff").encode("utf-8", "replace"))


def _redeclared(body: bytes) -> bytes:
    """Let the document's own declaration say UTF-8."""
    return _PROLOG.sub(rb"\1\2utf-8\2", body, count=1) if _PROLOG.match(body) else body
