"""Several servers and teams on one bot: each sees what it follows, and nothing else."""

import pytest

from tests.e2e.articles import article


def headlines(place):
    return [message.headline for message in place.messages]


@pytest.fixture
async def neighbours(bot, discord):
    """Add a second Discord server that watches for the same words; the first alone follows /private.xml."""
    discord.add_guild(20, name="Neighbours")
    discord.add_channel(456, name="theirs", guild=20)
    await bot.watch("Kim", "discord:20/456")
    await bot.follow("/private.xml", workspaces=(("discord", "10"),))
    await bot.poll()


async def test_a_workspace_never_sees_what_only_another_follows(bot, neighbours, wire, discord, slack, clock):
    wire.publish(article("Kim, in confidence", clock), paper="/private.xml")
    await bot.settle()
    assert headlines(discord.channel(123)) == ["Kim, in confidence"]
    assert headlines(discord.channel(456)) == headlines(slack) == []


async def test_what_all_follow_reaches_every_workspace_though_it_is_polled_once(
    bot, neighbours, wire, discord, slack, clock
):
    wire.publish(article("Kim, in public", clock))
    await bot.settle()
    assert headlines(discord.channel(123)) == headlines(discord.channel(456)) == ["Kim, in public"]
    assert headlines(slack) == ["Kim, in public"]
    assert len(wire.stand.seen("/world.xml")) == 3


async def test_a_story_that_only_another_may_see_does_not_use_up_the_alert(
    bot, neighbours, wire, discord, clock
):
    news = article("Kim agrees to a second meeting", clock)
    wire.publish(news, paper="/private.xml")
    await bot.settle()
    wire.publish(news)
    await bot.settle()
    assert headlines(discord.channel(123)) == headlines(discord.channel(456)) == [news.title]


async def test_a_message_names_no_source_that_its_workspace_does_not_follow(
    bot, neighbours, wire, discord, clock
):
    news = article("Kim agrees to a second meeting", clock)
    wire.publish(news, paper="/private.xml")
    wire.publish(news)
    await bot.settle()
    [theirs] = discord.channel(456).messages
    assert "private" not in theirs.shown.text.lower()
