"""What people do on an alert: mute its story, call it not relevant, ask why; also after a restart and days later."""

import pytest

from tests.e2e.articles import article
from tests.e2e.conftest import WORLD
from tests.e2e.newsrooms import newsrooms, people

KIM = "Kim agrees to a second meeting"
DAY_S = 86_400


@pytest.fixture
async def rooms(house, slack, discord):
    people(slack, discord)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        yield rooms


async def watched_in_slack(rooms, query="second meeting"):
    await rooms.quint.types("/news", f"subscribe {query}", channel="C1")
    await rooms.quint.presses("Confirm", until=lambda sight: "Watching #world" in sight.text)
    sight = await rooms.quint.types("/news", "buttons on", channel="C1")
    await sight.until(lambda sight: any("button" in post for post in sight.posts))


async def watched_on_discord(rooms, query="second meeting"):
    await rooms.ann.types("news subscribe", query=query, channel=123)
    await rooms.ann.presses("Confirm")


def alerts(channel):
    return [message for message in channel.messages if message.headline]


async def test_the_buttons_of_an_alert_in_slack_mute_its_story_and_everybody_reads_of_it(rooms, wire, clock):
    await watched_in_slack(rooms)
    wire.publish(article(KIM, clock))
    await rooms.settle()
    [alert] = alerts(rooms.slack.channel("C1"))
    assert alert.buttons == ("Mute this story", "Not relevant", "Why this?")
    sight = await rooms.quint.presses("Mute this story", on=alert)
    await sight.until(lambda sight: any("quint muted “Kim agrees" in post for post in sight.posts))
    await sight.until(lambda sight: "Undo" in sight.buttons)
    sight = await rooms.quint.presses("Why this?", on=alert)
    assert "by quint." in sight.text


async def test_the_menu_of_an_alert_on_discord_mutes_its_story_and_everybody_reads_of_it(rooms, wire, clock):
    await watched_on_discord(rooms)
    wire.publish(article(KIM, clock))
    await rooms.settle()
    [alert] = alerts(rooms.discord.channel(123))
    assert alert.buttons == ()
    answer = await rooms.ann.chooses("Mute this story", on=alert)
    assert "Muted in #world until" in answer.text
    assert answer.is_ephemeral
    await rooms.until(
        lambda: any("ann muted" in message.text for message in rooms.discord.channel(123).messages)
    )


async def test_buttons_work_after_a_restart_and_a_month(house, slack, discord, wire, clock):
    people(slack, discord)
    async with newsrooms(house, slack, discord) as rooms:
        await rooms.follow(WORLD)
        await rooms.poll()
        await watched_in_slack(rooms)
        await watched_on_discord(rooms)
        wire.publish(article(KIM, clock))
        await rooms.settle()
    clock.jump(30 * DAY_S)
    async with newsrooms(house, slack, discord) as rooms:
        [alert] = alerts(slack.channel("C1"))
        sight = await rooms.quint.presses("Why this?", on=alert)
        assert "This alert came because #world watches “second meeting” (added by quint" in sight.text
        [alert] = alerts(discord.channel(123))
        answer = await rooms.ann.chooses("Why this?", on=alert)
        assert "This alert came because #world watches “second meeting” (added by ann" in answer.text


async def test_what_is_not_relevant_proposes_words_to_leave_out_and_confirmed_they_are(rooms, wire, clock):
    await watched_in_slack(rooms, "Kim")
    wire.publish(
        article("Kim wins the golf open", clock, number=1, text="<p>Kim won the golf open on Sunday.</p>")
    )
    await rooms.settle()
    [alert] = alerts(rooms.slack.channel("C1"))
    sight = await rooms.quint.presses("Not relevant", on=alert)
    assert "What should #world leave out" in sight.text
    [leave_out] = [label for label in sight.buttons if "golf" in label]
    sight = await rooms.quint.presses(leave_out)
    if "Confirm" in sight.buttons:
        await rooms.quint.presses("Confirm", until=lambda sight: "golf" in sight.text)
    wire.publish(
        article("Kim loses the golf cup", clock, number=2, text="<p>Kim lost the golf cup.</p>"),
        article("Kim visits Moscow", clock, number=3, text="<p>Kim arrived in Moscow by train.</p>"),
    )
    await rooms.settle()
    headlines = [alert.headline for alert in alerts(rooms.slack.channel("C1"))]
    assert headlines == ["Kim wins the golf open", "Kim visits Moscow"]


async def test_who_may_not_manage_may_not_mute_but_may_ask_why(rooms, wire, clock):
    await watched_on_discord(rooms)
    wire.publish(article(KIM, clock))
    await rooms.settle()
    [alert] = alerts(rooms.discord.channel(123))
    refused = await rooms.bob.chooses("Mute this story", on=alert)
    assert refused.text == (
        "Here only people with Manage Channel or Manage Server may manage the subscriptions. Ask one of them."
    )
    told = await rooms.bob.chooses("Why this?", on=alert)
    assert "added by ann" in told.text
