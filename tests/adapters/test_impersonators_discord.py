"""The local Discord behaves to discord.py as Discord does, and refuses what Discord refuses."""

import io
import json

import aiohttp
import discord as discord_py
import pytest
from discord.http import Route

from tests.impersonators.discord_schema import at_hand
from tests.impersonators.discord_world import EMBED_LINKS, SEND_MESSAGES, VIEW_CHANNEL, Overwrite, Role

AGENT = "DiscordBot (https://newsbot.example, 1)"


@pytest.fixture
async def client(discord):
    Route.BASE = discord.base_url
    client = discord_py.Client(intents=discord_py.Intents.none())
    await client.login(discord.world.bots[1000].token)
    yield client
    await client.close()


@pytest.fixture
def world(client):
    return client.get_partial_messageable(123)


async def raw(discord, body, token=None, agent=AGENT, channel=123):
    """Post a message body that discord.py would not let through."""
    headers = {"Authorization": f"Bot {token or discord.world.bots[1000].token}", "User-Agent": agent}
    url = f"{discord.base_url}/channels/{channel}/messages"
    async with aiohttp.ClientSession(headers=headers) as session, session.post(url, json=body) as answer:
        return answer.status, json.loads(
            await answer.text() or "null"
        ) if agent == AGENT else await answer.text()


async def test_login_finds_the_bot_and_its_application(client, discord):
    assert client.user.name == "newsbot"
    assert client.application_id == 1000
    assert [request.operation for request in discord.requests] == [
        "GET /users/@me",
        "GET /oauth2/applications/@me",
    ]


async def test_a_sent_message_stands_in_its_channel_as_a_reader_sees_it(world, discord):
    embed = discord_py.Embed(
        title=r"A \* B", url="https://x.example/a", description="with **Kim**", colour=0x336699
    )
    embed.set_author(name="Politico").set_footer(text="By Q").add_field(
        name="also", value="BBC", inline=False
    )
    embed.timestamp = discord_py.utils.utcnow()
    sent = await world.send("hello", embed=embed, allowed_mentions=discord_py.AllowedMentions.none())
    (message,) = discord.channel(123).messages
    assert message.id == sent.id
    assert (message.headline, message.link) == ("A * B", "https://x.example/a")
    assert message.shown.text == "hello\nPolitico\nA * B\nwith Kim\nalso\nBBC\nBy Q"
    assert message.allowed_mentions == {"parse": []}
    assert message.links[0].url == "https://x.example/a"
    assert discord.messages == [message]


async def test_discord_py_can_compute_the_permissions_of_a_channel(client, discord):
    discord.channel(123).overwrites.append(Overwrite(10, deny=EMBED_LINKS))
    guild = await client.fetch_guild(10)
    (channel,) = await guild.fetch_channels()
    granted = channel.permissions_for(await guild.fetch_member(1000))
    assert (granted.send_messages, granted.embed_links) == (True, False)
    fetched = await client.fetch_channel(123)
    assert fetched.name == "world"


async def test_a_repeated_nonce_is_folded_for_a_few_minutes(world, discord, platform_clock):
    first = await world.send("one", nonce="d1")
    again = await world.send("one", nonce="d1")
    assert again.id == first.id
    assert [message.sent_times for message in discord.channel(123).messages] == [2]
    await platform_clock.advance(6 * 60)
    late = await world.send("one", nonce="d1")
    assert late.id != first.id
    assert len(discord.channel(123).messages) == 2


async def test_a_nonce_that_is_not_enforced_folds_nothing(discord):
    for _ in range(2):
        assert (await raw(discord, {"content": "x", "nonce": "d1"}))[0] == 200
    assert len(discord.messages) == 2


async def test_one_nonce_in_two_channels_is_still_one_message(world, discord, client):
    discord.add_channel(124)
    await world.send("one", nonce="d1")
    await client.get_partial_messageable(124).send("one", nonce="d1")
    assert discord.channel(124).messages == []


