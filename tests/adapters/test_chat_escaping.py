"""Outside text is made harmless, and cut where a reader would cut it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.escaping import (
    clean,
    discord_markdown,
    fit,
    fit_runs,
    length,
    slack_link,
    slack_mrkdwn,
    tidy_runs,
    web_url,
)
from bot.domain.message import Run, plain
from tests.impersonators.discord_text import read_markdown
from tests.impersonators.slack_text import read_mrkdwn
from tests.messages import HOSTILE, LINE_STARTS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1b[31mc\x9b", "ab[31mc"),
        ("evil \u202etxt.exe\u202c", "evil txt.exe"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("one\ntwo\u2028three\t four", "one two three four"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("e\u0301te\u0301", "été"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200db \u200dx", "ab x"),
        ("private \ue000 use", "private use"),
    ],
)
def test_what_is_invisible_or_moves_the_cursor_is_taken_out(text, shown):
    assert clean(text) == shown


@pytest.mark.parametrize("text", [HOSTILE, *LINE_STARTS])
def test_nothing_comes_alive_on_discord(text):
    reading = read_markdown(discord_markdown(text))
    assert (reading.mentions, reading.links, reading.styles) == ((), (), ())


@pytest.mark.parametrize("text", [HOSTILE, *LINE_STARTS])
def test_nothing_comes_alive_on_slack(text):
    escaped = slack_mrkdwn(text)
    reading = read_mrkdwn(escaped)
    assert (reading.mentions, reading.links, reading.styles) == ((), (), ())
    assert "<" not in escaped
    assert ">" not in escaped


def test_ordinary_text_reads_as_it_was_written():
    text = "C# & A*: 3 < 4 > 2, snake_case (really) [sic] – 50% + 1. “été” 12:30 me@x.example"
    assert read_markdown(discord_markdown(text)).text.replace("\u200b", "") == text
    assert read_mrkdwn(slack_mrkdwn(text)).text.replace("∗", "*") == text


def test_a_link_label_cannot_end_its_link():
    link = slack_link("https://x.example/a?b=1&c=2", slack_mrkdwn("A | B > C"))
    assert link == "<https://x.example/a?b=1&amp;c=2|A ¦ B &gt; C>"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://x.example/a?b=1&c=%20d#e", "https://x.example/a?b=1&c=%20d#e"),
        ("http://x.example:8080/", "http://x.example:8080/"),
        ('https://x.example/<a>|b"c`', "https://x.example/%3Ca%3E%7Cb%22c%60"),
        ("https://müller.example/größe", "https://xn--mller-kva.example/gr%C3%B6%C3%9Fe"),
        ("https://google.com@evil.example/", "https://evil.example/"),
        ("https://[::1]:80/x", "https://[::1]:80/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//x.example/a", None),
        ("https:///a", None),
        ("https://x.example/a b", None),
        ("https://x.example/a\nb", None),
        ("https://x.example\\@evil.example/", None),
        ("https://x.example:port/", None),
        ("https://[oops/", None),
        ("https://a..b/", None),
        ("https://x<y/", None),
        ("https://x.example/" + "a" * 100, None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url, safe):
    assert web_url(url, 100) == safe


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("short", 5, "short"),
        ("one two three", 10, "one two…"),
        ("Donaudampfschiff", 6, "Donau…"),
        ("abc👨\u200d👩\u200d👧", 8, "abc…"),
        ("ab🇫🇷🇩🇪", 9, "ab🇫🇷…"),
        ("ok👍🏽", 5, "ok…"),
        ("xe\u0323\u0302\u0323", 2, "x…"),
        ("", 5, ""),
        ("\u0323" * 10, 4, "\u0323\u0323\u0323…"),
    ],
)
def test_text_is_cut_between_characters_as_a_reader_sees_them(text, limit, cut):
    assert unicodedata.normalize("NFC", fit(text, limit, clean)) == unicodedata.normalize("NFC", cut)


def test_an_escape_is_never_cut():
    assert fit("&" * 3000, 3000, slack_mrkdwn) == "&amp;" * 599 + "…"
    assert fit("*" * 300, 256, discord_markdown) == r"\*" * 127 + "…"


def test_a_limit_that_leaves_no_room_leaves_nothing():
    assert fit("abc", 0, clean) == ""
    assert fit("abc", 1, clean) == "…"


def test_marks_survive_a_cut():
    runs = (Run("before "), Run("marked words", marked=True), Run(" after"))
    assert fit_runs(
        runs, 18, lambda kept: "".join(f"[{run.text}]" if run.marked else run.text for run in kept)
    ) == ("before [marked]…")


def test_runs_are_joined_cleaned_and_trimmed():
    runs = (Run(" a\n"), Run("b"), Run("\x00"), Run(" c ", marked=True), Run("  "))
    assert tidy_runs(runs) == (Run("a b"), Run(" c ", marked=True))
    assert tidy_runs(()) == ()


TEXT = st.text(max_size=300) | st.text("@<>!*_~`|:#-[]()&\\ \n1.ae\u200b\u202e🇫🇷👍🏽\u200d", max_size=300)


@given(TEXT)
def test_no_text_comes_alive_anywhere(text):
    discord = read_markdown(discord_markdown(text))
    assert (discord.mentions, discord.links, discord.styles) == ((), (), ())
    slack = read_mrkdwn(slack_mrkdwn(text))
    assert (slack.mentions, slack.links, slack.styles) == ((), (), ())


@given(TEXT, st.integers(0, 400), st.sampled_from([clean, discord_markdown, slack_mrkdwn]))
def test_any_text_fits_any_limit(text, limit, escape):
    shown = fit(text, limit, escape)
    assert length(shown) <= limit
    shown.encode("utf-8")


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)
    assert plain(tidy_runs((Run(text),))) == clean(text).strip()
