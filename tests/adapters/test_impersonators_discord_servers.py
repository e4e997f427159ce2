"""Servers, channels, threads, forums and roles come and go on the local Discord, and stock discord.py hears of it."""

import discord as discord_py
import pytest

from tests.impersonators.discord_tiny_bot import running
from tests.impersonators.discord_world import (
    ANNOUNCEMENT,
    CREATE_PUBLIC_THREADS,
    FORUM,
    MENTION_EVERYONE,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
    Role,
)


@pytest.fixture
async def client(discord):
    async with running(discord) as client:
        await discord.gateway.until(lambda: "ready" in client.heard)
        client.heard.clear()
        yield client
    assert client.errors == []


async def heard(discord, client, event):
    await discord.gateway.until(lambda: event in client.heard)


async def refused(call, code):
    with pytest.raises(discord_py.HTTPException) as caught:
        await call
    assert caught.value.code == code


async def test_a_bot_that_is_removed_hears_of_it_and_may_come_back(discord, client):
    discord.admin.kick(10)
    await heard(discord, client, "guild_remove")
    await refused(client.fetch_guild(10), 50001)
    await refused(client.get_partial_messageable(123).send("x"), 50001)
    discord.admin.invite(10)
    await heard(discord, client, "guild_join")
    await client.get_partial_messageable(123).send("x")


async def test_an_outage_is_no_removal(discord, client):
    discord.admin.fail(10)
    await heard(discord, client, "guild_unavailable")
    discord.admin.recover(10)
    await heard(discord, client, "guild_available")
    assert "guild_remove" not in client.heard


async def test_a_bot_may_leave(discord, client):
    await client.get_guild(10).leave()
    await heard(discord, client, "guild_remove")
    assert [guild async for guild in client.fetch_guilds()] == []


async def test_channels_come_change_and_go(discord, client):
    discord.add_channel(124, name="summits")
    await heard(discord, client, "guild_channel_create")
    discord.admin.rename(124, "talks")
    await heard(discord, client, "guild_channel_update")
    assert client.get_channel(124).name == "talks"
    discord.admin.add_thread(125, 124)
    await heard(discord, client, "thread_create")
    discord.admin.delete_channel(124)
    await heard(discord, client, "guild_channel_delete")
    await refused(client.fetch_channel(124), 10003)
    await refused(client.fetch_channel(125), 10003)


async def test_roles_come_change_and_go(discord, client):
    guild = client.get_guild(10)
    discord.admin.set_role(Role(11, "desk"), 10)
    await heard(discord, client, "guild_role_create")
    discord.admin.give_roles(1000, discord.world.guilds[10], [11])
    await heard(discord, client, "member_update")
    assert [role.name for role in guild.me.roles] == ["@everyone", "desk"]
    discord.admin.set_role(Role(11, "editors", mentionable=True), 10)
    await heard(discord, client, "guild_role_update")
    assert guild.get_role(11).mentionable
    assert [role.name for role in await guild.fetch_roles()] == ["@everyone", "editors"]
    discord.admin.delete_role(11, 10)
    await heard(discord, client, "guild_role_delete")
    assert discord.world.guilds[10].members[1000] == []


async def test_members_are_found_over_rest_with_their_roles(discord, client):
    discord.admin.set_role(Role(11, "desk"), 10)
    ann = discord.person("ann", roles=[11])
    member = await client.get_guild(10).fetch_member(ann.id)
    assert (member.name, [role.name for role in member.roles]) == ("ann", ["@everyone", "desk"])
    assert (await client.fetch_user(ann.id)).name == "ann"
    await refused(client.fetch_user(5), 10013)


async def test_a_thread_takes_messages_by_its_own_permission(discord, client):
    channel = client.get_channel(123)
    thread = await channel.create_thread(name="G7", type=discord_py.ChannelType.public_thread)
    await thread.send("in the thread")
    assert discord.channel(thread.id).shown() == ["in the thread"]
    assert [item.name for item in await client.get_guild(10).active_threads()] == ["G7"]
    discord.admin.allow(123, 10, deny=SEND_MESSAGES)
    await thread.send("still")
    discord.admin.allow(123, 10, deny=SEND_MESSAGES_IN_THREADS | CREATE_PUBLIC_THREADS)
    await refused(thread.send("not any more"), 50013)
    await refused(channel.create_thread(name="G8", type=discord_py.ChannelType.public_thread), 50013)
    await refused(channel.create_thread(name="n" * 101, type=discord_py.ChannelType.public_thread), 50035)


async def test_a_thread_from_a_message_has_the_messages_id(discord, client):
    sent = await client.get_channel(123).send("summit")
    thread = await sent.create_thread(name="G7")
    assert thread.id == sent.id
    await refused(sent.create_thread(name="again"), 160004)
    await refused(client.get_channel(123).get_partial_message(5).create_thread(name="x"), 10008)