async def test_a_message_can_be_edited_by_its_author_only(world, discord):
    sent = await world.send("one")
    await world.get_partial_message(sent.id).edit(content="two")
    assert discord.channel(123).messages[0].content == "two"
    with pytest.raises(discord_py.NotFound) as unknown:
        await world.get_partial_message(1).edit(content="two")
    assert unknown.value.code == 10008
    discord.channel(123).messages[0] = discord.channel(123).messages[0].__class__(9, 123, 77, sent.created_at)
    with pytest.raises(discord_py.Forbidden) as other:
        await world.get_partial_message(9).edit(content="two")
    assert other.value.code == 50005


async def test_a_file_comes_with_its_message(world, discord):
    await world.send("see", file=discord_py.File(io.BytesIO(b"x"), "x.txt"))
    assert discord.messages[0].content == "see"
    assert discord.messages[0].body["files"] == ["files[0]"]


async def test_a_wrong_token_is_refused(discord):
    Route.BASE = discord.base_url
    async with discord_py.Client(intents=discord_py.Intents.none()) as client:
        with pytest.raises(discord_py.LoginFailure):
            await client.login("wrong")
    discord.world.bots[1000].revoked = True
    assert await raw(discord, {"content": "x"}) == (401, {"message": "401: Unauthorized", "code": 0})
    assert discord.invalid_requests == 2


async def test_a_client_without_a_proper_user_agent_is_turned_away(discord):
    assert await raw(discord, {"content": "x"}, agent="curl/8") == (403, "error code: 1010")


@pytest.mark.parametrize(
    ("denied", "code"), [(VIEW_CHANNEL, 50001), (SEND_MESSAGES, 50013), (EMBED_LINKS, 50013), (0, None)]
)
async def test_a_permission_that_is_missing_is_refused(world, discord, denied, code):
    discord.channel(123).overwrites.append(Overwrite(1000, deny=denied, is_member=True))
    if code is None:
        await world.send(embed=discord_py.Embed(title="x"))
        return
    with pytest.raises(discord_py.Forbidden) as refused:
        await world.send(embed=discord_py.Embed(title="x"))
    assert refused.value.code == code


async def test_roles_and_their_overwrites_decide_together(world, discord):
    guild = discord.world.guilds[10]
    guild.roles[10].permissions = 0
    guild.roles[11] = Role(11, "desk", VIEW_CHANNEL | SEND_MESSAGES)
    with pytest.raises(discord_py.Forbidden):
        await world.send("x")
    guild.members[1000].append(11)
    await world.send("x")
    discord.channel(123).overwrites.append(Overwrite(11, deny=SEND_MESSAGES))
    with pytest.raises(discord_py.Forbidden):
        await world.send("x")
    guild.roles[11].permissions = 1 << 3
    await world.send("x")
    assert len(discord.messages) == 2


async def test_channels_and_servers_that_are_not_there_or_not_ours_are_refused(client, discord):
    discord.world.add_guild(20, "Elsewhere", bots_join=False)
    discord.add_channel(200, guild=20)
    for call, code in (
        (client.fetch_channel(9), 10003),
        (client.fetch_channel(200), 50001),
        (client.fetch_guild(9), 10004),
        (client.fetch_guild(20), 50001),
        ((await client.fetch_guild(10)).fetch_member(5), 10007),
    ):
        with pytest.raises((discord_py.NotFound, discord_py.Forbidden)) as refused:
            await call
        assert refused.value.code == code
    with pytest.raises(discord_py.NotFound):
        await client.http.request(Route("GET", "/nowhere"))


