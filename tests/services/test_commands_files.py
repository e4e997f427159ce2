"""Exporting and importing in a chat."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import Upload
from bot.domain.model import Mention, Origin, Subscription
from bot.domain.opml import read_opml
from bot.errors import StoreError
from bot.services.commands.context import Quotas
from tests.builders import mention
from tests.services.newsdesk import newsroom
from tests.services.people import GUEST, labels, said, somebody, texts

ANN = somebody("Ann")
BEN = somebody("Ben", rights=GUEST)
EVE = somebody("Eve", "slack:T2/C1")
LOL = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'


@pytest.fixture
def room(store, clock):
    return newsroom(store, clock, quotas=Quotas(feeds=3, subscriptions=4, commands=1000))


def opml(*urls, head=""):
    rows = "".join(f'<outline text="Paper {n}" xmlUrl="{url}"/>' for n, url in enumerate(urls, 1))
    return Upload("list.opml", f"{head}<opml version='2.0'><body>{rows}</body></opml>".encode())


def table(*rows, head="channel,query,feeds,mention"):
    return Upload("list.csv", "\n".join((head, *rows)).encode())


async def take(room, file, by=ANN):
    return await room.run("import", by, file=file)


def announced(reply):
    return "".join(run.text for run in reply.announcement)


async def watched(room, channel="slack:T1/C1") -> list[Subscription]:
    return list(await room.store.registry.subscriptions(await room.here(channel), paused=True))


# ---------------------------------------------------------------- export


async def test_sources_are_exported_as_opml_without_addresses_that_hold_a_secret(room):
    await room.follow("https://bbc.example/rss", title="BBC")
    await room.follow("https://paid.example/rss?token=s3cr3tsecret", title="Paid")
    reply = await room.run("export", what="sources")
    assert [one.url for one in read_opml(reply.file.content)] == ["https://bbc.example/rss"]
    assert reply.file.name == "newsbot-sources.opml"
    assert "1 source as OPML" in said(reply)
    assert "Left out: 1 whose addresses hold a secret." in said(reply)
    assert b"s3cr3t" not in reply.file.content
    await room.watch("summit", feeds=("https://paid.example/rss?token=s3cr3tsecret",))
    table = (await room.run("export", what="subscriptions")).file.content
    assert b"s3cr3t" not in table
    assert b"summit,Paid," in table


async def test_an_export_asks_which_when_that_was_left_out(room):
    await room.follow()
    await room.watch("summit")
    asked = await room.run("export")
    assert labels(asked) == ["Sources", "Subscriptions"]
    assert (await room.press(asked, "Sources")).file.name == "newsbot-sources.opml"
    assert (await room.press(asked, "Subscriptions")).file.name == "newsbot-subscriptions.csv"
    assert "not “passwords”" in said(await room.press("export/passwords"))


async def test_where_there_is_nothing_to_export_that_is_said(room):
    assert said(await room.run("export", what="sources")) == "There are no sources here to export."
    assert "Nothing is watched" in said(await room.run("export", what="subscriptions"))


async def test_subscriptions_are_exported_as_far_as_they_can_be_seen_and_come_back_the_same(room):
    await room.follow("https://bbc.example/rss", title="BBC")
    await room.watch("=WHO, summit", feeds=("https://bbc.example/rss",), mention=mention())
    paused = await room.watch("golf", "slack:T1/SPORT")
    await room.store.registry.pause(paused.id, await room.here(), ANN.person, room.clock.now())
    await room.watch("secret", "slack:T1/SECRET")
    await room.watch("other", "slack:T2/C1")
    room.chats["slack"].hidden["slack:T1/SECRET"] = {"Zoe"}
    reply = await room.run("export", what="subscriptions")
    assert said(reply) == "2 subscriptions of the channels that you can see."
    content = reply.file.content.decode()
    assert "secret" not in content.lower()
    assert "other" not in content
    assert "golf,,,Ann,2024-05-01,yes" in content
    before = await watched(room)
    for one in before:
        await room.store.registry.retire(one.id, await room.here(), ANN.person, room.clock.now())
    assert "Added 2 subscriptions in #c1 and #sport." in said(await take(room, reply.file))
    for old, new in zip(before[:2], await watched(room), strict=True):
        assert (new.channel, new.query, new.feeds, new.mention) == (
            old.channel,
            old.query,
            old.feeds,
            old.mention,
        )


# ---------------------------------------------------------------- sources


async def test_sources_are_imported_and_everybody_hears_of_it(room):
    await room.follow("https://bbc.example/rss")
    reply = await take(
        room, opml("https://bbc.example/rss", "a.example/rss", "https://a.example/rss", "file:///etc/passwd")
    )
    assert texts(reply)[:3] == [
        "Added 1 source. 2 sources are read already.",
        "Not taken:",
        "feed 4 (Paper 4): Feeds are read over http and https only, not file:.",
    ]
    assert announced(reply) == "Ann imported 1 source: Paper 2"
    [mine] = [one for one in await room.store.registry.feeds() if one.origin is Origin.CHAT]
    assert (mine.feed.url, mine.workspaces) == ("https://a.example/rss", (("slack", "T1"),))
    again = await take(room, opml("a.example/rss"))
    assert said(again) == "Added 0 sources. 1 source is read already."
    assert not again.announcement


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16"])
async def test_lists_are_recognised_in_every_charset(room, charset):
    text = "<?xml version='1.0'?><opml><body><outline xmlUrl='https://a.example'/></body></opml>"
    assert "Added 1 source." in said(await take(room, Upload("x", text.encode(charset))))


async def test_more_sources_than_the_quota_are_refused_as_a_whole(room):
    reply = await take(room, opml(*(f"https://n{n}.example/rss" for n in range(4))))
    assert said(reply).startswith("The limit here is 3 sources, 0 are in use, and this file has 4 new ones.")
    assert "Nothing was taken." in said(reply)
    assert await room.store.registry.feeds() == []


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (opml("https://a.example", head=LOL), "declares entities"),
        (Upload("x", b"<opml" + b"<a>" * 100_000), "not an OPML file"),
        (Upload("x", b"<html></html>"), "does not begin with <opml>"),
        (opml(), "lists no feed"),
        (Upload("x", b"<" + b"x" * 6_000_000), "lists of feeds may have"),
        (Upload("x", b"\x00\x01\x02"), "Its first line must name the columns"),
        (Upload("x", b""), "Its first line must name the columns"),
        ("x", "There was no file"),
    ],
)
async def test_hostile_and_foreign_files_are_refused_in_words(room, file, told):
    assert told in said(await take(room, file))
    assert await room.store.registry.feeds() == []


async def test_what_the_store_refuses_is_told_and_the_rest_is_taken(room, monkeypatch):
    follow = room.store.registry.follow

    async def fails_once(row, now, most):
        if "b.example" in row.url:
            raise StoreError("The database is locked.")
        return await follow(row, now, most)

    monkeypatch.setattr(room.store.registry, "follow", fails_once)
    reply = await take(room, opml("https://a.example", "https://b.example", "https://c.example"))
    assert "Added 2 sources." in said(reply)
    assert "https://b.example/: The database is locked." in said(reply)


# ---------------------------------------------------------------- subscriptions


async def test_subscriptions_are_imported_into_their_channels_which_hear_of_it(room):
    await room.follow("https://bbc.example/rss", title="BBC")
    await room.watch("summit", "slack:T1/WORLD")
    reply = await take(
        room,
        table("#world,Kim,BBC,group:S1:desk", ",golf", "slack:T1/C9,tennis", "#world,summit", ", golf "),
    )
    assert said(reply) == "Added 3 subscriptions in #world, #c1 and #c9. 2 subscriptions were there already."
    assert announced(reply) == "Ann imported 3 subscriptions"
    assert [one.channel for one in reply.announced_in] == ["WORLD", "C1", "C9"]
    [kim] = [one for one in await watched(room) if one.query == "Kim"]
    assert (kim.feeds_named, kim.mention) == (("https://bbc.example/rss",), Mention("group", "S1", "desk"))
    assert (kim.created_by, kim.created_by_id, kim.origin) == ("Ann", "U-ann", Origin.CHAT)


async def test_each_line_that_is_not_understood_is_named_and_the_rest_is_taken(room):
    room.chats["slack"].hidden["slack:T1/CLOSED99"] = {"Zoe"}
    room.chats["slack"].uncalled = {"boss"}
    rows = (
        '#c1,"""Kim"',
        "#nowhere,Kim",
        "slack:T2/C1,Kim",
        "CLOSED99,Kim",
        "console:x,Kim",
        "#c1,Kim,Nobody",
        "#c1,Kim,,everyone",
        "#c1,Kim,,person:1:boss",
        "#c1,",
        "<#C1|c1>,summit",
    )
    reply = await take(room, table(*rows))
    lines = texts(reply)[2].splitlines()
    assert texts(reply)[0] == "Added 1 subscription in #c1."
    places = [one.partition(":")[0] for one in lines]
    assert places == ["line 10", *(f"line {n}" for n in range(2, 10))]
    for told, found in zip(
        (
            "it has no query",
            "never closes",
            "knows no channel “#nowhere” yet, or several. Write its address, such as slack:T1/C1",
            "There is no such channel here",
            "There is no such channel here",
            "There is no such channel here",
            "No source here is called “Nobody”",
            "“everyone” mentions nobody",
            "could not mention @boss",
        ),
        lines,
        strict=True,
    ):
        assert told in found
    assert "Correct these and import the file again" in texts(reply)[3]
    assert [one.query for one in await watched(room)] == ["summit"]


