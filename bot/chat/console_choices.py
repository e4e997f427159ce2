"""Buttons at a terminal: each has a number, and typing the number presses it; of the newest also its label does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.text import Text as RichText

from bot.chat.console_text import Line
from bot.chat.escaping import clean
from bot.domain.commands.definitions import COMMANDS
from bot.domain.commands.exchange import Action, Button, Tone
from bot.domain.model import ChannelAddress

MOST = 99
"""Numbers go from 1 to this and begin again: by then the first have long left the screen."""
STYLES = {Tone.PLAIN: "", Tone.PRIMARY: "bold", Tone.DANGER: "red"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a number stands for."""

    action: Action
    channel: ChannelAddress
    message: str = ""
    """The receipt of the alert below which it stands."""


Offered = Sequence[tuple[int, Button]]


class Choices:
    """Everything on the screen that can be pressed, by its number."""

    def __init__(self) -> None:
        self._known: dict[int, Choice] = {}
        self._newest: dict[str, Choice] = {}
        """By their labels in lower case, those below the last answer."""
        self._last = 0

    def offer(self, buttons: Sequence[Button], channel: ChannelAddress, message: str = "") -> Offered:
        """Give buttons their numbers; an alert that comes in between leaves the labels of the last answer."""
        choices = [Choice(button.action, channel, message) for button in buttons]
        if not message:
            labels = [button.label.lower() for button in buttons]
            named = zip(labels, choices, strict=True)
            self._newest = {label: choice for label, choice in named if not _is_command(label)}
        return [(self._number(choice), button) for choice, button in zip(choices, buttons, strict=True)]

    def chosen(self, typed: str) -> Choice | None:
        """Return what a number or label stands for, or None."""
        if typed.isascii() and typed.isdecimal():
            return self._known.get(int(typed))
        return self._newest.get(typed.lower())

    def _number(self, choice: Choice) -> int:
        self._last = self._last % MOST + 1
        self._known[self._last] = choice
        return self._last


def _is_command(label: str) -> bool:
    """Say whether a label is also a whole command, as “Subscriptions” is."""
    return any(
        label in {command.name, command.group} and not any(one.required for one in command.parameters)
        for command in COMMANDS
    )


def choice_lines(offered: Offered) -> Iterator[Line]:
    """Yield the lines on which choices stand, one for each row of buttons."""
    for _, row in groupby(offered, key=lambda one: one[1].row):
        text = RichText()
        for number, button in row:
            text.append("  " if text else "").append(f"[{number}]", "cyan")
            text.append(f" {clean(button.label)}", STYLES[button.tone])
        yield Line(text)
