"""Stock discord.py stays connected to the local Discord's gateway, and ends where Discord would have it end."""

import asyncio

import aiohttp
import discord as discord_py
import pytest

from tests.impersonators.discord_tiny_bot import point_at, running
from tests.impersonators.discord_world import DiscordPerson

SECOND_SHARD = 1 << 22


@pytest.fixture
async def client(discord):
    async with running(discord) as client:
        yield client
    assert client.errors == []


async def test_a_client_gets_ready_and_knows_its_servers(discord, client):
    await discord.gateway.until(lambda: "ready" in client.heard)
    guild = client.get_guild(10)
    assert (guild.name, guild.me.id, guild.get_channel(123).name) == ("Foreign desk", 1000, "world")
    assert guild.get_channel(123).permissions_for(guild.me).send_messages
    assert discord.gateway.identified[0].names() == ["READY", "GUILD_CREATE"]


async def test_the_gateway_says_how_many_shards_it_would_have(discord):
    discord.gateway.shards = 2
    discord.add_guild(SECOND_SHARD, name="Second")
    async with running(discord) as client:
        await discord.gateway.until_connected(2)
        await discord.gateway.until(lambda: "ready" in client.heard)
        assert client.shard_count == 2
        assert {guild.id: guild.shard_id for guild in client.guilds} == {10: 0, SECOND_SHARD: 1}
        limits = await client.fetch_session_start_limits()
        assert (limits.total, limits.remaining) == (1000, 998)


async def test_each_of_two_shards_serves_its_servers_once(discord):
    discord.add_guild(SECOND_SHARD, name="Second")
    discord.add_channel(200, guild=SECOND_SHARD)
    async with running(discord, shard_count=2) as client:
        for guild, channel in ((10, 123), (SECOND_SHARD, 200)):
            answer = await discord.person("ann", guild=guild).types("news sources add", source="bbc")
            assert answer.text == "ann added bbc"
            assert discord.channel(channel).shown() == ["ann added bbc"]
        told = [session.names().count("INTERACTION_CREATE") for session in discord.gateway.identified]
        assert told == [1, 1]
    assert client.errors == []


async def test_no_event_is_lost_while_the_connection_is_down(discord, client):
    ann = discord.person("ann")
    discord.gateway.drop()
    answer = ann.starts("news watch", query="x")  # nobody listens at this moment
    discord.add_channel(124, name="summits")
    await answer.arrives()
    assert answer.text == "watch x in #world for None 1x all"
    assert client.get_channel(124).name == "summits"
    assert (discord.gateway.resumed, len(discord.gateway.identified)) == (1, 1)
    assert "resumed" in client.heard
    assert discord.gateway.identified[0].names().count("INTERACTION_CREATE") == 1


async def test_a_plain_client_resumes_after_an_outage(discord):
    point_at(discord)
    client = discord_py.Client(intents=discord_py.Intents(guilds=True), guild_ready_timeout=0.05)
    await client.login(discord.world.bots[1000].token)
    connection = asyncio.create_task(client.connect())
    await discord.gateway.until_connected()
    discord.gateway.refuse_next(1)
    discord.gateway.drop()
    await discord.gateway.until(lambda: discord.gateway.refused == 1)
    discord.add_channel(124, name="summits")
    await discord.gateway.until(lambda: discord.gateway.resumed == 1)
    await discord.gateway.until(lambda: client.get_channel(124) is not None)
    await client.close()
    await connection


async def test_a_sharded_client_begins_anew_after_an_outage(discord, client):
    # What discord.py does: unlike a plain client, a sharded one does not resume once an upgrade was refused.
    discord.gateway.refuse_next(1)
    discord.gateway.drop()
    await discord.gateway.until(lambda: discord.gateway.refused == 1)
    discord.add_channel(124, name="summits")
    await discord.gateway.until(lambda: len(discord.gateway.identified) == 2)
    await discord.gateway.until(lambda: client.get_channel(124) is not None)
    assert discord.gateway.resumed == 0


@pytest.mark.parametrize("trouble", ["ask_to_reconnect", "drop", "close"])
async def test_a_connection_that_ends_is_resumed(discord, client, trouble):
    getattr(discord.gateway, trouble)()
    await discord.gateway.until(lambda: discord.gateway.resumed == 1)
    assert (await discord.person("ann").types("news rights")).text == "manage False, send True"
    assert len(discord.gateway.identified) == 1


@pytest.mark.parametrize(("resumable", "identified", "resumed"), [(False, 2, 0), (True, 1, 1)])
async def test_an_invalid_session_is_begun_anew(discord, client, resumable, identified, resumed):
    discord.gateway.invalidate(resumable=resumable)
    await discord.gateway.until(
        lambda: (len(discord.gateway.identified), discord.gateway.resumed) == (identified, resumed)
    )
    assert (await discord.person("ann").types("news rights")).text == "manage False, send True"


