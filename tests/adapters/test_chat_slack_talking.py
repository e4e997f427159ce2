"""People in Slack, and what newsbot hears and shows: over Socket Mode, in two workspaces at once."""

from __future__ import annotations

import pytest

from bot.domain.commands.exchange import Action, Button, Press, Reply, Tone, line
from bot.domain.message import Run
from bot.domain.model import ChannelAddress
from tests.adapters.slack_listening import RecordingDesk, listening, two_workspaces

WORLD = ChannelAddress("slack", "T1", "C1")
CONFIRM = Button("Confirm", Action("confirm", ("d1",)), Tone.PRIMARY)
WATCHING = Reply(
    (line("Watching #world for “Kim Jong Un”."),), (CONFIRM, Button("Edit", Action("redraft", ("d1",))))
)


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        yield slack


@pytest.fixture
def desk():
    return RecordingDesk()


async def test_a_command_is_read_and_its_answer_seen_by_its_author_only(slack, desk):
    desk.answer = WATCHING
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "subscribe Kim Jong Un, summit --in #world")
    (call,) = desk.said
    assert (call.command, call.arguments) == ("subscribe", {"query": "Kim Jong Un, summit", "in": (WORLD,)})
    assert (call.caller.person.id, call.caller.person.name) == ("U1", "quint1")
    assert (call.caller.channel, call.caller.channel_name) == (WORLD, "world")
    assert sight.whispers == ["Watching #world for “Kim Jong Un”.\nConfirm\nEdit"]
    assert slack.channel("C1").texts() == []


async def test_a_button_is_pressed_and_its_answer_takes_its_place(slack, desk):
    desk.answer = WATCHING
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe Kim")
        desk.answer = Reply(
            (line("Done."),), replaces=True, announcement=(Run("Quint added "), Run("Kim", marked=True))
        )
        sight = await quint.presses("Confirm", until=lambda seen: seen.posts)
    press = desk.said[-1]
    assert isinstance(press, Press)
    assert (press.action, press.caller.channel) == (Action("confirm", ("d1",)), WORLD)
    assert sight.whispers == ["Done."]
    assert slack.channel("C1").texts() == ["Quint added Kim"]
