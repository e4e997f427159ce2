"""What every Fetcher owes: the promises of the port, kept against a real HTTP server."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.errors import FetchError
from bot.fetch.http import HttpFetcher
from bot.fetch.rules import FetchRules
from bot.ports import Fetcher, Request
from tests.clock import FakeClock
from tests.impersonators import mishaps
from tests.impersonators.newsstand import Newsstand
from tests.impersonators.papers import Item

FEED = "/world.xml"
ARTICLE = Item("Kim meets Trump", "https://paper.example/1")


@pytest.fixture
async def stand() -> AsyncIterator[Newsstand]:
    async with Newsstand() as stand:
        stand.print(FEED, ARTICLE)
        yield stand


@pytest.fixture(params=["http"])
async def fetcher(stand: Newsstand) -> AsyncIterator[Fetcher]:
    rules = FetchRules(
        timeout_s=0.5, per_host_gap_s=0, allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,)
    )
    async with HttpFetcher(rules, FakeClock(auto=True)) as fetcher:
        yield fetcher


async def test_a_document_comes_with_its_type_its_address_and_its_validators(stand, fetcher):
    response = await fetcher.fetch(Request(stand.url(FEED)))
    assert b"Kim meets Trump" in response.body
    assert response.content_type == "application/rss+xml; charset=utf-8"
    assert response.url == stand.url(FEED)
    assert not response.not_modified
    assert response.etag.startswith('"')
    assert response.last_modified.endswith("GMT")
    assert response.max_age_s is None
    assert response.moved_to is None


async def test_an_unchanged_document_is_not_sent_again(stand, fetcher):
    first = await fetcher.fetch(Request(stand.url(FEED)))
    again = Request(stand.url(FEED), etag=first.etag, last_modified=first.last_modified)
    second = await fetcher.fetch(again)
    assert second.not_modified
    assert second.body == b""
    assert (second.etag, second.last_modified) == (first.etag, first.last_modified)
    stand.print(FEED, Item("Second summit", "https://paper.example/2"))
    assert b"Second summit" in (await fetcher.fetch(again)).body
    assert [seen.status for seen in stand.requests] == [200, 304, 200]


async def test_the_validators_survive_a_304_that_does_not_repeat_them(stand, fetcher):
    stand.misbehave(FEED, mishaps.answer(304))
    response = await fetcher.fetch(Request(stand.url(FEED), etag='"a"', last_modified="yesterday"))
    assert (response.etag, response.last_modified) == ('"a"', "yesterday")


async def test_what_a_server_says_of_freshness_is_passed_on(stand, fetcher):
    stand.publish(FEED, b"<rss/>", headers={"Cache-Control": "public, max-age=600", "ETag": '"a"'})
    assert (await fetcher.fetch(Request(stand.url(FEED)))).max_age_s == 600
    assert (await fetcher.fetch(Request(stand.url(FEED), etag='"a"'))).max_age_s == 600


async def test_a_feed_that_moved_for_good_says_where_to(stand, fetcher):
    stand.misbehave("/a", mishaps.redirect("/b", 308))
    stand.misbehave("/b", mishaps.redirect(FEED, 301))
    response = await fetcher.fetch(Request(stand.url("/a")))
    assert response.url == response.moved_to == stand.url(FEED)


@pytest.mark.parametrize("statuses", [(301, 302), (302, 301), (307, 308), (308, 303)])
async def test_one_temporary_redirect_leaves_the_feed_where_it_is(stand, fetcher, statuses):
    stand.misbehave("/a", mishaps.redirect("/b", statuses[0]))
    stand.misbehave("/b", mishaps.redirect(FEED, statuses[1]))
    response = await fetcher.fetch(Request(stand.url("/a")))
    assert response.url == stand.url(FEED)
    assert response.moved_to is None


@pytest.mark.parametrize("status", [204, 206, 300, 304, 400, 401, 404, 410, 429, 500, 503, 599])
async def test_anything_but_a_document_raises_with_its_status(stand, fetcher, status):
    stand.misbehave(FEED, mishaps.answer(status))
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(Request(stand.url(FEED)))
    assert caught.value.status == status
    assert caught.value.permanent == (status == 410)
    assert f"127.0.0.1 answered {status}" in caught.value.reason


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_the_wait_that_a_server_asks_for_is_passed_on(stand, fetcher, status):
    stand.misbehave(FEED, mishaps.answer(status, retry_after=120))
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(Request(stand.url(FEED)))
    assert caught.value.retry_after_s == 120


async def test_a_wait_may_be_a_date(stand):
    clock = FakeClock(auto=True)
    at = (clock.now() + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    stand.misbehave(FEED, mishaps.answer(503, retry_after=at))
    rules = FetchRules(allowed_networks=("127.0.0.0/8",), extra_ports=(stand.port,))
    async with HttpFetcher(rules, clock) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(Request(stand.url(FEED)))
    assert caught.value.retry_after_s == 90


@pytest.mark.parametrize(
    "mishap",
    [
        mishaps.hang(),
        mishaps.cut(),
        mishaps.reset(),
        mishaps.raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
        mishaps.raw(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"),
        mishaps.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        mishaps.lying_length(b"<rss/>", 5000),
        mishaps.reset(after=mishaps.head(200, {"Content-Length": "5000"}) + b"<rss>"),
        mishaps.packed("gzip", b"<rss/>"),
        mishaps.packed("br", b"\xff" * 100),
        mishaps.packed("zstd", b"<rss/>"),
        mishaps.redirect("http://["),
        mishaps.redirect("\udcff\udcfe"),
    ],
)
async def test_no_misbehaviour_raises_anything_but_fetch_error(stand, fetcher, mishap):
    stand.misbehave(FEED, mishap)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(Request(stand.url(FEED + "?token=sesame")))
    assert caught.value.status is None
    assert "sesame" not in _everything_about(caught.value)
    stand.behave()
    assert (await fetcher.fetch(Request(stand.url(FEED)))).body


def _everything_about(error: BaseException | None) -> str:
    return f"{error!r} {_everything_about(error.__cause__ or error.__context__)}" if error else ""
