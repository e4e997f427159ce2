"""RSS 0.9x, 1.0 and 2.0, and Atom: first the fast parser, and the authority wherever that would lose something."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial

from bot.errors import ParseError
from bot.sources.authority import read_slowly
from bot.sources.documents import Reading, unknown
from bot.sources.encoding import says_utf8, to_utf8
from bot.sources.fast import read_fast
from bot.sources.framing import in_rss2_frame
from bot.sources.memory import Memory
from bot.sources.notes import Notebook
from bot.sources.repair import repair
from bot.sources.survey import MAX_ITEMS, Document, Doubtful, has_long_tag

_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")


def read_xml(
    body: bytes, content_type: str, url: str, known: frozenset[int], memory: Memory | None
) -> Reading:
    """Read a document in any encoding; raise ParseError."""
    _refuse_pages(body)
    believed = body if says_utf8(body, content_type) else to_utf8(body, content_type)
    document = Document.of(in_rss2_frame(believed))
    read = partial(_read, content_type=content_type, known=known)
    try:
        return memory.read(url, document, known, read) if memory else read(document)
    except Doubtful:
        return _read_anyhow(repair(to_utf8(body, content_type)), known)


def _refuse_pages(body: bytes) -> None:
    start = body[:200].lstrip().lower()
    if not start and not body.strip():
        raise ParseError("This address answers with an empty document.")
    if start.startswith(_PAGE_STARTS):
        raise ParseError(
            "This address answers with a web page, not with a feed. Look on the page for a link to its RSS or Atom feed."
        )
    if b"<" not in body:
        raise ParseError(
            "This address answers with text that is no feed: neither RSS nor Atom nor JSON Feed."
        )


def _read(document: Document, content_type: str, known: frozenset[int]) -> Reading:
    """Read a document with the fast parser, repaired if need be; raise Doubtful."""
    with suppress(Doubtful):
        return _read_quickly(document, known)
    with suppress(Doubtful):
        return _read_closely(document.body, known)
    return _read_closely(in_rss2_frame(repair(to_utf8(document.body, content_type))), known)


def _read_quickly(document: Document, known: frozenset[int]) -> Reading:
    """Read a usual document, looking closely only at what is new; raise Doubtful.

    Where nothing is new, nothing can be lost but whole items, and those are counted.
    """
    notebook = Notebook()
    notebook.read(document.head)
    if len(document.starts) > MAX_ITEMS or has_long_tag(document.body):
        raise Doubtful("more items, or longer tags, than a parser is to see")
    fast = read_fast(document.body)
    if len(fast.items) != len(document.starts):
        raise Doubtful("another number of items")
    fresh = unknown(fast.fingerprints, known)
    notebook.read(*document.items(fresh))
    if notebook.lossy or len(notebook.items) != len(fresh):
        raise Doubtful("text that is interrupted by markup")
    return fast.read(fresh, notebook.feed, notebook.items)


def _read_closely(body: bytes, known: frozenset[int]) -> Reading:
    """Read a document after looking at the whole of it; raise Doubtful."""
    notebook = Notebook()
    notebook.read(body, whole=True)
    fast = read_fast(body[: notebook.end])
    if notebook.lossy or len(fast.items) != len(notebook.items):
        raise Doubtful("another number of items, or text that is interrupted by markup")
    fresh = unknown(fast.fingerprints, known)
    reading = fast.read(fresh, notebook.feed, [notebook.items[place] for place in fresh])
    return replace(reading, cut=notebook.end is not None)


def _read_anyhow(body: bytes, known: frozenset[int]) -> Reading:
    """Let the authority read, once it is known that the document does not serve to keep it busy."""
    with suppress(Doubtful):  # up to there it was harmless; for the rest there is the time limit
        Notebook().read(body, whole=True)
    return read_slowly(body, known)
