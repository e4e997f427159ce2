"""Asking for documents, and reading them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.model import Feed, ParsedFeed


@dataclass(frozen=True, slots=True)
class Request:
    """One conditional GET."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    credentials: str | None = None
    """The name of a secret; the fetcher looks it up."""
    accept: str = "*/*"


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered; `body` is decompressed bytes, empty when `not_modified`."""

    url: str
    """After redirects."""
    not_modified: bool = False
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    max_age_s: float | None = None
    """From Cache-Control or Expires."""
    moved_to: str | None = None
    """Where a chain of only permanent redirects (301, 308) led."""


class Fetcher(Protocol):
    async def fetch(self, request: Request) -> Response:
        """Ask once, politely and within every limit; raise FetchError for anything but a document or 304."""


class Source(Protocol):
    """A kind of origin, as code: how to ask and how to parse, both without I/O."""

    kind: str

    def request(self, feed: Feed) -> Request:
        """Say how to ask this feed for what is new."""

    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        """Read a document; leave out the entries whose fingerprint is in `known`; raise ParseError.

        May burn CPU without end on hostile input: it runs in a process that can be killed.
        """


class Parser(Protocol):
    async def parse(self, kind: str, response: Response, known: frozenset[int]) -> ParsedFeed:
        """Have the kind's Source read the body away from the event loop; raise ParseError, also on time-out."""
