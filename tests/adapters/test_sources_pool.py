"""The pool: documents are read in processes that are killed, replaced, and never in the way of the event loop."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from time import perf_counter

import psutil
import pytest

from bot.errors import ParseError
from bot.ports import Response
from bot.sources import wire, worker
from bot.sources.pool import ParserPool
from tests import stalls
from tests.adapters import wayward_sources

WAYWARD = wayward_sources.__name__
SMALL = (
    b'<rss version="2.0"><channel><title>F</title><item><title>T</title><guid>1</guid></item></channel></rss>'
)
STALL_S = 0.1


def response(body: bytes = SMALL, content_type: str = "") -> Response:
    return Response("https://x.example/feed", body=body, content_type=content_type)


def workers() -> list[psutil.Process]:
    """Return the parser processes of this one."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "bot.sources.worker" in " ".join(child.cmdline())]


async def until_asked(pool: ParserPool) -> None:
    """Wait until no worker of a pool is idle."""
    for _ in range(1000):
        if not pool._idle:
            return
        await asyncio.sleep(0)


@pytest.fixture
async def pool():
    async with ParserPool(2, timeout_s=1.0) as pool:
        yield pool


async def test_a_document_is_read_in_another_process(pool):
    parsed = await pool.parse("feed", response(), frozenset())
    assert [entry.title for entry in parsed.entries] == ["T"]
    assert len(workers()) == 1


async def test_workers_are_started_when_they_are_needed_and_kept(pool):
    assert workers() == []
    first = await asyncio.gather(*(pool.parse("feed", response(), frozenset()) for _ in range(10)))
    started = {worker.pid for worker in workers()}
    assert len(started) == 2
    assert len(set(first)) == 1
    await pool.parse("feed", response(), frozenset())
    assert {worker.pid for worker in workers()} == started


async def test_a_document_that_takes_too_long_is_given_up_and_others_are_read_meanwhile(pool):
    await asyncio.gather(*(pool.parse("feed", response(), frozenset()) for _ in range(2)))
    with stalls.under(STALL_S):
        began = perf_counter()
        endless = asyncio.create_task(pool.parse(f"{WAYWARD}:Endless", response(), frozenset()))
        for _ in range(20):
            await pool.parse("feed", response(), frozenset())
        assert perf_counter() - began < 1.0
        assert not endless.done()
        with pytest.raises(ParseError, match="busy for 1 s and was given up"):
            await endless
        assert perf_counter() - began < 2.0
    assert len(workers()) == 1
    assert (await pool.parse("feed", response(), frozenset())).entries


@pytest.mark.parametrize("kind", ["Crash", "Greedy"])
async def test_a_worker_that_dies_is_replaced(kind):
    async with ParserPool(1, timeout_s=30, memory_bytes=500_000_000) as pool:
        for _ in range(2):
            with pytest.raises(ParseError, match="broke the parser, or took more memory"):
                await pool.parse(f"{WAYWARD}:{kind}", response(), frozenset())
            assert (await pool.parse("feed", response(), frozenset())).entries
        assert len(workers()) == 1


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (f"{WAYWARD}:Refusing", "^it is Sunday$"),
        (f"{WAYWARD}:Faulty", "failed on this document: KeyError: 'no such thing'"),
        ("sitemap", "sitemap is no kind of feed. There is feed"),
        ("nowhere:Nothing", "cannot be loaded"),
    ],
)
async def test_a_worker_that_says_why_not_is_kept(pool, kind, reason):
    await pool.parse("feed", response(), frozenset())
    kept = workers()
    with pytest.raises(ParseError, match=reason):
        await pool.parse(kind, response(), frozenset())
    assert (await pool.parse("feed", response(), frozenset())).entries
    assert workers() == kept


async def test_everything_arrives_as_it_was_said(pool):
    known = frozenset({1, 2**62})
    parsed = await pool.parse(f"{WAYWARD}:Talkative", response(b"1001", "text/xml"), known)
    again = wayward_sources.Talkative().parse(b"1001", "text/xml", "https://x.example/feed", known)
    assert parsed == again


async def test_five_thousand_articles_do_not_keep_the_event_loop(pool):
    await pool.parse("feed", response(), frozenset())
    with stalls.under(STALL_S):
        parsed = await pool.parse(f"{WAYWARD}:Talkative", response(b"5000"), frozenset(range(50_000)))
    assert len(parsed.entries) == 5000


async def test_a_large_document_does_not_keep_the_event_loop(pool):
    item = "<item><title>Kim {0}</title><guid>{0}</guid><description>" + "é " * 2000 + "</description></item>"
    items = "".join(item.format(number) for number in range(800))
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    assert len(body) > 4_500_000
    with stalls.under(STALL_S):
        await pool.parse("feed", response(), frozenset())
        parsed = await ParserPool.parse(pool, "feed", response(body), frozenset())
    assert len(parsed.entries) == 800


