"""The local Discord registers what stock discord.py registers, and refuses what Discord refuses."""

import aiohttp
import discord as discord_py
import pytest

from tests.impersonators.discord_options import PersonCannot
from tests.impersonators.discord_schema import at_hand
from tests.impersonators.discord_tiny_bot import running

AGENT = "DiscordBot (https://newsbot.example, 1)"
TEXT, SUB, GROUP = 3, 1, 2


def option(name="query", **more):
    return {"type": TEXT, "name": name, "description": "words", **more}


def command(name="news", **more):
    return {"type": 1, "name": name, "description": "News", **more}


async def send(discord, method, path, body=None):
    headers = {"Authorization": f"Bot {discord.world.bots[1000].token}", "User-Agent": AGENT}
    address = f"{discord.base_url}/applications/{path}"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, address, json=body) as answer,
    ):
        return answer.status, await answer.json() if answer.status != 204 else None


async def test_a_second_start_may_find_its_commands_registered(discord):
    async with running(discord) as client:
        assert {item.name for item in await client.tree.fetch_commands()} == {"news", "Why"}
    first = discord.world.commands[1000, 0]
    assert len(discord.registrations) == 1
    async with running(discord, sync=False) as client:
        assert (await discord.person("ann").types("news rights")).text
        assert len(discord.registrations) == 1
        await client.tree.sync()
    assert [item["id"] for item in discord.world.commands[1000, 0]] == [item["id"] for item in first]


async def test_commands_of_a_server_are_offered_there_only(discord):
    discord.add_guild(20, name="Elsewhere")
    discord.add_channel(201, guild=20)
    async with running(discord, sync=False) as client:
        client.tree.copy_global_to(guild=discord_py.Object(20))
        await client.tree.sync(guild=discord_py.Object(20))
        assert (await discord.person("bob", guild=20).types("news rights")).text
        with pytest.raises(PersonCannot, match="offers"):
            discord.person("ann", guild=10).starts("news rights")
    assert client.errors == []
    assert [request.places["guild_id"] for request in discord.registrations] == ["20"]


async def test_one_command_can_be_added_read_and_removed(discord):
    status, made = await send(discord, "POST", "1000/commands", command(options=[option()]))
    assert (status, made["name"], made["default_member_permissions"]) == (200, "news", None)
    again = await send(discord, "POST", "1000/commands", command(description="Newer"))
    assert (again[1]["id"], again[1]["description"]) == (made["id"], "Newer")
    assert (await send(discord, "GET", f"1000/commands/{made['id']}"))[1]["description"] == "Newer"
    assert await send(discord, "DELETE", f"1000/commands/{made['id']}") == (204, None)
    assert (await send(discord, "DELETE", f"1000/commands/{made['id']}"))[1]["code"] == 10063
    assert (await send(discord, "GET", "1000/commands"))[1] == []


async def test_commands_of_other_applications_and_servers_are_out_of_reach(discord):
    discord.world.add_guild(30, "Not ours", bots_join=False)
    assert (await send(discord, "PUT", "1001/commands", []))[1]["code"] == 20012
    assert (await send(discord, "PUT", "1000/guilds/30/commands", []))[1]["code"] == 50001


async def test_a_command_may_ask_for_rights(discord):
    async with running(discord, sync=False) as client:
        client.tree.get_command("news").default_permissions = discord_py.Permissions(manage_channels=True)
        await client.tree.sync()
        with pytest.raises(PersonCannot, match="may not use"):
            discord.person("ann").starts("news rights")


async def test_what_is_within_the_limits_is_taken(discord):
    full = command(options=[option(f"o{n}", required=n < 3, autocomplete=True) for n in range(25)])
    deep = command(
        "deep", options=[{**option("g"), "type": GROUP, "options": [{**option("s"), "type": SUB}]}]
    )
    menus = [{"type": 3, "name": f"Menu entry {n}"} for n in range(15)]
    status, made = await send(discord, "PUT", "1000/commands", [full, deep, *menus])
    assert (status, len(made)) == (200, 17)


BAD = {
    "capitals": command("News"),
    "space": command("news bot"),
    "long name": command("n" * 33),
    "no description": command(description=""),
    "long description": command(description="d" * 101),
    "26 options": command(options=[option(f"o{n}") for n in range(26)]),
    "two of a name": command(options=[option(), option()]),
    "required last": command(options=[option(), option("feeds", required=True)]),
    "mixed": command(options=[option(), {**option("s"), "type": SUB}]),
    "group in a group": command(
        options=[{**option("g"), "type": GROUP, "options": [{**option("h"), "type": GROUP}]}]
    ),
    "option in a group": command(options=[{**option("g"), "type": GROUP, "options": [option()]}]),
    "26 choices": command(options=[option(choices=[{"name": f"{n}", "value": f"{n}"} for n in range(26)])]),
    "long choice": command(options=[option(choices=[{"name": "n" * 101, "value": "v"}])]),
    "number for a text": command(options=[option(choices=[{"name": "n", "value": 5}])]),
    "choices twice": command(options=[option(choices=[{"name": "n", "value": "v"}] * 2)]),
    "choices and completions": command(
        options=[option(autocomplete=True, choices=[{"name": "n", "value": "v"}])]
    ),
    "completions of a channel": command(options=[{**option(), "type": 7, "autocomplete": True}]),
    "kinds of a text": command(options=[option(channel_types=[0])]),
    "long text": command(options=[option(max_length=6001)]),
    "menu with a description": {"type": 3, "name": "Why", "description": "why"},
    "menu without a name": {"type": 3, "name": ""},
}


@pytest.mark.parametrize("name", BAD)
async def test_a_command_against_the_rules_is_refused(discord, name):
    status, answer = await send(discord, "PUT", "1000/commands", [command("fine"), BAD[name]])
    assert (status, answer["code"]) == (400, 50035)
    assert answer["errors"]["1"]
    assert (await send(discord, "POST", "1000/commands", BAD[name]))[0] == 400
    assert discord.world.commands == {}


async def test_too_much_altogether_is_refused(discord):
    choices = [{"name": f"{n} " + "n" * 97, "value": f"{n} " + "v" * 97} for n in range(25)]
    large = command(options=[option("a", choices=choices), option("b", choices=choices)])
    _, answer = await send(discord, "PUT", "1000/commands", [large])
    assert answer["errors"]["0"]["_errors"][0]["code"] == "APPLICATION_COMMAND_TOO_LARGE"
    for many in ([command(f"c{n}") for n in range(101)], [{"type": 3, "name": f"m{n}"} for n in range(16)]):
        assert (await send(discord, "PUT", "1000/commands", many))[1]["code"] == 30032
    assert (await send(discord, "PUT", "1000/commands", [command(), command()]))[1]["code"] == 50035
    assert (await send(discord, "PUT", "1000/commands", command()))[1]["code"] == 50035


@pytest.mark.skipif(not at_hand(), reason="Discord's OpenAPI document is not beside the checkout")
async def test_discords_own_document_is_asked_about_commands(discord):
    status, answer = await send(discord, "PUT", "1000/commands", [command(contexts="all")])
    assert (status, answer["errors"]["0"]["contexts"]["_errors"][0]["code"]) == (400, "SCHEMA")
