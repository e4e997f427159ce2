"""No secret reaches the log, whatever its shape and whoever wrote the line."""

from __future__ import annotations

import io
import json
import logging
import warnings

import pytest
import structlog

from bot.telemetry import Brevity, configure, redact


@pytest.fixture
def output():
    """Configure logging into a text that the test reads; put everything back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    yield stream
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("token xoxb-123456789012-abcDEF123 refused", "token *** refused"),
        ("xoxe.xoxp-1-Mi0yLTEyMzQ1", "***"),
        ("xapp-1-A0B1C2-1234567-0abcdef", "***"),
        ("login MTA1NzY4MjM0NTY3ODkwMTIz.GhIjKl.abcdefghijklmnopqrstuvwxyz0 failed", "login *** failed"),
        ("POST https://hooks.slack.com/services/T0/B0/abc", "POST https://hooks.slack.com/***"),
        ("https://discord.com/api/webhooks/12345/tok-en_1 gone", "https://discord.com/api/webhooks/*** gone"),
        ("https://ann:hunter2@x.org/feed", "https://***@x.org/feed"),
        ("GET https://x.org/a?x=1&api_key=abc&y=2", "GET https://x.org/a?x=1&api_key=***&y=2"),
        ("https://x.org/?token=abc", "https://x.org/?token=***"),
        ("https://x.org/?next=%2Fa%3Fsig%3Dabc", "https://x.org/?next=%2Fa%3Fsig%3D***"),
        ("Authorization: Bearer abcdef1234567", "Authorization: Bearer ***"),
        ("Authorization: Basic YW5uOmh1bnRlcjI=", "Authorization: Basic ***"),
    ],
)
def test_what_looks_like_a_secret_becomes_stars(text, clean):
    assert redact(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "https://www.politico.com/story/2018/09/10/trump-kim-summit-white-house-813662",
        "mail desk@example.org about the token economy",
        "https://x.org/?keyword=qwerty&author=kim&passage=2",
        "Bot framework, Basic income, Bearer bonds",
        "version 1.22.333, 10.0.0.1:8080",
        "xoxo-gossip",
    ],
)
def test_ordinary_text_stays_as_it_is(text):
    assert redact(text) == text


@pytest.mark.parametrize("style", ["text", "json"])
def test_no_line_of_ours_or_of_a_library_shows_a_secret(output, style):
    configure("debug", style, stream=output, secrets=["pa55 w0rd", "abc"])
    log = structlog.get_logger("bot.test")
    log.info("feed read", url="https://ann:s3cr3t@x.org/?key=s3cr3t", error=ValueError("pa55 w0rd"))
    log.info("nested", data={"x": ["https://x.org/?sig=s3cr3t", ("pa55 w0rd",)], "password": "s3cr3t"})
    log.info("by its name", authorization="s3cr3t", discord_token="s3cr3t")
    log.warning("as an argument %s", "https://u:s3cr3t@x.org")
    try:
        raise ValueError("https://u:s3cr3t@x.org") from KeyError("pa55 w0rd")
    except ValueError:
        log.exception("ours")
        logging.getLogger("library").exception("theirs %s", "pa55 w0rd")
    said = output.getvalue()
    assert "s3cr3t" not in said
    assert "pa55" not in said
    assert said.count("ValueError: https://***@x.org") == 2
    assert "KeyError: '***'" in said or "KeyError: \\'***\\'" in said


def test_secrets_too_short_to_be_one_do_not_eat_the_log(output):
    configure("info", "json", stream=output, secrets=["a"])
    structlog.get_logger().info("a banana")
    assert json.loads(output.getvalue())["event"] == "a banana"


def test_json_lines_keep_their_data(output):
    configure("info", "json", stream=output)
    structlog.get_logger("bot.poll").info("feed read", feed=7, new=3, took_s=0.25, ok=True, at=None)
    line = json.loads(output.getvalue())
    assert (line["feed"], line["new"], line["took_s"], line["ok"], line["at"]) == (7, 3, 0.25, True, None)
    assert (line["level"], line["logger"]) == ("info", "bot.poll")
    assert line["timestamp"].endswith("Z")


def test_text_is_plain_where_there_is_no_terminal(output):
    configure("info", "text", stream=output)
    structlog.get_logger("bot.poll").info("feed read", feed=7)
    assert "feed read [bot.poll] feed=7" in output.getvalue()
    assert "\x1b" not in output.getvalue()


def test_auto_is_text_on_a_terminal_and_json_elsewhere(output):
    configure("info", "auto", stream=output)
    structlog.get_logger().info("one")
    assert output.getvalue().startswith("{")
    terminal = Terminal()
    configure("info", "auto", stream=terminal)
    structlog.get_logger().info("two")
    assert not terminal.getvalue().startswith("{")
    assert "\x1b[" in terminal.getvalue()


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_at_a_terminal_a_line_is_the_time_what_happened_and_why(output, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    configure("info", "auto", stream=terminal)
    structlog.get_logger("bot.cli").info("started", feeds=3)
    structlog.get_logger("bot.services.poll").warning("feed failed", reason="no address", feed=7)
    try:
        raise ValueError("lost")
    except ValueError:
        structlog.get_logger("bot.runtime").exception("work failed", id=4)
    said = terminal.getvalue()
    assert "\x1b" not in said
    first, second, third, *trace = [line.partition("  ")[2] or line for line in said.splitlines()]
    assert (first, second, third) == (
        "started  feeds=3",
        "warning  feed failed: no address  feed=7",
        "error  work failed  id=4",
    )
    assert trace[-1] == "ValueError: lost"


def test_at_a_terminal_the_daily_work_does_not_drown_the_alerts(output):
    terminal, log = Terminal(), structlog.get_logger("bot.services.poll")
    configure("info", "auto", stream=terminal)
    log.info("feed read", new=3)
    for number in range(50):
        log.warning("feed failed", feed=number)
    log.warning("another thing")
    said = terminal.getvalue()
    assert "feed read" not in said
    assert said.count("feed=") == 3
    assert said.count("feed failed: more of these; newsbot status lists them") == 1
    assert "another thing" in said


def test_what_was_cut_short_is_told_again_when_it_comes_again_later():
    now = [0.0]
    brevity = Brevity(lambda: now[0])

    def told():
        try:
            event = {"event": "feed failed", "logger": "bot.services.poll", "feed": 1}
            return brevity(None, "warning", event)["event"]
        except structlog.DropEvent:
            return None

    more = "feed failed: more of these; newsbot status lists them"
    assert [told() for _ in range(5)] == [*["feed failed"] * 3, more, None]
    now[0] = 61.0
    assert told() == "feed failed"


def test_at_level_debug_a_terminal_shows_all(output):
    terminal = Terminal()
    configure("debug", "auto", stream=terminal)
    structlog.get_logger("bot.services.poll").info("feed read", new=3)
    assert "feed read" in terminal.getvalue()


def test_what_a_feed_writes_cannot_steer_the_terminal(output):
    configure("info", "text", stream=output)
    structlog.get_logger().info("feed read", title="\x1b[2J\x1b[1;1Howned \u202etxt")
    assert not {"\x1b", "\u202e"} & set(output.getvalue())


def test_quiet_levels_hide_libraries_chatter_but_not_their_warnings(output):
    configure("info", "json", stream=output)
    logging.getLogger("discord.gateway").info("heartbeat")
    logging.getLogger("discord.gateway").warning("late")
    structlog.get_logger().debug("ours")
    assert [json.loads(line)["event"] for line in output.getvalue().splitlines()] == ["late"]


def test_level_debug_lets_libraries_speak(output):
    configure("debug", "json", stream=output)
    logging.getLogger("discord.gateway").debug("heartbeat")
    assert json.loads(output.getvalue())["event"] == "heartbeat"


def test_warnings_of_libraries_go_to_the_log(output):
    configure("info", "json", stream=output)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("old https://u:s3cr3t@x.org", DeprecationWarning, stacklevel=1)
    assert "old https://***@x.org" in output.getvalue()
