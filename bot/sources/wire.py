"""How the pool and its workers speak: marshal, for it is many times quicker than anything that carries objects.

A message is its length in eight bytes and a marshalled tuple. The document itself lies on a file in memory that
both ends hold, where it is written and read in one go each: through a socket it would go piece by piece. Both ends
are this program; a worker that has been overrun by a document is killed for time or memory, not believed less.
"""

from __future__ import annotations

import marshal
import os
import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import IO, Any, TypeAlias

from bot.domain.model import Entry, ParsedFeed

LENGTH = struct.Struct(">Q")
SLICE = 100
"""Entries in one message at most."""
SLICE_CHARACTERS = 200_000
"""Characters of text in one message, about: reading one must not keep the event loop."""

_NAMES = tuple(field.name for field in fields(Entry))
_values = attrgetter(*_NAMES)
_PUBLISHED, _UPDATED = _NAMES.index("published_at"), _NAMES.index("updated_at")
_HEAD = ("title", "site_url", "icon_url", "language", "ttl_s", "cut", "repeated")

Row: TypeAlias = list[Any]
Buffer: TypeAlias = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Question:
    """What a worker is asked to read."""

    kind: str
    body: bytes
    content_type: str
    url: str
    known: frozenset[int]


@dataclass(frozen=True, slots=True)
class Promise:
    """The first message of an answer: its first entries, in how many messages more follow, and everything else."""

    head: Mapping[str, Any]
    listed: tuple[int, ...]
    entries: list[Entry]
    messages: int
    failure: str
    """Why the document cannot be read; the rest is empty then."""


def pack(message: Any) -> bytes:
    """Return a message as it is sent."""
    payload = marshal.dumps(message)
    return LENGTH.pack(len(payload)) + payload


def open_paper() -> IO[bytes]:
    """Open a file for documents: without a name, and in memory where the system has that."""
    with suppress(AttributeError, OSError):  # not to be had on every system
        return os.fdopen(os.memfd_create("newsbot-document"), "r+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def ask(question: Question, paper: int) -> bytes:
    """Put the document on the paper; return the message to send."""
    size = os.pwrite(paper, question.body, 0)
    if size < len(question.body):
        raise OSError("no room for the document")
    return pack((question.kind, size, question.content_type, question.url, question.known))


def asked(payload: Buffer, paper: int) -> Question:
    kind, size, content_type, url, known = marshal.loads(payload)  # noqa: S302 - see above
    return Question(kind, os.pread(paper, size, 0), content_type, url, known)


def failed(reason: str) -> Iterator[bytes]:
    """Return the answer for a document that cannot be read."""
    yield pack(({}, (), (), 0, reason))


def answer(feed: ParsedFeed) -> Iterator[bytes]:
    first, *more = list(_slices(feed.entries)) or [[]]
    head = {name: getattr(feed, name) for name in _HEAD}
    yield pack((head, feed.listed, _rows(first), len(more), ""))
    for some in more:
        yield pack(_rows(some))


def _slices(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    some: list[Entry] = []
    characters = 0
    for entry in entries:
        some.append(entry)
        characters += len(entry.body)
        if len(some) == SLICE or characters > SLICE_CHARACTERS:
            yield some
            some, characters = [], 0
    if some:
        yield some


def promised(payload: Buffer) -> Promise:
    head, listed, rows, messages, failure = marshal.loads(payload)  # noqa: S302 - see above
    return Promise(head, listed, [_entry(row) for row in rows], messages, failure)


def answered(payload: Buffer) -> list[Entry]:
    """Read one of the messages that follow."""
    return [_entry(row) for row in marshal.loads(payload)]  # noqa: S302 - see above


def _rows(entries: Iterable[Entry]) -> list[Row]:
    return [_row(entry) for entry in entries]


def _row(entry: Entry) -> Row:
    row = list(_values(entry))
    for place in (_PUBLISHED, _UPDATED):
        if row[place] is not None:
            row[place] = row[place].timestamp()
    return row


def _entry(row: Row) -> Entry:
    for place in (_PUBLISHED, _UPDATED):
        if row[place] is not None:
            row[place] = datetime.fromtimestamp(row[place], UTC)
    return Entry(*row)


def parsed(promise: Promise, entries: Sequence[Entry]) -> ParsedFeed:
    return ParsedFeed(tuple(entries), promise.listed, **promise.head)
