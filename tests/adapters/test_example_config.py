"""config.example.toml is complete and true, and the starter list beside it names the same feeds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.config import FeedSettings, Settings, SlackWorkspaceSettings, SubscriptionSettings, load
from bot.domain.opml import read_opml
from bot.domain.query import parse_query

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
STARTER = ROOT / "docs/starter-sources.opml"


@pytest.fixture
def example():
    return load(EXAMPLE, {})


def leaves(data, above=""):
    for name, value in data.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{name}.")
        else:
            yield above + name


def test_it_shows_every_setting_with_its_default(example):
    written = {name for name in leaves(tomllib.loads(EXAMPLE.read_text())) if not name.startswith("terms.")}
    as_rows = {"chat.slack.workspaces"}  # shown in a comment: with a row, its token must be there
    assert written | as_rows == set(leaves(Settings().model_dump()))
    shown = {
        name: getattr(example, name)
        for name in Settings.model_fields
        if name not in {"terms", "feeds", "subscriptions"}
    }
    defaults = {name: getattr(Settings(), name) for name in shown}
    shown["store"] = defaults["store"]  # made absolute
    assert shown == defaults
    assert tomllib.loads(EXAMPLE.read_text())["store"]["url"] == defaults["store"].url


def test_every_setting_has_a_comment():
    settings = EXAMPLE.read_text().partition("# ----")[0]
    lines = [line for line in settings.splitlines() if re.match(r"\w+ = ", line)]
    assert lines
    assert [line for line in lines if "  # " not in line] == []


def test_its_commented_rows_show_everything_that_a_row_can_say(tmp_path):
    text = EXAMPLE.read_text()
    rows = re.findall(r"(?m)^# \[\[.+\]\]\n(?:# \w+ = .+\n)+", text)
    active = re.sub(r"(?m)^# ", "", "\n".join(rows))
    shown = tomllib.loads(active)
    assert set(shown["feeds"][0]) == set(FeedSettings.model_fields)
    assert set(shown["subscriptions"][0]) == set(SubscriptionSettings.model_fields)
    assert set(shown["chat"]["slack"]["workspaces"][0]) == set(SlackWorkspaceSettings.model_fields)
    file = tmp_path / "config.toml"
    file.write_text(f"{text}\n{active}")
    config = load(file, {"WIRE_LOGIN": "a:b", "DESK_BOT_TOKEN": "xoxb-1"})
    assert len(config.feeds) == len(load(EXAMPLE, {}).feeds) + 1
    assert config.secrets.slack_workspaces["DESK"].bot_token.get_secret_value() == "xoxb-1"


def test_its_starter_feeds_are_those_of_the_list(example):
    outlines = read_opml(STARTER.read_bytes())
    assert [(feed.name, feed.title, feed.url) for feed in example.feeds] == [
        (outline.name, outline.title, outline.url) for outline in outlines
    ]
    assert len(outlines) >= 24


def test_the_beats_are_the_same_in_both(example):
    sections = dict.fromkeys(outline.section for outline in read_opml(STARTER.read_bytes()))
    headings = re.findall(r"(?m)^# (\w+)$", EXAMPLE.read_text())
    assert headings == list(sections)
    assert {"World", "Politics", "Business", "Technology", "Science", "Health", "Climate", "Sport"} <= set(
        sections
    )


def test_no_feed_of_the_starter_set_stands_in_it_twice(example):
    assert len({feed.url for feed in example.feeds}) == len(example.feeds)


def test_a_copy_of_it_can_be_run_at_once(example):
    (subscription,) = example.subscription_rows
    assert subscription.channel.platform == "console"


def test_its_subscription_shows_what_a_term_is_for(example):
    (subscription,) = example.subscription_rows
    assert parse_query(subscription.query, example.glossary).names == example.glossary.keys()
