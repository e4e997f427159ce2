"""Confirm and Post a sample here, once however often they are pressed, and within quotas."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.commands.exchange import Mention
from bot.domain.message import Run, plain
from bot.domain.model import Draft, Origin
from bot.errors import ChatError
from bot.ports import Retention, TermRow
from bot.services.commands.context import Quotas
from tests.services.managing import HERE, Room, address
from tests.services.people import labels, said, somebody, texts

DESK = Mention("group", "S1", "desk")


@pytest.fixture
def room(store, clock):
    return Room(store, clock)


# ---------------------------------------------------------------- confirming


async def test_confirm_adds_the_subscription_and_tells_the_channel(room):
    await room.stock("Summit ends")
    room.clock.jump(5)
    reply = await room.run("subscribe", query="summit")
    done = await room.press(reply, "Confirm")
    [one] = await room.watched()
    assert (one.query, one.created_by, one.created_by_id, one.channel.name) == (
        "summit",
        "Ann",
        "U-ann",
        "c1",
    )
    assert texts(done) == [
        "Watching #c1 for the word “summit”.",
        "Nothing published before now will be posted.",
    ]
    assert plain(done.announcement) == f"Ann added “summit” ({one.id})"
    assert done.announced_in == (address(HERE),)
    assert done.replaces
    assert labels(done) == ["Edit", "Remove"]


async def test_a_double_press_of_confirm_makes_one_subscription(room):
    reply = await room.run("subscribe", query="summit")
    first, second = await asyncio.gather(*(room.press(reply, "Confirm") for _ in range(2)))
    third = await room.press(reply, "Confirm")
    assert await room.queries() == ["summit"]
    assert len([one for one in (first, second, third) if one.announcement]) == 1
    assert texts(third) == [
        "That was confirmed or changed already, or it is more than a day old. Give the command again."
    ]


async def test_confirm_works_after_a_restart_but_not_after_a_day(room):
    reply = await room.run("subscribe", query="summit")
    room.clock.jump(23 * 3600)
    await room.store.upkeep.prune(room.clock.now(), Retention(), 100)
    late = await room.run("subscribe", query="golf")
    assert (await room.press(reply, "Confirm")).announcement
    room.clock.jump(25 * 3600)
    assert not (await room.press(late, "Confirm")).announcement
    assert await room.queries() == ["summit"]


async def test_two_people_who_confirm_the_same_have_one_subscription(room):
    ben = somebody("Ben")
    replies = [await room.run("subscribe", who, query="summit") for who in (None, ben)]
    await room.press(replies[0], "Confirm")
    late = await room.press(replies[1], "Confirm", by=ben)
    assert "is watched in #c1 already" in said(late)
    assert late.replaces
    assert await room.queries() == ["summit"]


@pytest.mark.parametrize("again", ["Kim, summit", "Kim,  summit", "kim OR summit"])
async def test_the_same_query_twice_in_a_channel_is_said(room, again):
    one = await room.watch("Kim, summit")
    reply = await room.run("subscribe", query=again)
    if again.startswith("kim"):  # small letters find the same, but are shown as typed
        assert labels(reply)[0] == "Confirm"
        return
    assert texts(reply) == [f"“Kim, summit” is watched in #c1 already: {one.id}, added by Ann on 1 May 2024."]
    assert labels(reply) == [f"Edit {one.id}"]


async def test_the_same_query_that_is_paused_can_be_resumed(room):
    one = await room.watch("summit")
    await room.run("pause", subscription="summit")
    reply = await room.run("subscribe", query="summit")
    assert "already, but paused" in said(reply)
    await room.press(reply, f"Resume {one.id}")
    assert (await room.one(one.id)).active


async def test_of_several_channels_only_those_are_left_that_do_not_watch_it_yet(room):
    await room.watch("summit")
    reply = await room.run("subscribe", query="summit", in_="slack:T1/C1 slack:T1/C2 slack:T1/C3")
    assert texts(reply)[0].startswith("Ready to watch #c2 and #c3 for")
    assert "“summit” is watched in #c1 already" in texts(reply)[1]
    assert labels(reply)[2] == "Post a sample in #c2"
    done = await room.press(reply, "Confirm")
    assert plain(done.announcement) == "Ann added “summit”"
    assert done.announced_in == (address("slack:T1/C2"), address("slack:T1/C3"))
    assert done.buttons == ()
    assert [len(await room.watched(f"slack:T1/C{n}")) for n in (1, 2, 3)] == [1, 1, 1]
    assert (await room.watched("slack:T1/C2"))[0].channel.name == "c2"


async def test_a_subscription_that_can_no_longer_be_read_is_in_nobodys_way(room):
    """As an older newsbot may have left it."""
    await room.watch('"Kim')
    assert labels(await room.run("subscribe", query="golf"))[0] == "Confirm"


async def test_a_named_term_is_known_by_its_meaning(room):
    here = (await room.context.workspace(address(HERE))).id
    await room.store.registry.set_term(TermRow(here, "kim", "Kim Jong Un", Origin.CHAT), room.clock.now())
    await room.watch("@kim")
    assert "is watched in #c1 already" in said(await room.run("subscribe", query="@Kim"))


# ---------------------------------------------------------------- samples


async def test_a_sample_is_posted_as_an_alert_that_says_what_it_is_and_calls_nobody(room):
    await room.stock("Old summit", "New summit")
    reply = await room.run("subscribe", query="summit", mention=DESK)
    shown = await room.press(reply, "Post a sample here")
    [message] = room.chats["slack"].messages
    assert room.chats["slack"].sent[0][:2] == (HERE, "Sample: New summit")
    assert message.subscriptions == ("a sample for “summit”, not yet confirmed",)
    assert message.mentions == ()
    assert not shown.replaces
    assert plain(shown.announcement) == "Ann asked for a sample of “summit”"
    assert await room.watched() == []
    assert (await room.press(reply, "Confirm")).announcement


async def test_two_presses_of_a_sample_are_one_delivery_to_the_platform(room):
    await room.stock("Summit")
    reply = await room.run("subscribe", query="summit")
    await room.press(reply, "Post a sample here")
    await room.press(reply, "Post a sample here")
    [first, second] = [id for *_, id in room.chats["slack"].sent]
    assert first == second
    assert len(first) <= 25


async def test_a_sample_that_cannot_be_is_said(room):
    reply = await room.run("subscribe", query="summit")
    assert "no sample to post" in said(await room.press(reply, "Post a sample here"))
    await room.stock("Summit")
    room.chats["slack"].trouble.append(ChatError("I'm not a member of #c1."))
    assert texts(await room.press(reply, "Post a sample here")) == ["I'm not a member of #c1."]


async def test_a_sample_marks_what_a_named_term_stands_for(room):
    here = (await room.context.workspace(address(HERE))).id
    await room.store.registry.set_term(TermRow(here, "kim", "Kim Jong Un", Origin.CHAT), room.clock.now())
    await room.stock("Today Kim Jong Un spoke")
    await room.press(await room.run("subscribe", query="@kim"), "Post a sample here")
    [message] = room.chats["slack"].messages
    assert Run("Kim Jong Un", marked=True) in message.headline


# ---------------------------------------------------------------- quotas


async def test_a_full_workspace_is_told_limit_use_and_remedy(room):
    room.parts["quotas"] = Quotas(subscriptions=2, commands=1000)
    first = await room.run("subscribe", query="a summit")
    await room.watch("kim")
    await room.watch("trump", "slack:T1/C2")
    refusal = (
        "The limit here is 2 subscriptions, and 2 are in use. Remove some first (/news subscriptions shows them),"
        " or ask whoever runs newsbot for more."
    )
    assert texts(await room.run("subscribe", query="summit")) == [refusal]
    assert texts(await room.press(first, "Confirm")) == [refusal]
    assert (await room.run("subscribe", somebody("Zoe", "slack:T2/C1"), query="summit")).buttons
    await room.run("unsubscribe", subscription="kim")
    both = await room.run("subscribe", query="summit", in_="slack:T1/C1 slack:T1/C3")
    assert "1 is in use. This would add 2." in said(both)
    assert (await room.press(first, "Confirm")).announcement


async def test_two_who_confirm_at_the_same_moment_do_not_both_get_the_last_place(room):
    room.parts["quotas"] = Quotas(subscriptions=1, commands=1000)
    drafts = [await room.run("subscribe", query=query) for query in ("summit", "kim", "trump")]
    answers = await asyncio.gather(*(room.press(one, "Confirm") for one in drafts))
    assert len(await room.watched()) == 1
    refused = [said(one) for one in answers if one.refused]
    assert len(refused) == 2
    assert all(one.startswith("The limit here is 1 subscription, and 1 is in use.") for one in refused)


@pytest.mark.parametrize("verb", ["draft", "confirm", "sample", "redraft"])
async def test_what_was_kept_for_something_else_cannot_be_confirmed(room, verb):
    here = await room.context.workspace(address(HERE))
    kept = Draft((), "https://news.example/1", somebody().person, room.clock.now())
    id = await room.store.frontdesk.save_draft(kept, here.id)
    reply = await room.press(f"{verb}/{id}")
    assert reply.form or said(reply) == "There is nothing to confirm here. Give the command again."
    assert await room.watched() == []
