"""A host is asked once at a time and once a second, whoever waits, and by the name that is dialled."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import FetchError
from bot.fetch.http import HttpFetcher
from bot.fetch.politeness import SWEEP_AT_LEAST, Politeness
from bot.fetch.rules import FetchRules
from bot.ports import Request
from tests.clock import START, FakeClock
from tests.impersonators import mishaps
from tests.impersonators.hosts import Hosts
from tests.impersonators.newsstand import Newsstand

NAMES = {f"{name}.example": [["127.0.0.1"]] for name in "abc"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(auto=True)


@pytest.fixture
async def stand(clock: FakeClock) -> AsyncIterator[Newsstand]:
    async with Newsstand(now=clock.now) as stand:
        for number in range(20):
            stand.publish(f"/{number}", b"<rss/>")
        yield stand


def fetcher(stand: Newsstand, clock: FakeClock, **rules: Any) -> HttpFetcher:
    limits = FetchRules(allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,), **rules)
    return HttpFetcher(limits, clock, resolver=Hosts(NAMES))


def times(stand: Newsstand) -> list[float]:
    return [(request.at - START).total_seconds() for request in stand.requests]


async def test_a_host_is_asked_once_a_second_in_the_order_of_asking(stand, clock):
    async with fetcher(stand, clock) as http:
        urls = [stand.url(f"/{number}", "a.example") for number in range(10)]
        await asyncio.gather(*(http.fetch(Request(url)) for url in urls))
    assert times(stand) == [float(second) for second in range(10)]
    assert [request.path for request in stand.requests] == [f"/{number}" for number in range(10)]


async def test_hosts_do_not_wait_for_each_other(stand, clock):
    async with fetcher(stand, clock) as http:
        urls = [stand.url("/0", host) for host in NAMES]
        await asyncio.gather(*(http.fetch(Request(url)) for url in urls))
    assert times(stand) == [0.0, 0.0, 0.0]


async def test_a_name_in_other_letters_or_with_a_dot_at_its_end_is_the_same_host(stand, clock):
    names = Hosts({"a.example": [["127.0.0.1"]], "a.example.": [["127.0.0.1"]]})
    rules = FetchRules(allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,))
    async with HttpFetcher(rules, clock, resolver=names) as http:
        for host in ("a.example", "A.Example", "a.example."):
            await http.fetch(Request(stand.url("/0", host)))
    assert times(stand) == [0.0, 1.0, 2.0]


async def test_every_hop_of_a_redirect_waits_for_the_host_that_it_dials(stand, clock):
    stand.misbehave("/old", mishaps.redirect(stand.url("/1", "b.example")))
    stand.misbehave("/1", mishaps.redirect("/2"))
    async with fetcher(stand, clock) as http:
        await http.fetch(Request(stand.url("/old", "a.example")))
    assert times(stand) == [0.0, 0.0, 1.0]


async def test_one_request_is_in_flight_at_a_time_and_waiting_for_it_costs_nothing(stand, clock):
    stand.misbehave("/0", mishaps.hang())
    async with fetcher(stand, clock, timeout_s=0.2) as http:
        slow = asyncio.create_task(http.fetch(Request(stand.url("/0", "a.example"))))
        await stand.arrival(1)
        second = asyncio.create_task(http.fetch(Request(stand.url("/1", "a.example"))))
        await http.fetch(Request(stand.url("/2", "b.example")))
        assert [request.path for request in stand.requests] == ["/0", "/2"]
        with pytest.raises(FetchError, match="took longer"):
            await slow
        # It waited for as long as its own time limit, which only begins now.
        assert (await second).body == b"<rss/>"


async def test_somebody_who_stops_waiting_gives_up_the_place(clock):
    politeness = Politeness(clock, 1.0, 1)
    order = []

    async def ask(name: str) -> None:
        async with politeness.turn("a.example"):
            order.append(name)
            await asyncio.sleep(0)

    first, second, third = (asyncio.create_task(ask(name)) for name in ("first", "second", "third"))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, second, third, return_exceptions=True)
    assert order == ["first", "third"]


async def test_somebody_who_stops_during_the_pause_makes_room_for_the_next():
    clock = FakeClock()
    politeness = Politeness(clock, 1.0, 1)
    order: list[str] = []

    async def ask(name: str) -> None:
        async with politeness.turn("a.example"):
            order.append(name)

    await ask("first")
    second, third = (asyncio.create_task(ask(name)) for name in ("second", "third"))
    await clock.advance(0.5)
    second.cancel()
    await clock.advance(10)
    await asyncio.gather(second, third, return_exceptions=True)
    assert order == ["first", "third"]


async def test_more_may_be_in_flight_where_a_setting_says_so(clock):
    politeness = Politeness(clock, 1.0, 2)
    begun = []
    both, release = asyncio.Event(), asyncio.Event()

    async def ask() -> None:
        async with politeness.turn("a.example"):
            begun.append((clock.now() - START).total_seconds())
            if len(begun) == 2:
                both.set()
            await release.wait()

    tasks = [asyncio.create_task(ask()) for _ in range(3)]
    await both.wait()
    assert begun == [0.0, 1.0]
    release.set()
    await asyncio.gather(*tasks)
    assert begun == [0.0, 1.0, 2.0]


async def test_the_pause_is_counted_from_the_end_of_a_request(clock):
    politeness = Politeness(clock, 1.0, 1)
    async with politeness.turn("a.example"):
        clock.jump(5)
    async with politeness.turn("a.example"):
        assert clock.now() == START + timedelta(seconds=6)


async def test_a_clock_that_is_set_back_silences_no_host(clock):
    politeness = Politeness(clock, 1.0, 1)
    async with politeness.turn("a.example"):
        pass
    clock.jump(-3600)
    async with politeness.turn("a.example"):
        assert clock.slept == [1.0]
    async with politeness.turn("a.example"):
        assert clock.slept == [1.0, 1.0]


async def test_hosts_are_forgotten_when_nobody_has_to_wait_for_them(clock):
    politeness = Politeness(clock, 1.0, 1)
    async with politeness.turn("kept.example"):
        for number in range(10 * SWEEP_AT_LEAST):
            async with politeness.turn(f"{number}.example"):
                clock.jump(0.01)
        assert politeness.hosts <= SWEEP_AT_LEAST
        waiting = asyncio.create_task(anext(_turns(politeness)))
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting


async def _turns(politeness: Politeness):
    async with politeness.turn("kept.example"):
        yield
