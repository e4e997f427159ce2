"""The terminal as a chat platform: alerts are printed where newsbot runs, and commands are typed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TextIO

from bot.chat.console_choices import Choices, choice_lines
from bot.chat.console_keyboard import Keyboard
from bot.chat.console_screen import Screen
from bot.chat.console_talk import Seat, Talk
from bot.chat.console_text import Line, alert_lines
from bot.domain.commands.exchange import Caller, Rights
from bot.domain.commands.on_alerts import alert_buttons
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId, Mention, Person
from bot.ports import CheckResult, Clock, Desk


@dataclass(frozen=True, slots=True)
class ConsoleListening:
    """Who sits at the terminal, and where what they type belongs."""

    keyboard: Keyboard
    seat: Seat


class ConsoleChat:
    """Prints every alert to a stream; where it listens, takes commands line by line."""

    platform = "console"
    min_gap_s = 0.0

    def __init__(
        self,
        clock: Clock,
        stream: TextIO | None = None,
        environ: Mapping[str, str] | None = None,
        *,
        listening: ConsoleListening | None = None,
    ) -> None:
        self._clock = clock
        self._screen = Screen(stream, environ)
        self._listening = listening
        self._choices = Choices()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        return None

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        """Print an alert; the receipt is the delivery's own id."""
        self._screen.write(self.render(channel, message, delivery_id))
        return str(delivery_id)

    def print_above(self, text: str) -> None:
        """Print what others have to say, such as the log, above the line that is being typed."""
        self._screen.write(text)

    def render(
        self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId | None = None
    ) -> str:
        """Return an alert as it is printed; with its choices where somebody can type their numbers."""
        marks, now = self._screen.marks, self._clock.now()
        lines: list[Line] = [*alert_lines(message, channel.channel, now, marks=marks)]
        if self._listening and delivery_id:
            offered = self._choices.offer(alert_buttons(delivery_id), channel, delivery_id)
            lines += choice_lines(offered)
        return self._screen.rendered(lines)

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        """Say that the terminal is there: it always is."""
        where = "the terminal" if self._screen.is_terminal else "standard output"
        return [
            CheckResult("console", ok=True, detail=f"alerts are printed to {where}"),
            *(CheckResult(str(channel), ok=True, detail="can be posted to") for channel in channels),
        ]

    async def serve(self, desk: Desk) -> None:
        """Take commands until the input ends; at once where nobody listens."""
        if self._listening:
            keyboard, seat = self._listening.keyboard, self._listening.seat
            await Talk(self._screen, keyboard, desk, seat, self._choices).go_on()

    async def visible(self, person: Person, channels: Sequence[ChannelAddress]) -> frozenset[ChannelAddress]:
        """Return all: whoever sits at the terminal runs newsbot."""
        return frozenset(channels)

    async def rights(self, person: Person, channel: ChannelAddress) -> Rights:
        return Rights(moderator=True)

    async def may_mention(self, caller: Caller, channel: ChannelAddress, mention: Mention) -> bool:
        return True
