"""Discord's adapter: what is sent, and what each of Discord's failures means."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys

import pytest

from bot.chat.discord import DiscordChat
from bot.chat.discord_settings import point_at, point_gateway_at
from bot.domain.model import ChannelAddress, DeliveryId
from bot.errors import ChatError, ConfigError
from tests.impersonators.discord_world import (
    EMBED_LINKS,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    Overwrite,
)
from tests.impersonators.faults import anything, banned, broken, cut, hang, lost_reply, rate_limited
from tests.messages import HOSTILE, SUMMIT, hostile, message

WORLD = ChannelAddress.parse("discord:10/123")
POST = "POST /channels/{channel_id}/messages"


@pytest.fixture
async def chat(discord):
    async with DiscordChat(discord.world.bots[1000].token, discord.base_url + "/", timeout_s=5) as chat:
        yield chat


async def send(chat, alert=SUMMIT, delivery="d1", channel=WORLD):
    return await chat.send(channel, alert, DeliveryId(delivery))


async def failure(chat, **arguments) -> ChatError:
    with pytest.raises(ChatError) as caught:
        await send(chat, **arguments)
    return caught.value


async def test_an_alert_is_one_embed_under_the_delivery_id_that_calls_nobody(chat, discord):
    receipt = await send(chat, delivery="0123456789abcdefghijklmno")
    (sent,) = discord.channel(123).messages
    assert receipt == str(sent.id)
    assert (sent.nonce, sent.body["enforce_nonce"]) == ("0123456789abcdefghijklmno", True)
    assert (sent.allowed_mentions, sent.content, len(sent.embeds)) == ({"parse": []}, "", 1)
    assert (sent.headline, sent.link) == ("White House planning second Trump–Kim summit", SUMMIT.url)
    assert sent.shown.styled("bold") == ("Kim Jong Un",)
    assert sent.embeds[0]["timestamp"] == "2018-09-10T19:03:00+00:00"


async def test_alerts_of_one_subscription_share_a_colour(chat, discord):
    for number, seed in enumerate((1, 1, 2)):
        await send(chat, message(color_seed=seed), delivery=f"d{number}")
    first, second, third = (sent.embeds[0]["color"] for sent in discord.messages)
    assert first == second != third


async def test_hostile_words_call_nobody(chat, discord):
    await send(chat, hostile(HOSTILE))
    (sent,) = discord.messages
    assert sent.allowed_mentions == {"parse": []}
    assert (sent.pings, sent.shown.mentions, sent.links) == ((), (), ())


async def test_a_re_send_of_a_delivery_is_folded(chat, discord):
    discord.faults.next(lost_reply(502))
    error = await failure(chat)
    assert (error.ambiguous, error.permanent) == (True, False)
    receipt = await send(chat)
    assert [(str(sent.id), sent.sent_times) for sent in discord.messages] == [(receipt, 2)]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_is_told_at_once_without_trying_again(chat, discord, status):
    await chat.check([])
    discord.faults.next(broken(status))
    error = await failure(chat)
    assert error.reason == (
        f"Discord had a fault of its own ({status})."
        " If this lasts, look at https://discordstatus.com: only Discord can mend it."
    )
    assert (error.ambiguous, error.permanent, error.retry_after_s) == (True, False, None)
    assert len(discord.calls(POST)) == 1


@pytest.mark.parametrize("wait_s", [0.3, 65.0, 1337.0])
async def test_a_rate_limit_becomes_an_error_with_its_time(chat, discord, wait_s):
    discord.faults.next(rate_limited(wait_s))
    error = await failure(chat)
    assert (error.retry_after_s, error.permanent, error.ambiguous) == (wait_s, False, False)
    assert f"{wait_s:g} s" in error.reason
    await send(chat, delivery="d2")
    assert len(discord.messages) == 1


async def test_a_global_rate_limit_keeps_every_channel_waiting(chat, discord):
    discord.add_channel(124)
    discord.faults.next(rate_limited(60, scope="global"))
    await failure(chat)
    error = await failure(chat, channel=ChannelAddress.parse("discord:10/124"))
    assert 0 < error.retry_after_s <= 60
    assert len(discord.calls(POST)) == 1


@pytest.mark.parametrize(("named_s", "waited_s"), [(120, 120), (0, 600)])
async def test_a_ban_by_the_proxy_before_discord_is_waited_out_by_all(chat, discord, named_s, waited_s):
    discord.faults.next(banned(named_s))
    assert (await failure(chat)).retry_after_s == waited_s
    await failure(chat, delivery="d2")
    assert len(discord.calls(POST)) == 1


async def test_a_bucket_that_is_empty_for_long_is_an_error_with_its_time(chat, discord):
    discord.rate_rule.limit, discord.rate_rule.per_s = 2, 100.0
    await send(chat)
    # discord.py itself refuses to wait so long, and raises before it asks again.
    error = await failure(chat, delivery="d2")
    assert 0 < error.retry_after_s <= 100
    assert error.reason == "Discord asks to wait 100 s before the next message."
    assert len(discord.calls(POST)) == 1


@pytest.mark.parametrize("fault", [cut(), cut(accepted=True)])
async def test_a_cut_connection_leaves_it_open_whether_the_message_stands(chat, discord, fault):
    await chat.check([])
    discord.faults.next(fault)
    error = await failure(chat)
    assert (error.ambiguous, error.permanent) == (True, False)
    await send(chat)
    assert len(discord.messages) == 1


async def test_a_hanging_request_ends_in_time(discord):
    async with DiscordChat(discord.world.bots[1000].token, discord.base_url, timeout_s=0.2) as chat:
        await chat.check([])
        discord.faults.next(hang())
        error = await failure(chat)
    assert error.reason == (
        "Discord did not answer within 0.2 s. If this lasts, look at this machine's connection and firewall,"
        " and at https://discordstatus.com."
    )
    assert error.ambiguous


async def test_a_refused_token_stops_all_sending_for_a_while(discord):
    async with DiscordChat("wrong", discord.base_url) as chat:
        error = await failure(chat)
        assert error.reason.startswith("Discord refused the token (401). Reset it at the developer portal")
        assert (error.permanent, error.retry_after_s) == (False, 900)
        asked = len(discord.requests)
        again = await failure(chat, delivery="d2")
        assert 0 < again.retry_after_s <= 900
        assert len(discord.requests) == asked


async def test_a_token_that_is_reset_while_running_is_noticed(chat, discord):
    await send(chat)
    discord.world.bots[1000].revoked = True
    error = await failure(chat, delivery="d2")
    assert error.reason.startswith("Discord refused the token (401)")


@pytest.mark.parametrize(
    ("denied", "words"),
    [
        (VIEW_CHANNEL, "I can't see channel 123. Invite me to the server"),
        (SEND_MESSAGES, "I lack Send Messages, Embed Links in #world. Edit Channel → Permissions → add me"),
        (
            EMBED_LINKS,
            "I lack Embed Links in #world. Edit Channel → Permissions → add me and allow Embed Links.",
        ),
    ],
)
async def test_a_missing_permission_is_permanent_and_named(chat, discord, denied, words):
    discord.channel(123).overwrites.append(Overwrite(10, deny=denied))
    error = await failure(chat)
    assert error.permanent
    assert error.reason.startswith(words)


@pytest.mark.parametrize("asked", ["GET /guilds/{guild_id}", "GET /guilds/{guild_id}/channels"])
async def test_a_missing_permission_that_cannot_be_named_is_told_all_the_same(chat, discord, asked):
    discord.channel(123).overwrites.append(Overwrite(10, deny=EMBED_LINKS))
    discord.faults.next(broken(503), when=lambda request: request.operation == asked)
    error = await failure(chat)
    assert error.permanent
    assert error.reason.startswith(
        "I may not post in channel 123. Allow me Send Messages and Embed Links there"
    )


async def test_a_channel_that_is_gone_is_permanent(chat):
    error = await failure(chat, channel=ChannelAddress.parse("discord:10/999"))
    assert error.permanent
    assert error.reason.startswith("Channel 999 is not there any more")


async def test_what_is_no_discord_id_is_refused_without_asking(chat, discord):
    error = await failure(chat, channel=ChannelAddress.parse("discord:G1/world"))
    assert error.permanent
    assert "“world” is not an id of Discord" in error.reason
    assert discord.calls(POST) == []


async def test_a_nonce_that_is_too_long_is_refused_by_discord(chat):
    error = await failure(chat, delivery="x" * 26)
    assert error.permanent
    assert error.reason.startswith("Discord refused the message (50035:")


async def test_a_picture_that_discord_refuses_is_left_out(chat, discord):
    discord.world.refused_urls.add(SUMMIT.image_url)
    await send(chat)
    (sent,) = discord.messages
    assert "thumbnail" not in sent.embeds[0]
    assert sent.link == SUMMIT.url


async def test_the_program_starts_while_discord_is_down(chat, discord):
    discord.faults.next(broken(503), when=anything)
    assert (await failure(chat)).ambiguous
    await send(chat)
    assert len(discord.messages) == 1


async def test_check_names_what_is_missing_in_each_channel_and_what_to_do(chat, discord):
    discord.add_channel(124, name="summits", overwrites=[Overwrite(10, deny=SEND_MESSAGES | EMBED_LINKS)])
    discord.world.add_guild(20, "Elsewhere", bots_join=False)
    addresses = ("10/123", "10/124", "10/999", "20/1", "10/world", "desk/1")
    lines = await chat.check([ChannelAddress.parse(f"discord:{place}") for place in addresses])
    assert [(line.ok, line.detail) for line in lines] == [
        (True, "connected as @newsbot"),
        (True, "#world can be posted to"),
        (False, "I lack Send Messages, Embed Links in #summits"),
        (False, "There is no channel 999 in this server"),
        (False, "I'm not in the server 20"),
        (False, "“world” is not an id of Discord, which is a long number"),
        (False, "“desk” is not an id of Discord, which is a long number"),
    ]
    assert lines[2].remedy == "Edit Channel → Permissions → add me and allow Send Messages and Embed Links"
    assert lines[4].remedy.endswith("client_id=1000&permissions=274877926400&scope=bot+applications.commands")
    assert discord.calls("GET /guilds/{guild_id}") != []
    assert (
        len([call for call in discord.calls("GET /guilds/{guild_id}") if call.places["guild_id"] == "10"])
        == 1
    )
    assert discord.messages == []


async def test_check_says_what_is_wrong_with_the_token_or_with_discord(discord):
    async with DiscordChat("wrong", discord.base_url) as chat:
        (line,) = await chat.check([WORLD])
        assert (line.subject, line.ok, line.detail) == ("discord", False, "Discord refused the token (401)")
        assert line.remedy == "Reset it at the developer portal → Bot, and set DISCORD_TOKEN"
    async with DiscordChat(discord.world.bots[1000].token, discord.base_url) as chat:
        discord.faults.next(broken(503), when=lambda request: request.operation == "GET /guilds/{guild_id}")
        lines = await chat.check([WORLD])
        assert lines[1].detail == "Discord had a fault of its own (503)"


def test_a_process_has_one_discord(discord):
    point_at(discord.base_url)
    point_at(discord.base_url + "/")
    with pytest.raises(ConfigError, match="already talks to Discord’s API"):
        point_at("https://discord.com/api/v10")
    point_gateway_at(discord.gateway.url)
    with pytest.raises(ConfigError, match="already talks to Discord’s gateway"):
        point_gateway_at("wss://gateway.discord.gg/")


async def test_the_token_is_in_no_error_and_no_log(discord, caplog):
    caplog.set_level(logging.DEBUG)
    token = discord.world.bots[1000].token
    async with DiscordChat(token, discord.base_url, timeout_s=5) as chat:
        await send(chat)
        for number, fault in enumerate((broken(), cut(), rate_limited(1))):
            discord.faults.next(fault)
            error = await failure(chat, delivery=f"e{number}")
            seen = [str(error), repr(error), repr(error.__cause__), repr(chat)]
            assert all(token not in text for text in seen)
    assert token not in caplog.text


async def test_closing_leaves_nothing_open(discord):
    async with DiscordChat(discord.world.bots[1000].token, discord.base_url) as chat:
        await send(chat)
    del chat
    gc.collect()


def test_discord_is_imported_only_when_it_is_used():
    script = "import bot.chat, sys; bot.chat.adapter_class('console'); print('discord' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
