"""Bad days of Slack and Discord: every alert arrives, late if need be, or is held with a reason."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.pacing import GIVE_UP_AFTER
from tests.e2e.articles import article
from tests.impersonators import faults

KIM = "Kim agrees to a second meeting"


def headlines(place):
    return [message.headline for message in place.messages]


@pytest.fixture
async def alert(bot, wire, clock):
    """Have one alert for each platform on its way."""
    wire.publish(article(KIM, clock))
    await bot.poll()


# ---------------------------------------------------------------- rate limits


async def test_a_rate_limit_is_honoured_and_the_alert_arrives_once(bot, alert, slack, discord, clock):
    slack.faults.next(faults.rate_limited(45))
    discord.faults.next(faults.rate_limited(45))
    await bot.deliver()
    assert slack.messages == discord.messages == []
    await bot.deliver(after_s=30)
    assert len(slack.calls("chat.postMessage")) == len(discord.calls()) == 1
    await bot.deliver(after_s=16)
    assert headlines(slack) == headlines(discord) == [KIM]


async def test_a_second_alert_does_not_knock_while_the_channel_is_limited(bot, alert, slack, wire, clock):
    slack.faults.next(faults.rate_limited(600))
    await bot.deliver()
    wire.publish(article("Kim, again", clock, number=2))
    await bot.poll()
    await bot.deliver()
    assert len(slack.calls("chat.postMessage")) == 1
    await bot.deliver(after_s=600)
    assert sorted(headlines(slack)) == sorted([KIM, "Kim, again"])


# ---------------------------------------------------------------- lost answers


async def test_a_server_error_after_accepting_shows_once_on_discord(bot, alert, slack, discord):
    slack.faults.next(faults.lost_reply())
    discord.faults.next(faults.lost_reply(), times=3)
    await bot.deliver()
    for _ in range(3):
        await bot.deliver(after_s=60)
    assert headlines(discord) == [KIM]
    assert discord.messages[0].sent_times > 1
    assert len(headlines(slack)) == 1
    assert await bot.states() == {"sent": 2}


async def test_a_lost_answer_followed_by_a_restart_shows_at_most_twice_on_slack(
    house, bot, alert, slack, discord
):
    slack.faults.next(faults.lost_reply())
    discord.faults.next(faults.lost_reply())
    await bot.deliver()
    async with house.open() as restarted:
        await restarted.deliver(after_s=60)
    assert headlines(discord) == [KIM]
    assert 1 <= len(headlines(slack)) <= 2


async def test_a_server_error_before_accepting_costs_time_and_nothing_else(bot, alert, slack, discord):
    slack.faults.next(faults.broken(), times=3)
    discord.faults.next(faults.broken(), times=3)
    await bot.deliver()
    for _ in range(3):
        await bot.deliver(after_s=60)
    assert headlines(slack) == headlines(discord) == [KIM]


async def test_a_connection_that_is_cut_before_or_after_accepting_shows_once(bot, alert, slack, discord):
    for platform in (slack, discord):
        platform.faults.next(faults.cut(), faults.cut(accepted=True))
    await bot.deliver()
    for _ in range(3):
        await bot.deliver(after_s=60)
    assert headlines(slack) == headlines(discord) == [KIM]


# ---------------------------------------------------------------- silence


async def test_a_platform_that_hangs_keeps_nobody_else_waiting(house, wire, slack, discord, clock):
    impatient = house.config.delivery.model_copy(update={"claim": timedelta(seconds=1)})
    async with house.open(delivery=impatient) as bot:
        await bot.follow("/world.xml")
        await bot.watch("kim", "slack:T1/C1")
        await bot.watch("kim", "discord:10/123")
        await bot.poll()
        wire.publish(article(KIM, clock))
        await bot.poll()
        slack.faults.next(faults.hang())
        await bot.deliver()
        assert headlines(discord) == [KIM]
        assert await bot.states() == {"sent": 1, "pending": 1}
        await bot.deliver(after_s=60)
    assert headlines(slack) == [KIM]


async def test_a_platform_that_is_down_for_hours_gets_everything_when_it_is_back(bot, wire, slack, clock):
    slack.faults.next(faults.broken(), times=10_000)
    for number in range(5):
        wire.publish(article(f"Kim, part {number}", clock, number=number))
        await bot.settle()
        await bot.deliver(after_s=3600)
    assert slack.messages == []
    slack.faults.clear()
    await bot.deliver(after_s=3600)
    assert sorted(headlines(slack)) == [f"Kim, part {number}" for number in range(5)]


async def test_what_a_platform_refuses_to_take_for_a_day_is_held_with_the_reason(bot, alert, slack):
    slack.faults.next(faults.broken(), times=10_000)
    await bot.deliver()
    await bot.deliver(after_s=GIVE_UP_AFTER.total_seconds())
    assert (await bot.states())["held"] == 1
    (reason,) = await bot.reasons()
    assert reason.startswith("not accepted for 24 hours: Slack had a fault of its own (503). If this lasts,")


# ---------------------------------------------------------------- for good


async def test_a_channel_that_does_not_take_the_bot_holds_its_alerts_with_a_remedy(
    bot, alert, slack, discord
):
    slack.channel("C1").is_archived = True
    discord.world.guilds[10].roles[10].permissions = 0
    await bot.deliver()
    assert await bot.states() == {"held": 2}
    on_slack, on_discord = sorted(await bot.reasons())
    assert on_slack == "#world is archived. Unarchive it, or move its subscriptions to another channel."
    assert on_discord.startswith("I can't see channel 123. Invite me to the server")


async def test_one_bad_channel_does_not_keep_others_from_their_alerts(bot, wire, slack, discord, clock):
    await bot.watch("kim", "slack:T1/C2")
    slack.channel("C1").is_archived = True
    wire.publish(article(KIM, clock))
    await bot.settle()
    assert headlines(slack.channel("C2")) == headlines(discord) == [KIM]


async def test_random_failures_lose_nothing_and_double_nothing_on_discord(bot, wire, slack, discord, clock):
    for platform in (slack, discord):
        platform.faults.randomly(
            faults.rate_limited(3), faults.broken(), faults.lost_reply(), faults.cut(), chance=0.4, seed=7
        )
    for number in range(30):
        wire.publish(article(f"Kim, part {number}", clock, number=number, text=f"<p>Part {number}.</p>"))
        await bot.poll()
        for _ in range(12):  # in small steps: Discord folds a re-send only within minutes
            await bot.deliver(after_s=15)
    slack.faults.clear()
    discord.faults.clear()
    await bot.deliver(after_s=1800)
    wanted = sorted(f"Kim, part {number}" for number in range(30))
    assert sorted(headlines(discord)) == wanted
    assert sorted(set(headlines(slack))) == wanted


async def test_alerts_go_out_side_by_side_while_one_is_slow(bot, wire, slack, discord, clock):
    gate = asyncio.Event()
    slack.faults.next(faults.slow(gate=gate))
    wire.publish(article(KIM, clock))
    await bot.poll()
    delivering = asyncio.ensure_future(bot.deliver())
    await discord.arrived(1)
    while not discord.messages:  # noqa: ASYNC110 - what tells of arrivals does not tell of answers
        await asyncio.sleep(0)
    assert slack.messages == []
    gate.set()
    await delivering
    assert headlines(slack) == [KIM]