async def test_a_connection_whose_heartbeats_go_unanswered_is_given_up(discord):
    discord.gateway.heartbeat_ms = 100
    async with running(discord, heartbeat_timeout=0.3):
        await discord.gateway.until(lambda: len(discord.gateway.identified) == 1)
        discord.gateway.acks = False
        await discord.gateway.until(lambda: discord.gateway.resumed == 1)
        discord.gateway.acks = True
        assert (await discord.person("ann").types("news rights")).text


async def test_a_client_that_does_not_beat_is_closed(discord):
    discord.gateway.heartbeat_ms = -600  # leaves it 0.1 s
    address = f"{discord.gateway.url}?v=10&encoding=json"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        await socket.receive()
        assert (await socket.receive()).data == 4009


async def test_a_reset_token_ends_the_connection_and_every_request(discord):
    async with running(discord) as client:
        discord.gateway.revoke(discord.world.bots[1000])
        await discord.gateway.until(client.is_closed)
    assert [error.code for error in client.errors] == [4004]
    with pytest.raises(discord_py.LoginFailure):
        async with running(discord):
            pass


async def test_an_intent_that_was_not_granted_ends_the_connection(discord):
    async with running(
        discord, intents=discord_py.Intents(guilds=True, members=True), await_session=False
    ) as client:
        await discord.gateway.until(client.is_closed)
    assert isinstance(client.errors[0], discord_py.PrivilegedIntentsRequired)
    discord.world.bots[1000].privileged = 1 << 1
    async with running(discord, intents=discord_py.Intents(guilds=True, members=True)) as client:
        discord.person("ann")
        await discord.gateway.until(lambda: "ready" in client.heard)
        assert {member.name for member in client.get_guild(10).members} == {"newsbot", "ann"}
        cy = discord.world.people[3000] = DiscordPerson(3000, "cy")
        discord.world.guilds[10].members[cy.id] = []
        [found] = await client.get_guild(10).query_members(user_ids=[3000])
        assert found.name == "cy"


async def test_an_event_that_cannot_be_read_ends_the_client(discord):
    async with running(discord) as client:
        discord.gateway.send_unreadable()
        await discord.gateway.until(client.is_closed)
    assert isinstance(client.errors[0], KeyError)


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["no json"], 4002),
        (['{"op": 2, "d": {"token": "' + "x" * 5000 + '"}}'], 4002),
        (['{"op": 8, "d": {}}'], 4003),
        (['{"op": 2, "d": {"token": "wrong", "intents": 0}}'], 4004),
        (['{"op": 2, "d": {"token": "TOKEN", "intents": 0, "shard": [2, 2]}}'], 4010),
        (['{"op": 2, "d": {"token": "TOKEN"}}'], 4013),
        (['{"op": 2, "d": {"token": "TOKEN", "intents": 1}}'] * 2, 4005),
        (['{"op": 2, "d": {"token": "TOKEN", "intents": 1}}', '{"op": 77}'], 4001),
        (['{"op": 6, "d": {"token": "wrong", "session_id": "session-1", "seq": 1}}'], 4004),
    ],
)
async def test_a_frame_against_the_rules_closes_the_connection(discord, frames, code):
    address = f"{discord.gateway.url}?v=10&encoding=json"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        assert (await socket.receive_json())["op"] == 10
        for frame in frames:
            await socket.send_str(frame.replace("TOKEN", discord.world.bots[1000].token))
        while (message := await socket.receive()).type == aiohttp.WSMsgType.TEXT:
            pass
        assert message.data == code


async def test_resuming_what_never_was_is_refused(discord):
    identify = {"op": 2, "d": {"token": discord.world.bots[1000].token, "intents": 1}}
    resume = {"op": 6, "d": {"token": discord.world.bots[1000].token, "session_id": "session-1", "seq": 99}}
    async with aiohttp.ClientSession() as session:
        address = f"{discord.gateway.url}?v=10&encoding=json"
        async with session.ws_connect(address) as first, session.ws_connect(address) as second:
            await first.send_json(identify)
            await discord.gateway.until_connected()
            await second.send_json(resume)
            await second.receive()
            assert (await second.receive()).data == 4007
        async with session.ws_connect(address) as third:
            await third.receive()
            await third.send_json({**resume, "d": {**resume["d"], "session_id": "session-9"}})
            assert await third.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
        async with session.ws_connect(discord.gateway.url) as fourth:
            await fourth.receive()
            assert (await fourth.receive()).data == 4012
