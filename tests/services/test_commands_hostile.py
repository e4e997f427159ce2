"""Whatever comes back from a platform, a command answers in words and changes nothing that it should not."""

from __future__ import annotations

import itertools

import pytest

from bot.domain.commands.definitions import COMMANDS
from bot.domain.commands.exchange import Action, Call, Mention, Press, Submission, Upload
from bot.services.commands.managing import MANAGING
from tests.services.managing import Room, address
from tests.services.people import said, somebody

PARTS = (
    (),
    ("",),
    ("1", "", ""),
    ("-1",),
    ("²",),
    ("é" * 40,),
    ("1", "C1", "9" * 30),
    ("1'; DROP TABLE drafts; --", "%", "_"),
    ("\x00", "\x00", "\x00"),
    ("9" * 80,),
)
VALUES = (
    "",
    " ",
    "\x00",
    "“",
    "'; DROP TABLE subscriptions; --",
    "summit " * 500,
    "((((((((",
    (),
    (address("slack:T2/C1"),),
    (address("discord:G1/C1"),),
    Mention("role", "", ""),
    Mention("group", "G" * 500, "@everyone"),
    Upload("", b""),
)


@pytest.fixture
async def room(store, clock):
    room = Room(store, clock)
    await room.watch("golf")
    await room.watch("tennis", "slack:T2/C1")
    return room


async def test_a_button_or_form_with_any_parts_is_answered_and_touches_no_other_workspace(room):
    eve = somebody("Eve", "discord:G1/C9")
    for verb, parts in itertools.product(MANAGING.presses, PARTS):
        reply = await room.desk.press(Press(eve, Action(verb, parts)))
        assert "mistake of its own" not in said(reply), (verb, parts)
    for verb, parts in itertools.product(MANAGING.submissions, PARTS):
        reply = await room.desk.submit(Submission(eve, Action(verb, parts), {}))
        assert "mistake of its own" not in said(reply), (verb, parts)
    assert await room.queries(None) == ["golf", "tennis"]


@pytest.mark.parametrize("command", sorted(MANAGING.commands))
async def test_a_command_with_any_values_is_answered_and_touches_no_other_workspace(room, command):
    eve = somebody("Eve", "discord:G1/C9")
    [defined] = [one for one in COMMANDS if one.name == command]
    for parameter, value in itertools.product(defined.parameters, VALUES):
        others = {one.name: "summit" for one in defined.parameters if one.required}
        reply = await room.desk.run(Call(eve, command, {**others, parameter.name: value}))
        assert "mistake of its own" not in said(reply), (parameter.name, value)
    assert await room.queries(None) == ["golf", "tennis"]


@pytest.mark.parametrize("parameter", sorted(MANAGING.completions))
async def test_a_completion_of_anything_typed_is_answered(room, parameter):
    for typed in (value for value in VALUES if isinstance(value, str)):
        offered = await MANAGING.completions[parameter](room.context, somebody(), typed)
        assert all(choice.value for choice in offered)
