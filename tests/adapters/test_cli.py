"""The command itself: help, version, exit codes, and the words for what goes wrong."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot import __version__


def test_help_names_every_command(shell):
    said = shell("--help")
    assert said.code == 0
    for command in ("run", "demo", "check", "search", "preview", "status", "migrate", "backup", "restore"):
        assert f"\n  {command} " in said.out


def test_the_version_is_printed(shell):
    assert shell("--version").out == f"newsbot {__version__}\n"


@pytest.mark.parametrize("group", ["feeds", "subscriptions"])
def test_a_group_without_a_command_shows_its_help(shell, group):
    said = shell(group)
    assert "remove" in said.out + said.err


HEAVY = ("aiohttp", "alembic", "apscheduler", "discord", "lxml", "slack_sdk", "sqlalchemy", "structlog")


def test_help_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from bot.cli import main\n"
        "try:\n    main(['--help'])\nfinally:\n    print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(ran.stderr.split())
    assert "typer" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_help_imports_nothing_heavy(shell):
    code = (
        "import sys\nfrom bot.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'discord', 'slack_sdk', 'aiohttp', 'pydantic', 'structlog', 'apscheduler', 'lxml'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stderr == "[]\n"


def test_settings_that_cannot_be_read_end_with_2_and_a_line_for_each_fault(shell):
    shell.config('[polling]\nintervall = "5m"\njitter = 2\n')
    said = shell("feeds", "list")
    assert said.code == 2
    assert said.out == ""
    assert said.err.splitlines() == [
        "config.toml, line 2: polling.intervall is not a setting. Did you mean interval?",
        "config.toml, line 3: polling.jitter should be at most 1, not 2.",
    ]


def test_the_settings_may_stand_elsewhere(shell):
    (shell.folder / "other.toml").write_text("nonsense = 1")
    assert shell("--config", "other.toml", "status").err == "other.toml, line 1: nonsense is not a setting.\n"
    shell.set(NEWSBOT_CONFIG="other.toml")
    assert shell("status").code == 2


def test_an_unknown_command_ends_with_2(shell):
    assert shell("feed").code == 2


def test_a_query_that_cannot_be_read_is_shown_with_the_place(shell):
    said = shell("search", "Kim AND")
    assert said.code == 1
    assert said.err.splitlines()[1:] == ["  Kim AND", "      ^", "Did you mean  Kim  ?"]


def test_an_address_with_a_password_is_refused_without_repeating_it(shell):
    said = shell("feeds", "add", "https://ann:hunter2@wire.example/feed")
    assert said.code == 1
    assert "Leave out what stands before the @" in said.err
    assert "hunter2" not in said.err + said.out


def test_a_folder_that_is_not_there_is_named(shell):
    shell.config('[store]\nurl = "sqlite:///gone/newsbot.db"')
    said = shell("status")
    assert said.code == 2
    assert (
        said.err
        == f"There is no folder {shell.folder}/gone for the database. Make it, or change store.url.\n"
    )


def test_a_mistake_of_its_own_is_reported_without_secrets(shell):
    code = (
        "from bot.cli import main, checking\n"
        "def check(): raise RuntimeError('https://ann:hunter2@x.org')\n"
        "checking.check = check\n"
        "main(['check'])"
    )
    said = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert said.returncode == 1
    assert "newsbot failed by a mistake of its own" in said.stderr
    assert "RuntimeError: https://***@x.org" in said.stderr
    assert "hunter2" not in said.stderr
