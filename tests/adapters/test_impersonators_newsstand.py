"""The feed server that the tests rely on: what it promises, seen from outside, also as a process of its own."""

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import feedparser
import psutil
import pytest

from tests.clock import FakeClock
from tests.impersonators import mishaps
from tests.impersonators.newsstand import ANY, Newsstand
from tests.impersonators.newsstand_apart import newsstand_apart
from tests.impersonators.papers import Item, write

FEED = "/feed.xml"
ARTICLE = Item(
    "Kim & Trump <meet>",
    "https://paper.example/1?a=1&b=2",
    "<p>In Hanoi</p>",
    datetime(2024, 5, 1, tzinfo=UTC),
    author="desk@paper.example (Ann)",
    section="World",
    id="tag:1",
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def stand(clock: FakeClock) -> AsyncIterator[Newsstand]:
    async with Newsstand(now=clock.now) as stand:
        stand.publish(FEED, b"<rss/>")
        yield stand


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


async def status(client, stand, **headers) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.get(stand.url(FEED), headers=named) as answer:
        return int(answer.status)


async def test_conditions_are_judged_as_http_says(clock, stand, client):
    async with client.get(stand.url(FEED)) as answer:
        etag, date = answer.headers["ETag"], answer.headers["Last-Modified"]
    assert await status(client, stand, If_None_Match=etag) == 304
    assert await status(client, stand, If_None_Match=f'"other", W/{etag}') == 304
    assert await status(client, stand, If_None_Match="*") == 304
    assert await status(client, stand, If_None_Match='"other"') == 200
    assert await status(client, stand, If_None_Match='"other"', If_Modified_Since=date) == 200
    assert await status(client, stand, If_Modified_Since=date) == 304
    assert await status(client, stand, If_Modified_Since="Wed, 01 May 2024 11:59:59 GMT") == 200
    assert await status(client, stand, If_Modified_Since="yesterday") == 200
    clock.jump(60)
    stand.publish(FEED, b"<rss/>")
    assert await status(client, stand, If_None_Match=etag) == 304
    stand.publish(FEED, b"<rss>new</rss>")
    assert await status(client, stand, If_None_Match=etag) == 200
    assert await status(client, stand, If_Modified_Since=date) == 200


async def test_headers_may_be_replaced_or_left_out(stand, client):
    stand.publish(
        FEED, b"<rss/>", headers={"ETag": "", "Last-Modified": "soon", "Cache-Control": "max-age=5"}
    )
    async with client.get(stand.url(FEED)) as answer:
        assert "ETag" not in answer.headers
        assert answer.headers["Last-Modified"] == "soon"
        assert answer.headers["Cache-Control"] == "max-age=5"


async def test_requests_are_recorded_with_their_time_and_headers(clock, stand, client):
    await status(client, stand, X_Who="me")
    clock.jump(5)
    await status(client, stand)
    first, second = stand.requests
    assert (first.method, first.path, first.headers["x-who"], first.status) == ("GET", FEED, "me", 200)
    assert (second.at - first.at).total_seconds() == 5
    assert first.connection == second.connection == 1


async def test_mishaps_come_in_order_and_end(stand, client):
    stand.misbehave(FEED, mishaps.answer(503, retry_after=9), times=2)
    stand.misbehave(FEED, mishaps.answer(500), times=1)
    assert [await status(client, stand) for _ in range(4)] == [503, 503, 500, 200]
    stand.misbehave(ANY, mishaps.answer(599))
    assert [await status(client, stand) for _ in range(2)] == [599, 599]
    stand.behave()
    assert await status(client, stand) == 200
    stand.withdraw(FEED)
    assert await status(client, stand) == 404


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_papers_are_read_as_they_were_meant(kind):
    feed = feedparser.parse(
        io.BytesIO(write(kind, "The Paper", [Item("First", "https://paper.example/0"), ARTICLE]))
    )
    assert not feed.bozo
    assert feed.feed.title == "The Paper"
    entry = feed.entries[0]
    assert entry.title == ARTICLE.title
    assert entry.link == ARTICLE.url
    assert entry.id == "tag:1"
    assert "In Hanoi" in entry.summary
    assert entry.published_parsed[:3] == (2024, 5, 1)
    assert entry.tags[0].term == "World"
    assert "Ann" in entry.author
    assert [entry.title for entry in feed.entries][1:] == ["First"]


def test_a_json_feed_holds_the_same():
    feed = json.loads(write("json", "The Paper", [ARTICLE]))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"] == [
        {
            "id": "tag:1",
            "url": ARTICLE.url,
            "title": ARTICLE.title,
            "content_html": ARTICLE.text,
            "date_published": "2024-05-01T00:00:00+00:00",
            "authors": [{"name": "desk@paper.example (Ann)"}],
            "tags": ["World"],
        }
    ]


async def test_a_stand_apart_takes_orders_and_ends_with_its_block(client):
    async with newsstand_apart() as stand:
        await stand.print(FEED, ARTICLE, kind="atom")
        await stand.print(FEED, Item("Second", "https://paper.example/2"), kind="atom")
        await stand.publish("/raw", "é".encode("latin-1"), "text/plain")
        await stand.misbehave(FEED, mishap="answer", status=503, times=1)
        assert await status(client, stand) == 503
        async with client.get(stand.url(FEED)) as answer:
            assert [entry.title for entry in feedparser.parse(io.BytesIO(await answer.read())).entries] == [
                "Second",
                ARTICLE.title,
            ]
        async with client.get(stand.url("/raw")) as answer:
            assert await answer.read() == b"\xe9"
        await stand.misbehave(FEED, mishap="cut")
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await status(client, stand)
        await stand.behave()
        assert await status(client, stand) == 200
        seen = await stand.requests()
        # aiohttp itself asks twice where a connection is cut.
        assert [request["status"] for request in seen] == [503, 200, 200, None, None, 200]
        assert datetime.fromisoformat(seen[0]["at"]).tzinfo
        assert stand.port == int(stand.url("").rsplit(":")[-1])
        pid = stand.pid
    assert not psutil.pid_exists(pid)
