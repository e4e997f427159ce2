"""`newsbot chat`, and commands typed where `newsbot run` was started, in processes of their own."""

from __future__ import annotations

import asyncio
import base64
import os
import pty
import re
import signal
import sys
from contextlib import asynccontextmanager

import pytest

from tests.adapters.test_cli_running import Running, item, settings
from tests.impersonators.newsstand import Newsstand
from tests.impersonators.papers import Item
from tests.shell import WARNINGS, environment
from tests.terminals import Screen

HERE = '[store]\nurl = "sqlite:///newsbot.db"\n'


@pytest.fixture
async def stand():
    async with Newsstand() as stand:
        stand.print("/world.xml", Item("Old summit", "https://paper.example/old"))
        yield stand


@pytest.fixture
def process(shell):
    @asynccontextmanager
    async def process(*arguments, **variables):
        process = await shell.start(*arguments, **variables)
        try:
            yield Running(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    return process


def type_line(running, text):
    running.process.stdin.write(f"{text}\n".encode())


async def test_a_newcomer_without_any_token_can_subscribe(shell):
    shell.config(HERE)
    said = await shell.apart("chat", stdin="subscribe Kim Jong Un, summit\n1\nsubscriptions\n")
    assert said.code == 0
    assert "Ready to watch #world for the phrase “Kim Jong Un” or the word “summit”." in said.out
    assert "[1] Confirm" in said.out
    assert "1 subscription in #world" in said.out
    assert "\x1b" not in said.out
    assert "Traceback" not in said.err


async def test_what_is_typed_belongs_to_the_channel_that_was_asked_for(shell):
    shell.config(HERE)
    said = await shell.apart("chat", "--channel", "#korea", stdin="subscribe Kim\n1\n")
    assert "Ready to watch #korea" in said.out
    wrong = await shell.apart("chat", "--channel", "a b", stdin="")
    assert (wrong.code, wrong.err) == (
        1,
        "“a b” is not a channel of the terminal. Write a name: --channel world\n",
    )


async def test_more_commands_than_people_may_give_in_chats_can_be_piped_in(shell):
    shell.config(HERE)
    said = await shell.apart("chat", stdin="help\n" * 12)
    assert said.out.count("newsbot watches news sources") == 12


async def test_an_alert_appears_between_the_lines_and_its_numbers_can_be_typed(shell, stand, process):
    shell.config(settings(stand))
    async with process("chat") as chat:
        type_line(chat, "subscribe summit")
        await chat.until("[1] Confirm")
        type_line(chat, "1")
        await chat.until("Watching #world")
        await stand.arrival(1)
        stand.print("/world.xml", item("New summit"))
        await chat.until("Why this?")
        assert "New «summit»" in chat.said
        [why] = re.findall(r"\[(\d+)\] Why this\?", chat.said)
        type_line(chat, why)
        await chat.until("watches “summit”")
        chat.process.stdin.close()
        assert await chat.end() == 0
    assert "Old" not in chat.said
    assert "Traceback" not in chat.said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_in_good_order_while_it_waits_for_a_line(shell, process, number):
    shell.config(HERE)
    async with process("chat") as chat:
        type_line(chat, "help")
        await chat.until("help subscribe")
        chat.process.send_signal(number)
        assert await chat.end() == 0
    assert "Traceback" not in chat.said
    assert (await shell.apart("status")).out.startswith(" newsbot   not running, stopped ")


async def test_beside_a_newsbot_that_runs_commands_are_taken_and_reach_it_at_once(shell, stand, process):
    shell.config(settings(stand))
    async with process("run") as bot:
        await bot.until("No subscriptions yet.")
        await stand.arrival(1)
        said = await shell.apart("chat", stdin="subscribe summit\n1\n")
        assert said.code == 0
        assert "Watching #world" in said.out
        stand.print("/world.xml", item("New summit"))
        await bot.until("New «summit»")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.end() == 0
    assert "New" not in said.out


async def test_a_newsbot_that_was_started_in_a_terminal_takes_commands_there(shell, stand):
    shell.config(settings(stand))
    keys, screen = pty.openpty()
    # As a shell would start it: in a session of its own, whose terminal this is.
    code = (
        "import os, fcntl, termios, sys\n"
        "os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
        "from bot.cli import main; main(['run'])"
    )

    process = await asyncio.create_subprocess_exec(
        sys.executable, *WARNINGS, "-c", code, cwd=shell.folder,
        env=environment() | {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "100"},
        stdin=screen, stdout=screen, stderr=screen,
    )  # fmt: skip
    os.close(screen)
    said = Screen(keys)
    try:
        await said.until("#world> ")
        assert "No subscriptions yet. Type for example:  subscribe Kim Jong Un, summit" in said.text
        os.write(keys, b"subscribe summit\n")
        await said.until("[1] Confirm")
        os.write(keys, b"1\n")
        await said.until("Watching #world")
        await stand.arrival(1)
        stand.print("/world.xml", item("New summit"))
        await said.until("Why this?")
        os.write(keys, b"\x03")  # Ctrl-C
        async with asyncio.timeout(45):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        said.close()
    assert "New «summit»" in said.text
    assert "Traceback" not in said.text


def test_the_invitation_to_discord_takes_its_application_from_the_token(shell):
    first = base64.urlsafe_b64encode(b"1234567890").decode().rstrip("=")
    shell.set(DISCORD_TOKEN=f"{first}.abc.def")
    said = shell("discord-invite")
    assert said.code == 0
    assert said.out.startswith("https://discord.com/oauth2/authorize?client_id=1234567890&permissions=")
    assert "scope=bot+applications.commands" in said.out


def test_the_invitation_to_discord_can_be_made_for_an_application_without_a_token(shell):
    assert "client_id=42&" in shell("discord-invite", "42").out
    assert "is not the id of an application" in shell("discord-invite", "mine").err
    assert "Set DISCORD_TOKEN, or give" in shell("discord-invite").err
    shell.set(DISCORD_TOKEN="änything")
    assert "does not tell its application" in shell("discord-invite").err


def test_the_manifest_of_the_slack_app_has_the_command_as_it_is_set(shell):
    shell.config('[chat]\ncommand = "wire"\n')
    manifest = shell("slack-manifest").data
    assert manifest["features"]["slash_commands"][0]["command"] == "/wire"
    assert manifest["settings"]["socket_mode_enabled"] is True
    posted = shell("slack-manifest", "--url", "https://news.example").data
    assert posted["settings"]["interactivity"]["request_url"] == "https://news.example/slack/events"
    assert shell("slack-manifest", "--url", "http://news.example").err == (
        "Slack posts to https addresses only, not to http://news.example.\n"
    )