async def test_starting_workers_does_not_keep_the_event_loop(pool):
    with stalls.under(STALL_S):
        await asyncio.gather(*(pool.parse("feed", response(), frozenset()) for _ in range(4)))


async def test_a_cancelled_reading_leaves_no_answer_for_the_next(pool):
    single = ParserPool(1, timeout_s=30)
    async with single:
        await single.parse("feed", response(), frozenset())
        reading = asyncio.create_task(single.parse(f"{WAYWARD}:Talkative", response(b"5000"), frozenset()))
        await until_asked(single)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert [entry.title for entry in (await single.parse("feed", response(), frozenset())).entries] == [
            "T"
        ]


async def test_nothing_is_left_running():
    async with ParserPool(2, timeout_s=5) as pool:
        await asyncio.gather(*(pool.parse("feed", response(), frozenset()) for _ in range(2)))
        reading = asyncio.create_task(pool.parse(f"{WAYWARD}:Endless", response(), frozenset()))
        await asyncio.sleep(0)
        assert len(workers()) == 2
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert workers() == []


async def test_closing_in_the_middle_of_a_document_ends_it():
    pool = ParserPool(1, timeout_s=30)
    async with pool:
        await pool.parse("feed", response(), frozenset())
        reading = asyncio.create_task(pool.parse(f"{WAYWARD}:Endless", response(), frozenset()))
        waiting = asyncio.create_task(pool.parse("feed", response(), frozenset()))
        await until_asked(pool)
    with pytest.raises(ParseError, match="broke the parser"):
        await reading
    with pytest.raises(ParseError, match="newsbot is stopping"):
        await waiting
    assert workers() == []


async def test_a_worker_whose_pool_is_gone_ends_by_itself(pool):
    await pool.parse("feed", response(), frozenset())
    (process,) = workers()
    left = pool._idle.pop()
    left.line.close()
    left.paper.close()
    assert await asyncio.to_thread(left.process.wait, 10) == 0
    assert not process.is_running()


async def test_a_worker_outlives_the_signals_that_end_the_program(pool):
    await pool.parse("feed", response(), frozenset())
    (process,) = workers()
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(process.pid, number)
    assert (await pool.parse("feed", response(), frozenset())).entries
    assert workers() == [process]


async def test_a_worker_is_given_no_secrets(pool, monkeypatch):
    monkeypatch.setenv("NEWSBOT_SLACK_BOT_TOKEN", "xoxb-secret")
    told = (await pool.parse(f"{WAYWARD}:Environment", response(), frozenset())).title
    assert "PYTHONPATH" in told
    assert "NEWSBOT" not in told


async def test_a_worker_that_cannot_start_says_so():
    async with ParserPool(1, memory_bytes=1_000_000) as pool:
        with pytest.raises(ParseError, match="could not be started"):
            await pool.parse("feed", response(), frozenset())
    assert workers() == []


async def test_a_reading_that_is_cancelled_while_its_worker_starts_leaves_none(pool):
    reading = asyncio.create_task(pool.parse("feed", response(), frozenset()))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert workers() == []
    assert (await pool.parse("feed", response(), frozenset())).entries


async def test_a_system_without_room_for_a_process_is_told_of():
    async with ParserPool(1, python="/no/such/python") as pool:
        for _ in range(2):
            with pytest.raises(ParseError, match="could not be started: .*No such file"):
                await pool.parse("feed", response(), frozenset())


def test_the_worker_warms_up_on_a_document_of_its_own():
    (answer,) = worker.reply(worker.WARM_UP)
    assert len(wire.promised(answer[wire.LENGTH.size :]).entries) == 1


def test_questions_survive_the_wire():
    known = frozenset({1, 2**63 - 1})
    with wire.open_paper() as paper:
        for body in (SMALL * 2, SMALL):  # the shorter one on top of the other
            question = wire.Question("feed", body, "text/xml", "https://x.example/", known)
            message = wire.ask(question, paper.fileno())
            (length,) = wire.LENGTH.unpack_from(message)
            assert length == len(message) - wire.LENGTH.size
            assert wire.asked(message[wire.LENGTH.size :], paper.fileno()) == question


def test_documents_pass_where_no_file_can_be_in_memory(monkeypatch):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    question = wire.Question("feed", SMALL, "text/xml", "https://x.example/", frozenset())
    with wire.open_paper() as paper:
        message = wire.ask(question, paper.fileno())
        assert wire.asked(message[wire.LENGTH.size :], paper.fileno()) == question


async def test_a_document_for_which_there_is_no_room_is_not_read_in_part(pool):
    await pool.parse("feed", response(), frozenset())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(ParseError):
            await pool.parse("feed", response(SMALL.replace(b"F", b"F" * 200_000)), frozenset())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (await pool.parse("feed", response(), frozenset())).entries
