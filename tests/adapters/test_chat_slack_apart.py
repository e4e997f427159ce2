"""Several Slack workspaces that hear nothing of one another, and what Slack brings twice."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import Action, Button, Reply, Tone, line, say
from bot.domain.message import Run
from bot.domain.model import ChannelAddress
from tests.adapters.slack_listening import RecordingDesk, listening, two_workspaces, workspaces

WORLD = ChannelAddress("slack", "T1", "C1")
CONFIRM = Button("Confirm", Action("confirm", ("d1",)), Tone.PRIMARY)
ADDED = Reply((line("Done."),), announcement=(Run("Quint added "), Run("Kim", marked=True)))


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        yield slack


@pytest.fixture
def desk():
    return RecordingDesk()


async def test_each_workspace_is_answered_with_its_own_token(slack, desk):
    desk.answer = ADDED
    async with listening(slack, desk):
        one = await slack.person("U1").types("/news", "pause 1", until=lambda seen: seen.posts)
        two = await slack.person("U2", team="T2").types("/news", "pause 2", until=lambda seen: seen.posts)
    assert [call.caller.channel.workspace for call in desk.said] == ["T1", "T2"]
    assert (one.posts, two.posts) == (["Quint added Kim"], ["Quint added Kim"])
    tokens = [call.headers["authorization"] for call in slack.calls("users.info")]
    assert tokens == [f"Bearer {slack.team(team).token}" for team in ("T1", "T2")]


async def test_one_app_in_two_workspaces_hears_both_over_one_connection(slack, desk):
    slack.team("T2").app_token = slack.team("T1").app_token
    async with listening(slack, desk, workspaces(slack, ids=False)):
        assert len(slack.sockets.connections) == 1
        await slack.person("U1").types("/news", "status")
        await slack.person("U2", team="T2").types("/news", "status")
    assert [call.caller.channel for call in desk.said] == [WORLD, ChannelAddress("slack", "T2", "C2")]


async def test_a_workspace_without_settings_is_not_served(slack, desk):
    slack.team("T2").app_token = slack.team("T1").app_token
    async with listening(slack, desk, workspaces(slack)[:1]):
        stranger = await slack.person("U2", team="T2").types(
            "/news", "status", until=lambda seen: seen.envelope
        )
        await slack.person("U1").types("/news", "status")
    assert stranger.texts == []
    assert [call.caller.person.id for call in desk.said] == ["U1"]


async def test_an_app_cannot_speak_for_the_workspace_of_another(slack, desk):
    async with listening(slack, desk):
        team = slack.team("T1")
        forged = {
            "team_id": "T2",
            "channel_id": "C2",
            "user_id": "U2",
            "command": "/news",
            "text": "status",
            "trigger_id": "1",
        }
        envelope = await slack.deliver(team, "slash_commands", forged)
        await slack.person("U1").types("/news", "status")
    assert envelope.outcome == "acknowledged"
    assert [call.caller.person.id for call in desk.said] == ["U1"]


async def test_what_comes_over_two_connections_is_done_once(slack, desk):
    async with listening(slack, desk, connections=2):
        slack.sockets.doubling = 1
        sight = await slack.person("U1").types("/news", "status")
        await slack.until(lambda: sight.envelope.acks == 2)
        await slack.person("U1").types("/news", "help")
    assert [call.command for call in desk.said] == ["status", "help"]


async def test_two_processes_open_one_form(slack, desk):
    async with listening(slack, desk), listening(slack, RecordingDesk()):
        slack.sockets.doubling = 1
        sight = await slack.person("U1").types("/news", "subscribe")
        await slack.until(lambda: len(slack.calls("views.open")) == 2)
        await slack.person("U1").closes()
        for _ in range(2):
            await slack.person("U1").types("/news", "status", until=lambda seen: seen.whispers)
    assert sight.texts == ["Done.", "Done."]


async def test_an_event_that_reaches_two_processes_means_the_same_to_both(slack, desk):
    other = RecordingDesk()
    async with listening(slack, desk), listening(slack, other):
        await slack.until(lambda: len(desk.places) == 2 and len(other.places) == 2)
        slack.sockets.doubling = 1
        await slack.admin("T1").deletes("C1")
        await slack.until(lambda: len(desk.places) == 3 and len(other.places) == 3)
    assert desk.places[-1] == other.places[-1] == ("gone", "T1", "C1", "the channel was deleted")


async def test_presses_and_forms_that_come_twice_are_done_once(slack, desk):
    desk.answer = Reply(say("Watching").lines, (CONFIRM,))
    async with listening(slack, desk, connections=2):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe Kim")
        slack.sockets.doubling = 1
        pressed = await quint.presses("Confirm")
        await slack.until(lambda: pressed.envelope.acks == 2)
        await quint.types("/news", "subscribe")
        slack.sockets.doubling = 1
        filled = await quint.submits({"What to watch for": "Kim"}, until=lambda seen: seen.whispers)
        await slack.until(lambda: filled.envelope.acks == 2)
    assert [type(said).__name__ for said in desk.said] == ["Call", "Press", "Submission"]


async def test_nothing_is_announced_in_another_workspace(slack, desk):
    other = (ChannelAddress("slack", "T2", "C1"), WORLD)
    desk.answer = Reply(ADDED.lines, announcement=ADDED.announcement, announced_in=other)
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "pause 12", until=lambda seen: seen.posts)
    assert [call.body["channel"] for call in slack.calls("chat.postMessage")] == ["C1"]
    assert len(slack.channel("C1").messages) == 1
