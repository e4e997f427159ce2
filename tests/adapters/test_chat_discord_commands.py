"""Commands typed on Discord: what arrives at the desk, and how Discord learns of them."""

from __future__ import annotations

import pytest

from bot.chat.discord_commands import is_registered, registration
from bot.domain.commands.definitions import COMMANDS, Command, Kind, Parameter
from bot.domain.commands.exchange import Call, Choice, Mention, Person, Rights, Upload
from bot.domain.model import ChannelAddress
from tests.adapters.discord_desk import RecordingDesk, serving
from tests.impersonators.discord_options import PersonCannot
from tests.impersonators.discord_world import ANNOUNCEMENT, CATEGORY, FORUM, MANAGE_CHANNELS, Role
from tests.impersonators.faults import banned, broken, rate_limited

HERE = ChannelAddress("discord", "10", "123")


@pytest.fixture
def desk():
    return RecordingDesk()


async def test_a_command_brings_who_where_and_what(discord, desk):
    discord.admin.set_role(Role(30, "desk"), 10)
    async with serving(discord, desk):
        ann = discord.person("ann", roles=[30])
        answer = await ann.types("news search", query="Kim Jong Un")
        assert (answer.text, answer.is_ephemeral) == ("heard", True)
        caller = desk.last.caller
        assert desk.last == Call(caller, "search", {"query": "Kim Jong Un"})
        assert (caller.person, caller.channel, caller.channel_name) == (
            Person(str(ann.id), "ann"),
            HERE,
            "world",
        )
        assert caller.rights == Rights(member=True, moderator=False, groups=frozenset({"30"}))


async def test_every_kind_of_option_arrives_as_what_it_stands_for(discord, desk):
    discord.add_channel(124, name="europe", type=ANNOUNCEMENT)
    discord.admin.set_role(Role(30, "desk"), 10)
    async with serving(discord, desk):
        ann, bob = discord.person("ann"), discord.person("bob")
        await ann.types("news subscribe", query="summit", in_=124, in2=123, in3=124, feeds="BBC", mention=30)
        assert desk.last.arguments == {
            "query": "summit",
            "in": (ChannelAddress("discord", "10", "124"), HERE),
            "feeds": "BBC",
            "mention": Mention("role", "30", "desk"),
        }
        await ann.types("news subscribe", query="summit", mention=bob)
        assert desk.last.arguments["mention"] == Mention("person", str(bob.id), "bob")
        await ann.types("news copy", from_=123, to=124)
        assert desk.last.arguments["to"] == (ChannelAddress("discord", "10", "124"),)
        await ann.types("news export", what="subscriptions")
        assert desk.last.arguments == {"what": "subscriptions"}
        await ann.types("news sources add", url="bbc.com/news")
        assert (desk.last.command, desk.last.arguments) == ("sources add", {"url": "bbc.com/news"})
        await ann.types("news import", file=("feeds.opml", b"<opml/>"))
        assert desk.last.arguments == {"file": Upload("feeds.opml", b"<opml/>")}


async def test_a_file_that_is_too_large_or_gone_is_answered_in_words(discord, desk):
    async with serving(discord, desk):
        ann = discord.person("ann")
        answer = await ann.types("news import", file=("all.opml", b"x" * 5_000_001))
        assert answer.text == "“all.opml” is larger than 5 MB, the most that newsbot reads."
        discord.faults.next(broken(404), when=lambda request: "attachments" in request.path)
        answer = await ann.types("news import", file=("feeds.opml", b"<opml/>"))
        assert answer.text == "Discord did not hand over “feeds.opml”. Try again."
        assert desk.heard == []


