"""Sources in a chat: listed, tried, added, removed, and how they fare."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.commands.exchange import Action, Call
from bot.domain.model import FeedState, Origin
from bot.errors import FetchError, ParseError
from bot.ports import FeedRow, Response, SubscriptionRow
from bot.services.commands.context import Quotas
from tests.builders import NOW, at, entry
from tests.services.newsdesk import newsroom
from tests.services.people import GUEST, labels, pressed, said, somebody, texts

BBC = "https://bbc.example/rss"
ANN = somebody("Ann")
EVE = somebody("Eve", "slack:T2/C1")
BEN = somebody("Ben", rights=GUEST)
PAGE = b"""<html><head><link rel="alternate" type="application/rss+xml" title="World" href="/world.rss">
<link rel="alternate" type="application/atom+xml" href="https://feeds.bbc.example/all"></head></html>"""


@pytest.fixture
def room(store, clock):
    return newsroom(store, clock, quotas=Quotas(feeds=3, commands=1000))


def summits(number, **fields):
    return [
        entry(str(n), title=f"Summit {n}", published_at=at(hours=-6 * n), **fields) for n in range(number)
    ]


def answers(room, *entries, **response):
    """Have the next address that is read list some articles."""
    room.paper.print(*entries, **response)


def is_page(room, body=PAGE, url="https://bbc.example/news"):
    room.paper.answers.append(Response(url, body=body, content_type="text/html"))
    room.paper.fault = ParseError("This address answers with a web page, not with a feed.")


def announced(reply):
    return "".join(run.text for run in reply.announcement)


# ---------------------------------------------------------------- add


async def test_an_added_source_says_what_it_will_bring_and_everybody_hears_of_it(room):
    for name in ("A", "B", "C"):
        await room.watch("summit", f"slack:T1/{name}")
    answers(room, *summits(8))
    reply = await room.run("sources add", url="bbc.example/rss")
    assert texts(reply) == [
        "Reading “The Paper” from now on. +14 alerts a day in 3 channels.",
        "It lists 8 articles, the newest just now. Nothing published before now will be posted.",
    ]
    assert announced(reply) == "Ann added the source The Paper"
    [followed] = await room.store.registry.feeds(await room.here())
    assert (followed.feed.url, followed.origin, followed.added_by) == (BBC, Origin.CHAT, "Ann")
    assert followed.workspaces == (("slack", "T1"),)
    assert await room.store.registry.feeds(await room.here("slack:T2/C1")) == []


async def test_what_is_expected_counts_channels_that_can_be_seen_and_subscriptions_to_all_sources(room):
    await room.follow("https://other.example/rss", title="Other")
    await room.watch("summit", "slack:T1/A")
    await room.watch("summit", "slack:T1/SECRET")
    await room.watch("summit", "slack:T1/B", feeds=("https://other.example/rss",))
    await room.watch("summit", "slack:T2/C")
    room.chats["slack"].hidden["slack:T1/SECRET"] = {"Zoe"}
    answers(room, *summits(1), entry("x", published_at=at(days=-20)))
    assert "“The Paper” from now on. +1 alert a week." in said(await room.run("sources add", url=BBC))


@pytest.mark.parametrize(
    ("ages", "told"),
    [
        ([], "None of what it lists now would have brought an alert here."),
        ([None, None], "2 alerts from what it lists now."),
        ([1, 2, 40], "+2 alerts a day."),
        ([1, 100, 300], "+2 alerts a week."),
        ([300], "None of what it lists now would have brought an alert here."),
    ],
)
async def test_rates_are_told_as_far_as_the_dates_allow(room, ages, told):
    await room.watch("summit")
    dates = [None if age is None else room.clock.now() - (at(hours=age) - NOW) for age in ages]
    answers(room, *(entry(str(n), title="Summit", published_at=date) for n, date in enumerate(dates)))
    assert told in said(await room.run("sources test", url=BBC))


async def test_adding_can_be_undone_at_once(room):
    answers(room, *summits(1))
    added = await room.run("sources add", url=BBC)
    assert labels(added) == ["Undo"]
    undone = await room.press(added, "Undo")
    assert "“bbc.example” is no longer read here" in said(undone)
    assert undone.replaces
    assert await room.store.registry.feeds(await room.here()) == []
    assert said(await room.press(added, "Undo")) == "That source is not read here any more."


async def test_what_is_read_already_is_said_and_not_read_again(room):
    await room.follow(BBC, title="BBC")
    asked = len(room.paper.requests)
    assert said(await room.run("sources add", url="HTTPS://BBC.example/rss")) == "“BBC” is read here already."
    assert len(room.paper.requests) == asked


async def test_too_many_sources_are_refused_with_limit_use_and_remedy(room):
    for name in ("a", "b", "c"):
        answers(room, *summits(1))
        await room.run("sources add", url=f"https://{name}.example/rss")
    assert said(await room.run("sources add", url=BBC)) == (
        "The limit here is 3 sources, and 3 are in use. Remove one first (/news sources remove),"
        " or ask whoever runs newsbot for more."
    )
    answers(room, *summits(1))
    assert "from now on" in said(await room.run("sources add", EVE, url=BBC))


async def test_sources_that_are_added_at_the_same_moment_keep_to_the_limit(room):
    for _ in range(5):
        answers(room, *summits(1))
    urls = [f"https://{name}.example/rss" for name in "abcde"]
    found = await asyncio.gather(*(room.run("sources add", url=url) for url in urls))
    assert sum("The limit here is 3 sources, and 3 are in use." in said(one) for one in found) == 2
    assert len(await room.store.registry.feeds()) == 3


async def test_a_page_offers_its_feeds_as_buttons_also_after_a_restart(room):
    is_page(room)
    page = await room.run("sources add", url="bbc.example/news")
    assert texts(page) == [
        "bbc.example is a web page; it offers 2 feeds. Read which?",
        "1. World · https://bbc.example/world.rss",
        "2. feeds.bbc.example · https://feeds.bbc.example/all",
    ]
    assert labels(page) == ["1. World", "2. feeds.bbc.example"]
    room.paper.fault = None
    answers(room, *summits(1))
    assert "from now on" in said(await room.press(page, "2. feeds.bbc.example"))
    [followed] = await room.store.registry.feeds(await room.here())
    assert followed.feed.url == "https://feeds.bbc.example/all"


async def test_an_offer_is_of_its_workspace_only_and_holds_what_it_offered(room):
    is_page(room)
    page = await room.run("sources add", url="bbc.example/news")
    assert "more than a day old" in said(await room.press(page, "1. World", EVE))
    action = pressed(page, "1. World")
    for number in ("2", "-1", "x", "999", ""):
        forged = Action("addsource", (action.parts[0], number))
        assert "not on offer" in said(await room.press(forged))
    assert "not on offer" in said(await room.press(Action("addsource", (action.parts[0], "1", "2"))))


async def test_what_was_never_an_address_is_refused_when_it_is_pressed(room):
    draft = await room.run("search", query="x")
    await room.follow()
    await room.publish(*summits(1))
    search = await room.run("search", query="summit")
    [id] = pressed(search, "Subscribe to this").parts
    assert "not on offer" in said(await room.press(Action("addsource", (id, "0")))), draft


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (FetchError("bbc.example answered 404 (not found)", status=404), "Look on the publisher’s site"),
        (FetchError("bbc.example answered 401 (unauthorized)", status=401), "Ask whoever runs newsbot"),
        (FetchError("no address for bbc.example"), "No address for bbc.example. Check the address"),
        (
            FetchError("address not allowed: 10.0.0.1 is private"),
            "10.0.0.1 is private. newsbot reads public addresses only",
        ),
    ],
)
async def test_an_address_that_does_not_answer_is_not_added_and_says_what_to_do(room, fault, told):
    for command in ("sources add", "sources test"):
        room.paper.answers.append(fault)
        assert told in said(await room.run(command, url=BBC))
    assert await room.store.registry.feeds() == []


async def test_what_is_neither_a_feed_nor_offers_one_says_so(room):
    is_page(room, b"<html>hello")
    assert said(await room.run("sources add", url=BBC)) == (
        "This address answers with a web page, not with a feed."
    )
    assert "over http and https only" in said(await room.run("sources add", url="file:///etc/passwd"))


async def test_only_who_may_edit_adds_and_removes_but_everybody_may_test(room):
    id = await room.follow(BBC)
    for command, arguments in (("sources add", {"url": BBC}), ("sources remove", {"source": "News"})):
        assert "may change what everybody shares" in said(await room.run(command, BEN, **arguments))
    assert "may change" in said(await room.press(Action("dropsource", (str(id),)), by=BEN))
    answers(room, *summits(1))
    assert "can be read" in said(await room.run("sources test", BEN, url="https://x.example/rss"))


# ---------------------------------------------------------------- test


async def test_a_test_shows_the_newest_and_what_may_surprise_and_offers_to_read_it(room):
    room.paper.cut = True
    answers(room, *summits(5, body=""))
    reply = await room.run("sources test", url=BBC)
    assert texts(reply)[:5] == [
        "“The Paper” can be read.",
        "It lists 5 articles, the newest just now. None of what it lists now would have brought an alert here.",
        "Summit 0 · just now",
        "Summit 1 · 6 h ago",
        "Summit 2 · 12 h ago",
    ]
    assert "it has headlines only" in said(reply)
    assert "it lists more articles than are read" in said(reply)
    assert await room.store.registry.feeds() == []
    answers(room, *summits(1))
    assert "from now on" in said(await room.press(reply, "Read it from now on"))
    answers(room, *summits(1))
    again = await room.run("sources test", url=BBC)
    assert "It is read here already." in said(again)
    assert labels(again) == []


async def test_a_test_of_a_feed_without_dates_or_articles_or_a_title(room):
    answers(room, entry("1", title="Undated", published_at=None))
    reply = said(await room.run("sources test", url=BBC))
    assert "Undated\n" in reply
    assert "it does not say when its articles were published" in reply
    room.paper.title = ""
    answers(room)
    assert texts(await room.run("sources test", url=BBC))[:2] == [
        "“bbc.example” can be read.",
        "It lists 0 articles. None of what it lists now would have brought an alert here.",
    ]


async def test_a_test_of_a_page_offers_its_feeds(room):
    is_page(room)
    assert labels(await room.run("sources test", url="bbc.example/news")) == [
        "1. World",
        "2. feeds.bbc.example",
    ]


# ---------------------------------------------------------------- list and health


async def test_sources_are_listed_by_name_with_how_they_fare_and_page_by_page(room):
    assert "Nothing is read here yet" in said(await room.run("sources list"))
    for number in range(12):
        await room.follow(f"https://n{number}.example/rss", title=f"Paper {number:02}")
    answers(room, *summits(1))
    await room.run("sources add", url=BBC)
    first = await room.run("sources list")
    assert texts(first)[0] == "13 sources, 1 added here (the limit is 3)"
    assert texts(first)[1] == "bbc.example · bbc.example · not read yet · added by Ann"
    assert texts(first)[2] == "Paper 00 · n0.example · read 13 min ago"
    second = await room.press(first, "More")
    assert (len(texts(second)), labels(second)) == (4, ["Back"])
    assert texts(await room.press(second, "Back")) == texts(first)
    assert "Nothing is read" not in said(await room.run("sources list", EVE))
    assert "added by Ann" not in said(await room.run("sources list", EVE))


async def test_health_tells_of_those_that_fail_first_then_of_the_silent_ones(room):
    assert "Nothing is read here yet" in said(await room.run("sources health"))
    busy = await room.follow("https://busy.example/rss", title="Busy")
    quiet = await room.follow("https://quiet.example/rss", title="Quiet")
    broken = await room.follow("https://broken.example/rss", title="Broken")
    calm = await room.follow("https://calm.example/rss", title="Calm")
    now = room.clock.now
    await room.read(quiet, entry("q", published_at=now(), url="https://quiet.example/1"))
    room.clock.jump(9 * 86400)
    await room.read(calm, entry("c", published_at=now(), url="https://calm.example/1"))
    await room.read(
        busy, *(entry(str(n), url=f"https://busy.example/{n}", published_at=now()) for n in range(30))
    )
    state = FeedState(
        at(days=10),
        failures=3,
        error="broken.example answered 404 (not found).",
        failing_since=at(days=6),
        new_entry_at=at(days=5),
    )
    await room.store.schedule.record_state(broken, state)
    lines = texts(await room.run("sources health"))
    assert lines[0] == "4 sources, 1 source failing"
    assert lines[1].startswith(
        "“Broken” · failing for 3 days: broken.example answered 404 (not found), last article 4 days ago; again in"
    )
    assert lines[2] == "“Quiet” · answers, but brings nothing new, last article 1 May 2024"
    assert lines[3].startswith("“Busy” · ")
    assert " a day, last article " in lines[3]
    assert lines[4].startswith("“Calm” · 1 article in 7 days, last article ")
    await room.store.schedule.record_state(broken, FeedState(at(days=11), failures=1))
    assert "“Broken” · failing: it could not be read; again in" in said(await room.run("sources health"))
    await room.store.schedule.record_state(broken, FeedState(at(days=11)))
    assert "4 sources, all answer" in said(await room.run("sources health"))


async def test_health_goes_on_at_a_press(room):
    for number in range(11):
        await room.follow(f"https://n{number}.example/rss", title=f"Paper {number:02}")
    first = await room.run("sources health")
    second = await room.press(first, "More")
    assert (len(texts(second)), labels(second)) == (2, ["Back"])


# ---------------------------------------------------------------- remove


@pytest.mark.parametrize("typed", ["bbc", BBC, "bbc.example/rss", "bbc.example"])
async def test_a_source_is_removed_by_name_or_address_and_says_what_was_limited_to_it(room, typed):
    place = (("slack", "T1"),)
    await room.follow(BBC, origin=Origin.CHAT, title="BBC", workspaces=place)
    await room.watch("summit", "slack:T1/A", feeds=(BBC,))
    reply = await room.run("sources remove", source=typed)
    assert texts(reply) == [
        "“BBC” is no longer read here. What it brought can still be searched.",
        "1 subscription in #a was limited to it: nothing more is found there.",
    ]
    assert announced(reply) == "Ann removed the source BBC"
    assert await room.store.registry.feeds(await room.here()) == []


async def test_what_the_operator_offers_cannot_be_removed_in_a_chat(room):
    await room.follow(BBC, title="BBC")
    assert "offered here by whoever runs newsbot" in said(await room.run("sources remove", source="BBC"))
    feed = FeedRow("feed", "https://file.example/rss", Origin.FILE, "paper")
    row = SubscriptionRow(ANN.channel, "summit", Origin.FILE, "talks")
    await room.store.registry.apply_file([feed], [row], NOW)
    assert "offered here by whoever runs newsbot" in said(await room.run("sources remove", source="paper"))


@pytest.mark.parametrize("other", ["slack:T2/C1", "discord:G1/C1"])
async def test_another_workspace_neither_finds_nor_removes_a_source(room, other):
    id = await room.follow(BBC, origin=Origin.CHAT, title="BBC", workspaces=(("slack", "T1"),))
    eve = somebody("Eve", other)
    for typed in ("BBC", str(id), BBC):
        assert "No source here is called" in said(await room.run("sources remove", eve, source=typed))
    assert "not read here any more" in said(await room.press(Action("dropsource", (str(id),)), by=eve))
    assert "Nothing is read here yet" in said(await room.run("sources list", eve))
    assert len(await room.store.registry.feeds(await room.here())) == 1


async def test_the_names_of_sources_are_completed(room):
    await room.follow(BBC, title="BBC World")
    await room.follow("https://reuters.example/rss", title="Reuters")
    call = Call(ANN, "sources remove")
    assert [one.value for one in await room.desk.complete(call, "source", "bbc")] == ["BBC World"]
    assert len(await room.desk.complete(call, "source", "")) == 2