async def test_of_many_faults_some_are_shown(room):
    reply = await take(room, table(*(['"#c1","""Kim"'] * 20)))
    assert texts(reply)[0] == "Added 0 subscriptions."
    assert len(texts(reply)[2].splitlines()) == 15
    assert "And 5 more." in texts(reply)
    assert not reply.announcement


async def test_more_subscriptions_than_the_quota_are_refused_as_a_whole(room):
    reply = await take(room, table(*(f",word{n}" for n in range(5))))
    assert "The limit here is 4 subscriptions, and 0 are in use. This would add 5." in said(reply)
    assert await watched(room) == []


async def test_a_subscription_that_the_store_refuses_is_told(room, monkeypatch):
    async def fails(rows, now, most):
        raise StoreError("The database is locked.")

    monkeypatch.setattr(room.store.registry, "subscribe_all", fails)
    assert "line 2: The database is locked." in said(await take(room, table(",Kim")))


async def test_channels_that_somebody_may_not_manage_are_left_alone(room):
    room.chats["slack"].elsewhere["Ann", "slack:T1/C99999999"] = GUEST
    reply = await take(room, table("C99999999,Kim", "C99999999,summit", ",golf"))
    assert said(reply).count("Here only full members (no guests) may manage the subscriptions") == 2
    assert [one.query for one in await watched(room)] == ["golf"]


