"""`newsbot check` as a process, with real servers on this machine."""

from __future__ import annotations

import pytest

from tests.impersonators.mishaps import answer
from tests.impersonators.newsstand import Newsstand
from tests.impersonators.papers import Item

SECRETS = ("s3cr3t-word", "xoxb-999999-wrongwrong")


@pytest.fixture
async def stand():
    async with Newsstand() as stand:
        stand.print("/good.xml", Item("Kim meets Trump", "https://paper.example/1"))
        yield stand


def settings(stand, more=""):
    return (
        f'[polling]\nallow_networks = ["127.0.0.0/8"]\nextra_ports = [{stand.port}]\nper_host_gap = "0s"\n{more}\n'
        f'[[feeds]]\nname = "Good"\nurl = "{stand.url("/good.xml")}"\n'
    )


SUBSCRIPTION = '[[subscriptions]]\nname = "Korea"\nchannel = "{}"\nquery = "kim"\n'


async def test_all_is_well(shell, stand):
    shell.config(settings(stand) + SUBSCRIPTION.format("console:world"))
    said = await shell.apart("check")
    assert said.err == ""
    assert [line.split(maxsplit=2)[:2] for line in said.out.splitlines()] == [
        ["config", "ok"],
        ["database", "ok"],
        ["console", "ok"],
        ["feeds", "ok"],
        ["channels", "ok"],
    ]
    assert said.code == 0
    assert "config.toml, 1 feed, 1 subscription" in said.out
    assert "1 of 1 can be read" in said.out
    assert "1 of 1 can be posted to" in said.out


async def test_what_fails_is_named_with_its_remedy(shell, stand):
    stand.misbehave("/gone.xml", answer(404))
    stand.publish("/page.xml", b"<html><body>Welcome</body></html>", "text/html")
    gone = f'[[feeds]]\nname = "Gone"\nurl = "{stand.url("/gone.xml")}"\n'
    page = f'[[feeds]]\nname = "Page"\nurl = "{stand.url("/page.xml")}"\n'
    shell.config(settings(stand) + gone + page + SUBSCRIPTION.format("slack:T1/C1"))
    said = await shell.apart("check")
    assert said.code == 1
    assert "feeds     fails  1 of 3 can be read" in said.out
    assert "Gone: " in said.out
    assert "Look for its new address on the publisher's site" in said.out
    assert "Page: " in said.out
    assert "is it a feed, or a web page?" in said.out
    assert (
        "1 channel there, but newsbot is not connected to it. Set SLACK_BOT_TOKEN in the environment"
        in said.out
    )


async def test_a_remedy_that_many_share_is_given_once(shell, stand):
    stand.misbehave("/a.xml", answer(404))
    stand.misbehave("/b.xml", answer(404))
    rows = [f'[[feeds]]\nname = "{name}"\nurl = "{stand.url(f"/{name}.xml")}"\n' for name in "ab"]
    shell.config(settings(stand) + "".join(rows))
    said = await shell.apart("check")
    assert said.out.count("Look for its new address") == 1
    assert "For these 2: Look for its new address" in said.out


async def test_a_refused_token_is_said_and_never_shown(shell, stand, slack):
    shell.config(
        settings(stand, f'[chat.slack]\nbase_url = "{slack.base_url}"') + SUBSCRIPTION.format("slack:T1/C1")
    )
    said = await shell.apart("check", "--json", SLACK_BOT_TOKEN=SECRETS[1], NEWSBOT__LOG__LEVEL="debug")
    assert said.code == 1
    results = {result["subject"]: result for result in said.data["results"]}
    assert said.data["ok"] is False
    assert results["slack"]["ok"] is False
    assert results["slack"]["remedy"]
    line = (await shell.apart("check", SLACK_BOT_TOKEN=SECRETS[1])).out.splitlines()[-1]
    assert line == " channels  none   Not tried without a connection to slack."
    assert results["feeds"]["facts"] == {"name": "Good", "url": stand.url("/good.xml")}
    assert not any(secret in said.out + said.err for secret in SECRETS)


async def test_a_slack_channel_that_can_be_posted_to_is_well_and_nothing_is_posted(shell, stand, slack):
    shell.config(
        settings(stand, f'[chat.slack]\nbase_url = "{slack.base_url}"') + SUBSCRIPTION.format("slack:T1/C1")
    )
    said = await shell.apart("check", SLACK_BOT_TOKEN=slack.world.teams["T1"].token)
    assert "1 of 1 can be posted to" in said.out, said
    assert said.code == 0
    assert slack.messages == []


async def test_without_feeds_and_subscriptions_it_says_how_to_begin(shell):
    said = await shell.apart("check")
    assert said.code == 0
    assert "config    ok    no config.toml, so the defaults hold, 0 feeds, 0 subscriptions" in said.out
    assert "feeds     none  No feeds yet. Begin with a starter set:" in said.out
    assert "channels  none  No subscriptions yet." in said.out


def test_settings_that_cannot_be_read_end_with_2(shell):
    shell.config("[polling]\njiter = 1\n[log]\nlevel = 5")
    said = shell("check")
    assert said.code == 2
    assert said.out.splitlines() == [
        " config  fails  config.toml, line 2: polling.jiter is not a setting. Did you mean jitter?",
        " config  fails  config.toml, line 4: log.level should be 'debug', 'info', 'warning' or 'error', not 5.",
    ]
    assert shell("check", "--json").data["ok"] is False


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            '[[feeds]]\nname = "Wire"\nurl = "https://wire.example/"\nkind = "atom"',
            "The feed “Wire”: atom is no kind of feed. There is feed, or module:Class of your own.",
        ),
        ('[queue]\nkind = "bell"', "bell is no queue. There is memory, or module:Class of your own."),
    ],
)
def test_a_part_that_does_not_exist_is_all_that_is_said(shell, settings, sentence):
    shell.config(settings)
    said = shell("check")
    assert said.code == 1
    assert said.out == f" config  fails  {sentence}\n"


def test_a_database_that_is_none_is_a_line_of_its_own(shell):
    (shell.folder / "newsbot.db").write_text("not a database, but a text of some length" * 100)
    said = shell("check")
    assert said.code == 1
    config, database = said.out.splitlines()
    assert config.startswith(" config    ok")
    assert database.startswith(" database  fails  ")
