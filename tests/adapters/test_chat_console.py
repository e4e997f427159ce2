"""The terminal gets colour, weight and links where it can show them, and plain text elsewhere."""

from __future__ import annotations

import io
import re

import pytest

from bot.chat.console import ConsoleChat
from bot.domain.model import ChannelAddress, DeliveryId
from tests.clock import FakeClock
from tests.messages import HOSTILE, SUMMIT, hostile, message

WORLD = ChannelAddress.parse("console:world")


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Latin(io.StringIO):
    """A stream of another encoding."""

    encoding = "latin-1"


def shown(stream, alert=SUMMIT, **environ):
    chat = ConsoleChat(FakeClock(), stream=stream, environ=environ)
    return chat.render(WORLD, alert)


def test_a_terminal_gets_bold_matches_and_links_that_can_be_clicked():
    text = shown(Terminal(), TERM="xterm-256color", COLUMNS="80")
    assert "\x1b[1;33mKim Jong Un\x1b[0m" in text
    assert "\x1b]8;id=" in text
    assert re.search(rf";{re.escape(SUMMIT.url)}\x1b\\\x1b\[1mWhite House planning", text)
    assert "«" not in text


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_without_colour_gets_no_escape_codes_and_guillemets(environ):
    text = shown(Terminal(), **{"TERM": "xterm-256color", "COLUMNS": "80", **environ})
    assert "\x1b" not in text
    assert "«Kim Jong Un»" in text


def test_what_is_piped_has_no_escape_codes_and_guillemets():
    text = shown(io.StringIO(), TERM="xterm-256color")
    assert "\x1b" not in text
    assert "«Kim Jong Un»" in text


@pytest.mark.parametrize("columns", [40, 60, 120])
def test_lines_are_as_wide_as_the_terminal_and_addresses_stay_whole(columns):
    lines = shown(Terminal(), TERM="xterm", NO_COLOR="1", COLUMNS=str(columns)).splitlines()
    assert f" {SUMMIT.url}" in lines
    assert all(len(line) <= columns for line in lines if SUMMIT.url not in line)
    assert max(len(line) for line in lines if SUMMIT.url not in line) > columns - 20


def test_no_escape_code_of_a_feed_reaches_the_terminal():
    plain = shown(io.StringIO(), hostile())
    assert {char for char in plain if not char.isprintable()} == {"\n"}
    coloured = shown(Terminal(), hostile(), TERM="xterm-256color")
    assert "\x1b[31m" not in coloured
    assert HOSTILE.count("\x1b") == 1


def test_markup_of_the_terminal_library_stays_text():
    assert "[bold red]x[/]" in shown(io.StringIO(), message(headline="[bold red]x[/] :smile:"))
    assert ":smile:" in shown(io.StringIO(), message(headline="[bold red]x[/] :smile:"))


def test_a_stream_of_another_encoding_gets_what_it_can_show():
    assert "Trump?Kim summit" in shown(Latin())


def test_an_alert_without_a_date_claims_no_age():
    assert shown(io.StringIO(), message(published_at=None)).splitlines()[0] == " #world   Politico"


def test_several_subscriptions_are_all_named():
    assert "subscriptions “a”, “b”" in shown(io.StringIO(), message(subscriptions=("a", "b")))


async def test_check_says_where_alerts_go():
    piped = await ConsoleChat(FakeClock(), stream=io.StringIO()).check([])
    assert [line.detail for line in piped] == ["alerts are printed to standard output"]
    terminal = await ConsoleChat(FakeClock(), stream=Terminal()).check([])
    assert [line.detail for line in terminal] == ["alerts are printed to the terminal"]


async def test_standard_output_is_the_default(capsys):
    async with ConsoleChat(FakeClock()) as chat:
        receipt = await chat.send(WORLD, SUMMIT, DeliveryId("d1"))
    assert receipt == "d1"
    assert "«Kim Jong Un»" in capsys.readouterr().out
