"""Settings of the chat platforms: several Slack workspaces, quotas, and where a setting comes from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.config import load
from bot.errors import ConfigError

DESK = '[[chat.slack.workspaces]]\nteam = "T1"\ncredentials = "DESK"\n'
ARTS = '[[chat.slack.workspaces]]\nteam = "T2"\ncredentials = "ARTS"\n'


@pytest.fixture
def write(tmp_path):
    def write(text):
        file = tmp_path / "config.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def faults(write):
    def faults(text, **environ):
        file = write(text)
        with pytest.raises(ConfigError) as caught:
            load(file, environ)
        return str(caught.value).replace(f"{file}, ", "").splitlines()

    return faults


def clear(secret):
    return secret.get_secret_value() if secret else None


def test_each_slack_workspace_has_credentials_of_its_own(write):
    environ = {"DESK_BOT_TOKEN": "xoxb-desk", "DESK_APP_TOKEN": "xapp-desk", "ARTS_BOT_TOKEN": "xoxb-arts"}
    config = load(write(DESK + ARTS), environ | {"ARTS_SIGNING_SECRET": "s3", "SLACK_APP_TOKEN": "xapp-all"})
    assert [(row.team, row.credentials) for row in config.chat.slack.workspaces] == [
        ("T1", "DESK"),
        ("T2", "ARTS"),
    ]
    desk, arts = (config.secrets.slack_workspaces[name] for name in ("DESK", "ARTS"))
    assert (clear(desk.bot_token), clear(desk.app_token)) == ("xoxb-desk", "xapp-desk")
    assert (clear(arts.bot_token), clear(arts.app_token)) == ("xoxb-arts", "xapp-all")
    assert (clear(desk.signing_secret), clear(arts.signing_secret)) == (None, "s3")


def test_every_secret_of_every_workspace_is_kept_out_of_the_log(write):
    environ = {
        "DESK_BOT_TOKEN": "b",
        "DESK_APP_TOKEN": "a",
        "DESK_SIGNING_SECRET": "s",
        "SLACK_APP_TOKEN": "x",
    }
    assert load(write(DESK), environ).secrets.values() == ("a", "b", "s", "x")


def test_a_workspace_without_its_token_is_named(faults):
    assert faults(DESK + ARTS, DESK_BOT_TOKEN="xoxb-1") == [
        "line 6: chat.slack.workspaces[2].credentials: the environment has no ARTS_BOT_TOKEN (xoxb-…)."
    ]


def test_a_token_may_come_from_a_file(write, tmp_path):
    (tmp_path / "token").write_text("xoxb-1\n")
    config = load(write(DESK), {"DESK_BOT_TOKEN_FILE": str(tmp_path / "token")})
    assert clear(config.secrets.slack_workspaces["DESK"].bot_token) == "xoxb-1"


def test_a_workspace_stands_there_once(faults):
    assert faults(DESK + DESK, DESK_BOT_TOKEN="x") == [
        "line 5: chat.slack.workspaces[2].team: “T1” is taken (line 2). One row for each workspace."
    ]


def test_a_token_in_a_row_is_refused_without_being_repeated(faults):
    [said] = faults('[[chat.slack.workspaces]]\nteam = "T1"\ncredentials = "xoxb-12345678-abcdefgh"\n')
    assert said.startswith("line 3: chat.slack.workspaces[1].credentials holds a secret")
    assert said.endswith(
        "set SLACK_BOT_TOKEN in the environment, or SLACK_BOT_TOKEN_FILE to a file that holds it."
    )
    assert "xoxb" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[chat.slack]\nmode = "rtm"', "chat.slack.mode should be 'socket' or 'http', not “rtm”."),
        (
            '[chat.slack]\naddress = "localhost"',
            'chat.slack.address should be an address of this machine, like "127.0.0.1" or "0.0.0.0", not “localhost”.',
        ),
        (
            '[chat]\ncommand = "My News"',
            'chat.command should be a word of small letters, like "news", not “My News”.',
        ),
        (
            '[chat.discord]\ngateway_url = "https://x.example"',
            'chat.discord.gateway_url should be an address like "wss://gateway.discord.gg/", not “https://x.example”.',
        ),
        (
            '[chat.discord]\ndevelopment_servers = ["mine"]',
            "chat.discord.development_servers[1] should be ids of Discord servers: numbers in quotes, not “mine”.",
        ),
        (
            '[chat.console]\nchannel = "a b"',
            "chat.console.channel should be a name of letters, digits, _ and -, not “a b”.",
        ),
        ("[chat.quotas]\ncommands = 0", "chat.quotas.commands should be at least 1, not 0."),
        (
            '[[chat.slack.workspaces]]\nteam = "desk"\ncredentials = "DESK"',
            'chat.slack.workspaces[1].team should be the id of a Slack workspace, like "T0123ABCD", not “desk”.',
        ),
    ],
)
def test_what_cannot_be_is_said_in_words(faults, text, said):
    assert faults(text, DESK_BOT_TOKEN="x") == [f"line 2: {said}"]


def test_where_commands_come_from_can_be_set(write):
    config = load(
        write('[chat]\ncommand = "/wire"\nslack.mode = "http"\nslack.port = 8443\ndiscord.shards = 2'),
        {"NEWSBOT__CHAT__DISCORD__GATEWAY_URL": "ws://127.0.0.1:9/"},
    )
    assert config.chat.command == "wire"
    assert (config.chat.slack.mode, config.chat.slack.port) == ("http", 8443)
    assert (config.chat.discord.shards, config.chat.discord.gateway_url) == (2, "ws://127.0.0.1:9/")
    assert config.chat.quotas.within == timedelta(seconds=10)


def test_it_is_known_where_a_setting_comes_from(write):
    config = load(
        write('[polling]\ninterval = "90s"\n\n[alerts]\nmax_age = "2d"\ngather = "500ms"'),
        {"NEWSBOT__ALERTS__MAX_AGE": "36h", "NEWSBOT__CHAT__QUOTAS__FEEDS": "7"},
    )
    told = config.provenance
    assert told["polling.interval"] == "90s (config.toml, line 2)"
    assert told["alerts.max_age"] == "36h (NEWSBOT__ALERTS__MAX_AGE in the environment)"
    assert told["alerts.gather"] == "500ms (config.toml, line 6)"
    assert told["retention.articles"] == "90d (default)"
    assert told["chat.quotas.feeds"] == "7 (NEWSBOT__CHAT__QUOTAS__FEEDS in the environment)"


def test_nothing_is_told_that_is_the_operators_alone(write):
    text = '[polling]\nallow_networks = ["10.0.0.0/8"]\n[chat.slack]\nbase_url = "https://proxy.example/api/"'
    told = str(load(write(text), {}).provenance)
    assert "10.0" not in told
    assert "proxy" not in told
