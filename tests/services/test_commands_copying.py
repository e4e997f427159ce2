"""`copy`: one channel watches what another does."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.commands.exchange import Mention
from bot.domain.message import plain
from bot.domain.model import Origin
from bot.services.commands import copying
from bot.services.commands.context import Quotas
from tests.services.managing import HERE, Room, address
from tests.services.people import GUEST, said, somebody, texts

DESK = Mention("group", "S1", "desk")
TWO = "slack:T1/C2"


@pytest.fixture
def room(store, clock):
    return Room(store, clock)


async def copy(room, source=HERE, target=TWO, by=None):
    return await room.run("copy", by, from_=source, to=target)


async def test_what_one_channel_watches_is_added_to_the_other(room):
    bbc = await room.follow("https://bbc.example/rss", name="bbc")
    await room.watch("Kim", feeds=("bbc",), mention=DESK)
    await room.declare("golf")
    reply = await copy(room)
    assert texts(reply) == ["Copied 2 subscriptions from #c1 to #c2."]
    assert plain(reply.announcement) == "Ann copied 2 subscriptions to this channel"
    assert reply.announced_in == (address(TWO),)
    kim, golf = await room.watched(TWO)
    assert (kim.query, kim.feeds, kim.mention, kim.created_by) == ("Kim", {bbc}, DESK, "Ann")
    assert (golf.query, golf.origin, golf.channel.name) == ("golf", Origin.CHAT, "c2")
    assert len(await room.watched()) == 2


async def test_what_is_left_out_is_told_with_its_reason(room):
    await room.follow("https://x.example/rss", name="hidden", workspaces=(("slack", "T2"),))
    await room.follow("https://y.example/rss", name="seen", workspaces=(("slack", "T1"),))
    for query in ("Kim", "summit", "golf", "tennis"):
        await room.watch(query)
    await room.watch("unseen", feeds=("hidden",), origin=Origin.CLI)
    both = await room.watch("half", feeds=("hidden", "seen"), origin=Origin.CLI)
    await room.run("pause", subscription="golf")
    await room.watch("Kim", TWO)
    await room.watch("summit", TWO)
    reply = await copy(room)
    assert texts(reply) == [
        "Copied 2 subscriptions from #c1 to #c2.",
        "“Kim” and “summit”: watched there already.",
        "“golf”: paused, so not copied.",
        "“unseen”: limited to sources that are not read here, so not copied.",
    ]
    half = (await room.watched(TWO))[-1]
    assert half.query == "half"
    assert len(half.feeds) == 1
    assert half.feeds < both.feeds


async def test_copying_twice_adds_nothing_and_announces_nothing(room):
    await room.watch("Kim")
    await copy(room)
    again = await copy(room)
    assert texts(again) == ["Copied 0 subscriptions from #c1 to #c2.", "“Kim”: watched there already."]
    assert again.announcement == ()
    assert await room.queries(TWO) == ["Kim"]


async def test_a_mention_that_could_not_be_made_there_is_left_out(room):
    await room.watch("Kim", mention=DESK)
    room.chats["slack"].uncalled.add("desk")
    assert texts(await copy(room))[1] == "“Kim”: copied without the mention, which you could not make there."
    assert (await room.watched(TWO))[0].mention is None


async def test_what_cannot_be_copied_is_said(room):
    assert texts(await copy(room)) == ["#c1 watches nothing that could be copied."]
    assert texts(await copy(room, HERE, HERE)) == ["Name two different channels, as in: copy #world #europe"]
    assert "copy needs two channels" in said(await room.run("copy", from_=HERE))


async def test_a_channel_that_newsbot_cannot_post_to_is_not_copied_to(room):
    await room.watch("Kim")
    room.chats["slack"].closed[TWO] = ("I'm not a member of #c2", "Type /invite @newsbot there")
    assert texts(await copy(room)) == [
        "I'm not a member of #c2. Type /invite @newsbot there, then give the command again."
    ]
    assert await room.watched(TWO) == []


async def test_one_must_see_the_one_channel_and_manage_the_other(room):
    await room.watch("Kim")
    ben = somebody("Ben", "slack:T1/C3")
    room.chats["slack"].hidden[HERE] = {"Ann"}
    assert "no such channel" in said(await copy(room, by=ben))
    room.chats["slack"].hidden.clear()
    room.chats["slack"].elsewhere["Ben", TWO] = GUEST
    assert "Here only full members" in said(await copy(room, by=ben))
    assert await room.watched(TWO) == []


async def test_a_copy_that_would_not_fit_is_refused_as_a_whole(room):
    room.parts["quotas"] = Quotas(subscriptions=3, commands=1000)
    await room.watch("Kim")
    await room.watch("summit")
    assert "2 are in use. This would add 2." in said(await copy(room))
    assert await room.watched(TWO) == []


async def test_a_platform_that_newsbot_cannot_ask_is_not_asked(room):
    """The console in a program without one: there is nothing that could keep it from printing."""
    await room.watch("Kim", "console:world")
    ann = somebody("Ann", "console:world")
    assert texts(await copy(room, "console:world", "console:europe", ann)) == [
        "Copied 1 subscription from #world to #europe."
    ]


async def test_others_have_their_turn_while_many_are_copied(room):
    for number in range(60):
        await room.watch(f"word{number} AND (summit OR kim OR trump)")
        await room.watch(f"word{number} AND (rome OR paris OR oslo)", "slack:T1/C2")
    turns = 0

    async def count_turns():
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    parsed = 0
    whole = copying.parse_query

    def parse(*args):
        nonlocal parsed
        parsed += 1
        return whole(*args)

    others = asyncio.create_task(count_turns())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copying, "parse_query", parse)
        reply = await room.run("copy", from_="slack:T1/C1", to="slack:T1/C2")
    others.cancel()
    assert "Copied 60 subscriptions" in said(reply)
    assert parsed == 120  # each once, not each with each
    assert turns > 120


async def test_what_rests_on_a_term_that_has_gone_is_known_by_its_words(room):
    await room.watch("summit")
    broken = await room.watch("kim", "slack:T1/C2")
    there = await copying._asked_for([replace(broken, query="@gone AND summit")])
    assert there == {"@gone AND summit"}
