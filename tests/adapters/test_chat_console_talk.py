"""Commands at a terminal: what is typed reaches the desk, and the answer is printed with numbers to press."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import re
from contextlib import asynccontextmanager

import pytest

from bot.chat.console import ConsoleChat, ConsoleListening
from bot.chat.console_keyboard import Keyboard
from bot.chat.console_talk import Seat
from bot.domain.commands.exchange import (
    Action,
    Button,
    Call,
    Field,
    Form,
    Look,
    Mention,
    Person,
    Press,
    Reply,
    Submission,
    Tone,
    Upload,
    line,
    say,
)
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, DeliveryId
from bot.errors import ChatError
from tests.clock import FakeClock
from tests.messages import SUMMIT, message

WORLD = ChannelAddress.parse("console:world")
KOREA = ChannelAddress.parse("console:korea")
ANN = Person("ann", "ann")


class RecordingDesk:
    """Answers in turn, and remembers what was said."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.said = []

    async def run(self, call):
        return self._next(call)

    async def press(self, press):
        return self._next(press)

    async def submit(self, submission):
        return self._next(submission)

    async def complete(self, call, parameter, typed):
        return ()

    async def gone(self, platform, workspace, channel, reason):
        raise AssertionError("nobody leaves a terminal")

    async def back(self, platform, workspace, channel):
        raise AssertionError("nobody comes back to a terminal")

    async def left(self, platform, workspace):
        raise AssertionError("nobody looks whether a terminal is back")

    def _next(self, said):
        self.said.append(said)
        return self.replies.pop(0) if self.replies else say("done")


class Terminal(io.StringIO):
    encoding = "utf-8"

    def __init__(self):
        super().__init__()
        self.written = asyncio.Event()

    def isatty(self):
        return True

    def flush(self):
        self.written.set()

    async def shows(self, ending):
        """Wait until it ends in some text."""
        async with asyncio.timeout(20):
            while not self.getvalue().endswith(ending):
                self.written.clear()
                await self.written.wait()


def listening(chat_input, closes=True):
    return ConsoleListening(Keyboard(chat_input), Seat(ANN, WORLD, closes))


async def talk(desk, *lines, stream=None, environ=None, closes=True):
    """Type lines through a pipe, and return what was printed."""
    stream = stream or io.StringIO()
    reading, writing = os.pipe()
    os.write(writing, "".join(f"{line}\n" for line in lines).encode())
    os.close(writing)
    try:
        chat = ConsoleChat(FakeClock(), stream, environ or {}, listening=listening(reading, closes))
        await asyncio.wait_for(chat.serve(desk), 20)
    finally:
        os.close(reading)
    return stream.getvalue()


async def test_a_command_reaches_the_desk_with_its_parts_and_who_typed_it():
    desk = RecordingDesk()
    printed = await talk(
        desk, "subscribe Kim Jong Un, summit --in #korea, #world --mention @desk --feeds BBC"
    )
    [call] = desk.said
    assert isinstance(call, Call)
    assert call.command == "subscribe"
    assert call.arguments == {
        "query": "Kim Jong Un, summit",
        "in": (KOREA, WORLD),
        "mention": Mention("person", "desk", "desk"),
        "feeds": "BBC",
    }
    assert (call.caller.person, call.caller.channel, call.caller.channel_name) == (ANN, WORLD, "world")
    assert call.caller.rights.moderator
    assert printed == " done\n\n"


async def test_words_without_a_command_are_searched_for_and_a_slash_does_no_harm():
    desk = RecordingDesk()
    await talk(desk, "Kim Jong Un", "/news search summit", "/news")
    assert [(call.command, dict(call.arguments)) for call in desk.said] == [
        ("search", {"query": "Kim Jong Un"}),
        ("search", {"query": "summit"}),
        ("help", {}),
    ]


async def test_lines_are_carried_out_in_their_order_until_the_input_ends():
    desk = RecordingDesk(say("first"), say("second"))
    assert await talk(desk, "help", "", "   ", "status") == " first\n\n second\n\n"


async def test_a_last_line_needs_no_end():
    desk, (reading, writing) = RecordingDesk(), os.pipe()
    os.write(writing, b"status")
    os.close(writing)
    await ConsoleChat(FakeClock(), io.StringIO(), {}, listening=listening(reading)).serve(desk)
    os.close(reading)
    assert [call.command for call in desk.said] == ["status"]


