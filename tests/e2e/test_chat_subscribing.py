"""From a command typed in a chat to the alert in that channel: real feeds, real store, two workspaces of each platform."""

import pytest

from tests.e2e.articles import article
from tests.e2e.conftest import WORLD
from tests.e2e.newsrooms import newsrooms, people


@pytest.fixture
async def rooms(house, slack, discord):
    people(slack, discord)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        yield rooms


async def test_somebody_in_slack_subscribes_and_the_alert_arrives_in_that_channel_and_only_there(
    rooms, wire, clock
):
    sight = await rooms.quint.types("/news", "subscribe second meeting", channel="C1")
    assert "Ready to watch #world for the phrase “second meeting”" in sight.text
    assert sight.whispers == sight.texts
    assert sight.buttons == ["Confirm", "Edit", "Post a sample here"]
    sight = await rooms.quint.presses("Confirm")
    await sight.until(lambda sight: "quint added “second meeting”" in sight.text)
    assert len(sight.posts) == 1
    wire.publish(article("Kim agrees to a second meeting", clock))
    await rooms.settle()
    assert rooms.headlines() == {"C1": ["Kim agrees to a second meeting"]}
    alert = rooms.slack.channel("C1").messages[-1]
    assert alert.link == "https://paper.example/world/1"


async def test_somebody_on_discord_subscribes_and_the_alert_arrives_in_that_channel_and_only_there(
    rooms, wire, clock
):
    answer = await rooms.ann.types("news subscribe", query="second meeting", channel=124)
    assert "Ready to watch #summits for the phrase “second meeting”" in answer.text
    assert answer.is_ephemeral
    assert answer.buttons == ("Confirm", "Edit", "Post a sample here")
    await rooms.ann.presses("Confirm")
    await rooms.until(lambda: rooms.discord.channel(124).messages)
    [line] = rooms.discord.channel(124).messages
    assert "ann added “second meeting”" in line.text
    wire.publish(article("Kim agrees to a second meeting", clock))
    await rooms.settle()
    assert rooms.headlines() == {"124": ["Kim agrees to a second meeting"]}
    alert = rooms.discord.channel(124).messages[-1]
    assert alert.link == "https://paper.example/world/1"
