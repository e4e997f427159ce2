"""`newsbot check` as a service: everything is tried, nothing is posted, and every fault has a remedy."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import pytest

from bot.chat.console import ConsoleChat
from bot.domain.model import ChannelAddress, Entry, Feed, Origin, ParsedFeed
from bot.errors import FetchError, ParseError
from bot.ports import FeedRow, Request, Response, SubscriptionRow
from bot.services.checkup import Checkup, Declared
from bot.stores import open_store
from tests.builders import NOW, at, entry, state
from tests.clock import FakeClock

WIRE = "https://wire.example/feed"


class Plain:
    """A source that asks for a feed's address with everything the feed knows."""

    kind = "feed"

    def request(self, feed: Feed) -> Request:
        return Request(feed.address, feed.state.etag, feed.state.last_modified, feed.credentials)

    def parse(self, body, content_type, url, known):
        raise AssertionError("parsing belongs to the parser")


@dataclass
class Wire:
    """Fetcher and parser in one: answers what it was told, and keeps what it was asked."""

    trouble: Exception | None = None
    entries: tuple[Entry, ...] = ()
    cut: bool = False
    asked: list[Request] = field(default_factory=list)

    async def fetch(self, request: Request) -> Response:
        self.asked.append(request)
        if isinstance(self.trouble, FetchError):
            raise self.trouble
        return Response(request.url, body=b"x")

    async def parse(self, kind, response, known):
        if self.trouble:
            raise self.trouble
        return ParsedFeed(self.entries, tuple(range(len(self.entries))), cut=self.cut)


