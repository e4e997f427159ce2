"""`newsbot run` as a process of its own, and people who talk to it in Slack and on Discord: also after it was killed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.slack_manifest import slack_manifest
from tests.e2e.articles import article
from tests.e2e.newsrooms import Listening
from tests.impersonators.discord_world import MANAGE_CHANNELS, USUAL, Role
from tests.impersonators.newsstand import Newsstand
from tests.impersonators.slack_manifest import granted

PATIENCE_S = 60.0
KIM = "Kim agrees to a second meeting"


@pytest.fixture
async def stand():
    async with Newsstand() as stand:
        stand.print(
            "/world.xml", article("What was there before", datetime(2024, 1, 1, tzinfo=UTC), number=0)
        )
        yield stand


@pytest.fixture
def newsbot(shell, stand, slack, discord):
    """Return how newsbot is started in a folder with a config, connected to both platforms."""
    for name, value in granted(slack_manifest()).items():
        setattr(slack.team("T1"), name, value)
    slack.add_user("U1", name="quint")
    discord.admin.set_role(Role(11, "editors", USUAL | MANAGE_CHANNELS), 10)
    discord.person("ann", roles=[11])
    shell.config(
        f"""
        [polling]
        interval = "300ms"
        min_interval = "300ms"
        per_host_gap = "0s"
        allow_networks = ["127.0.0.0/8"]
        extra_ports = [{stand.port}]
        [alerts]
        gather = "0s"
        [chat]
        console.enabled = false
        slack.base_url = "{slack.base_url}"
        discord.base_url = "{discord.base_url}"
        discord.gateway_url = "{discord.gateway.url}"
        quotas.commands = 100
        """
    )
    team = slack.team("T1")
    tokens = {
        "SLACK_BOT_TOKEN": team.token,
        "SLACK_APP_TOKEN": team.app_token,
        "DISCORD_TOKEN": discord.world.bots[1000].token,
    }
    return lambda: shell.start("run", **tokens)


async def listening(slack, discord):
    await slack.sockets.connected(2, within_s=PATIENCE_S)
    await discord.gateway.until_connected(within_s=PATIENCE_S)
    await discord.gateway.until(lambda: bool(discord.world.commands), within_s=PATIENCE_S)


async def until(discord, condition):
    assert await discord.changes.until(condition, PATIENCE_S)


def sent(shell):
    """Count the deliveries whose receipt is known: killed before, newsbot would have to send them again."""
    with closing(sqlite3.connect(shell.folder / "newsbot.db")) as database:
        [[number]] = database.execute("SELECT count(*) FROM deliveries WHERE state = 'sent'").fetchall()
    return number


def alerts(channel):
    return [message for message in channel.messages if message.headline]


async def end(process):
    if process.returncode is None:
        process.kill()
    out, err = await process.communicate()
    assert b"Traceback" not in out + err


async def test_people_subscribe_get_their_alert_and_press_its_buttons_after_newsbot_was_killed(
    newsbot, shell, stand, slack, discord
):
    person, ann = slack.person("U1"), discord.person("ann")
    quint = Listening(person.slack, person.team, person.user)
    ann.patience_s = PATIENCE_S
    process = await newsbot()
    try:
        await listening(slack, discord)
        sight = await quint.types("/news", f"sources add {stand.url('/world.xml')}", channel="C1")
        await sight.until(lambda sight: "from now on" in sight.text, within_s=PATIENCE_S)
        answer = await ann.types("news sources add", url=stand.url("/world.xml"), channel=123)
        assert "from now on" in answer.text
        await quint.types("/news", "subscribe Kim Jong Un", channel="C1")
        await quint.presses("Confirm", until=lambda sight: sight.posts)
        await ann.types("news subscribe", query="Kim Jong Un", channel=123)
        await ann.presses("Confirm")
        await quint.types("/news", "buttons on", channel="C1")
        # Feeds tell whole seconds: this one has passed for sure when the article is published.
        stand.print("/world.xml", article(KIM, datetime.now(UTC) + timedelta(seconds=1)))
        await until(discord, lambda: alerts(slack.channel("C1")) and alerts(discord.channel(123)))
        await until(discord, lambda: sent(shell) == 2)
    finally:
        await end(process)
    process = await newsbot()
    try:
        await slack.sockets.connected(2, within_s=PATIENCE_S)
        await until(discord, lambda: len(discord.gateway.identified) == 2 and discord.gateway.connected)
        [alert] = alerts(slack.channel("C1"))
        sight = await quint.presses("Why this?", on=alert)
        await sight.until(lambda sight: "added by quint" in sight.text, within_s=PATIENCE_S)
        [alert] = alerts(discord.channel(123))
        assert alert.link == "https://paper.example/world/1"
        answer = await ann.chooses("Why this?", on=alert)
        assert "added by ann" in answer.text
    finally:
        await end(process)
    assert [alert.headline for alert in alerts(slack.channel("C1"))] == [KIM]
    assert slack.timeouts == []
