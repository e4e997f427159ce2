"""The connection to Discord: lost and made again, shared out, revoked; and the places that come and go."""

from __future__ import annotations

import asyncio

import discord as library
import pytest

from bot.chat.discord import DiscordChat
from bot.chat.discord_gateway import keep_alive
from bot.chat.discord_places import ATTEMPTS
from bot.errors import StoreError
from tests.adapters.discord_desk import RecordingDesk, quickly, serving
from tests.impersonators.discord_world import (
    EMBED_LINKS,
    FORUM,
    GUILDS,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    USUAL,
    VIEW_CHANNEL,
    Role,
)

SHARD = 1 << 22
"""Ids of servers that differ by this are on different shards."""


@pytest.fixture
def desk():
    return RecordingDesk()


async def heard(discord, name="ann", guild=0):
    return (await discord.person(name, guild=guild).types("news status")).text


# ---------------------------------------------------------------- connections


async def test_newsbot_hears_of_servers_and_of_no_message(discord, desk):
    async with serving(discord, desk):
        (session,) = discord.gateway.connected
        assert session.intents == GUILDS
        assert session.shard == (0, 1)


async def test_a_connection_that_is_cut_is_resumed_and_nothing_is_missed(discord, desk):
    async with serving(discord, desk):
        assert await heard(discord) == "heard"
        discord.gateway.drop()
        assert await heard(discord) == "heard"
        await discord.gateway.until(lambda: discord.gateway.resumed == 1)
        assert len(discord.gateway.identified) == 1


async def test_newsbot_reconnects_when_discord_asks_it_to(discord, desk):
    async with serving(discord, desk):
        discord.gateway.ask_to_reconnect()
        await discord.gateway.until(lambda: discord.gateway.resumed == 1)
        discord.gateway.invalidate()
        await discord.gateway.until(lambda: len(discord.gateway.identified) == 2)
        await discord.gateway.until_connected()
        assert await heard(discord) == "heard"


async def test_an_event_that_cannot_be_read_is_missed_and_no_other(discord, desk):
    async with serving(discord, desk):
        discord.gateway.send_unreadable()
        assert await heard(discord) == "heard"
        assert len(discord.gateway.identified) == 1


async def test_a_desk_that_breaks_ends_nothing(discord, desk):
    desk.failures = [RuntimeError("a mistake of its own")]
    async with serving(discord, desk):
        await desk.until(lambda: len(desk.places) == 1)
        discord.admin.kick(10)
        discord.admin.invite(10)
        await desk.until(lambda: [place[0] for place in desk.places[1:]] == ["gone", "back"])
        assert await heard(discord) == "heard"


@pytest.mark.parametrize("times", [1, ATTEMPTS])
async def test_a_desk_whose_store_fails_for_a_while_is_told_again_and_in_order(discord, desk, times):
    desk.failures = [StoreError("the database is locked") for _ in range(times)]
    async with serving(discord, desk, retry_s=0.001):
        await desk.until(lambda: len(desk.places) == 1)
        discord.admin.kick(10)
        discord.admin.invite(10)
        told = ["gone"] * (times + 1) + ["back"]
        await desk.until(lambda: [place[0] for place in desk.places[1:]] == told)


async def test_newsbot_comes_up_when_discord_does(discord, desk):
    discord.gateway.refuse_next(1)
    async with serving(discord, desk):
        assert await heard(discord) == "heard"
    assert discord.gateway.refused == 1


async def test_a_closed_connection_is_made_anew(discord, desk):
    async with serving(discord, desk):
        discord.gateway.close(4000)
        await discord.gateway.until(lambda: discord.gateway.resumed + len(discord.gateway.identified) > 1)
        await discord.gateway.until_connected()
        assert await heard(discord) == "heard"


async def serve_until_it_ends(discord, desk, token, **more):
    chat = DiscordChat(token, discord.base_url, listening=quickly(discord, **more))
    async with chat, asyncio.timeout(30):
        await chat.serve(desk)


async def test_a_token_that_is_refused_ends_listening_with_a_word_in_the_log(discord, desk, capsys):
    await serve_until_it_ends(discord, desk, "wrong")
    assert "Discord refused the token (401)" in capsys.readouterr().out
    assert len(discord.calls("GET /users/@me")) == 1


