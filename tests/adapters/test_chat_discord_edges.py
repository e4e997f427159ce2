"""What is rare on Discord: interactions outside servers, late completions, kinds of channels that nobody knows."""

from __future__ import annotations

import logging

import pytest

from bot.chat.discord_recent import Recent
from bot.domain.commands.exchange import Call
from tests.adapters.discord_desk import RecordingDesk, serving
from tests.impersonators.discord_objects import guild_json, member_json
from tests.impersonators.discord_world import Event, Role
from tests.impersonators.faults import cut

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"


@pytest.fixture
def desk():
    return RecordingDesk()


def tell(discord, name, data):
    """Let the gateway tell the bot of something that the local Discord does not do by itself."""
    discord.world.emit(Event(name, data, 10, bot_id=1000))


async def test_completions_that_come_too_late_disturb_nobody(discord, desk):
    async with serving(discord, desk):
        ann = discord.person("ann")
        discord.interactions.delay_next()
        with pytest.raises(AssertionError, match="no completions came in time"):
            await ann.completes("news pause", subscription="su")
        assert (await ann.types("news status")).text == "heard"


async def test_what_is_said_outside_servers_too_late_disturbs_nobody(discord, desk):
    async with serving(discord, desk):
        ann = discord.person("ann")
        discord.interactions.delay_next()
        assert (await ann.types_privately("news status")).has_failed
        assert (await ann.types("news status")).text == "heard"


async def test_completions_outside_servers_are_none(discord, desk):
    async with serving(discord, desk):
        ann = discord.person("ann")
        assert await ann.completes_privately("news pause", subscription="su") == []


async def test_a_new_owner_of_a_server_is_noticed_and_harms_nothing(discord, desk):
    async with serving(discord, desk):
        await desk.until(lambda: len(desk.places) == 1)
        tell(discord, "GUILD_UPDATE", {**guild_json(discord.world.guilds[10]), "owner_id": "1000"})
        assert (await discord.person("ann").types("news status")).text == "heard"
        assert len(desk.places) == 1


async def test_other_members_and_deleted_things_are_nobodys_loss(discord, desk):
    async with serving(discord, desk):
        await desk.until(lambda: len(desk.places) == 1)
        guild, ann = discord.world.guilds[10], discord.person("ann")
        about = {**member_json(guild, discord.world.people[ann.id]), "guild_id": "10"}
        tell(discord, "GUILD_MEMBER_UPDATE", about)
        discord.admin.set_role(Role(30, "desk"), 10)
        discord.admin.delete_role(30, 10)
        assert (await ann.types("news status")).text == "heard"
        assert len(desk.places) == 1


async def test_the_token_is_in_no_log(discord, desk, caplog):
    caplog.set_level(logging.DEBUG)
    async with serving(discord, desk):
        await discord.person("ann").types("news status")
        discord.gateway.drop()
        await discord.gateway.until(lambda: discord.gateway.resumed == 1)
    assert discord.world.bots[1000].token not in caplog.text


async def test_commands_of_an_older_newsbot_reach_the_desk_by_name(discord, desk):
    async with serving(discord, desk):
        (news, *_) = discord.world.commands[1000, 0]
        news["options"].append({"type": 1, "name": "digest", "description": "As it was", "options": []})
        await discord.person("ann").types("news digest")
        assert desk.last == Call(desk.last.caller, "digest", {})


async def test_a_lost_acknowledgement_means_that_nothing_is_done(discord, desk):
    async with serving(discord, desk):
        ann = discord.person("ann")
        await ann.types("news status")
        discord.faults.next(cut(), when=lambda request: request.operation == CALLBACK)
        answer = ann.starts("news help")
        await discord.gateway.until(lambda: len(discord.calls(CALLBACK)) >= 2)
        await ann.types("news search", query="summit")
        assert answer.has_failed
        assert [said.command for said in desk.heard] == ["status", "search"]


def test_a_short_memory_forgets_the_oldest():
    recent: Recent[str, int] = Recent(2)
    for number, name in enumerate(("a", "b", "a", "c")):
        recent.put(name, number)
    assert [recent.get(name) for name in ("a", "b", "c")] == [2, None, 3]
    recent.drop("a")
    recent.drop("nothing")
    assert "a" not in recent
    assert "c" in recent