@pytest.mark.parametrize("word", ["exit", "quit", "Bye"])
async def test_a_word_ends_it(word):
    desk = RecordingDesk()
    await talk(desk, word, "status")
    assert desk.said == []


async def test_a_newsbot_that_goes_on_tells_how_it_is_ended():
    desk = RecordingDesk()
    printed = await talk(desk, "quit", "status", closes=False)
    assert printed == " Ctrl-C ends newsbot.\n\n done\n\n"


async def test_buttons_have_numbers_and_a_number_presses():
    buttons = (
        Button("Confirm", Action("confirm", ("d1",)), Tone.PRIMARY),
        Button("Edit", Action("redraft", ("d1",))),
    )
    desk = RecordingDesk(Reply((line("Watching #world."),), buttons), say("Added."))
    printed = await talk(desk, "subscribe Kim", "2")
    assert printed == " Watching #world.\n [1] Confirm  [2] Edit\n\n Added.\n\n"
    press = desk.said[1]
    assert isinstance(press, Press)
    assert (press.action, press.message, press.caller.channel) == (Action("redraft", ("d1",)), "", WORLD)


async def test_numbers_go_on_so_that_older_buttons_still_mean_what_they_say():
    first = Reply((line("a"),), (Button("A", Action("a")),))
    second = Reply((line("b"),), (Button("B", Action("b")),))
    desk = RecordingDesk(first, second)
    printed = await talk(desk, "search a", "search b", "1", "2")
    assert "[1] A" in printed
    assert "[2] B" in printed
    assert [press.action.verb for press in desk.said[2:]] == ["a", "b"]


async def test_buttons_of_one_row_share_a_line():
    rows = tuple(Button(name, Action(name), row=number) for number in (0, 1) for name in "xy")
    printed = await talk(RecordingDesk(Reply((line("list"),), rows)), "subscriptions")
    assert printed == " list\n [1] x  [2] y\n [3] x  [4] y\n\n"


async def test_a_number_that_was_never_offered_is_a_search():
    desk = RecordingDesk()
    await talk(desk, "2024")
    assert [(call.command, call.arguments["query"]) for call in desk.said] == [("search", "2024")]


async def test_what_cannot_be_read_is_said_and_the_talk_goes_on():
    desk = RecordingDesk()
    printed = await talk(desk, "subscribe Kim --when now", "subscribe Kim --in #a/b", "status")
    first, second, third = printed.split("\n\n")[:3]
    assert first.startswith(" subscribe has no option --when.")
    assert second == " “#a/b” is not a channel of the terminal. Write a name with letters and digits: #world"
    assert third == " done"
    assert [call.command for call in desk.said] == ["status"]


async def test_one_can_go_to_another_channel():
    desk = RecordingDesk()
    printed = await talk(desk, "#korea", "subscriptions")
    assert "What you type belongs to #korea now." in printed
    assert desk.said[0].caller.channel == KOREA


async def test_a_form_is_asked_field_by_field():
    form = Form(
        "Change subscription 12",
        Action("edit", ("12",)),
        (
            Field("query", "What to watch for", "text", "Kim", "Commas mean or"),
            Field("in", "Channels", "channels", required=False),
            Field("who", "Who", "choice", choices=(("members", "Members"), ("groups", "Groups"))),
        ),
    )
    desk = RecordingDesk(Reply(form=form), say("Changed."))
    printed = await talk(desk, "edit 12", "", "#korea world", "nobody", "groups")
    submission = desk.said[1]
    assert isinstance(submission, Submission)
    assert submission.action == Action("edit", ("12",))
    assert submission.values == {"query": "Kim", "in": (KOREA, WORLD), "who": "groups"}
    assert printed.splitlines() == [
        " Change subscription 12",
        " Commas mean or",
        " Members, Groups",
        " “nobody” is none of these: Members, Groups. An empty line gives up.",
        "",
        " Changed.",
        "",
    ]


