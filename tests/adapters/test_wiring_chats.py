"""Settings and secrets become chat platforms; each hears people where its own desk is."""

from __future__ import annotations

import getpass

from bot.chat.console_keyboard import Keyboard
from bot.config import load
from bot.ports import Listener
from bot.wiring import connected, open_bot
from tests.clock import FakeClock

ROWS = (
    '[[chat.slack.workspaces]]\nteam = "T1"\ncredentials = "DESK"\n'
    '[[chat.slack.workspaces]]\nteam = "T2"\ncredentials = "ARTS"\n'
)


def chats(tmp_path, text="", keyboard=None, **environ):
    file = tmp_path / "config.toml"
    file.write_text(text)
    return connected(load(file, environ), FakeClock(), keyboard)


def test_without_tokens_there_is_only_the_terminal(tmp_path):
    assert list(chats(tmp_path)) == ["console"]
    assert list(chats(tmp_path, "[chat.console]\nenabled = false")) == []


def test_the_only_slack_workspace_is_known_by_its_tokens(tmp_path):
    slack = chats(
        tmp_path,
        '[chat]\ncommand = "wire"',
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        SLACK_SIGNING_SECRET="s1",
    )["slack"]
    [only] = slack._workspaces
    assert (only.bot_token, only.app_token, only.signing_secret) == ("xoxb-1", "xapp-1", "s1")
    assert only.team_id == ""
    assert not slack._listening.http


def test_slack_can_be_told_to_post_to_an_address_of_ours(tmp_path):
    text = '[chat.slack]\nmode = "http"'
    slack = chats(tmp_path, text, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s1")["slack"]
    assert slack._listening.http


def test_several_slack_workspaces_are_known_by_their_ids(tmp_path):
    slack = chats(tmp_path, ROWS, DESK_BOT_TOKEN="xoxb-1", ARTS_BOT_TOKEN="xoxb-2", SLACK_APP_TOKEN="xapp-1")
    known = [(one.name, one.team_id, one.bot_token, one.app_token) for one in slack["slack"]._workspaces]
    assert known == [("DESK", "T1", "xoxb-1", "xapp-1"), ("ARTS", "T2", "xoxb-2", "xapp-1")]


def test_a_platform_that_is_off_is_not_connected(tmp_path):
    off = "[chat]\nslack.enabled = false\ndiscord.enabled = false"
    assert list(chats(tmp_path, off, SLACK_BOT_TOKEN="x", DISCORD_TOKEN="x")) == ["console"]


def test_discord_is_told_where_it_is_and_how_to_listen(tmp_path):
    text = '[chat]\ncommand = "wire"\ndiscord.shards = 2\ndiscord.development_servers = ["10"]'
    discord = chats(tmp_path, text, DISCORD_TOKEN="x")["discord"]._listener._listening
    assert (discord.command, discord.shards, discord.development_servers) == ("wire", 2, ("10",))
    assert discord.gateway_url == "wss://gateway.discord.gg/"


def test_whoever_sits_at_the_terminal_is_called_as_the_machine_calls_them(tmp_path, monkeypatch):
    seat = chats(tmp_path, keyboard=Keyboard(0))["console"]._listening.seat
    assert seat.person.name == getpass.getuser()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 4_000_000_000)
    assert chats(tmp_path, keyboard=Keyboard(0))["console"]._listening.seat.person.name == "operator"


async def test_each_platform_that_hears_people_gets_a_role(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[chat.slack]\nmode = "http"')
    config = load(file, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"})
    async with open_bot(config, clock=FakeClock()) as bot:
        assert set(bot.roles.listeners) == {"console", "slack", "slack http"}
        assert all(isinstance(chat, Listener) for chat in bot.listeners.values())
        assert bot.context.command == "/news"
        assert bot.context.settings["alerts.max_age"] == "2d (default)"
        assert bot.context.quotas.subscriptions == 200
