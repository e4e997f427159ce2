"""A feed's secret goes to the feed's own host and nowhere else, whatever redirects say."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import ConfigError, FetchError
from bot.fetch.http import HttpFetcher
from bot.fetch.rules import FetchRules
from bot.ports import Request
from tests.clock import FakeClock
from tests.impersonators import mishaps
from tests.impersonators.hosts import Hosts
from tests.impersonators.newsstand import Newsstand

LOCKED = "The key does not fit."
SECRETS = {"desk": "user:password", "wire": "X-Api-Key: sesame", "empty": ""}
BASIC = "Basic dXNlcjpwYXNzd29yZA=="
HOSTS = {"paper.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]}


async def secrets(name: str) -> str | None:
    if name == "locked":
        raise ConfigError(LOCKED)
    return SECRETS.get(name)


@pytest.fixture
async def stand() -> AsyncIterator[Newsstand]:
    async with Newsstand() as stand:
        stand.publish("/feed", b"<rss/>")
        yield stand


@pytest.fixture
async def fetcher(stand: Newsstand) -> AsyncIterator[HttpFetcher]:
    rules = FetchRules(per_host_gap_s=0, allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,))
    async with HttpFetcher(rules, FakeClock(auto=True), secrets, Hosts(HOSTS)) as fetcher:
        yield fetcher


def sent(stand: Newsstand, header: str = "authorization") -> list[str | None]:
    return [request.headers.get(header) for request in stand.requests]


async def test_a_feed_gets_the_secret_that_its_credentials_name(stand, fetcher):
    await fetcher.fetch(Request(stand.url("/feed", "paper.example"), credentials="desk"))
    await fetcher.fetch(Request(stand.url("/feed", "paper.example"), credentials="wire"))
    await fetcher.fetch(Request(stand.url("/feed", "paper.example")))
    assert sent(stand) == [BASIC, None, None]
    assert sent(stand, "x-api-key") == [None, "sesame", None]


async def test_a_secret_that_cannot_be_unlocked_is_the_feeds_failure(stand, fetcher):
    with pytest.raises(FetchError, match=LOCKED):
        await fetcher.fetch(Request(stand.url("/feed", "paper.example"), credentials="locked"))
    assert stand.requests == []


async def test_a_redirect_within_the_host_keeps_it(stand, fetcher):
    stand.misbehave("/old", mishaps.redirect("/feed"))
    await fetcher.fetch(Request(stand.url("/old", "paper.example"), credentials="desk"))
    assert sent(stand) == [BASIC, BASIC]


async def test_a_redirect_to_another_host_and_back_loses_it_for_good(stand, fetcher):
    stand.misbehave("/old", mishaps.redirect(stand.url("/away", "other.example")))
    stand.misbehave("/away", mishaps.redirect(stand.url("/feed", "paper.example")))
    await fetcher.fetch(Request(stand.url("/old", "paper.example"), credentials="desk"))
    assert sent(stand) == [BASIC, None, None]


async def test_a_redirect_to_another_port_loses_it(stand):
    async with Newsstand() as other:
        other.publish("/feed", b"<rss/>")
        stand.misbehave("/old", mishaps.redirect(other.url("/feed", "paper.example")))
        ports = (stand.port, other.port)
        rules = FetchRules(per_host_gap_s=0, allowed_networks=("127.0.0.0/8",), extra_ports=ports)
        async with HttpFetcher(rules, FakeClock(auto=True), secrets, Hosts(HOSTS)) as fetcher:
            await fetcher.fetch(Request(stand.url("/old", "paper.example"), credentials="desk"))
        assert (sent(stand), sent(other)) == ([BASIC], [None])


@pytest.mark.parametrize("name", ["nobody", "empty"])
async def test_a_secret_that_is_not_there_stops_the_request_with_a_hint(stand, fetcher, name):
    with pytest.raises(FetchError, match=f"there is no credential “{name}”") as caught:
        await fetcher.fetch(Request(stand.url("/feed", "paper.example"), credentials=name))
    assert not caught.value.permanent
    assert not stand.requests


async def test_without_a_keeper_of_secrets_there_are_none(stand):
    rules = FetchRules(allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,))
    async with HttpFetcher(rules, FakeClock(auto=True)) as fetcher:
        with pytest.raises(FetchError, match="there is no credential “desk”"):
            await fetcher.fetch(Request(stand.url("/feed"), credentials="desk"))
