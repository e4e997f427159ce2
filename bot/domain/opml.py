"""OPML, the lists in which feed readers hand their feeds to one another: http://opml.org/spec2.opml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET
from xml.parsers import expat

from bot.errors import UserError

MAX_BYTES = 5_000_000
MAX_FEEDS = 5_000
MAX_DEPTH = 32

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list, as it stands there: nothing of it has been checked."""

    url: str
    title: str = ""
    """Who publishes it."""
    name: str = ""
    """What the list calls it: its `text`."""
    section: str = ""
    """The headings above it, outermost first, with “ / ” between them."""


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """Return the feeds of an OPML document, each address once; raise UserError.

    Declarations of entities and attributes are refused, and reading stops at the caps: hostile input costs little.
    """
    if len(body) > MAX_BYTES:
        raise UserError(
            f"This file has {len(body) / 1e6:.1f} MB; lists of feeds may have {MAX_BYTES // 10**6} MB."
        )
    reading = _Reading()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.EntityDeclHandler = _refuse_declarations
    # Each attribute that is declared costs time in step with those before it, and no other thread runs meanwhile.
    parser.AttlistDeclHandler = _refuse_declarations
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise UserError(f"This is not an OPML file: {reason} in line {error.lineno}.") from None
    if not reading.is_opml:
        raise UserError("This is not an OPML file: it does not begin with <opml>.")
    return tuple(reading.found.values())


def write_opml(outlines: Iterable[Outline], title: str, now: datetime) -> bytes:
    """Return an OPML 2.0 document, with a heading for each section."""
    root = ET.Element("opml", version="2.0")
    head = ET.SubElement(root, "head")
    ET.SubElement(head, "title").text = _clean(title)
    ET.SubElement(head, "dateCreated").text = format_datetime(now, usegmt=True)
    body = ET.SubElement(root, "body")
    sections: dict[str, ET.Element] = {"": body}
    for outline in outlines:
        if outline.section not in sections:
            sections[outline.section] = ET.SubElement(body, "outline", text=_clean(outline.section))
        name = _clean(outline.name or outline.title or outline.url)
        title = _clean(outline.title) or name
        ET.SubElement(
            sections[outline.section],
            "outline",
            type="rss",
            text=name,
            title=title,
            xmlUrl=_clean(outline.url),
        )
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


@dataclass(slots=True)
class _Reading:
    """What the parser has come by so far."""

    found: dict[str, Outline] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    """One for every open element; empty for those that are no heading."""
    is_opml: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        known = {key.lower(): value.strip() for key, value in attributes.items()}
        name = name.lower()
        if not self.headings:
            self.is_opml = name == "opml"
        if len(self.headings) >= MAX_DEPTH:
            raise UserError(f"This list is nested more than {MAX_DEPTH} levels deep; it looks broken.")
        label = known.get("text") or known.get("title") or ""
        url = known.get("xmlurl", "") if name == "outline" else ""
        if url:
            section = " / ".join(heading for heading in self.headings if heading)
            self.found.setdefault(url, Outline(url, known.get("title") or label, label, section))
        if len(self.found) > MAX_FEEDS:
            raise UserError(f"This list has more than {MAX_FEEDS:,} feeds. Import it in parts.")
        self.headings.append(label if name == "outline" and not url else "")

    def end(self, _name: str) -> None:
        self.headings.pop()


def _refuse_declarations(*_declaration: object) -> None:
    raise UserError(
        "This file declares entities or attributes of its own, which lists of feeds do not need; it is refused."
    )


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
