"""The usual kind of source: one address that answers with RSS, Atom or JSON Feed, whichever it is today."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.model import Feed, ParsedFeed
from bot.ports import Request
from bot.sources.memory import Memory

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.3"
)


@dataclass(frozen=True, slots=True)
class FeedSource:
    kind: str = "feed"
    _memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)

    def request(self, feed: Feed) -> Request:
        return Request(
            url=feed.address,
            etag=feed.state.etag,
            last_modified=feed.state.last_modified,
            credentials=feed.credentials,
            accept=ACCEPT,
        )

    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        # The parsers are needed in the worker processes only.
        from bot.sources.reading import read_feed

        return read_feed(body, content_type, url, known, self._memory)
