"""How newsbot is connected: over several shards, twice at once, over HTTP, and no longer."""

import socket

import pytest

from bot.chat.slack_manifest import PATH
from tests.e2e.articles import article
from tests.e2e.conftest import WORLD
from tests.e2e.newsrooms import EDITOR, newsrooms, people, settings
from tests.impersonators.discord_world import MANAGE_CHANNELS, USUAL, Role

SECOND_SHARD = 1 << 22
"""A server that the second of two shards serves."""


@pytest.fixture
def everybody(slack, discord):
    people(slack, discord)


async def test_two_shards_share_the_servers_out_and_each_is_served_once(
    everybody, house, slack, discord, wire, clock
):
    discord.add_guild(SECOND_SHARD, name="Far desk")
    discord.add_channel(SECOND_SHARD + 1, name="world", guild=SECOND_SHARD)
    discord.admin.set_role(Role(EDITOR + SECOND_SHARD, "editors", USUAL | MANAGE_CHANNELS), SECOND_SHARD)
    dot = discord.person("dot", guild=SECOND_SHARD, roles=[EDITOR + SECOND_SHARD])
    async with newsrooms(house, slack, discord, shards=2) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        for person, place in ((rooms.ann, 123), (dot, SECOND_SHARD + 1)):
            answer = await person.types("news subscribe", query="Kim", channel=place)
            assert "Ready to watch #world" in answer.text
            await person.presses("Confirm")
        assert {tuple(session.shard) for session in discord.gateway.connected} == {(0, 2), (1, 2)}
        wire.publish(article(at=clock))
        await rooms.settle()
        assert rooms.headlines() == {
            "123": ["Kim agrees to a second meeting"],
            str(SECOND_SHARD + 1): ["Kim agrees to a second meeting"],
        }
        assert len(await rooms.parts.store.registry.subscriptions()) == 2


async def test_a_second_start_registers_no_command(everybody, house, slack, discord):
    async with newsrooms(house, slack, discord):
        pass
    registered = len(discord.registrations)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.ann.types("news help", channel=123)
    assert registered == 1
    assert len(discord.registrations) == registered


async def test_two_newsbots_that_hear_the_same_press_subscribe_once(everybody, house, slack, discord):
    async with newsrooms(house, slack, discord) as rooms, newsrooms(house, slack, discord):
        answer = await rooms.ann.types("news subscribe", query="summit", channel=123)
        assert "Ready to watch #world" in answer.text
        await rooms.ann.presses("Confirm")
        await rooms.until(lambda: discord.channel(123).messages)
        await rooms.quint.types("/news", "subscribe summit", channel="C1")
        await rooms.quint.presses("Confirm", until=lambda sight: sight.posts)
        found = await rooms.parts.store.registry.subscriptions()
        assert [str(one.channel.address) for one in found] == ["discord:10/123", "slack:T1/C1"]
    assert len(discord.channel(123).messages) == 1
    assert len(slack.channel("C1").messages) == 1


async def test_of_two_newsbots_that_hear_a_command_one_answers_and_announces(
    everybody, house, slack, discord
):
    async with newsrooms(house, slack, discord) as rooms, newsrooms(house, slack, discord):
        await rooms.watch("summit", "slack:T1/C1")
        slack.sockets.doubling = 1
        await rooms.quint.types("/news", "pause summit", channel="C1")
        assert slack.sockets.doubling == 0
        await rooms.until(lambda: slack.channel("C1").messages)
    assert len(slack.channel("C1").messages) == 1
    assert len([message for message in rooms.quint.sees("C1") if message.viewer]) == 1


async def test_a_press_that_comes_twice_subscribes_once(everybody, house, slack, discord):
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.quint.types("/news", "subscribe summit", channel="C1")
        slack.sockets.doubling = 1
        await rooms.quint.presses("Confirm", until=lambda sight: sight.posts)
        await rooms.quint.types("/news", "subscriptions", channel="C1")
        assert len(await rooms.parts.store.registry.subscriptions()) == 1


async def test_a_slack_workspace_that_takes_its_token_back_leaves_the_other_platforms_alone(
    everybody, house, slack, discord, wire, clock
):
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        for channel in ("slack:T1/C1", "slack:T2/C9", "discord:10/123"):
            await rooms.watch("Kim", channel)
        await rooms.poll()
        await slack.admin("T1").revokes_app_token()
        slack.team("T1").revoked = True
        wire.publish(article(at=clock))
        await rooms.settle()
        assert set(rooms.headlines()) == {"C9", "123"}
        assert "newsbot watches" in (await rooms.ada.types("/news", "help", channel="C9")).text
        assert "newsbot watches" in (await rooms.ann.types("news help", channel=123)).text


async def test_a_discord_token_that_was_reset_ends_that_connection_only(
    everybody, house, slack, discord, wire, clock
):
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        for channel in ("slack:T2/C9", "discord:10/123"):
            await rooms.watch("Kim", channel)
        await rooms.poll()
        discord.world.bots[1000].token = "another.one.now"
        discord.gateway.drop()
        wire.publish(article(at=clock))
        await rooms.settle()
        assert set(rooms.headlines()) == {"C9"}
        assert "newsbot watches" in (await rooms.ada.types("/news", "help", channel="C9")).text


async def test_cut_connections_are_made_again(everybody, house, slack, discord):
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.ann.types("news help", channel=123)
        discord.gateway.drop()
        slack.sockets.cut()
        await discord.gateway.until(lambda: discord.gateway.resumed == 1)
        await slack.sockets.connected(4)
        assert "newsbot watches" in (await rooms.ann.types("news help", channel=123)).text
        assert "newsbot watches" in (await rooms.quint.types("/news", "help", channel="C1")).text


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


async def test_over_http_slack_posts_to_an_address_of_ours(
    everybody, house, slack, discord, wire, clock, free_port
):
    config = settings(house, slack)
    http = config.chat.slack.model_copy(update={"mode": "http", "port": free_port})
    config = config.model_copy(update={"chat": config.chat.model_copy(update={"slack": http})})
    for team in slack.world.teams.values():
        team.request_url = f"http://127.0.0.1:{free_port}{PATH}"
    async with newsrooms(house, slack, discord, config=config) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        sight = await rooms.quint.types("/news", "subscribe Kim", channel="C1")
        assert "Ready to watch #world" in sight.text
        await rooms.quint.presses("Confirm", until=lambda sight: sight.posts)
        sight = await rooms.ada.types("/news", "subscriptions", channel="C9")
        assert "quint" not in sight.text
        wire.publish(article(at=clock))
        await rooms.settle()
        assert rooms.headlines() == {"C1": ["Kim agrees to a second meeting"]}
