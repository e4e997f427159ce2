"""What every kind of source and every parser owes, named after the promises in `bot.ports`.

To hold a new kind to them: one recorded answer, one line in DOCUMENTS.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.domain.model import FeedState
from bot.errors import ConfigError, ParseError
from bot.ports import Parser, Response
from bot.sources import KINDS, SOURCES, source
from bot.sources.pool import ParserPool
from tests.builders import feed, state
from tests.clock import START

DATA = Path(__file__).parents[1] / "data" / "feeds"
URL = "https://feed.example/feed"
DOCUMENTS = {
    "feed: RSS 2.0": ("feed", (DATA / "rss2.xml").read_bytes()),
    "feed: RSS 1.0": ("feed", (DATA / "rss1.xml").read_bytes()),
    "feed: RSS 0.91": ("feed", (DATA / "rss091.xml").read_bytes()),
    "feed: Atom": ("feed", (DATA / "atom.xml").read_bytes()),
    "feed: JSON Feed": ("feed", (DATA / "jsonfeed.json").read_bytes()),
}
NO_FEEDS = {
    "nothing": b"",
    "spaces": b" \n\t ",
    "a page": b"<!DOCTYPE html><html><head><title>Hello</title></head><body><p>Hi</p></body></html>",
    "a page without a type": b"\n<HTML><body>Hi",
    "words": b"No such feed.",
    "a sitemap": b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url/></urlset>',
    "an error": b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
    "JSON": b'{"error": "no such feed"}',
    "a JSON list": b"[1, 2]",
    "broken JSON": b'{"version": "https://jsonfeed.org/version/1", "items": [',
    "an archive": b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256)) * 8,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
}


@pytest.fixture(params=DOCUMENTS)
def document(request) -> tuple[str, bytes]:
    return DOCUMENTS[request.param]


# ---------------------------------------------------------------- Source


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_knows_its_kind(kind):
    assert source(kind).kind == kind
    assert SOURCES[kind] is source(kind)


def test_the_registry_lists_what_there_is():
    assert list(SOURCES) == list(KINDS)
    assert len(SOURCES) == len(KINDS)


def test_a_source_of_ones_own_is_named_by_module_and_class():
    assert source("tests.adapters.wayward_sources:Faulty").kind == "wayward"


@pytest.mark.parametrize("kind", ["sitemap", "bot.sources.feed:NoSuchSource", "no.such.module:Source"])
def test_an_unknown_kind_is_refused_in_words(kind):
    with pytest.raises(ConfigError, match=r"is no kind of feed\. There is feed|cannot be loaded"):
        source(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_request_asks_only_for_what_has_changed(kind):
    asked = source(kind).request(
        feed(
            URL,
            kind=kind,
            credentials="press",
            state=state(etag='"1"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT"),
        )
    )
    assert (asked.url, asked.etag, asked.last_modified) == (URL, '"1"', "Mon, 23 Nov 2026 10:00:00 GMT")
    assert asked.credentials == "press"
    assert asked.accept


@pytest.mark.parametrize("kind", KINDS)
def test_request_asks_where_the_feed_has_moved_for_good(kind):
    moved = FeedState(START, redirect_url="https://new.example/feed", redirect_count=3)
    assert source(kind).request(feed(URL, kind=kind, state=moved)).url == "https://new.example/feed"


def test_parse_gives_every_entry_an_identity_and_lists_its_fingerprint(document):
    kind, body = document
    parsed = source(kind).parse(body, "", URL, frozenset())
    assert parsed.title
    assert len({entry.uid for entry in parsed.entries}) == len(parsed.entries) > 0
    assert [entry.fingerprint for entry in parsed.entries] == list(parsed.listed)
    assert all(0 <= fingerprint < 2**63 for fingerprint in parsed.listed)
    assert all(entry.title for entry in parsed.entries)


def test_parse_gives_times_in_utc_and_absolute_links(document):
    kind, body = document
    for entry in source(kind).parse(body, "", URL, frozenset()).entries:
        for time in filter(None, (entry.published_at, entry.updated_at)):
            assert time.utcoffset().total_seconds() == 0
        for link in filter(None, (entry.url, entry.image_url, entry.original_url)):
            assert link.startswith(("http://", "https://"))


def test_parse_leaves_out_what_is_known_and_lists_it_all_the_same(document):
    kind, body = document
    everything = source(kind).parse(body, "", URL, frozenset())
    for number, entry in enumerate(everything.entries):
        some = source(kind).parse(body, "", URL, frozenset(everything.listed) - {entry.fingerprint})
        assert some.entries == everything.entries[number : number + 1]
        assert some.listed == everything.listed


def test_parse_sees_an_edit(document):
    kind, body = document
    before = source(kind).parse(body, "", URL, frozenset())
    first = before.entries[0]
    word = next(word for word in first.title.split() if word.encode() in body)
    edited = body.replace(word.encode(), b"Edited")
    after = source(kind).parse(edited, "", URL, frozenset(before.listed))
    assert "Edited" in after.entries[0].title
    assert after.entries[0].fingerprint not in before.listed


@pytest.mark.parametrize("name", NO_FEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_parse_says_what_is_there_instead_of_a_feed(kind, name):
    with pytest.raises(ParseError) as caught:
        source(kind).parse(NO_FEEDS[name], "", URL, frozenset())
    assert caught.value.reason.endswith(".")


# ---------------------------------------------------------------- Parser


class ParserInPlace:
    """A fake that reads where it stands; it passes what does not ask for a process of its own."""

    async def parse(self, kind, response, known):
        return source(kind).parse(response.body, response.content_type, response.url, known)


@pytest.fixture(params=["pool", "in place"])
async def parser(request):
    if request.param == "in place":
        yield ParserInPlace()
        return
    async with ParserPool(1) as pool:
        yield pool


async def test_parse_returns_what_the_source_returns(parser: Parser, document):
    kind, body = document
    known = frozenset(source(kind).parse(body, "", URL, frozenset()).listed[:1])
    for some in (frozenset(), known):
        parsed = await parser.parse(kind, Response(URL, body=body), some)
        assert parsed == source(kind).parse(body, "", URL, some)


async def test_parse_raises_parse_error_and_reads_on(parser: Parser):
    with pytest.raises(ParseError, match="web page"):
        await parser.parse("feed", Response(URL, body=NO_FEEDS["a page"]), frozenset())
    assert (await parser.parse("feed", Response(URL, body=DOCUMENTS["feed: Atom"][1]), frozenset())).entries


async def test_documents_are_not_mixed_up(parser: Parser):
    bodies = [body for _, body in DOCUMENTS.values()] * 4
    parsed = await asyncio.gather(
        *(parser.parse("feed", Response(URL, body=body), frozenset()) for body in bodies)
    )
    assert [one.title for one in parsed] == [
        source("feed").parse(body, "", URL, frozenset()).title for body in bodies
    ]
