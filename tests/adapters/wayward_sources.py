"""Kinds of source that do to a parser process what a hostile document might."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta

from bot.domain.model import Entry, Feed, ParsedFeed
from bot.errors import ParseError
from bot.ports import Request


class Wayward:
    kind = "wayward"

    def request(self, feed: Feed) -> Request:
        return Request(feed.address)

    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        raise NotImplementedError


class Endless(Wayward):
    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        while True:
            pass


class Crash(Wayward):
    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        os.kill(os.getpid(), signal.SIGSEGV)
        raise AssertionError


class Greedy(Wayward):
    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        held = []
        while True:
            held.append(bytearray(50_000_000))


class Faulty(Wayward):
    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        raise KeyError("no such thing")


class Refusing(Wayward):
    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        raise ParseError("it is Sunday")


class Talkative(Wayward):
    """Lists as many long articles as the body says."""

    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        day = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
        entries = tuple(
            Entry(
                uid=f"id {number}",
                fingerprint=2**63 - 1 - number,
                title=f"Title {number} – “été”",
                body="Many words. " * 80,
                tags=("one", "two"),
                published_at=day - timedelta(seconds=number) if number % 2 else None,
                updated_at=day,
            )
            for number in range(int(body))
        )
        listed = tuple(entry.fingerprint for entry in entries)
        return ParsedFeed(entries, listed, content_type, url, None, "en", float(len(known)), cut=True)


class Environment(Wayward):
    """Says what the process was given."""

    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        return ParsedFeed((), (), title=" ".join(sorted(os.environ)))
