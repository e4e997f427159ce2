"""Who may: the platforms' defaults, what is chosen in a chat, and buttons under alerts."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import Mention, Rights
from bot.domain.message import plain
from bot.errors import UserError
from bot.services.commands.rights import managers, may_choose, may_edit
from tests.services.managing import HERE, Room, address
from tests.services.people import ADMIN, GUEST, said, somebody, texts

DESK = Mention("group", "S1", "desk")
ADMINS = "admins and owners of the workspace"


@pytest.fixture
def room(store, clock):
    return Room(store, clock)


async def manages(room, who):
    return bool((await room.run("subscribe", who, query="summit")).buttons)


async def edits(room, who):
    try:
        await may_edit(room.context, who)
    except UserError:
        return False
    return True


# ---------------------------------------------------------------- defaults


@pytest.mark.parametrize(
    ("where", "rights", "allowed"),
    [
        (HERE, Rights(), True),
        (HERE, GUEST, False),
        (HERE, ADMIN, True),
        ("discord:G1/C1", Rights(), False),
        ("discord:G1/C1", ADMIN, True),
        ("console:world", GUEST, True),
        ("matrix:M1/C1", Rights(), True),
    ],
)
async def test_where_nobody_has_chosen_the_platforms_default_holds(room, where, rights, allowed):
    who = somebody("Ann", where, rights)
    assert await manages(room, who) is allowed
    assert await edits(room, who) is allowed


async def test_a_refusal_to_change_what_is_shared_says_who_may(room):
    with pytest.raises(
        UserError, match=r"Here only full members \(no guests\) may change what everybody shares\."
    ):
        await may_edit(room.context, somebody("Gus", HERE, GUEST))


# ---------------------------------------------------------------- choosing


async def test_access_says_who_manages_and_who_may_change_that(room):
    assert texts(await room.run("access")) == [
        "Subscriptions, mutes and sources are managed by full members (no guests).",
        f"A{ADMINS[1:]} may change that: /news access moderators, or /news access groups --groups @desk",
    ]
    bob = somebody("Bob", "discord:G1/C1")
    assert "managed by people with Manage Channel or Manage Server." in said(await room.run("access", bob))
    everybody = await room.run("access", somebody("Bea", "discord:G1/C1", ADMIN), who="members")
    assert texts(everybody) == [
        "From now on subscriptions, mutes and sources are managed by members of the server."
    ]
    elsewhere = somebody("Mia", "matrix:M1/C1")
    assert "Moderators may change that" in said(await room.run("access", elsewhere))


async def test_a_workspace_restricts_itself_to_moderators_and_others_are_not_touched(room):
    boss = somebody("Bea", HERE, ADMIN)
    reply = await room.run("access", boss, who="moderators")
    assert texts(reply) == [f"From now on subscriptions, mutes and sources are managed by {ADMINS}."]
    assert plain(reply.announcement) == f"Bea chose that {ADMINS} manage subscriptions"
    assert not await manages(room, somebody())
    assert not await edits(room, somebody())
    assert await manages(room, boss)
    assert await manages(room, somebody("Zoe", "slack:T2/C1"))
    assert "Bea chose that on 1 May 2024." in said(await room.run("access"))
    await room.run("access", boss, who="Members")
    assert await manages(room, somebody())


@pytest.mark.parametrize("where", [HERE, "discord:G1/C1"])
async def test_groups_are_added_one_by_one_and_moderators_always_may(room, where):
    boss = somebody("Bea", where, ADMIN)
    editors, desk = (somebody("Eve", where, Rights(groups=frozenset({id}))) for id in ("S1", "S2"))
    await room.run("access", boss, who="groups", groups=DESK)
    assert (await manages(room, editors), await manages(room, desk)) == (True, False)
    reply = await room.run("access", boss, who="groups", groups=Mention("role", "S2", "world"))
    assert "managed by @desk, @world and " in said(reply)
    assert await manages(room, desk)
    assert await manages(room, boss)
    assert "Here only @desk, @world and" in said(
        await room.run("subscribe", somebody("Gus", where, Rights()), query="x")
    )
    await room.run("access", boss, who="moderators")
    again = await room.run("access", boss, who="groups", groups=DESK)
    assert "@world" not in said(again)


async def test_groups_need_a_group(room):
    boss = somebody("Bea", HERE, ADMIN)
    for groups in ({}, {"groups": Mention("person", "U1", "Ann")}):
        reply = await room.run("access", boss, who="groups", **groups)
        assert texts(reply) == ["Name the role or user group, as in: /news access groups --groups @desk"]
    assert "knows nobody called" in said(await room.run("access", boss, who="groups", groups="@desk"))


async def test_everyone_is_no_group_that_manages(room):
    boss = somebody("Bea", "discord:G1/C1", ADMIN)
    reply = await room.run("access", boss, who="groups", groups=Mention("role", "G1", "@everyone"))
    assert reply.refused
    assert not await manages(room, somebody("Eve", "discord:G1/C1", Rights(groups=frozenset({"G1"}))))


async def test_only_moderators_choose(room):
    reply = await room.run("access", who="moderators")
    assert texts(reply) == [f"Only {ADMINS} say who may manage subscriptions here. Ask one of them."]


@pytest.mark.parametrize("who", ["", "moderators"])
async def test_at_a_terminal_there_is_nobody_to_choose_from(room, who):
    reply = await room.run("access", somebody("Ann", "console:world"), who=who)
    assert texts(reply) == [
        "Whoever sits at this terminal manages everything. Slack and Discord can be told who may."
    ]


def test_the_terminal_is_managed_by_whoever_sits_there():
    assert managers(None, "console") == "whoever sits at this terminal"


async def test_what_is_no_choice_is_said(room):
    reply = await room.run("access", somebody("Bea", HERE, ADMIN), who="cats")
    assert texts(reply) == ["“cats” is no choice. Write members, moderators, or groups and a group."]


# ---------------------------------------------------------------- other channels


async def test_without_a_listener_only_the_channel_that_spoke_is_seen(room):
    await room.watch("summit", "matrix:M1/C2")
    mia = somebody("Mia", "matrix:M1/C1")
    assert "no such channel" in said(await room.run("subscriptions", mia, in_="matrix:M1/C2"))
    assert (
        "you could not mention @desk"
        in said(await room.run("subscribe", mia, query="x", mention=DESK)).lower()
    )


async def test_a_platform_that_does_not_tell_rights_refuses_in_words(room):
    room.chats["slack"].down = "Slack cannot be reached"
    reply = await room.run("subscribe", query="summit", in_="slack:T1/C2")
    assert texts(reply) == ["Slack cannot be reached."]


# ---------------------------------------------------------------- buttons


async def test_buttons_are_turned_on_and_off_for_channels(room):
    on = await room.run("buttons", wanted="on", in_="slack:T1/C1 slack:T1/C2")
    assert texts(on) == [
        "From now on alerts in #c1 and #c2 have buttons: Mute this story, Not relevant, Why this."
    ]
    assert plain(on.announcement) == "Ann turned on the buttons under alerts"
    assert on.announced_in == (address(HERE), address("slack:T1/C2"))
    assert (await room.watch("summit")).channel.buttons
    off = await room.run("buttons", wanted="OFF")
    assert texts(off) == [
        "From now on alerts in #c1 have no buttons. The same stays in the menu of each message."
    ]
    assert not (await room.watched())[0].channel.buttons
    assert (await room.watch("summit", "slack:T1/C2")).channel.buttons


async def test_buttons_are_for_those_who_manage_and_either_on_or_off(room):
    assert texts(await room.run("buttons", wanted="maybe")) == ["Write on or off, as in: /news buttons on"]
    assert "Here only full members" in said(
        await room.run("buttons", somebody("Gus", HERE, GUEST), wanted="on")
    )


async def test_who_moderates_one_channel_only_does_not_decide_for_the_others(room):
    mod = somebody("Mo", "discord:G1/C1", Rights(moderator=True, only_here=True))
    assert await manages(room, mod)
    with pytest.raises(UserError, match="this concerns all of them"):
        may_choose(mod)
    with pytest.raises(UserError, match="this concerns all of them"):
        await may_edit(room.context, mod)