async def test_a_token_that_is_reset_while_listening_ends_it_once_and_for_all(discord, desk, capsys):
    bot = discord.world.bots[1000]
    ended = asyncio.create_task(serve_until_it_ends(discord, desk, bot.token))
    await discord.gateway.until_connected()
    discord.gateway.revoke(bot)
    await ended
    assert "Reset it at the developer portal" in capsys.readouterr().out
    assert len(discord.gateway.identified) == 1


async def test_too_few_shards_are_a_matter_of_the_settings(discord, desk, capsys):
    ended = asyncio.create_task(serve_until_it_ends(discord, desk, discord.world.bots[1000].token, shards=2))
    await discord.gateway.until_connected(2)
    discord.gateway.close(4011)
    await ended
    assert "Raise chat.discord.shards" in capsys.readouterr().out


@pytest.mark.parametrize(("steady_s", "pauses"), [(600.0, [1, 2, 4, 8]), (0.0, [1, 1, 1, 1])])
async def test_attempts_to_connect_come_further_apart_unless_a_connection_has_held(steady_s, pauses):
    slept: list[float] = []

    async def fail() -> None:
        if len(slept) == 4:
            raise library.PrivilegedIntentsRequired(None)
        if len(slept) > 1:
            raise OSError("no route")

    async def note(seconds: float) -> None:
        slept.append(seconds)

    await keep_alive(fail, 1.0, steady_s=steady_s, sleep=note)
    assert slept == pauses


async def test_every_server_is_served_once_by_two_shards(discord, desk):
    guilds = [discord.add_guild(number * SHARD, name=f"Desk {number}") for number in (1, 2, 3)]
    for guild in guilds:
        discord.add_channel(guild.id + 1, name="world", guild=guild.id)
    async with serving(discord, desk, shards=2):
        assert sorted(session.shard for session in discord.gateway.connected) == [(0, 2), (1, 2)]
        for guild in guilds:
            assert await heard(discord, guild=guild.id) == "heard"
        assert [said.caller.channel.workspace for said in desk.heard] == [str(guild.id) for guild in guilds]
        await desk.until(lambda: len(desk.places) == 4)
        assert sorted(place[2] for place in desk.places) == sorted(
            ["10", *(str(guild.id) for guild in guilds)]
        )


async def test_two_programs_share_out_the_shards(discord, desk):
    other = RecordingDesk(answer=desk.answer)
    discord.add_guild(SHARD, name="Odd")
    discord.add_channel(SHARD + 1, name="world", guild=SHARD)
    async with (
        serving(discord, desk, shards=2, shard_ids=(0,), connections=1),
        serving(discord, other, shards=2, shard_ids=(1,)),
    ):
        assert await heard(discord, guild=10) == "heard"
        assert await heard(discord, guild=SHARD) == "heard"
    assert [said.caller.channel.workspace for said in desk.heard] == ["10"]
    assert [said.caller.channel.workspace for said in other.heard] == [str(SHARD)]


async def test_answers_under_way_are_given_before_the_end(discord, desk):
    desk.block()
    async with serving(discord, desk):
        answer = discord.person("ann").starts("news status")
        await desk.until(lambda: bool(desk.heard))
        asyncio.get_running_loop().call_later(0.05, desk.free)
    await answer.arrives()
    assert answer.text == "heard"


# ---------------------------------------------------------------- places


async def test_being_removed_from_a_server_and_let_in_again_is_told(discord, desk):
    async with serving(discord, desk) as chat:
        await chat._sight.gateway.wait_until_ready()
        discord.admin.kick(10)
        discord.admin.invite(10)
        await desk.until(lambda: len(desk.places) == 3)
        assert desk.places[1:] == [
            ("gone", "discord", "10", "", "newsbot was removed from the server"),
            ("back", "discord", "10", ""),
        ]


async def test_a_server_that_cannot_be_reached_is_not_lost(discord, desk):
    async with serving(discord, desk):
        await desk.until(lambda: len(desk.places) == 1)
        discord.admin.fail(10)
        discord.admin.recover(10)
        await desk.until(lambda: len(desk.places) == 2)
        assert [place[0] for place in desk.places] == ["back", "back"]


