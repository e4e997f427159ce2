"""Alerts on Discord: in channels, threads and forums, with buttons and with mentions."""

from __future__ import annotations

import pytest

from bot.chat.discord import DiscordChat
from bot.chat.discord_invite import discord_invite
from bot.domain.commands.exchange import Action, Press, Reply, line
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, DeliveryId, Mention
from bot.errors import ChatError
from tests.adapters.discord_desk import RecordingDesk, serving
from tests.impersonators.discord_world import (
    ANNOUNCEMENT,
    CATEGORY,
    FORUM,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    Role,
)
from tests.impersonators.faults import broken, lost_reply
from tests.messages import HOSTILE, SUMMIT, hostile, message

POST = "POST /channels/{channel_id}/threads"
FORUM_PLACE = ChannelAddress("discord", "10", "124")
ANOTHER = (Run("Oil prices fall"),)


@pytest.fixture
async def chat(discord):
    async with DiscordChat(discord.world.bots[1000].token, discord.base_url, timeout_s=10) as chat:
        yield chat


async def send(chat, channel, alert=SUMMIT, delivery="d1"):
    return await chat.send(ChannelAddress("discord", "10", str(channel)), alert, DeliveryId(delivery))


def posts(discord, forum):
    """Return the posts of a forum, oldest first."""
    channels = discord.world.guilds[10].channels.values()
    return [channel for channel in channels if channel.parent_id == forum]


# ---------------------------------------------------------------- places


async def test_announcement_channels_and_threads_take_alerts(chat, discord):
    discord.add_channel(124, name="news", type=ANNOUNCEMENT)
    discord.admin.add_thread(125, parent=123)
    discord.admin.archive(125)
    for number, channel in enumerate((124, 125)):
        await send(chat, channel, delivery=f"d{number}")
        assert discord.channel(channel).messages[0].headline == "White House planning second Trump–Kim summit"
    assert not discord.channel(125).archived, "an alert opens a thread that was put away"


async def test_each_alert_is_a_post_of_its_own_in_a_forum(chat, discord):
    discord.add_channel(124, name="forum", type=FORUM)
    receipts = [await send(chat, 124, delivery=f"d{number}") for number in range(2)]
    made = posts(discord, 124)
    assert [str(post.id) for post in made] == receipts
    assert {post.name for post in made} == {"White House planning second Trump–Kim summit"}
    (first,) = made[0].messages
    assert (first.link, first.allowed_mentions) == (SUMMIT.url, {"parse": []})


async def test_hostile_words_become_a_harmless_title_of_a_post(chat, discord):
    discord.add_channel(124, name="forum", type=FORUM)
    await send(chat, 124, hostile(HOSTILE * 20))
    (post,) = posts(discord, 124)
    assert len(post.name) <= 100
    assert post.messages[0].pings == ()


async def test_a_forum_that_demands_a_tag_gets_its_first(chat, discord):
    forum = discord.add_channel(124, name="forum", type=FORUM, tags=["news", "other"], needs_tag=True)
    await send(chat, 124)
    assert discord.calls(POST)[-1].body["applied_tags"] == ["1"]
    forum.tags.clear()
    with pytest.raises(ChatError, match="#forum demands a tag, but has none that I may use") as caught:
        await send(chat, 124, delivery="d2")
    assert caught.value.permanent


async def test_a_post_whose_answer_was_lost_is_found_again(chat, discord):
    discord.add_channel(124, name="forum", type=FORUM)
    await send(chat, 124, message(headline=SUMMIT.headline), delivery="d0")
    discord.faults.next(lost_reply(502), when=lambda request: request.operation == POST)
    with pytest.raises(ChatError) as caught:
        await send(chat, 124, message(headline=ANOTHER), delivery="d1")
    assert caught.value.ambiguous
    receipt = await send(chat, 124, message(headline=ANOTHER), delivery="d1")
    assert [str(post.id) for post in posts(discord, 124)][1:] == [receipt]


async def test_a_post_that_never_arrived_is_posted_again(chat, discord):
    discord.add_channel(124, name="forum", type=FORUM)
    discord.faults.next(broken(502), when=lambda request: request.operation == POST)
    with pytest.raises(ChatError):
        await send(chat, 124)
    await send(chat, 124)
    assert len(posts(discord, 124)) == 1


async def test_a_forum_where_newsbot_may_not_post_is_named(chat, discord):
    discord.add_channel(124, name="forum", type=FORUM)
    await send(chat, 124)
    discord.admin.allow(124, 10, deny=SEND_MESSAGES)
    with pytest.raises(ChatError, match="I lack Create Posts, Embed Links in #forum") as caught:
        await send(chat, 124, delivery="d2")
    assert caught.value.permanent


async def test_a_picture_that_a_forum_refuses_is_left_out(chat, discord):
    discord.add_channel(124, name="forum", type=FORUM)
    discord.world.refused_urls.add(SUMMIT.image_url)
    await send(chat, 124)
    assert "thumbnail" not in posts(discord, 124)[0].messages[0].embeds[0]


