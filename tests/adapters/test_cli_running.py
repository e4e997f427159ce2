"""`newsbot run` as a process: it says what it lacks, takes over its settings again, and ends in good order."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.impersonators.mishaps import answer, hang
from tests.impersonators.newsstand import Newsstand
from tests.impersonators.papers import Item

SUBSCRIPTION = '[[subscriptions]]\nname = "{name}"\nchannel = "console:{name}"\nquery = "{query}"\n'


@pytest.fixture
async def stand():
    async with Newsstand() as stand:
        yield stand


class Running:
    """A `newsbot run`, and everything it has said."""

    def __init__(self, process):
        self.process = process
        self.said = ""
        self._read = [
            asyncio.create_task(self._follow(stream)) for stream in (process.stdout, process.stderr)
        ]
        self._more = asyncio.Event()

    async def _follow(self, stream):
        while chunk := await stream.read(4096):
            self.said += chunk.decode()
            self._more.set()

    async def until(self, text):
        """Wait until it has said something."""
        async with asyncio.timeout(45):
            while text not in self.said:
                self._more.clear()
                await self._more.wait()

    async def end(self, timeout_s=45.0):
        """Wait for its end and return its exit code."""
        async with asyncio.timeout(timeout_s):
            await asyncio.gather(*self._read)
            return await self.process.wait()


@pytest.fixture
def running(shell):
    @asynccontextmanager
    async def running(**variables):
        process = await shell.start("run", **variables)
        try:
            yield Running(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    return running


def settings(stand, *rows):
    polling = (
        f'[polling]\nallow_networks = ["127.0.0.0/8"]\nextra_ports = [{stand.port}]\nper_host_gap = "0s"\n'
        'interval = "1s"\nmin_interval = "1s"\n'
    )
    feed = f'[[feeds]]\nname = "Paper"\nurl = "{stand.url("/world.xml")}"\n'
    return polling + feed + "".join(rows)


def item(title):
    published = datetime.now(UTC) + timedelta(seconds=1)
    return Item(title, f"https://paper.example/{title.replace(' ', '-')}", published=published)


async def test_a_bot_without_feeds_says_so_and_how_to_begin(running):
    async with running() as bot:
        await bot.until("No feeds yet.")
        await bot.until("newsbot feeds import docs/starter-sources.opml")
        await bot.until("No subscriptions yet.")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.end() == 0
    assert "Traceback" not in bot.said


async def test_an_article_is_posted_and_the_end_is_in_good_order(shell, stand, running):
    stand.print("/world.xml", Item("Old summit", "https://paper.example/old"))
    shell.config(settings(stand, SUBSCRIPTION.format(name="world", query="summit")))
    async with running() as bot:
        await stand.arrival(1)
        stand.print("/world.xml", item("New summit"))
        await bot.until("New «summit»")
        assert (await shell.apart("status", "--health")).code == 0
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.end() == 0
    assert "Old" not in bot.said
    health = await shell.apart("status", "--health")
    assert (health.code, health.out.startswith("not running, stopped ")) == (1, True)
    assert (await shell.apart("status", "--json")).data["deliveries"]["sent"] == 1


async def test_a_hangup_takes_over_the_rows_and_a_faulty_file_changes_nothing(shell, stand, running):
    stand.print("/world.xml", Item("Nothing", "https://paper.example/0"))
    shell.config(settings(stand, SUBSCRIPTION.format(name="world", query="summit")))
    async with running() as bot:
        await stand.arrival(1)
        shell.config("nonsense = 1\n" + settings(stand))
        bot.process.send_signal(signal.SIGHUP)
        await bot.until("nonsense is not a setting.")
        shell.config(settings(stand, SUBSCRIPTION.format(name="asia", query="kim")))
        bot.process.send_signal(signal.SIGHUP)
        await bot.until("settings taken over")
        stand.print("/world.xml", item("Kim at a summit"))
        await bot.until("«Kim» at a summit")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.end() == 0
    assert [row["name"] for row in (await shell.apart("subscriptions", "list", "--json")).data] == ["asia"]
    assert bot.said.count("at a summit") == 1


async def test_a_second_signal_ends_it_at_once(shell, stand, running):
    stand.misbehave("/world.xml", hang())
    shell.config(settings(stand))
    async with running() as bot:
        await stand.arrival(1)
        bot.process.send_signal(signal.SIGTERM)
        await bot.until("a second signal ends it at once")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.end(timeout_s=10) == 0
    assert "Traceback" not in bot.said, bot.said
    assert (await shell.apart("status", "--health")).code == 1


async def test_no_secret_is_ever_said(shell, stand, running, slack):
    """The most talkative level, with everything failing that has a secret."""
    stand.misbehave("/world.xml", answer(401))
    feed = f'[[feeds]]\nname = "Token"\nurl = "{stand.url("/world.xml")}?token=s3cr3t-1"\ncredentials = "WIRE_LOGIN"\n'
    shell.config(
        settings(stand, f'[chat.slack]\nbase_url = "{slack.base_url}"\n', feed)
        + '[[subscriptions]]\nname = "x"\nchannel = "slack:T1/C1"\nquery = "summit"\n'
    )
    secrets = {"SLACK_BOT_TOKEN": "xoxb-1234567-s3cr3t", "WIRE_LOGIN": "ann:s3cr3t-2"}
    async with running(**secrets, NEWSBOT__LOG__LEVEL="debug") as bot:
        await stand.arrival(3)
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.end() == 0
    assert "401" in bot.said
    assert "s3cr3t" not in bot.said
    assert "YW5uOnMzY3IzdC0y" not in bot.said  # the login as HTTP carries it


async def test_a_channel_on_a_platform_without_a_token_is_named_at_the_start(shell, stand, running):
    stand.print("/world.xml", Item("Nothing", "https://paper.example/0"))
    shell.config(
        settings(stand, '[[subscriptions]]\nname = "x"\nchannel = "slack:T1/C1"\nquery = "summit"\n')
    )
    async with running() as bot:
        await bot.until("not connected to this channel's platform; see newsbot check")
        await bot.until("slack:T1/C1")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.end() == 0


async def test_a_kind_of_feed_that_is_none_is_refused(shell, running):
    shell.config('[[feeds]]\nname = "Paper"\nkind = "atom"\nurl = "https://paper.example/"\n')
    async with running() as bot:
        assert await bot.end() == 2
    assert bot.said == (
        "The feed “Paper”: atom is no kind of feed. There is feed, or module:Class of your own.\n"
    )


async def test_it_ends_with_the_terminal_that_it_was_started_in(shell):
    ours, theirs = pty.openpty()
    process = await shell.start("run", terminal=theirs)
    os.close(theirs)
    said = b""
    async with asyncio.timeout(45):
        while b"No subscriptions yet." not in said:
            said += await process.stderr.read(4096)
        os.close(ours)
        process.send_signal(signal.SIGHUP)
        assert await process.wait() == 0


async def test_it_says_how_many_feeds_can_be_read(shell, stand, running):
    stand.print("/world.xml", Item("Nothing", "https://paper.example/0"))
    gone = f'[[feeds]]\nname = "Gone"\nurl = "{stand.url("/gone.xml")}"\n'
    shell.config(settings(stand, gone, SUBSCRIPTION.format(name="world", query="summit")))
    async with running() as bot:
        await bot.until('"feeds_read": 1, "articles": 1')
        await bot.until("some feeds cannot be read; newsbot check says why")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.end() == 0


async def test_settings_with_faults_are_refused(shell, running):
    shell.config("nonsense = 1")
    async with running() as bot:
        assert await bot.end() == 2
    assert bot.said == "config.toml, line 1: nonsense is not a setting.\n"
