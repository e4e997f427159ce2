"""Whatever an alert holds, every platform would take it, and nothing of it comes alive."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import limits
from bot.chat.discord_embeds import alert_embed
from bot.chat.escaping import length
from bot.chat.slack_blocks import alert_blocks, alert_text
from bot.domain.message import AlertMessage, Run
from tests.impersonators import discord_rules, slack_rules
from tests.impersonators.discord_schema import MESSAGE_CREATE, Schema
from tests.impersonators.discord_text import read_embed
from tests.impersonators.slack_text import read_block, read_mrkdwn
from tests.messages import HOSTILE, hostile, message

SIGNS = "&<>*_~`|\\ \n\u202e\u200d\ud800"
LETTERS = ("👨\u200d👩\u200d👧", "🇫🇷", "👍🏽", "e\u0301", "金正恩", "word", ". ")
TRAPS = ("@everyone", "<@1>", "<!here>", "[a](https://e.example)", "https://e.example/x", ":smile:")
PIECES = st.sampled_from((*SIGNS, *LETTERS, *TRAPS))
WORDS = st.builds(
    lambda pieces, times: "".join(pieces) * times, st.lists(PIECES, max_size=12), st.integers(1, 150)
)
TEXT = WORDS | st.text(max_size=80)
RUNS = st.lists(st.builds(Run, TEXT, st.booleans()), max_size=4).map(tuple)
NAMES = st.lists(TEXT, max_size=6).map(tuple)
URLS = st.none() | TEXT | TEXT.map(lambda path: f"https://news.example/{path}")
TIMES = st.none() | st.datetimes(datetime(1900, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
ALERTS = st.builds(
    AlertMessage,
    headline=RUNS,
    source=TEXT,
    excerpt=RUNS,
    url=URLS,
    byline=TEXT,
    tags=NAMES,
    published_at=TIMES,
    also_at=NAMES,
    image_url=URLS,
    icon_url=URLS,
    reasons=NAMES,
    subscriptions=NAMES,
    updated=st.booleans(),
    color_seed=st.integers(0, 10**9),
)
SCHEMA = Schema()
OURS = {"bold"}
"""The only formatting in a message is our own."""


def assert_discord_takes(alert: AlertMessage) -> None:
    for pictures in (True, False):
        embed = alert_embed(alert, pictures=pictures)
        body = {"embeds": [embed], "nonce": "x" * limits.DISCORD_NONCE}
        assert discord_rules.message_faults(body) == []
        assert SCHEMA.faults(MESSAGE_CREATE, body) == []
        for reading in read_embed(embed):
            assert (reading.mentions, reading.links) == ((), ())
            assert {style.kind for style in reading.styles} <= OURS


def assert_slack_takes(alert: AlertMessage) -> None:
    for pictures in (True, False):
        blocks = alert_blocks(alert, pictures=pictures)
        assert slack_rules.block_faults(blocks) == []
        assert not slack_rules.too_long_in_total(blocks)
    assert 0 < length(alert_text(alert)) <= limits.SLACK_TEXT
    fallback = read_mrkdwn(alert_text(alert), verbatim=True)
    assert (fallback.mentions, fallback.links, fallback.styles) == ((), (), ())
    readings = [reading for block in alert_blocks(alert) for reading in read_block(block)]
    assert [mention for reading in readings for mention in reading.mentions] == []
    assert sum(len(reading.links) for reading in readings) <= 1
    assert {style.kind for reading in readings for style in reading.styles} <= OURS


@settings(max_examples=40, deadline=None)
@given(ALERTS)
def test_every_alert_is_one_that_discord_takes(alert):
    assert_discord_takes(alert)


@settings(max_examples=40, deadline=None)
@given(ALERTS)
def test_every_alert_is_one_that_slack_takes(alert):
    assert_slack_takes(alert)


def test_the_worst_alerts_we_know_are_taken():
    for text in (
        HOSTILE,
        "&" * 3000,
        "x" * 10_000,
        "👨‍👩‍👧" * 2000,
        "*" * 5000,
        "金" * 5000,
        "\u0301" * 3000,
        "",
    ):
        assert_discord_takes(hostile(text))
        assert_slack_takes(hostile(text))
        assert_discord_takes(message(headline=text, excerpt=text, url=f"https://news.example/{'&' * 380}"))
        assert_slack_takes(message(headline=text, excerpt=text, url=f"https://news.example/{'&' * 370}"))


def test_links_that_are_not_of_the_web_are_dropped():
    for url in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"):
        alert = message(url=url, image_url=url, icon_url=url)
        assert {"url", "thumbnail"} & set(alert_embed(alert)) == set()
        assert url not in str(alert_blocks(alert))
        assert url not in str(alert_embed(alert))
