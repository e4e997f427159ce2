"""How the pool and its workers speak: marshal, for it is many times quicker than anything that carries objects.

A message is its length in eight bytes and a marshalled tuple. Both ends are this program; a worker that has
been overrun by a document is killed for time or memory, not believed less.
"""

from __future__ import annotations

import marshal
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, TypeAlias

from bot.domain.model import Entry, ParsedFeed

LENGTH = struct.Struct(">Q")
SLICE = 100
"""Entries in one message at most."""
SLICE_CHARACTERS = 200_000
"""Characters of text in one message, about: reading one must not keep the event loop."""

_NAMES = tuple(field.name for field in fields(Entry))
_values = attrgetter(*_NAMES)
_PUBLISHED, _UPDATED = _NAMES.index("published_at"), _NAMES.index("updated_at")
_HEAD = ("title", "site_url", "icon_url", "language", "ttl_s")

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
    """The first message of an answer: everything but the entries, and in how many messages these follow."""

    head: Mapping[str, Any]
    listed: tuple[int, ...]
    messages: int
    failure: str = ""
    """Why the document cannot be read; the rest is empty then."""


def pack(message: Any) -> bytes:
    """Return a message as it is sent."""
    payload = marshal.dumps(message)
    return LENGTH.pack(len(payload)) + payload


def ask(question: Question) -> bytes:
    return pack((question.kind, question.body, question.content_type, question.url, question.known))


def asked(payload: Buffer) -> Question:
    return Question(*marshal.loads(payload))  # noqa: S302 - see above


def failed(reason: str) -> Iterator[bytes]:
    """Return the answer for a document that cannot be read."""
    yield pack(({}, (), 0, reason))


def answer(feed: ParsedFeed) -> Iterator[bytes]:
    slices = list(_slices(feed.entries))
    yield pack(({name: getattr(feed, name) for name in _HEAD}, feed.listed, len(slices), ""))
    for some in slices:
        yield pack([_row(entry) for entry in some])


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
    return Promise(*marshal.loads(payload))  # noqa: S302 - see above


def answered(payload: Buffer) -> list[Entry]:
    """Read one of the messages with entries."""
    return [_entry(row) for row in marshal.loads(payload)]  # noqa: S302 - see above


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
