"""Hostile documents end within the limit, open nothing, and leave other feeds and the event loop alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from time import perf_counter

import pytest
import pytest_asyncio

from bot.domain.model import ParsedFeed
from bot.errors import ParseError
from bot.ports import Response
from bot.sources.pool import ParserPool
from tests import stalls
from tests.adapters.hostile_feeds import entities, exhausting
from tests.adapters.test_sources_pool import SMALL, STALL_S, response, workers

LIMIT_S = 3.0
SLACK_S = 0.7
"""For noticing the end, killing, and a busy machine."""
SECRET = "the words that nobody may read"
EXHAUSTING = dict(exhausting())


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool():
    async with ParserPool(2, timeout_s=LIMIT_S) as pool:
        await asyncio.gather(*(pool.parse("feed", response(), frozenset()) for _ in range(2)))
        yield pool


async def attempt(pool: ParserPool, body: bytes) -> ParsedFeed | ParseError:
    try:
        return await pool.parse("feed", response(body), frozenset())
    except ParseError as error:
        return error


@pytest.mark.parametrize("name", EXHAUSTING)
async def test_an_exhausting_document_ends_in_time_and_others_are_read_meanwhile(pool, name):
    with stalls.under(STALL_S):
        began = perf_counter()
        attack = asyncio.create_task(attempt(pool, EXHAUSTING[name]))
        for _ in range(5):
            other = perf_counter()
            assert (await pool.parse("feed", response(), frozenset())).entries
            assert perf_counter() - other < 2.0
        outcome = await attack
        assert perf_counter() - began < LIMIT_S + SLACK_S
    if isinstance(outcome, ParsedFeed):
        assert len(outcome.entries) <= 5000
    assert (await pool.parse("feed", response(), frozenset())).entries
    assert len(workers()) <= 2


@pytest.fixture
def traps(tmp_path) -> Iterator[tuple[str, socket.socket, list[str]]]:
    """Yield a listening socket, and addresses: of it, and of a file with a secret."""
    secret = tmp_path / "secret.xml"
    secret.write_text(f"<rss><channel><item><title>{SECRET}</title></item></channel></rss>")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        yield str(secret), server, [f"http://127.0.0.1:{port}/x", secret.as_uri(), str(secret)]


@pytest.mark.parametrize("name", [name for name, _ in entities("")])
async def test_nothing_is_opened_nor_blown_up(pool, traps, name):
    _, server, addresses = traps
    for address in addresses:
        body = dict(entities(address))[name]
        with stalls.under(STALL_S):
            began = perf_counter()
            outcome = await attempt(pool, body)
            assert perf_counter() - began < LIMIT_S + SLACK_S
        told = str(outcome)
        assert SECRET not in told
        assert len(told) < 100_000
    with pytest.raises(BlockingIOError):
        server.accept()


async def test_a_body_that_looks_like_an_address_is_a_malformed_feed(pool, traps):
    _, server, addresses = traps
    for address in addresses:
        outcome = await attempt(pool, address.encode())
        assert isinstance(outcome, ParseError)
        assert "no feed" in str(outcome)
    with pytest.raises(BlockingIOError):
        server.accept()


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x"]
)
async def test_links_that_lead_nowhere_on_the_web_are_dropped(pool, link):
    inside = f"<link>{link}</link><guid>{link}</guid><enclosure url='{link}' type='image/png'/>"
    body = f"<rss><channel><link>{link}</link><item><title>T</title>{inside}</item></channel></rss>".encode()
    parsed = await pool.parse("feed", response(body), frozenset())
    assert [entry.title for entry in parsed.entries] == ["T"]
    assert (parsed.entries[0].url, parsed.entries[0].image_url, parsed.site_url) == (None, None, None)


async def test_fifty_thousand_new_items_are_cut_to_five_thousand(pool):
    items = "".join(f"<item><title>T {n}</title><guid>{n}</guid></item>" for n in range(50_000))
    body = f"<rss><channel><title>F</title>{items}</channel></rss>".encode()
    with stalls.under(STALL_S):
        parsed = await pool.parse("feed", Response("https://x.example/", body=body), frozenset())
    assert [entry.uid for entry in parsed.entries] == [str(n) for n in range(5000)]
    assert len(parsed.listed) == 5000


async def test_ten_hostile_documents_at_once_leave_the_pool_as_it_was(pool):
    endless = [body for name, body in EXHAUSTING.items() if "author" in name][:4]
    with stalls.under(STALL_S):
        await asyncio.gather(*(attempt(pool, body) for body in endless))
        assert (await pool.parse("feed", response(SMALL), frozenset())).entries
    assert len(workers()) <= 2
