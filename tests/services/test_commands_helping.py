"""`help`: short, with examples; and one command at a time."""

from __future__ import annotations

import pytest

from bot.domain.commands.definitions import COMMANDS
from bot.domain.commands.typed import read_typed
from tests.services.managing import Room
from tests.services.people import said, somebody, texts


@pytest.fixture
def room(store, clock):
    return Room(store, clock)


async def test_help_is_short_and_names_every_command(room):
    reply = await room.run("help")
    shown = said(reply)
    assert len(shown.splitlines()) <= 15
    for command in COMMANDS:
        assert command.name.split()[0] in shown
    assert "/news subscribe Kim Jong Un, summit" in shown


async def test_the_examples_of_help_can_be_typed_as_they_stand(room):
    for line in said(await room.run("help")).splitlines():
        if line.startswith("/news "):
            assert not read_typed(line.removeprefix("/news ")).searched


async def test_help_for_a_command_tells_its_parts_examples_and_who_may(room):
    assert texts(await room.run("help", command="/news Subscribe")) == [
        "/news subscribe",
        "Watch for words in a channel.",
        "query: what to watch for: Kim Jong Un, summit; nothing opens a form",
        "--in: channels; this one if left out",
        "--feeds: only these sources, separated by commas",
        "--mention: a role, group or person to call with each alert",
        'Commas mean or, a minus leaves out, quotes keep words together: "trade war", tariffs -golf',
        '/news subscribe Kim Jong Un, summit\n/news subscribe "trade war" -golf --in #world --feeds BBC,Reuters',
        "For those who manage subscriptions; /news access says who.",
    ]
    assert texts(await room.run("help", command="sources add"))[-1] == (
        "For those who may change what everybody shares; /news access says who."
    )
    assert texts(await room.run("help", command="status")) == [
        "/news status",
        "What is pending and held here, and which settings hold.",
        "/news status",
    ]


async def test_help_for_a_group_lists_its_commands(room):
    assert texts(await room.run("help", command="terms")) == [
        "/news terms list: the named parts of queries, such as @kim",
        "/news terms set: give a part of queries a name",
        "/news terms remove: take a name away",
    ]


async def test_help_for_what_is_no_command_says_what_may_have_been_meant(room):
    assert texts(await room.run("help", command="subscibe")) == [
        "There is no command subscibe. Did you mean subscribe? /news help shows them all."
    ]
    assert texts(await room.run("help", command="dance")) == [
        "There is no command dance. /news help shows them all."
    ]


async def test_help_speaks_of_the_command_as_it_is_called_here(room):
    room.parts["command"] = "/wire"
    assert "/news" not in said(await room.run("help"))
    assert texts(await room.run("help", command="/wire pause"))[0] == "/wire pause"


async def test_help_on_discord_shows_the_fields_of_a_command(room):
    ann = somebody("Ann", "discord:1/10")
    assert '/news subscribe query: "trade war" -golf in: #world' in said(await room.run("help", ann))
    assert texts(await room.run("help", ann, command="copy"))[2:5] == [
        "from: the channel to copy from",
        "to: the channel to copy to",
        "/news copy from: #world to: #europe",
    ]
    assert "in: channels; this one if left out" in texts(await room.run("help", ann, command="subscribe"))