async def test_the_gateway_is_named(client, discord):
    shards, url, *_ = await client.http.get_bot_gateway()
    assert (shards, url[:5]) == (1, "ws://")
    assert (await client.http.request(Route("GET", "/gateway")))["url"].startswith("ws://")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"content": "🙂" * 1001}, "content"),
        ({"content": 5}, "content"),
        ({"content": "x", "nonce": "n" * 26}, "nonce"),
        ({"content": "x", "shout": True}, "shout"),
        ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse"),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
        ({"embeds": [{"title": "x", "color": 0x1000000}]}, "embeds.0.color"),
        ({"embeds": [{"title": "x", "timestamp": "yesterday"}]}, "embeds.0.timestamp"),
        ({"embeds": [{"title": "x", "url": "javascript:alert(1)"}]}, "embeds.0.url"),
        ({"embeds": [{"title": "x", "url": "https://"}]}, "embeds.0.url"),
        ({"embeds": [{"title": "x", "url": "https://x.example/" + "a" * 2048}]}, "embeds.0.url"),
        ({"embeds": [{"title": "x", "image": {"url": "data:x"}}]}, "embeds.0.image.url"),
        ({"embeds": [{"title": "x", "image": {}}]}, "embeds.0.image.url"),
        ({"embeds": [{"title": "x", "footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text"),
        ({"embeds": [{"title": "x", "author": {"name": "x" * 257}}]}, "embeds.0.author.name"),
        ({"embeds": [{"title": "x", "author": {"name": "x", "icon_url": "x"}}]}, "embeds.0.author.icon_url"),
        ({"embeds": [{"title": "x", "author": {"name": "x", "age": 1}}]}, "embeds.0.author.age"),
        ({"embeds": [{"fields": [{"name": "x", "value": "y"}] * 26}]}, "embeds.0.fields"),
        ({"embeds": [{"fields": [{"name": "x"}]}]}, "embeds.0.fields.0.value"),
        ({"embeds": [{"fields": [{"name": "x" * 257, "value": "y"}]}]}, "embeds.0.fields.0.name"),
        ({"embeds": [{"fields": [{"name": "x", "value": "y" * 1025}]}]}, "embeds.0.fields.0.value"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds"),
    ],
)
async def test_a_body_against_the_rules_is_refused_with_its_place(discord, body, place):
    status, answer = await raw(discord, body)
    assert (status, answer["code"]) == (400, 50035)
    node = answer["errors"]
    for key in place.split("."):
        node = node[key]
    assert node["_errors"]
    assert discord.messages == []


async def test_an_empty_message_is_refused(discord):
    assert (await raw(discord, {"content": ""}))[1]["code"] == 50006


async def test_an_embed_within_every_limit_is_taken(discord):
    fields = [{"name": "n" * 10, "value": "v" * 20, "inline": False}] * 25
    embed = {
        "title": "x" * 256,
        "description": "x" * 3000,
        "url": "https://x.example",
        "color": 0,
        "fields": fields,
    }
    full = {
        **embed,
        "author": {"name": "x" * 256},
        "footer": {"text": "x" * 1738},
        "image": {"url": "https://x.example"},
    }
    assert (await raw(discord, {"embeds": [full], "content": "x" * 2000, "nonce": "n" * 25}))[0] == 200


@pytest.mark.skipif(not at_hand(), reason="Discord's OpenAPI document is not beside the checkout")
async def test_discords_own_document_is_asked_too(discord):
    status, answer = await raw(discord, {"content": "x", "sticker_ids": ["not an id"]})
    assert (status, answer["code"]) == (400, 50035)
    reference = {"message_id": 1, "channel_id": 123}
    assert (await raw(discord, {"content": "x", "message_reference": reference}))[0] == 200


async def test_every_answer_carries_the_state_of_its_rate_limit(world, discord, client):
    discord.rate_rule.limit = 3
    await world.send("x")
    key = f"{client.http._bucket_hashes['POST /channels/{channel_id}/messages']}:123"
    assert (client.http.get_ratelimit(key).limit, client.http.get_ratelimit(key).remaining) == (3, 2)
    assert [(await raw(discord, {"content": "x"}))[0] for _ in range(3)] == [200, 200, 429]


async def test_a_bucket_is_empty_again_after_its_time(discord, platform_clock):
    discord.rate_rule.limit = 1
    assert [(await raw(discord, {"content": "x"}))[0] for _ in range(2)] == [200, 429]
    await platform_clock.advance(1.5)
    assert (await raw(discord, {"content": "x"}))[0] == 200
    assert discord.invalid_requests == 1