async def test_deleted_channels_and_threads_are_gone(discord, desk):
    discord.add_channel(124, name="europe")
    discord.admin.add_thread(125, parent=123)
    async with serving(discord, desk):
        await desk.until(lambda: bool(desk.places))
        discord.admin.delete_channel(124)
        discord.admin.delete_channel(125)
        await desk.until(lambda: len(desk.places) == 3)
        assert desk.places[1:] == [
            ("gone", "discord", "10", "124", "the channel was deleted"),
            ("gone", "discord", "10", "125", "the thread was deleted"),
        ]


async def test_a_closed_thread_is_gone_until_it_is_reopened_and_a_quiet_one_is_not(discord, desk):
    discord.admin.add_thread(125, parent=123)
    async with serving(discord, desk):
        await desk.until(lambda: bool(desk.places))
        discord.admin.archive(125)
        discord.admin.wake(125)
        await desk.until(lambda: len(desk.places) == 2)
        discord.admin.archive(125, locked=True)
        discord.admin.wake(125)
        await desk.until(lambda: len(desk.places) == 4)
        assert [place[0] for place in desk.places[1:]] == ["back", "gone", "back"]
        assert desk.places[2] == ("gone", "discord", "10", "125", "the thread was closed")


@pytest.mark.parametrize(
    ("denied", "named"),
    [(VIEW_CHANNEL, "View Channel"), (SEND_MESSAGES | EMBED_LINKS, "Send Messages and Embed Links")],
)
async def test_a_channel_that_newsbot_may_not_post_in_any_more_is_gone_until_it_may(
    discord, desk, denied, named
):
    async with serving(discord, desk):
        await desk.until(lambda: bool(desk.places))
        discord.admin.allow(123, 10, deny=denied)
        await desk.until(lambda: len(desk.places) == 2)
        discord.admin.rename(123, "the-world")
        discord.admin.allow(123, 10)
        await desk.until(lambda: len(desk.places) == 3)
        reason = desk.places[1][-1]
        assert desk.places[1][:4] == ("gone", "discord", "10", "123")
        assert reason.startswith(f"newsbot may not post there any more: it lacks {named}")
        assert desk.places[2] == ("back", "discord", "10", "123")


async def test_rights_that_roles_take_and_give_back_count_too(discord, desk):
    discord.add_channel(124, name="forum", type=FORUM)
    discord.admin.add_thread(125, parent=123)
    async with serving(discord, desk):
        await desk.until(lambda: bool(desk.places))
        discord.admin.set_role(Role(10, "@everyone", USUAL & ~SEND_MESSAGES & ~SEND_MESSAGES_IN_THREADS), 10)
        await desk.until(lambda: len(desk.places) == 4)
        lacked = {
            place[3]: place[4].partition("lacks ")[2].partition(" and ")[0] for place in desk.places[1:]
        }
        assert lacked == {"123": "Send Messages", "124": "Create Posts", "125": "Send Messages in Threads"}
        discord.admin.set_role(Role(30, "poster"), 10)
        discord.admin.give_roles(1000, discord.world.guilds[10], [30])
        await desk.until(lambda: len(desk.places) == 7)
        assert {place[:2] for place in desk.places[4:]} == {("back", "discord")}
        discord.admin.delete_role(30, 10)
        await desk.until(lambda: len(desk.places) == 10)


async def test_a_channel_that_newsbot_never_could_post_in_is_nobodys_loss(discord, desk):
    async with serving(discord, desk):
        await desk.until(lambda: len(desk.places) == 1)
        discord.admin.set_role(Role(10, "@everyone", USUAL & ~SEND_MESSAGES), 10)
        await desk.until(lambda: len(desk.places) == 2)
        discord.add_channel(124, name="new")
        assert await heard(discord) == "heard"
        discord.admin.rename(124, "newer")
        assert await heard(discord) == "heard"
        discord.admin.set_role(Role(10, "@everyone", USUAL), 10)
        await desk.until(lambda: len(desk.places) == 4)
        assert [place[0] for place in desk.places] == ["back", "gone", "back", "back"]


async def test_of_the_channels_that_were_lost_before_it_began_those_given_back_are_revived(discord, desk):
    discord.add_channel(124, name="closed")
    discord.admin.allow(124, 10, deny=SEND_MESSAGES)
    desk.lost["discord", "10"] = ["123", "124", "999", "no id"]
    async with serving(discord, desk):
        await desk.until(lambda: len(desk.places) == 2)
        assert await heard(discord) == "heard"
        assert desk.places == [("back", "discord", "10", ""), ("back", "discord", "10", "123")]
