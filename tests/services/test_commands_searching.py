"""Searching and previewing in a chat."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import Action, Call, Press
from bot.domain.commands.typed import read_typed
from bot.domain.model import ChannelAddress, Origin
from bot.ports import FeedRow
from bot.services.commands.desk import NewsDesk
from bot.services.commands.handlers import HANDLERS
from bot.stores import open_store
from tests.builders import NOW, at, entry
from tests.clock import FakeClock
from tests.services.people import labels, office, platforms, pressed, said, somebody, texts
from tests.stocked import stock

RSS = "https://news.example/rss"
BOTH = ("slack:T1/C1", "discord:G1/C1")
ANN = somebody("Ann")
KIM = "North Korean leader Kim Jong Un spoke. Nobody else did."


@pytest.fixture
async def store(tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/news.db", None) as store:
        yield store


@pytest.fixture
def context(store):
    return office(store, FakeClock(), platforms())


@pytest.fixture
def desk(context) -> NewsDesk:
    return NewsDesk(context, HANDLERS)


async def run(desk, command, caller=ANN, **arguments):
    return await desk.run(Call(caller, command, arguments))


async def press(desk, reply, label, caller=ANN):
    return await desk.press(Press(caller, pressed(reply, label)))


def summits(number):
    return [entry(str(n), title=f"Summit number {n}", body=f"Talks {n} were held.") for n in range(number)]


# ---------------------------------------------------------------- searching


async def test_a_search_shows_the_newest_first_with_the_sentence_and_the_link(desk, store):
    await stock(store, entry("1", title="Old summit", body="x"), entry("2", title="Report", body=KIM))
    reply = await run(desk, "search", query="Kim Jong Un, summit")
    assert texts(reply) == [
        "2 articles with the phrase “Kim Jong Un” or the word “summit”, newest first",
        "Report · News · just now",
        "North Korean leader Kim Jong Un spoke.",
        "Old summit · News · just now",
        "x",
    ]
    assert reply.lines[1].url == "https://news.example/2"
    assert [run.text for run in reply.lines[2].text if run.marked] == ["Kim Jong Un"]
    assert labels(reply) == ["Subscribe to this"]
    assert not reply.shared


async def test_pages_lead_to_older_articles_and_back_in_the_same_message(desk, store):
    await stock(store, *summits(12))
    first = await run(desk, "search", query="summit")
    assert texts(first)[0] == "The newest 5 articles with the word “summit”"
    assert labels(first) == ["Older", "Subscribe to this"]
    second = await press(desk, first, "Older")
    assert labels(second) == ["Newer", "Older", "Subscribe to this"]
    third = await press(desk, second, "Older")
    assert labels(third) == ["Newer", "Subscribe to this"]
    assert [texts(page)[1].split(" · ")[0] for page in (first, second, third)] == [
        "Summit number 11",
        "Summit number 6",
        "Summit number 1",
    ]
    assert texts(third)[0] == "Older: 2 articles with the word “summit”"
    assert (await press(desk, second, "Newer")).lines == first.lines
    assert (await press(desk, third, "Newer")).lines == second.lines
    assert not first.replaces
    assert second.replaces


async def test_words_without_a_command_are_searched_for_and_offered_as_a_subscription(desk, store, context):
    await stock(store, entry("1", title="Report", body=KIM))
    typed = read_typed("Kim Jong Un")
    assert typed.searched
    reply = await run(desk, typed.command.name, **typed.values)
    assert "1 article with the phrase “Kim Jong Un”" in said(reply)
    action = pressed(reply, "Subscribe to this")
    here = await context.workspace(ANN.channel)
    draft = await store.frontdesk.draft(action.parts[0], here.id, NOW)
    assert (action.verb, draft.query, draft.channels) == ("draft", "Kim Jong Un", (ANN.channel,))
    assert draft.by == ANN.person


async def test_what_was_searched_for_can_be_subscribed_to_at_two_presses(desk, store):
    await stock(store, *summits(3))
    found = await run(desk, "search", query="summit")
    offered = await press(desk, found, "Subscribe to this")
    assert "the word “summit”" in said(offered)
    await press(desk, offered, "Confirm")
    [watched] = await store.registry.subscriptions()
    assert (watched.query, watched.channel.address, watched.created_by) == ("summit", ANN.channel, "Ann")


async def test_reading_on_is_possible_after_subscribing(desk, store, context):
    await stock(store, *summits(6))
    reply = await run(desk, "search", query="summit")
    here = await context.workspace(ANN.channel)
    draft = pressed(reply, "Subscribe to this").parts[0]
    await store.frontdesk.take_draft(draft, here.id, NOW)
    assert "Summit number 0" in said(await press(desk, reply, "Older"))


async def test_what_only_a_search_can_use_is_not_offered_as_a_subscription(desk, store):
    await stock(store, *summits(1))
    reply = await run(desk, "search", query="summit after:2d")
    assert "Summit number 0" in said(reply)
    assert labels(reply) == []


async def test_a_search_that_finds_nothing_says_how_much_was_searched_and_what_to_try(desk, store):
    await stock(store, entry("1", title="Kim and Un", body="Jong"), entry("2"))
    reply = await run(desk, "search", query="Kim Un")
    assert texts(reply)[0] == "No article with the phrase “Kim Un”. Searched 2 articles."
    assert "Kim AND Un" in texts(reply)
    assert labels(reply) == ["Subscribe to this"]


async def test_a_mistyped_command_is_recognised_where_nothing_is_found(desk, store):
    await stock(store, entry("1"))
    assert "If you meant the command: /news subscribe" in said(
        await run(desk, "search", query="subscibe Kim")
    )
    assert "terms list, terms set, terms remove" in said(await run(desk, "search", query="terms add kim"))
    assert "meant the command" not in said(await run(desk, "search", query="zebra"))
    assert "meant the command" not in said(await run(desk, "search", query="status zebra"))


async def test_an_empty_store_says_where_articles_come_from(desk):
    for command in ("search", "preview"):
        reply = await run(desk, command, query="Kim")
        assert "No articles are stored here yet" in said(reply)
        assert "sources add" in said(reply)
        assert labels(reply) == []


async def test_a_search_among_many_that_do_not_match_goes_on_when_asked(desk, store, monkeypatch):
    await stock(store, *(entry(str(n), title="Jong Kim Un" if n else "Kim Jong Un") for n in range(9)))
    monkeypatch.setattr("bot.services.commands.searching.MOST_READ", 5)
    reply = await run(desk, "search", query="Kim Jong Un")
    assert "Older looks further" in said(reply)
    assert "1 article" in said(await press(desk, reply, "Older"))


@pytest.mark.parametrize("where", BOTH)
async def test_another_workspace_finds_neither_the_articles_nor_the_pages(desk, store, where):
    await stock(store, *summits(6))
    await store.registry.unfollow("1", NOW)
    team = ChannelAddress.parse(where)
    row = FeedRow("feed", RSS, Origin.CHAT, workspaces=((team.platform, team.workspace),))
    await store.registry.follow(row, at(days=-1))
    ann, eve = somebody("Ann", where), somebody("Eve", where.replace("1/C", "2/C"))
    found = await run(desk, "search", ann, query="summit")
    assert "Older" in labels(found)
    assert "No articles are stored here yet" in said(await run(desk, "search", eve, query="summit"))
    assert "more than a day old" in said(await press(desk, found, "Older", eve))


async def test_forged_pages_are_refused_in_words(desk):
    for written in ("search", "search/x/!", "search/é"):
        reply = await desk.press(Press(ANN, Action.parse(written)))
        assert len(texts(reply)) == 1
        assert "Give the command again" in said(reply)


# ---------------------------------------------------------------- previewing


async def test_a_preview_counts_days_and_words_and_shows_samples(desk, store):
    await stock(
        store,
        entry("1", title="Summit opens", body="In Singapore.", published_at=at(days=-1)),
        entry("2", title="Report", body=KIM),
        entry("3", title="Summit goes on", body="Still."),
    )
    reply = await run(desk, "preview", query="Kim Jong Un, summit")
    lines = texts(reply)
    assert lines[0] == "3 stories with the phrase “Kim Jong Un” or the word “summit” in the last 7 days"
    assert lines[1] == "1 with “Kim Jong Un”, 2 with “summit”"
    days = lines[2].splitlines()
    assert (len(days), days[-2:]) == (7, ["Tue 30     1 ▇", "Wed  1     2 ▇▇"])
    assert "Summit goes on · News · just now" in lines
    assert labels(reply) == ["Subscribe to this"]


async def test_a_preview_of_nothing_says_so_and_advises(desk, store):
    await stock(store, entry("1", title="Kim and Un", body="Jong"))
    reply = await run(desk, "preview", query="Kim Un")
    assert texts(reply)[0].startswith("0 stories with the phrase “Kim Un”")
    assert "Kim AND Un" in texts(reply)


async def test_a_preview_that_could_not_read_everything_says_so(desk, store, monkeypatch):
    await stock(store, *summits(9))
    monkeypatch.setattr("bot.services.commands.searching.MOST_READ", 5)
    assert "Counted over the newest 5 articles" in said(await run(desk, "preview", query="summit"))


async def test_a_query_that_cannot_be_read_is_shown_with_the_fault(desk):
    for command in ("search", "preview"):
        assert "I can’t read this query" in said(await run(desk, command, query='"Kim'))


async def test_advice_without_a_correction_is_given_by_itself(desk, store):
    await stock(store, entry("1", title="summit"))
    await stock(
        store, *(entry(f"x{n}", title="summit summit") for n in range(220)), url="https://x.example/rss"
    )
    reply = await run(desk, "preview", query="title:summit")
    notes = [text for text in texts(reply) if text.startswith("Note: ")]
    assert any("stands in 100% of all articles" in note for note in notes)