async def test_what_is_no_channel_for_messages_is_named(chat, discord):
    discord.add_channel(124, name="section", type=CATEGORY)
    with pytest.raises(ChatError, match="#section is no channel for messages") as caught:
        await send(chat, 124)
    assert caught.value.permanent


async def test_a_closed_thread_is_named(chat, discord):
    discord.admin.add_thread(125, parent=123)
    discord.admin.archive(125, locked=True)
    with pytest.raises(ChatError, match="The thread 125 is closed. Reopen it") as caught:
        await send(chat, 125)
    assert caught.value.permanent


async def test_what_a_thread_lacks_is_named(chat, discord):
    discord.admin.add_thread(125, parent=123, name="G7")
    discord.admin.allow(123, 10, deny=SEND_MESSAGES_IN_THREADS)
    with pytest.raises(ChatError, match="I lack Send Messages in Threads in #G7. Edit Channel"):
        await send(chat, 125)
    discord.faults.next(broken(503), when=lambda request: request.operation == "GET /channels/{channel_id}")
    with pytest.raises(ChatError, match="I may not post in channel 125"):
        await send(chat, 125, delivery="d2")


async def test_check_looks_into_threads_and_forums(chat, discord):
    discord.add_channel(124, name="forum", type=FORUM)
    discord.add_channel(127, name="section", type=CATEGORY)
    for number in (125, 126):
        discord.admin.add_thread(number, parent=123, name=f"thread{number}")
    discord.admin.archive(126, locked=True)
    places = [ChannelAddress("discord", "10", number) for number in ("124", "125", "126", "127")]
    lines = await chat.check(places)
    assert [line.detail for line in lines[1:]] == [
        "#forum can be posted to",
        "#thread125 can be posted to",
        "The thread “thread126” is closed",
        "#section is no channel for messages",
    ]
    discord.admin.allow(123, 10, deny=SEND_MESSAGES_IN_THREADS)
    lines = await chat.check(places[1:2])
    assert lines[1].detail == "I lack Send Messages in Threads in #thread125"
    discord.faults.next(broken(503), when=lambda request: request.operation == "GET /channels/{channel_id}")
    lines = await chat.check(places[1:2])
    assert lines[1].detail == "Discord had a fault of its own (503)"


# ---------------------------------------------------------------- mentions and buttons


async def test_an_alert_calls_whom_its_subscriptions_name_and_nobody_else(chat, discord):
    discord.admin.set_role(Role(30, "desk", mentionable=True), 10)
    ann = discord.person("ann")
    mentions = (
        Mention("role", "30", "desk"),
        Mention("person", str(ann.id), "ann"),
        Mention("role", "10", "@everyone"),
        Mention("group", "S1"),
        Mention("role", "everyone"),
    )
    await send(chat, 123, message(excerpt=hostile(HOSTILE).excerpt, mentions=mentions))
    (sent,) = discord.channel(123).messages
    assert sent.content == f"<@&30> <@{ann.id}>"
    assert set(discord.notified(sent)) == {"<@&30>", f"<@{ann.id}>"}
    allowed = sent.allowed_mentions
    assert (allowed["parse"], allowed["roles"], allowed["users"]) == ([], [30], [ann.id])


async def test_the_buttons_of_an_alert_work_after_a_restart(chat, discord):
    await send(chat, 123, message(buttons=True), delivery="0123456789abcdefghijklmno")
    (sent,) = discord.channel(123).messages
    assert sent.buttons == ("Mute this story", "Not relevant", "Why this?")
    desk = RecordingDesk()
    async with serving(discord, desk):
        answer = await discord.person("ann").presses("Why this?", on=sent)
        assert answer.is_ephemeral
        caller = desk.last.caller
        assert desk.last == Press(caller, Action("why", ("0123456789abcdefghijklmno",)), str(sent.id))


async def test_a_post_of_a_forum_is_an_alert_of_the_forum(chat, discord):
    discord.add_channel(124, name="forum", type=FORUM)
    receipt = await send(chat, 124, message(buttons=True))
    (post,) = posts(discord, 124)
    desk = RecordingDesk()
    async with serving(discord, desk):
        ann = discord.person("ann")
        await ann.chooses("Why this?", on=post.messages[0])
        assert (desk.last.caller.channel.channel, desk.last.message) == ("124", receipt)
        await ann.presses("Why this?", on=post.messages[0])
        assert (desk.last.caller.channel.channel, desk.last.message) == ("124", receipt)
        desk.answer = Reply(
            (line("Muted"),), announcement=(Run("ann muted this"),), announced_in=(FORUM_PLACE,)
        )
        await ann.presses("Mute this story", on=post.messages[0])
        await discord.gateway.until(lambda: post.shown()[1:] == ["ann muted this"])
        await ann.types("news status", channel=post)
        assert desk.last.caller.channel.channel == str(post.id)


# ---------------------------------------------------------------- the invitation


def test_the_invitation_asks_for_the_least():
    assert discord_invite("1000") == (
        "https://discord.com/oauth2/authorize?client_id=1000&permissions=274877926400&scope=bot+applications.commands"
    )
    assert "permissions=1024&" in discord_invite("1000", ["View Channels"])
    with pytest.raises(KeyError):
        discord_invite("1000", ["Administrator"])