@pytest.fixture
async def store(tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/news.db", None) as store:
        yield store


@pytest.fixture
def check(store):
    """Run a checkup and return its results by subject."""

    async def check(wire=None, declared=None, chats=None):
        wire = wire or Wire()
        checkup = Checkup(store, chats or {}, {"feed": Plain()}, wire, wire, FakeClock())
        return await checkup.run(declared or Declared())

    return check


def row(url=WIRE, **fields):
    return FeedRow("feed", url, Origin.FILE, **fields)


async def test_a_feed_of_which_not_all_is_read_says_so(check):
    wire = Wire(entries=(entry("1", published_at=None),), cut=True)
    (_, feed) = await check(wire, Declared([row(name="Wire")]))
    assert feed.ok
    assert feed.detail == "1 article (it lists more; no more are read)"


async def test_the_database_says_what_is_in_it(check):
    (database,) = await check()
    assert database.subject == "database"
    assert database.ok
    assert database.detail.endswith(", 0 articles")


async def test_a_feed_that_can_be_read_says_what_is_in_it(check):
    wire = Wire(entries=(entry("1", published_at=at(hours=-2)), entry("2", published_at=None)))
    (_, feed) = await check(wire, Declared([row(name="Wire")]))
    assert feed.ok
    assert feed.detail == "2 articles, the newest 2 h ago"
    assert feed.facts == {"name": "Wire", "url": WIRE}


async def test_a_feed_without_dates_says_how_much_is_in_it(check):
    (_, feed) = await check(Wire(entries=(entry("1", published_at=None),)), Declared([row()]))
    assert feed.detail == "1 article"


async def test_a_feed_is_tried_once_although_file_and_store_name_it(check, store):
    await store.registry.apply_file([row(name="Wire")], [], NOW)
    wire = Wire()
    results = await check(wire, Declared([row(name="Wire"), row("https://other.example/")]))
    assert [result.facts["name"] for result in results[1:]] == ["Wire", "https://other.example/"]
    assert [request.url for request in wire.asked] == [WIRE, "https://other.example/"]


async def test_a_feed_is_asked_afresh_and_where_it_moved_to(check, store):
    await store.registry.apply_file([row(name="Wire", credentials="WIRE_LOGIN")], [], NOW)
    (followed,) = await store.registry.feeds()
    moved = state(etag='"1"', last_modified="x", redirect_url="https://new.example/", redirect_count=3)
    await store.schedule.record_state(followed.feed.id, moved)
    wire = Wire()
    await check(wire)
    assert wire.asked == [Request("https://new.example/", credentials="WIRE_LOGIN")]


async def test_a_failing_feed_says_since_when_and_what_came_last(check, store):
    await store.registry.apply_file([row(name="Wire")], [], NOW)
    (followed,) = await store.registry.feeds()
    failing = state(failing_since=at(days=-3), failures=9, error="answered 404", new_entry_at=at(days=-40))
    await store.schedule.record_state(followed.feed.id, failing)
    (_, feed) = await check(Wire(FetchError("answered 404.", status=404)))
    assert not feed.ok
    assert feed.detail == "answered 404; failing for 3 days; last article 22 March 2024"


@pytest.mark.parametrize(
    ("trouble", "remedy"),
    [
        (FetchError("answered 401", status=401), "Name a login"),
        (FetchError("answered 403", status=403, permanent=True), "Name a login"),
        (FetchError("answered 410", status=410, permanent=True), "Look for its new address"),
        (FetchError("the address is not allowed", permanent=True), "Correct the address"),
        (FetchError("answered 503", status=503), "newsbot keeps trying; the publisher"),
        (FetchError("did not answer within 20 s"), "newsbot keeps trying; if it stays so"),
        (ParseError("not a feed"), "is it a feed, or a web page?"),
    ],
)
async def test_every_trouble_of_a_feed_has_its_remedy(check, trouble, remedy):
    (_, feed) = await check(Wire(trouble), Declared([row()]))
    assert not feed.ok
    assert feed.detail == str(trouble)
    assert remedy in feed.remedy


async def test_feeds_that_are_all_silent_point_to_the_connection(check):
    rows = Declared([row(), row("https://other.example/")])
    silent = await check(Wire(FetchError("no address for it")), rows)
    assert {result.remedy for result in silent[1:]} == {
        "Not one of the feeds answers: is this machine connected to the internet?"
    }
    refused = await check(Wire(FetchError("answered 503", status=503)), rows)
    assert "connected" not in refused[1].remedy


async def test_a_feed_of_an_unknown_kind_is_not_asked_for(check):
    wire = Wire()
    (_, feed) = await check(wire, Declared([FeedRow("gopher", WIRE, Origin.FILE)]))
    assert not feed.ok
    assert feed.detail == "of an unknown kind, gopher"
    assert feed.remedy == "Known kinds: feed"
    assert wire.asked == []


async def test_platforms_are_asked_about_declared_and_stored_channels_each_once(check, store):
    stored = ChannelAddress.parse("console:world")
    await store.registry.subscribe(SubscriptionRow(stored, "kim", Origin.CLI), NOW)
    said = io.StringIO()
    console = {"console": ConsoleChat(FakeClock(), said, {})}
    results = await check(
        chats=console, declared=Declared(channels=[stored, ChannelAddress.parse("console:asia")])
    )
    assert [result.subject for result in results] == ["database", "console", "console:world", "console:asia"]
    assert said.getvalue() == ""


async def test_a_platform_without_channels_is_tried_all_the_same(check):
    results = await check(chats={"console": ConsoleChat(FakeClock(), io.StringIO(), {})})
    assert [result.subject for result in results] == ["database", "console"]


@pytest.mark.parametrize(
    ("channel", "remedy"),
    [
        (
            "slack:T1/C1",
            "Set SLACK_BOT_TOKEN in the environment, leave chat.slack.enabled on, and start newsbot again",
        ),
        (
            "discord:1/2",
            "Set DISCORD_TOKEN in the environment, leave chat.discord.enabled on, and start newsbot again",
        ),
        ("irc:net/chan", "There is no such platform: correct the subscription's channel"),
        ("console:world", "Set chat.console.enabled to true, and start newsbot again"),
    ],
)
async def test_a_channel_on_a_platform_that_is_not_connected_is_a_fault(check, channel, remedy):
    (_, platform) = await check(declared=Declared(channels=[ChannelAddress.parse(channel)]))
    assert platform.subject == channel.partition(":")[0]
    assert not platform.ok
    assert platform.detail == "1 channel there, but newsbot is not connected to it"
    assert platform.remedy == remedy


async def test_nothing_is_stored(check, store):
    await check(Wire(entries=(entry("1"),)), Declared([row()]))
    assert await store.registry.feeds() == []
    assert (await store.upkeep.stats()).articles == 0
