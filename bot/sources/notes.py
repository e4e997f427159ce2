"""A close look at XML: whether it is hostile, whether the fast parser would lose text, and what that parser skips.

Authors, dates, languages and bases are noted as they were written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from bot.errors import ParseError
from bot.sources.survey import MAX_ITEMS, Doubtful

MAX_ATTRIBUTES = 128
"""Of one element; parsers take quadratic time over more."""
MAX_DEPTH = 64

Notes = dict[str, list[str]]
"""What elements say, by topic, in the document's order."""


def _prefixed(*names: str) -> list[str]:
    """Return names as they are written in the namespaces of Atom and RSS, by their usual prefixes."""
    return [f"{prefix}{name}" for prefix in ("", "atom:", "a:", "a10:", "rss:") for name in names]


_TEXTS = (
    dict.fromkeys(_prefixed("published", "issued", "created"), "published")
    | dict.fromkeys(
        ("pubDate", "pubdate", "dc:date", "dcterms:created", "dcterms:issued", "dc:created"), "published"
    )
    | dict.fromkeys(
        [*_prefixed("updated", "modified"), "lastBuildDate", "dc:modified", "dcterms:modified"], "updated"
    )
    | dict.fromkeys(("dc:creator", "itunes:author", "dc:author", "creator"), "author")
    | dict.fromkeys(_prefixed("guid", "id"), "id")
    | dict.fromkeys(_prefixed("name"), "name")
    | dict.fromkeys(_prefixed("email"), "email")
    | dict.fromkeys(("feedburner:origLink", "pheedo:origLink"), "origlink")
    | dict.fromkeys(("language", "dc:language"), "language")
    | {"ttl": "ttl", "sy:updatePeriod": "period", "sy:updateFrequency": "frequency"}
    | dict.fromkeys(_prefixed("icon"), "icon")
    | dict.fromkeys([*_prefixed("logo"), "url"], "logo")
)
"""Elements that the fast parser skips or reads in its own way: what they say is noted under these topics."""
_LEAVES = frozenset(
    {
        *_prefixed("title", "description", "summary", "subtitle", "tagline"),
        *_prefixed("link", "category", "comments"),
        *("dc:title", "dc:description", "dc:subject", "content:encoded"),
    }
)
"""More elements that are only text, and read by the fast parser."""
_ITEMS = frozenset(_prefixed("item", "entry"))
_ROOTS = frozenset([*_prefixed("feed", "rss", "channel"), "rdf:RDF", "RDF"])
_PEOPLE = frozenset(_prefixed("author"))
_CONTENTS = frozenset(_prefixed("content"))
_XHTML = frozenset({"xhtml", "application/xhtml+xml"})
_ASIDE = frozenset(_prefixed("source", "contributor", "textInput", "textinput"))
"""Elements whose inside is about something else."""
_STRUCTURE = _ITEMS | _ROOTS | _PEOPLE | _CONTENTS | _ASIDE | {"itunes:image"}


class _Enough(Exception):
    """There are more items than are read."""


