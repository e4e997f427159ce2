"""Over every feed that lies beside the checkout nothing crashes, and reading twice finds nothing new."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.model import ParsedFeed
from bot.errors import ParseError
from bot.sources.memory import Memory
from bot.sources.reading import read_feed

FEEDS = Path(__file__).parents[3] / "shared" / "feeds"
pytestmark = pytest.mark.skipif(not FEEDS.is_dir(), reason="there are no feeds beside the checkout")


def documents() -> Iterator[tuple[str, bytes]]:
    for file in sorted(FEEDS.rglob("*")):
        if file.is_file() and file.name.endswith(".tar.xz"):
            with tarfile.open(file) as archive:
                for member in archive:
                    if content := archive.extractfile(member):
                        yield member.name, content.read()
        elif file.is_file():
            yield file.name, file.read_bytes()


def read(
    body: bytes, known: frozenset[int] = frozenset(), memory: Memory | None = None
) -> ParsedFeed | ParseError:
    try:
        return read_feed(body, "text/xml", "https://feed.example/feed", known, memory)
    except ParseError as error:
        return error


def test_every_document_is_read_or_refused_in_words():
    refused = 0
    for name, body in documents():
        parsed = read(body)
        if isinstance(parsed, ParseError):
            assert parsed.reason.endswith("."), name
            refused += 1
            continue
        assert all(entry.title and entry.uid for entry in parsed.entries), name
        again = read(body, frozenset(parsed.listed))
        assert again == replace(parsed, entries=(), repeated=()), name
    assert refused < 80  # the readings of feed-rs, a text, pages and parts of feeds


def test_what_is_remembered_changes_nothing():
    memory = Memory()
    for name, body in documents():
        first = read(body, memory=memory)
        if isinstance(first, ParsedFeed):
            news = re.sub(rb"<(item|entry)>", rb"<\1><title>News</title></\1><\1>", body, count=1)
            known = frozenset(first.listed[1:])
            assert read(news, known, memory) == read(news, known), name


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_half_a_document_is_read_or_refused_in_words(cut):
    for name, body in documents():
        if len(body) < 100_000:
            parsed = read(body[: int(len(body) * cut)])
            assert parsed.reason if isinstance(parsed, ParseError) else parsed.listed is not None, name