async def test_an_archived_thread_wakes_up_and_a_locked_one_does_not(discord, client):
    discord.admin.add_thread(125, 123, "G7")
    thread = await client.fetch_channel(125)
    sent = await thread.send("first")
    discord.admin.archive(125)
    await heard(discord, client, "raw_thread_update")
    assert client.get_guild(10).get_thread(125) is None
    assert [item.id async for item in client.get_channel(123).archived_threads()] == [125]
    await refused(sent.edit(content="changed"), 50083)
    await thread.edit(archived=False)
    await sent.edit(content="changed")
    discord.admin.archive(125)
    await thread.send("second")
    assert discord.channel(125).shown() == ["changed", "second"]
    discord.admin.archive(125, locked=True)
    await refused(thread.send("third"), 160005)
    await refused(thread.edit(archived=False), 50013)
    discord.admin.wake(125)
    await thread.join()
    discord.admin.delete_channel(125)
    await heard(discord, client, "raw_thread_delete")


async def test_a_forum_takes_posts_and_no_messages(discord, client):
    discord.add_channel(130, name="ideas", type=FORUM, tags=["World", "Economy"])
    await heard(discord, client, "guild_channel_create")
    forum = client.get_channel(130)
    await refused(client.get_partial_messageable(130).send("x"), 50008)
    post = await forum.create_thread(name="Kim", content="first", embed=discord_py.Embed(title="Summit"))
    assert post.message.id == post.thread.id
    assert discord.channel(post.thread.id).shown() == ["first\nSummit"]
    await post.thread.send("second")
    discord.channel(130).needs_tag = True
    await refused(forum.create_thread(name="Kim", content="x"), 40067)
    await forum.create_thread(name="Kim", content="x", applied_tags=[forum.available_tags[0]])
    await refused(forum.create_thread(name="Kim", content="x" * 2001), 50035)
    discord.admin.allow(130, 10, deny=SEND_MESSAGES)
    await refused(forum.create_thread(name="Kim", content="x"), 50013)


async def test_an_announcement_is_published_once(discord, client):
    discord.add_channel(140, name="wire", type=ANNOUNCEMENT)
    await heard(discord, client, "guild_channel_create")
    sent = await client.get_channel(140).send("summit")
    await sent.publish()
    assert discord.channel(140).messages[0].is_crossposted
    await refused(sent.publish(), 40033)
    plain = await client.get_channel(123).send("x")
    await refused(client.http.publish_message(123, plain.id), 50024)


async def test_a_role_is_called_where_it_may_be(discord, client):
    discord.admin.set_role(Role(11, "desk"), 10)
    ann, channel = discord.person("ann"), client.get_channel(123)
    everyone = discord_py.AllowedMentions(everyone=True, roles=True, users=True)
    words = f"@everyone <@&11> <@{ann.id}>"
    await channel.send(words, allowed_mentions=everyone)
    assert discord.notified(discord.messages[-1]) == (f"<@{ann.id}>",)
    discord.admin.set_role(Role(11, "desk", mentionable=True), 10)
    assert discord.notified(discord.messages[-1]) == ("<@&11>", f"<@{ann.id}>")
    discord.admin.allow(123, 1000, allow=MENTION_EVERYONE)
    assert discord.notified(discord.messages[-1]) == ("@everyone", "<@&11>", f"<@{ann.id}>")


async def test_messages_can_be_read_and_deleted(discord, client):
    channel = client.get_channel(123)
    sent = await channel.send("one")
    await channel.send("two")
    assert (await channel.fetch_message(sent.id)).content == "one"
    assert [message.content async for message in channel.history(limit=5)] == ["two", "one"]
    await sent.delete()
    assert discord.channel(123).shown() == ["two"]
    await refused(sent.delete(), 10008)
    async with channel.typing():
        await channel.send("three")


async def test_messages_are_told_to_those_who_asked(discord):
    async with running(discord, intents=discord_py.Intents(guilds=True, guild_messages=True)) as client:
        await discord.gateway.until(lambda: client.get_channel(123) is not None)
        sent = await client.get_channel(123).send("one")
        await sent.edit(content="two")
        await sent.delete()
        await heard(discord, client, "raw_message_delete")
        assert {"message", "raw_message_edit"} <= set(client.heard)
    assert discord.gateway.identified[0].names()[-3:] == [
        "MESSAGE_CREATE",
        "MESSAGE_UPDATE",
        "MESSAGE_DELETE",
    ]


async def test_a_thread_that_the_bot_cannot_see_is_not_told_of(discord, client):
    discord.add_channel(124)
    discord.admin.allow(124, 1000, deny=VIEW_CHANNEL)
    discord.admin.add_thread(125, 124)
    discord.admin.add_thread(126, 123)
    await heard(discord, client, "thread_create")
    assert client.get_guild(10).get_thread(125) is None
    assert client.get_guild(10).get_thread(126) is not None
    await refused(client.fetch_channel(125), 50001)
    assert [item.id for item in await client.get_guild(10).active_threads()] == [126]