@dataclass(slots=True)
class Notebook:
    """What a close look at a document, or at its head and some of its items, has shown.

    Its methods are handlers for expat; the first lines of `start` and `finish` run for every element.
    """

    parser: expat.XMLParserType = field(default_factory=lambda: expat.ParserCreate("utf-8"))
    feed: Notes = field(default_factory=dict)
    items: list[Notes] = field(default_factory=list)
    lossy: bool = False
    """Whether text that the fast parser reads is interrupted by markup, where it would stop reading."""
    end: int | None = None
    """Where the first item too many begins, in bytes."""
    notes: Notes = field(default_factory=dict)
    """Of the item that is open, or of the feed."""
    person: Notes | None = None
    """What is said of the author that is open."""
    depth: int = 0
    outside: int = 0
    """The depth to come back to from an element whose inside does not count."""
    leaf: bool = False
    """Whether an element that is only text has just begun."""
    topic: str = ""
    """Of the text that is being collected."""
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.notes = self.feed
        parser = self.parser
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype

    def read(self, *parts: bytes, whole: bool = False) -> None:
        """Look at the next parts of a UTF-8 document, or at a `whole` one.

        Raise Doubtful when they are no well-formed XML or bring a document type, which may declare entities and keeps
        undeclared ones from being found out; raise ParseError when they are made to exhaust parsers.
        """
        self.heed()
        try:
            for part in parts:
                self.parser.Parse(part, whole)
        except _Enough:
            self.end = self.parser.CurrentByteIndex
        except expat.ExpatError as error:
            raise Doubtful(f"{expat.ErrorString(error.code)} in line {error.lineno}") from None
        finally:
            self.rest()

    def rest(self) -> None:
        """Part from the parser: it and this object would keep each other."""
        parser = self.parser
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
        parser.CommentHandler = parser.ProcessingInstructionHandler = None

    def heed(self) -> None:
        parser = self.parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.finish
        parser.CommentHandler = parser.ProcessingInstructionHandler = self.interrupt

    def ignore(self) -> None:
        """Pass over everything up to the end of the element that has just begun."""
        self.outside = self.depth - 1
        self.parser.StartElementHandler = self.start_inside
        self.parser.EndElementHandler = self.finish_inside

    def start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        if self.leaf:
            self.lossy = True
            self.check(attributes)
        if name in _LEAVES:
            self.leaf = True
        elif name in _TEXTS:
            self.leaf = True
            self.collect(_TEXTS[name])
        elif name in _STRUCTURE:
            self.begin(name, attributes)
        elif self.depth > MAX_DEPTH:
            self.check(attributes)
        if attributes and len(attributes) > 2 * MAX_ATTRIBUTES:
            self.check(attributes)

    def finish(self, name: str) -> None:
        self.depth -= 1
        self.leaf = False
        if self.topic:
            self.settle()
        if name in _ITEMS:
            self.notes = self.feed
        elif self.person is not None and name in _PEOPLE:
            self.sign()

    def start_inside(self, _name: str, attributes: list[str]) -> None:
        self.depth += 1
        self.check(attributes)

    def finish_inside(self, _name: str) -> None:
        self.depth -= 1
        if self.depth == self.outside:
            self.heed()

    def check(self, attributes: list[str]) -> None:
        """Refuse what only serves to exhaust parsers."""
        if self.depth > MAX_DEPTH:
            raise ParseError(f"The document nests elements more than {MAX_DEPTH} deep, which no feed does.")
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            raise ParseError(
                f"The document has an element with more than {MAX_ATTRIBUTES} attributes, which no feed has."
            )

    def begin(self, name: str, attributes: list[str]) -> None:
        """Enter an element with a part in the structure."""
        self.check(attributes)
        said = dict(zip(attributes[::2], attributes[1::2], strict=True))
        if name in _PEOPLE:
            self.person = {}
            self.collect("author")
            return
        if name in _ITEMS:
            if len(self.items) == MAX_ITEMS:
                raise _Enough
            self.notes = {}
            self.items.append(self.notes)
        elif name in _ASIDE or said.get("type") in _XHTML:
            self.ignore()
            return
        elif name in _CONTENTS:
            self.leaf = True
        elif "href" in said:
            self.note("image", said["href"])
        elif name == "feed":
            self.feed["format"] = ["atom"]
        for attribute, topic in (("xml:base", "base"), ("xml:lang", "language"), ("rdf:about", "id")):
            if attribute in said:
                self.note(topic, said[attribute])

    def interrupt(self, *_: str) -> None:
        """Take notice of a comment or an instruction: it parts the text that it stands in."""
        if self.leaf:
            self.lossy = True

    def collect(self, topic: str) -> None:
        if self.topic:
            self.settle()
        self.topic = topic
        self.parts = []
        self.parser.CharacterDataHandler = self.parts.append

    def settle(self) -> None:
        """Note the text that has been collected."""
        self.parser.CharacterDataHandler = None
        topic, self.topic = self.topic, ""
        text = "".join(self.parts).strip()
        if text:
            self.note(topic, text)

    def note(self, topic: str, text: str) -> None:
        notes = self.notes if self.person is None else self.person
        if topic in notes:
            notes[topic].append(text)
        else:
            notes[topic] = [text]

    def sign(self) -> None:
        """Note the author that ends here: as text, or as a name with an address."""
        person, self.person = self.person or {}, None
        for text in person.get("author", ()) or _signatures(person):
            self.note("author", text)


def _signatures(person: Mapping[str, Sequence[str]]) -> list[str]:
    names, emails = person.get("name", ()), person.get("email", ())
    if names and emails:
        return [f"{names[0]} <{emails[0]}>"]
    return [*names[:1], *emails[:1]]


def _refuse_doctype(*_: object) -> None:
    raise Doubtful("a document type")