async def test_only_places_that_can_be_posted_to_are_offered(discord, desk):
    discord.add_channel(124, name="forum", type=FORUM)
    discord.add_channel(125, name="section", type=CATEGORY)
    thread = discord.admin.add_thread(126, parent=123)
    async with serving(discord, desk):
        ann = discord.person("ann")
        await ann.types("news subscribe", query="summit", in_=124, in2=thread)
        assert [channel.channel for channel in desk.last.arguments["in"]] == ["124", "126"]
        with pytest.raises(PersonCannot):
            await ann.types("news subscribe", query="summit", in_=125)


async def test_rights_come_from_discord_at_the_moment_of_the_command(discord, desk):
    async with serving(discord, desk):
        ann = discord.person("ann")
        await ann.types("news status")
        assert not desk.last.caller.rights.moderator
        discord.admin.allow(123, ann.id, allow=MANAGE_CHANNELS)
        await ann.types("news status")
        assert desk.last.caller.rights.moderator


async def test_completions_know_what_else_was_typed(discord, desk):
    desk.choices = [
        Choice("12", "“summit” (12)"),
        Choice("x" * 101, "too long to come back"),
        Choice("13", "y" * 200),
    ]
    async with serving(discord, desk):
        ann = discord.person("ann")
        offered = await ann.completes("news edit", query="golf", subscription="su")
        assert offered[0] == ("“summit” (12)", "12")
        assert [value for _, value in offered] == ["12", "13"]
        assert len(offered[1][0]) <= 100
        call, parameter, typed = desk.typed[-1]
        assert (call.command, call.arguments, parameter, typed) == (
            "edit",
            {"query": "golf"},
            "subscription",
            "su",
        )
        assert call.caller.channel == HERE


async def test_no_completions_are_shown_rather_than_late_ones(discord, desk):
    desk.block()
    async with serving(discord, desk, form_within_s=0.05):
        assert await discord.person("ann").completes("news pause", subscription="su") == []
        desk.free()


async def test_at_most_25_completions_are_offered(discord, desk):
    desk.choices = [Choice(str(number), str(number)) for number in range(30)]
    async with serving(discord, desk):
        assert len(await discord.person("ann").completes("news pause", subscription="")) == 25


async def test_two_servers_are_told_apart(discord, desk):
    discord.add_guild(20, name="Sports desk")
    discord.add_channel(223, name="sports", guild=20)
    async with serving(discord, desk):
        await discord.person("ann").types("news status")
        await discord.person("ann", guild=20).types("news status")
        assert [said.caller.channel for said in desk.heard] == [HERE, ChannelAddress("discord", "20", "223")]


async def test_a_command_in_a_thread_is_about_the_thread(discord, desk):
    thread = discord.admin.add_thread(126, parent=123, name="G7")
    async with serving(discord, desk):
        await discord.person("ann").types("news status", channel=thread)
        assert desk.last.caller.channel == ChannelAddress("discord", "10", "126")
        assert desk.last.caller.channel_name == "G7"


# ---------------------------------------------------------------- registering


async def test_commands_are_registered_everywhere_under_their_name(discord, desk):
    async with serving(discord, desk, command="radar"):
        assert await discord.person("ann").types("radar status")
    (request,) = discord.registrations
    assert request.operation == "PUT /applications/{application_id}/commands"
    names = [item["name"] for item in discord.world.commands[1000, 0]]
    assert names == ["radar", "Mute this story", "Not relevant", "Why this?"]
    assert all(item["contexts"] == [0] for item in discord.world.commands[1000, 0])


async def test_for_development_commands_are_registered_in_a_server_only(discord, desk):
    async with serving(discord, desk, development_servers=("10",)):
        answer = await discord.person("ann").types("news status")
        assert answer.text == "heard"
    assert set(discord.world.commands) == {(1000, 10)}
    async with serving(discord, desk, development_servers=("10",)):
        await discord.gateway.until(lambda: len(discord.calls(IN_SERVER)) == 2)
    assert len(discord.registrations) == 1


IN_SERVER = "GET /applications/{application_id}/guilds/{guild_id}/commands"
LISTED = "GET /applications/{application_id}/commands"