async def test_an_import_touches_no_other_workspace(room):
    await room.watch("mine", "discord:G1/C1")
    for file in (table("slack:T1/C1,Kim", "discord:G1/C1,Kim"), table("#c1,Kim")):
        await take(room, file, EVE)
    assert await watched(room) == []
    assert [one.query for one in await watched(room, "discord:G1/C1")] == ["mine"]
    assert [one.query for one in await watched(room, "slack:T2/C1")] == ["Kim"]


async def test_who_may_not_edit_imports_nothing(room):
    for file in (opml("https://a.example"), table(",Kim"), None):
        arguments = {} if file is None else {"file": file}
        assert "may change what everybody shares" in said(await room.run("import", BEN, **arguments))
    assert await room.store.registry.feeds() == []


async def test_without_a_file_a_form_asks_for_one_and_takes_it(room):
    form = (await room.run("import")).form
    assert (form.action.verb, form.fields[0].kind) == ("import", "file")
    assert "Added 1 subscription" in said(await room.submit("import", file=table(",Kim")))
    assert "There was no file" in said(await room.submit("import"))


async def test_what_is_watched_by_another_name_is_there_already(room):
    await room.run("terms set", name="kim", query="Kim")
    await room.watch("@kim")
    assert "1 subscription was there already" in said(await take(room, table(",Kim")))


async def test_a_file_of_very_many_channels_or_mentions_does_not_use_up_the_platform(room, monkeypatch):
    monkeypatch.setattr("bot.services.commands.wishing.MOST_ASKED", 3)
    asked = []
    slack = room.chats["slack"]

    async def rights(person, channel):
        asked.append(channel)
        return GUEST

    async def may_mention(caller, channel, mention):
        asked.append(mention)
        return False

    monkeypatch.setattr(slack, "rights", rights)
    monkeypatch.setattr(slack, "may_mention", may_mention)
    rows = [f"C{number:08},x" for number in (1, 1, 2, 3, 4)]
    reply = await take(room, table(*rows))
    assert "line 5: Of one file 3 channels and mentions are looked up. Import it in parts." not in said(reply)
    assert "line 6: Of one file 3 channels and mentions are looked up. Import it in parts." in said(reply)
    assert len(asked) == 3
    asked.clear()
    reply = await take(room, table(*(f",x,,person:U{number}:x" for number in (1, 1, 2, 3, 4))))
    assert "line 5: Of one file 3 channels and mentions are looked up. Import it in parts." in said(reply)
    assert "line 3: You could not mention @x in that channel yourself" in said(reply)
    assert len(asked) == 2


async def test_a_mention_of_many_rows_is_asked_for_once(room, monkeypatch):
    asked = []

    async def may_mention(caller, channel, mention):
        asked.append(mention)
        return True

    monkeypatch.setattr(room.chats["slack"], "may_mention", may_mention)
    await take(room, table(*(f",word{number},,group:S1:desk" for number in range(4))))
    assert (len(asked), len(await watched(room))) == (1, 4)


async def test_a_secret_address_that_was_added_in_a_chat_is_handed_out_to_those_who_may_add_some_only(room):
    url = "https://paid.example/rss?token=S3CRET"
    await room.follow(url, title="Paid", origin=Origin.CHAT, workspaces=(("slack", "T1"),))
    await room.watch("summit", feeds=(url,))
    for what in ("sources", "subscriptions"):
        mine = await room.run("export", what=what)
        theirs = await room.run("export", somebody("Gus", rights=GUEST), what=what)
        assert b"S3CRET" in mine.file.content
        assert b"S3CRET" not in (theirs.file.content if theirs.file else b"")
