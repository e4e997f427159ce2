"""What people may see and do on Discord, computed from roles, overwrites and threads."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from bot.chat.discord import DiscordChat
from bot.domain.commands.exchange import Caller, Rights
from bot.domain.model import ChannelAddress, Mention, Person
from bot.errors import ChatError
from tests.adapters.discord_desk import RecordingDesk, serving
from tests.impersonators.discord_world import (
    ADMINISTRATOR,
    MANAGE_CHANNELS,
    MANAGE_GUILD,
    MANAGE_THREADS,
    MENTION_EVERYONE,
    PRIVATE_THREAD,
    VIEW_CHANNEL,
    Role,
)
from tests.impersonators.faults import anything, broken

MEMBER = "GET /guilds/{guild_id}/members/{user_id}"


def place(channel, guild=10):
    return ChannelAddress("discord", str(guild), str(channel))


def known(person):
    return Person(str(person.id), person.user.name)


@asynccontextmanager
async def over_rest(discord):
    """Only send: nothing is known from the gateway."""
    async with DiscordChat(discord.world.bots[1000].token, discord.base_url, timeout_s=10) as chat:
        yield chat


@asynccontextmanager
async def listening(discord):
    desk = RecordingDesk()
    async with serving(discord, desk) as chat:
        await desk.until(lambda: bool(desk.places))
        yield chat


@pytest.fixture(params=[over_rest, listening])
def ways(request):
    """Look over REST alone, and with what the gateway has told."""
    return request.param


async def test_people_see_the_channels_that_discord_shows_them(discord, ways):
    discord.add_channel(124, name="editors")
    discord.add_guild(20, name="Elsewhere")
    discord.add_channel(223, guild=20)
    discord.admin.set_role(Role(30, "editor"), 10)
    discord.admin.allow(124, 10, deny=VIEW_CHANNEL)
    discord.admin.allow(124, 30, allow=VIEW_CHANNEL)
    ann, eve = discord.person("ann", roles=[30]), discord.person("eve")
    discord.admin.allow(124, 1000, allow=VIEW_CHANNEL)
    places = [place(123), place(124), place(223, 20), place(999), ChannelAddress("slack", "T1", "C1")]
    async with ways(discord) as chat:
        assert await chat.visible(known(ann), places) == {place(123), place(124)}
        assert await chat.visible(known(eve), places) == {place(123)}


async def test_a_private_thread_is_seen_by_those_who_are_in_it_or_manage_threads(discord, ways):
    thread = discord.admin.add_thread(125, parent=123, kind=PRIVATE_THREAD)
    discord.admin.set_role(Role(30, "keeper", MANAGE_THREADS), 10)
    ann, bob, eve = discord.person("ann"), discord.person("bob", roles=[30]), discord.person("eve")
    thread.joined |= {ann.id, 1000}
    async with ways(discord) as chat:
        seen = [await chat.visible(known(person), [place(125)]) for person in (ann, bob, eve)]
    assert [bool(places) for places in seen] == [True, True, False]


async def test_a_thread_is_seen_with_its_channel(discord, ways):
    discord.admin.add_thread(125, parent=123)
    discord.admin.add_thread(126, parent=123)
    discord.admin.archive(126)
    ann, eve = discord.person("ann"), discord.person("eve")
    discord.admin.allow(123, eve.id, deny=VIEW_CHANNEL)
    async with ways(discord) as chat:
        assert await chat.visible(known(ann), [place(125), place(126)]) == {place(125), place(126)}
        assert await chat.visible(known(eve), [place(125), place(126)]) == frozenset()


async def test_rights_in_another_channel_are_those_of_that_channel(discord, ways):
    discord.add_channel(124, name="europe")
    for number, permissions in ((30, MANAGE_GUILD), (31, ADMINISTRATOR), (32, 0)):
        discord.admin.set_role(Role(number, f"role{number}", permissions), 10)
    ann = discord.person("ann", roles=[32])
    mods = [discord.person("gus", roles=[30]), discord.person("ada", roles=[31])]
    discord.admin.allow(124, ann.id, allow=MANAGE_CHANNELS)
    async with ways(discord) as chat:
        assert await chat.rights(known(ann), place(123)) == Rights(groups=frozenset({"32"}))
        only_here = Rights(moderator=True, only_here=True, groups=frozenset({"32"}))
        assert await chat.rights(known(ann), place(124)) == only_here
        found = [await chat.rights(known(mod), place(123)) for mod in mods]
        assert [(one.moderator, one.only_here) for one in found] == [(True, False), (True, False)]
        assert await chat.rights(Person("4242", "nobody"), place(123)) == Rights(member=False)
        assert await chat.rights(known(ann), place(999)) == Rights(member=False)


async def test_only_who_could_make_a_mention_may_set_it(discord, ways):
    discord.admin.set_role(Role(30, "open", mentionable=True), 10)
    discord.admin.set_role(Role(31, "closed"), 10)
    discord.admin.set_role(Role(32, "caller", MENTION_EVERYONE), 10)
    ann, bob = discord.person("ann"), discord.person("bob", roles=[32])
    discord.add_guild(20)
    stranger = discord.person("eve", guild=20)

    async def may(person, kind, id):
        caller = Caller(known(person), place(123))
        return await chat.may_mention(caller, place(123), Mention(kind, str(id)))

    async with ways(discord) as chat:
        assert await may(ann, "role", 30)
        assert not await may(ann, "role", 31)
        assert await may(bob, "role", 31)
        assert await may(ann, "person", bob.id)
        assert not await may(ann, "person", stranger.id)
        assert not await may(bob, "role", 10), "everyone is never called"
        assert not await may(bob, "role", 999)
        assert not await may(bob, "group", 30)
        assert not await may(bob, "role", "everyone")
        assert not await may(stranger, "role", 30)
        assert not await chat.may_mention(Caller(known(bob), place(123)), place(999), Mention("role", "30"))


async def test_rights_follow_what_discord_tells(discord):
    ann = discord.person("ann")
    async with listening(discord) as chat:
        assert not (await chat.rights(known(ann), place(123))).moderator
        discord.admin.allow(123, ann.id, allow=MANAGE_CHANNELS)
        await ann.types("news status")
        assert (await chat.rights(known(ann), place(123))).moderator


async def test_who_just_gave_a_command_is_not_asked_for_again(discord):
    async with listening(discord) as chat:
        ann = discord.person("ann")
        await ann.types("news status")
        assert await chat.visible(known(ann), [place(123)]) == {place(123)}
        assert discord.calls(MEMBER) == []


@pytest.mark.parametrize("question", ["visible", "rights", "may_mention"])
async def test_a_discord_that_fails_is_no_answer(discord, question):
    ann = discord.person("ann")
    async with over_rest(discord) as chat:
        await chat.check([])
        discord.faults.next(broken(503), when=anything)
        with pytest.raises(ChatError, match="Discord had a fault of its own"):
            await {
                "visible": lambda: chat.visible(known(ann), [place(123)]),
                "rights": lambda: chat.rights(known(ann), place(123)),
                "may_mention": lambda: chat.may_mention(
                    Caller(known(ann), place(123)), place(123), Mention("role", "30")
                ),
            }[question]()


async def test_what_is_no_id_of_discord_is_refused(discord):
    async with over_rest(discord) as chat:
        with pytest.raises(ChatError, match="not an id of Discord"):
            await chat.rights(Person("1", "ann"), place("world"))
