"""The app's manifest: that Slack takes it, and that an app made from it can do everything and no more."""

from __future__ import annotations

import pytest

from bot.chat.slack_leaving import EVENTS
from bot.chat.slack_manifest import SCOPES, slack_manifest
from bot.domain.commands.exchange import Reply, Upload, line
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, DeliveryId
from tests.adapters.slack_listening import RecordingDesk, listening
from tests.impersonators.slack import SlackImpersonator
from tests.impersonators.slack_manifest import BadManifest, granted
from tests.messages import message


def test_slack_takes_it():
    given = granted(slack_manifest())
    assert given["commands"] == ("/news",)
    assert given["shortcuts"] == {"Mute this story": "mute", "Not relevant": "irrelevant", "Why this?": "why"}
    assert set(given["events"]) == set(EVENTS)
    assert given["escapes"]
    assert given["interactivity"]


@pytest.mark.parametrize("typed", ["wire", "/wire", " /wire "])
def test_the_command_may_be_called_otherwise(typed):
    assert granted(slack_manifest(typed))["commands"] == ("/wire",)


def test_socket_mode_needs_no_address():
    settings = slack_manifest()["settings"]
    assert settings["socket_mode_enabled"]
    assert "request_url" not in settings["interactivity"]


@pytest.mark.parametrize("url", ["https://news.example", "https://news.example/"])
def test_http_mode_names_one_address_for_everything(url):
    manifest = slack_manifest(http_url=url)
    settings = manifest["settings"]
    addresses = {
        settings["interactivity"]["request_url"],
        settings["event_subscriptions"]["request_url"],
        manifest["features"]["slash_commands"][0]["url"],
    }
    assert addresses == {"https://news.example/slack/events"}
    assert not settings["socket_mode_enabled"]
    assert granted(manifest)


def test_it_asks_to_read_no_messages():
    assert not [
        scope for scope in SCOPES if scope.endswith(":history") or scope.startswith(("admin", "im:", "mpim:"))
    ]


@pytest.mark.parametrize("missing", ["commands", "channels:read", "groups:read"])
def test_slack_refuses_it_without_what_its_events_and_commands_need(missing):
    manifest = slack_manifest()
    manifest["oauth_config"]["scopes"]["bot"].remove(missing)
    with pytest.raises(BadManifest):
        granted(manifest)


async def test_an_app_made_from_it_does_everything():
    desk = RecordingDesk()
    async with SlackImpersonator() as slack:
        slack.install(slack_manifest(), signing_secret="s")
        slack.add_channel("C1", name="world")
        slack.add_channel("C2", name="secret", is_private=True, members=["U1"])
        slack.add_user("U1", name="quint")
        slack.add_group("S1", handle="desk", users=["U1"])
        async with listening(slack, desk) as chat:
            quint = slack.person("U1")
            desk.answer = Reply((line("Here."),), announcement=(Run("x"),), file=Upload("a.opml", b"<opml/>"))
            sight = await quint.types("/news", "export --what sources", until=lambda seen: seen.posts)
            assert sight.whispers[0].startswith("Here.\nThe file is in")
            assert desk.said[0].caller.rights.groups == {"S1"}
            await chat.send(ChannelAddress("slack", "T1", "C1"), message(), DeliveryId("d"))
            alert = slack.channel("C1").messages[-1]
            desk.answer = Reply((line("Because."),))
            assert (await quint.chooses("Why this?", on=alert)).whispers == ["Because."]
            await quint.types("/news", "import")
            await quint.submits({"The file": ("a.opml", b"<opml/>")}, until=lambda seen: seen.whispers)
            assert desk.said[-1].values["file"].content == b"<opml/>"
            both = [ChannelAddress("slack", "T1", channel) for channel in ("C1", "C2")]
            assert await chat.visible(desk.said[0].caller.person, both) == set(both)
            (token, *lines) = await chat.check(both)
            assert all(result.ok for result in (token, *lines))
            desk.places.clear()
            for act in (slack.admin().archives, slack.admin().deletes):
                await act("C1")
            await slack.admin().removes("C2")
            reasons = {
                "the channel was archived",
                "the channel was deleted",
                "newsbot was removed from the channel",
            }
            await slack.until(lambda: {place[-1] for place in desk.places} == reasons)
