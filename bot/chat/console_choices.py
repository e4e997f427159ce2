"""Buttons at a terminal: each has a number, and typing the number presses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.text import Text as RichText

from bot.chat.console_text import Line
from bot.chat.escaping import clean
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
        self._last = 0

    def offer(self, buttons: Sequence[Button], channel: ChannelAddress, message: str = "") -> Offered:
        """Give buttons their numbers."""
        return [(self._number(Choice(button.action, channel, message)), button) for button in buttons]

    def chosen(self, typed: str) -> Choice | None:
        """Return what a number stands for, or None."""
        return self._known.get(int(typed)) if typed.isascii() and typed.isdecimal() else None

    def _number(self, choice: Choice) -> int:
        self._last = self._last % MOST + 1
        self._known[self._last] = choice
        return self._last


def choice_lines(offered: Offered) -> Iterator[Line]:
    """Yield the lines on which choices stand, one for each row of buttons."""
    for _, row in groupby(offered, key=lambda one: one[1].row):
        text = RichText()
        for number, button in row:
            text.append("  " if text else "").append(f"[{number}]", "cyan")
            text.append(f" {clean(button.label)}", STYLES[button.tone])
        yield Line(text)