async def test_a_command_without_its_query_opens_its_form_at_once():
    desk = RecordingDesk()
    await talk(desk, "subscribe", "Kim, summit", "", "")
    [submission] = desk.said
    assert submission.action == Action("subscribe")
    assert submission.values == {"query": "Kim, summit", "in": (), "feeds": ""}


async def test_a_form_without_what_it_needs_changes_nothing():
    desk = RecordingDesk()
    assert "Nothing was changed." in await talk(desk, "subscribe", "")
    assert "Nothing was changed." in await talk(desk, "subscribe")
    assert desk.said == []


async def test_a_file_is_read_where_its_path_says(tmp_path):
    (tmp_path / "list.opml").write_bytes(b"<opml/>")
    desk = RecordingDesk()
    printed = await talk(desk, f"import {tmp_path}/list.opml", f"import {tmp_path}/gone.opml", "status")
    assert desk.said[0].arguments == {"file": Upload("list.opml", b"<opml/>")}
    assert f" {tmp_path}/gone.opml cannot be read: no such file or directory." in printed.replace("\n ", " ")
    assert desk.said[1].command == "status"


async def test_a_file_is_written_beside_what_is_there_already(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.opml").write_text("mine")
    desk = RecordingDesk(Reply((line("2 sources"),), file=Upload("../sources.opml", b"<opml/>")))
    assert "Written to sources-2.opml" in await talk(desk, "export")
    assert (tmp_path / "sources.opml").read_text() == "mine"
    assert (tmp_path / "sources-2.opml").read_bytes() == b"<opml/>"


async def test_a_file_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    desk = RecordingDesk(Reply((line("x"),), file=Upload("a" * 300, b"")))
    assert "cannot be written: file name too long." in (await talk(desk, "export")).replace("\n ", " ")


async def test_lines_are_set_as_they_look():
    reply = Reply(
        (
            line("14 articles", Look.TITLE),
            line((Run("North Korean leader "), Run("Kim Jong Un", marked=True)), Look.QUOTE),
            line("White House", url="https://politico.example/story"),
            line("Kim AND\n    ^", Look.CODE),
            line("small", Look.DIM),
            line(""),
        )
    )
    assert await talk(RecordingDesk(reply), "search Kim") == (
        " 14 articles\n"
        "   North Korean leader «Kim Jong Un»\n"
        " White House\n"
        "   https://politico.example/story\n"
        "   Kim AND\n"
        "       ^\n"
        " small\n\n"
    )


async def test_a_terminal_gets_colours_and_no_colour_none():
    reply = Reply((line((Run("Kim", marked=True),), Look.TITLE),), (Button("Go", Action("go")),))
    fancy = await talk(RecordingDesk(reply), "x", stream=Terminal(), environ={"TERM": "xterm-256color"})
    assert "\x1b[1;33mKim\x1b[0m" in fancy
    assert "\x1b[36m[1]\x1b[0m Go" in fancy
    plain = await talk(
        RecordingDesk(reply), "x", stream=Terminal(), environ={"TERM": "xterm", "NO_COLOR": "1"}
    )
    assert "\x1b" not in plain
    assert "«Kim»" in plain


async def test_nothing_that_was_said_steers_the_terminal(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hostile = "a\x1b[31mb\x07\u202ec"
    reply = Reply(
        (line(hostile), line(hostile, Look.CODE)), (Button(hostile, Action("x")),), file=Upload(hostile, b"")
    )
    form = Form(hostile, Action("y"), (Field("f", hostile, hint=hostile),))
    printed = await talk(RecordingDesk(reply, Reply(form=form)), "status", "status", "")
    assert {char for char in printed if not char.isprintable()} == {"\n"}
    assert [file.name.isprintable() for file in tmp_path.iterdir()] == [True]


async def test_an_announcement_is_not_said_twice():
    both = Reply((line("Added 12."),), announcement=(Run("ann added “Kim” (12)"),))
    only = Reply(announcement=(Run("ann added “Kim” (12)"),))
    assert await talk(RecordingDesk(both, only), "a", "b") == " Added 12.\n\n ann added “Kim” (12)\n\n"


async def test_an_alert_can_be_pressed_where_somebody_listens():
    reading, writing = os.pipe()
    stream = io.StringIO()
    chat = ConsoleChat(FakeClock(), stream, {}, listening=listening(reading))
    desk = RecordingDesk()
    receipt = await chat.send(KOREA, SUMMIT, DeliveryId("abc"))
    assert stream.getvalue().endswith("\n [1] Mute this story  [2] Not relevant  [3] Why this?\n\n")
    os.write(writing, b"3\n")
    os.close(writing)
    await chat.serve(desk)
    os.close(reading)
    [press] = desk.said
    assert (press.action, press.message) == (Action("why", ("abc",)), receipt)
    assert press.caller.channel == KOREA


async def test_an_alert_shows_whom_it_calls():
    chat = ConsoleChat(FakeClock(), io.StringIO(), {})
    shown = chat.render(WORLD, message(mentions=(Mention("person", "7", "ann"), Mention("role", "8"))))
    assert "\n @ann @8\n" in shown


async def test_where_nobody_listens_serving_ends_at_once():
    await asyncio.wait_for(ConsoleChat(FakeClock(), io.StringIO(), {}).serve(RecordingDesk()), 5)


async def test_whoever_sits_there_may_do_everything():
    chat = ConsoleChat(FakeClock(), io.StringIO(), {})
    assert await chat.visible(ANN, [WORLD, KOREA]) == {WORLD, KOREA}
    assert (await chat.rights(ANN, WORLD)).moderator
    assert await chat.may_mention(Seat(ANN, WORLD).caller, WORLD, Mention("person", "1"))


# ---------------------------------------------------------------- a real terminal


@asynccontextmanager
async def terminal(desk, closes=True, **environ):
    """Give a chat a pseudo-terminal; yield the keys' end, the chat, and what the screen shows."""
    keys, screen = pty.openpty()
    stream = Terminal()
    environ = {"TERM": "xterm", **environ}
    chat = ConsoleChat(FakeClock(), stream, environ, listening=listening(screen, closes))
    serving = asyncio.create_task(chat.serve(desk))
    try:
        yield keys, chat, stream
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        os.close(keys)
        os.close(screen)


async def test_a_terminal_is_greeted_and_prompted():
    desk = RecordingDesk()
    async with terminal(desk) as (keys, _, stream):
        await stream.shows("#world> ")
        assert "help says what newsbot can do" in re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
        os.write(keys, b"status\n")
        await stream.shows("done\n\n#world> ")


async def test_an_alert_comes_above_what_is_being_typed():
    async with terminal(RecordingDesk()) as (_, chat, stream):
        await stream.shows("#world> ")
        before = len(stream.getvalue())
        await chat.send(WORLD, SUMMIT, DeliveryId("abc"))
        added = stream.getvalue()[before:]
        assert added.startswith("\r\x1b[2K")
        assert added.endswith("\n#world> ")


async def test_without_colours_an_alert_begins_on_a_line_of_its_own():
    async with terminal(RecordingDesk(), NO_COLOR="1") as (_, chat, stream):
        await stream.shows("#world> ")
        await chat.send(WORLD, SUMMIT, DeliveryId("abc"))
        assert "#world> \n #world   Politico" in stream.getvalue()


async def test_the_end_of_the_input_ends_the_talk():
    async with terminal(RecordingDesk()) as (keys, _, stream):
        await stream.shows("#world> ")
        os.write(keys, b"\x04")
        await stream.shows("#world> \n")


async def test_where_newsbot_goes_on_the_end_of_the_input_says_so():
    async with terminal(RecordingDesk(), closes=False, NO_COLOR="1") as (keys, _, stream):
        await stream.shows("#world> ")
        assert "Ctrl-C ends it." in stream.getvalue()
        os.write(keys, b"\x04")
        await stream.shows("\n newsbot goes on without commands. Ctrl-C ends it.\n")


async def test_a_terminal_that_is_gone_is_said_and_the_talk_ends():
    closed = io.StringIO()
    closed.close()
    with pytest.raises(ChatError, match="The terminal cannot be written to"):
        await talk(RecordingDesk(), "status", stream=closed)


async def test_a_file_that_is_too_large_is_refused(tmp_path):
    file = tmp_path / "large.opml"
    with file.open("wb") as writing:
        writing.truncate(20_000_001)
    printed = await talk(RecordingDesk(), f"import {file}")
    assert "is larger than 20 MB. Divide it." in printed.replace("\n ", " ")