async def test_a_second_start_registers_nothing_and_a_changed_definition_once(discord, desk):
    for _ in range(2):
        async with serving(discord, desk):
            await discord.gateway.until(lambda: bool(discord.calls(LISTED)))
    assert len(discord.registrations) == 1
    discord.world.commands[1000, 0][0]["options"][0]["description"] = "as it was in an older newsbot"
    for _ in range(2):
        async with serving(discord, desk):
            await discord.person("ann").types("news status")
    assert len(discord.registrations) == 2


async def test_an_entry_point_of_the_app_survives_registration(discord, desk):
    entry = {"type": 4, "name": "launch", "description": "", "id": "5", "handler": 2}
    discord.world.commands[1000, 0] = [entry]
    async with serving(discord, desk):
        await discord.gateway.until(lambda: len(discord.world.commands[1000, 0]) == 5)
    kept = [item for item in discord.world.commands[1000, 0] if item["type"] == 4]
    assert [item["name"] for item in kept] == ["launch"]


@pytest.mark.parametrize("fault", [broken(500), rate_limited(0.05), banned(1)])
async def test_registering_is_tried_until_discord_takes_it(discord, desk, fault):
    puts = lambda request: request.operation.startswith("PUT /applications")
    discord.faults.next(fault, when=puts)
    async with serving(discord, desk):
        assert (await discord.person("ann").types("news status")).text == "heard"


async def test_a_registration_that_is_refused_stops_neither_newsbot_nor_the_other_commands(
    discord, desk, caplog
):
    async with serving(discord, desk, registered=False, development_servers=("99", "10")):
        await discord.gateway.until(lambda: (1000, 10) in discord.world.commands)
        assert (await discord.person("ann").types("news status")).text == "heard"
    assert len([call for call in discord.calls(IN_SERVER) if call.places["guild_id"] == "99"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Another"},
        {"options": []},
        {"default_member_permissions": "32"},
        {"contexts": [0, 1]},
        {"name": "other"},
    ],
)
def test_any_change_of_a_definition_is_seen(change):
    wanted = registration("news", everywhere=True)
    assert is_registered(wanted, wanted)
    assert not is_registered([{**wanted[0], **change}, *wanted[1:]], wanted)
    assert not is_registered(wanted[1:], wanted)


@pytest.mark.parametrize("key", ["required", "autocomplete", "choices", "channel_types", "type"])
def test_any_change_of_an_option_is_seen(key):
    old = Parameter("query", Kind.TEXT, "What", required=True)
    new = {
        "required": Parameter("query", Kind.TEXT, "What"),
        "autocomplete": Parameter("query", Kind.TEXT, "What", required=True, completes=True),
        "choices": Parameter("query", Kind.TEXT, "What", required=True, choices=("a",)),
        "channel_types": Parameter("query", Kind.CHANNELS, "What", required=True),
        "type": Parameter("query", Kind.MENTION, "What", required=True),
    }[key]
    before, after = (
        registration("news", everywhere=True, commands=[Command("search", "Find", (parameter,))])
        for parameter in (old, new)
    )
    assert not is_registered(before, after)


def test_every_command_has_its_place():
    (command, *_) = registration("news", everywhere=True)
    names = []
    for option in command["options"]:
        inside = [f"{option['name']} {item['name']}" for item in option["options"] if item["type"] == 1]
        names += inside or [option["name"]]
    assert sorted(names) == sorted(item.name for item in COMMANDS)
    assert {item["description"] for item in command["options"] if item["type"] == 2} == {
        "sources: list, add, remove, test, health",
        "terms: list, set, remove",
    }


async def test_an_answer_in_words_is_given_where_there_is_no_server(discord, desk):
    async with serving(discord, desk):
        answer = await discord.person("ann").types_privately("news status")
        assert answer.text == "newsbot works in the channels of a server. Give the command there."
        assert desk.heard == []
