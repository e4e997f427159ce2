"""What is said at a terminal, line by line: commands, numbers of buttons, answers to forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from bot.chat.console_arguments import arguments, channels, chosen, save, upload
from bot.chat.console_choices import Choices
from bot.chat.console_keyboard import Keyboard
from bot.chat.console_reply import field_lines, reply_lines, said_lines
from bot.chat.console_screen import Screen
from bot.domain.commands.exchange import (
    Call,
    Caller,
    Field,
    Form,
    Person,
    Press,
    Reply,
    Rights,
    Submission,
    Value,
)
from bot.domain.commands.forms import form_for
from bot.domain.commands.typed import read_typed
from bot.domain.model import ChannelAddress
from bot.errors import UserError
from bot.ports import Desk

LEAVING: Final = ("exit", "quit", "bye")
GREETING = "help says what newsbot can do, #NAME goes to another channel, {end} ends it."
GOING_ON = "newsbot goes on without commands. Ctrl-C ends it."
_ELSEWHERE = re.compile(r"#[\w-]+")
_COMMAND = re.compile(r"^/[\w-]+(?:\s+|$)")


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits at the terminal, and in which channel."""

    person: Person
    channel: ChannelAddress
    closes: bool = False
    """Whether newsbot ends when they have no more to say."""

    @property
    def caller(self) -> Caller:
        return Caller(self.person, self.channel, Rights(moderator=True), self.channel.channel)


class Talk:
    """A conversation between somebody at a terminal and the desk."""

    def __init__(self, screen: Screen, keyboard: Keyboard, desk: Desk, seat: Seat, choices: Choices) -> None:
        self._screen = screen
        self._keyboard = keyboard
        self._desk = desk
        self._seat = seat
        self._choices = choices
        self._prompts = keyboard.is_terminal and screen.is_terminal

    async def go_on(self) -> None:
        """Take what is typed until the input ends."""
        closes = self._seat.closes
        if self._prompts:
            self._screen.show(said_lines(GREETING.format(end="Ctrl-D" if closes else "Ctrl-C")))
        while (typed := await self._line(f"#{self._seat.channel.channel}> ")) is not None:
            if typed.lower() in LEAVING and closes:
                return
            if typed.lower() in LEAVING:
                self._screen.show(said_lines("Ctrl-C ends newsbot."))
            elif typed:
                await self._answer(typed)
        if self._prompts:
            self._screen.write("\n")  # the prompt has no end of its own
            self._screen.show(said_lines() if closes else said_lines(GOING_ON), gap=False)

    async def _answer(self, typed: str) -> None:
        try:
            if choice := self._choices.chosen(typed):
                seat = replace(self._seat, channel=choice.channel)
                press = Press(seat.caller, choice.action, choice.message)
                await self._show(await self._desk.press(press), seat)
            elif _ELSEWHERE.fullmatch(typed):
                self._seat = replace(self._seat, channel=channels(typed)[0])
                self._screen.show(said_lines(f"What you type belongs to {typed} now."))
            else:
                await self._command(typed)
        except UserError as error:
            self._screen.show(said_lines(*str(error).splitlines()))

    async def _command(self, typed: str) -> None:
        # As it is typed in Slack and Discord, for whoever comes from there.
        read = read_typed(_COMMAND.sub("", typed, count=1))
        call = Call(self._seat.caller, read.command.name, arguments(read))
        if form := form_for(call):
            await self._fill_in(form, self._seat)
        else:
            await self._show(await self._desk.run(call), self._seat)

    async def _show(self, reply: Reply, seat: Seat) -> None:
        if reply.form:
            await self._fill_in(reply.form, seat)
            return
        offered = self._choices.offer(reply.buttons, seat.channel)
        self._screen.show(reply_lines(reply, offered, self._screen.marks))
        if reply.file:
            self._screen.show(said_lines(f"Written to {save(reply.file)}"))

    async def _fill_in(self, form: Form, seat: Seat) -> None:
        """Ask for one field after the other, and hand the form in; a field that is needed and left empty ends it."""
        self._screen.show(said_lines(form.title), gap=False)
        values: dict[str, Value] = {}
        for field in form.fields:
            value = await self._asked(field)
            if value is None:
                self._screen.show(said_lines("Nothing was changed."))
                return
            values[field.name] = value
        await self._show(await self._desk.submit(Submission(seat.caller, form.action, values)), seat)

    async def _asked(self, field: Field) -> Value | None:
        """Return what was typed for a field; None when it was needed and is not there."""
        self._screen.show(field_lines(field), gap=False)
        while True:
            typed = await self._line(f"{field.label}{f' [{field.value}]' if field.value else ''}: ")
            text = (typed or "").strip() or field.value
            if (not text and field.required) or typed is None:
                return None
            try:
                return self._value(field, text)
            except UserError as error:
                leave = "An empty line gives up." if field.required else ""
                self._screen.show(said_lines(f"{error} {leave}".strip()))

    def _value(self, field: Field, text: str) -> Value:
        match field.kind:
            case "channels":
                return channels(text)
            case "file":
                return upload(text)
            case "choice":
                return chosen(text, field.choices)
            case _:
                return text

    async def _line(self, prompt: str) -> str | None:
        if self._prompts:
            self._screen.ask(prompt)
        typed = await self._keyboard.line()
        self._screen.asked()
        return None if typed is None else typed.strip()
