"""Whom an alert calls: only those that its maker could call, and never everybody."""

import pytest

from tests.e2e.articles import article
from tests.e2e.conftest import WORLD
from tests.e2e.newsrooms import newsrooms, people
from tests.impersonators.discord_world import Role

DESK, QUIET = 77, 78


@pytest.fixture
async def rooms(house, slack, discord):
    people(slack, discord)
    slack.add_group("S1", handle="desk", users=["U1"])
    discord.admin.set_role(Role(DESK, "desk", mentionable=True), 10)
    discord.admin.set_role(Role(QUIET, "quiet"), 10)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        yield rooms


async def test_an_alert_in_slack_calls_the_group_that_was_named(rooms, wire, clock, slack):
    sight = await rooms.quint.types("/news", "subscribe Kim --mention @desk", channel="C1")
    assert "Confirm" in sight.buttons, sight.text
    await rooms.quint.presses("Confirm")
    wire.publish(article(at=clock))
    await rooms.settle()
    [alert] = [message for message in slack.channel("C1").messages if message.headline]
    assert "S1" in str(alert.mentions)


async def test_an_alert_on_discord_calls_the_role_that_was_named_and_really_rings(
    rooms, wire, clock, discord
):
    answer = await rooms.ann.types("news subscribe", query="Kim", mention=DESK, channel=123)
    assert "Confirm" in answer.buttons, answer.text
    await rooms.ann.presses("Confirm")
    wire.publish(article(at=clock))
    await rooms.settle()
    [alert] = [message for message in discord.channel(123).messages if message.headline]
    assert f"<@&{DESK}>" in str(alert.content)
    assert discord.notified(alert)


@pytest.mark.parametrize("typed", ["@everyone", "@here", "@channel"])
async def test_nobody_can_have_an_alert_call_everybody_in_slack(rooms, typed):
    sight = await rooms.quint.types("/news", f"subscribe Kim --mention {typed}", channel="C1")
    assert "Confirm" not in sight.buttons


async def test_nobody_can_have_an_alert_call_everybody_on_discord_or_a_role_that_they_cannot_call(rooms):
    for role in (10, QUIET):  # a server's own id is the role of everybody
        answer = await rooms.ann.types("news subscribe", query="Kim", mention=role, channel=123)
        assert "Confirm" not in answer.buttons, answer.text
