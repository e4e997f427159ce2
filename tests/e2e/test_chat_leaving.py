"""Leaving a workspace or channel pauses what is watched there; coming back revives it; the others hear nothing of it."""

import pytest

from tests.e2e.articles import article
from tests.e2e.conftest import WORLD
from tests.e2e.newsrooms import newsrooms, people
from tests.impersonators.discord_world import SEND_MESSAGES


@pytest.fixture
async def rooms(house, slack, discord):
    people(slack, discord)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        for channel in ("slack:T1/C1", "slack:T1/C2", "slack:T2/C9", "discord:10/123", "discord:20/456"):
            await rooms.watch("Kim", channel)
        await rooms.poll()
        yield rooms


EVERYWHERE = {"C1", "C2", "C9", "123", "456"}


async def paused(rooms):
    """Return why channels are paused."""
    return {
        one.channel.address.channel: one.pause.reason
        for one in await rooms.parts.store.registry.subscriptions(paused=True)
        if one.pause
    }


async def until_paused(rooms, *channels):
    found = {}
    for _ in range(600):
        found = await paused(rooms)
        if set(found) == set(channels):
            return found
        await rooms.discord.changes.until(lambda: False, 0.05)
    raise AssertionError(f"paused are {found}, not {channels}")


async def publish(rooms, wire, clock, number):
    """Publish news, and return the channels that got it."""
    before = {channel: len(headlines) for channel, headlines in rooms.headlines().items()}
    title = f"Kim travels to city {'abcdefgh'[number]}"
    wire.publish(article(title, clock, number=number, text=f"<p>Kim is in {title[-1] * 9} now.</p>"))
    await rooms.settle()
    return {channel for channel, found in rooms.headlines().items() if len(found) > before.get(channel, 0)}


async def test_removed_from_a_server_its_channels_are_paused_until_the_bot_is_invited_again(
    rooms, wire, clock, discord
):
    discord.admin.kick(10)
    assert "removed" in (await until_paused(rooms, "123"))["123"]
    assert await publish(rooms, wire, clock, 1) == EVERYWHERE - {"123"}
    requests = len(discord.calls())
    assert await rooms.states() == {"sent": 4}
    discord.admin.invite(10)
    await until_paused(rooms)
    assert await publish(rooms, wire, clock, 2) == EVERYWHERE
    assert len(discord.calls()) == requests + 2


async def test_an_outage_of_a_server_is_no_leaving(rooms, discord):
    discord.admin.fail(10)
    discord.admin.kick(20)
    await until_paused(rooms, "456")


async def test_a_deleted_channel_is_paused_with_the_reason(rooms, wire, clock, discord):
    discord.admin.delete_channel(123)
    reasons = await until_paused(rooms, "123")
    assert "deleted" in reasons["123"]
    assert await publish(rooms, wire, clock, 1) == EVERYWHERE - {"123"}


async def test_an_archived_slack_channel_is_paused_and_comes_back(rooms, wire, clock, slack):
    await slack.admin("T1").archives("C1")
    assert "archived" in (await until_paused(rooms, "C1"))["C1"]
    assert await publish(rooms, wire, clock, 1) == EVERYWHERE - {"C1"}
    await slack.admin("T1").unarchives("C1")
    await until_paused(rooms)
    assert await publish(rooms, wire, clock, 2) == EVERYWHERE


async def test_taken_out_of_a_slack_channel_it_is_paused_and_invited_again_it_goes_on(
    rooms, wire, clock, slack
):
    await slack.admin("T1").removes("C2")
    await until_paused(rooms, "C2")
    assert await publish(rooms, wire, clock, 1) == EVERYWHERE - {"C2"}
    await slack.admin("T1").invites("C2")
    await until_paused(rooms)
    assert await publish(rooms, wire, clock, 2) == EVERYWHERE


async def test_where_the_app_is_uninstalled_everything_is_paused_and_the_other_workspace_goes_on(
    rooms, wire, clock, slack
):
    await slack.admin("T1").uninstalls()
    reasons = await until_paused(rooms, "C1", "C2")
    assert all("taken back" in reason or "uninstalled" in reason for reason in reasons.values()), reasons
    assert await publish(rooms, wire, clock, 1) == EVERYWHERE - {"C1", "C2"}
    sight = await rooms.ada.types("/news", "subscriptions", channel="C9")
    assert "1 subscription" in sight.text


async def test_installed_again_a_workspace_is_revived_by_the_next_start(house, rooms, slack, discord, wire):
    await slack.admin("T1").uninstalls()
    await until_paused(rooms, "C1", "C2")
    slack.admin("T1").reinstalls()
    async with newsrooms(house, slack, discord) as again:
        await until_paused(again)


async def test_what_a_person_paused_stays_paused_when_the_bot_comes_back(rooms, discord):
    answer = await rooms.ann.types("news pause", subscription="Kim", channel=123)
    assert "aused" in answer.text
    await rooms.ann.types("news subscribe", query="summit", channel=124)
    await rooms.ann.presses("Confirm")
    discord.admin.kick(10)
    await until_paused(rooms, "123", "124")
    discord.admin.invite(10)
    await until_paused(rooms, "123")


async def test_removed_while_newsbot_was_not_running_nothing_is_retried_for_ever(
    house, slack, discord, wire, clock
):
    people(slack, discord)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        await rooms.watch("Kim", "discord:10/123")
        await rooms.watch("Kim", "slack:T1/C1")
        await rooms.poll()
    discord.admin.kick(10)
    slack.team("T1").channels["C1"].is_archived = True
    async with newsrooms(house, slack, discord) as rooms:
        wire.publish(article("Kim travels", clock, text="<p>Kim is there.</p>"))
        await rooms.settle()
        assert await rooms.states() == {"held": 2}
        reasons = " ".join(await rooms.reasons())
        assert "Invite me to the server" in reasons
        assert "#world is archived" in reasons


async def test_what_was_given_back_while_newsbot_was_not_running_is_revived_by_the_next_start(
    house, slack, discord, wire, clock
):
    people(slack, discord)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        for channel in ("slack:T1/C1", "slack:T1/C2", "discord:10/123"):
            await rooms.watch("Kim", channel)
        await rooms.poll()
        discord.admin.allow(123, 10, deny=SEND_MESSAGES)
        await slack.admin("T1").archives("C1")
        await slack.admin("T1").removes("C2")
        await until_paused(rooms, "C1", "C2", "123")
    discord.admin.allow(123, 10)
    slack.channel("C1").is_archived = False
    async with newsrooms(house, slack, discord) as rooms:
        await until_paused(rooms, "C2")
        assert await publish(rooms, wire, clock, 1) == {"C1", "123"}
