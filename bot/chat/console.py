"""The terminal as a chat platform: alerts are printed where newsbot runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Self, TextIO

from rich.console import Console
from rich.padding import Padding

from bot.chat.console_text import alert_lines
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId
from bot.errors import ChatError
from bot.ports import CheckResult, Clock

PIPED_WIDTH = 100
"""Columns where there is no terminal to ask."""
GUILLEMETS = ("«", "»")


class ConsoleChat:
    """Prints every alert to a stream; on a terminal with colour and links, elsewhere as plain text."""

    platform = "console"
    min_gap_s = 0.0

    def __init__(
        self, clock: Clock, stream: TextIO | None = None, environ: Mapping[str, str] | None = None
    ) -> None:
        self._clock = clock
        self._stream = stream
        self._environ = os.environ if environ is None else environ

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        return None

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        """Print an alert; the receipt is the delivery's own id."""
        text = self.render(channel, message)
        stream = self._stream or sys.stdout
        try:
            stream.write(text)
            stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise ChatError(f"The terminal cannot be written to: {error}.", permanent=True) from error
        return str(delivery_id)

    def render(self, channel: ChannelAddress, message: AlertMessage) -> str:
        """Return an alert as it is printed, in characters that the stream can show."""
        stream = self._stream or sys.stdout
        console, buffer = self._console(stream)
        marks = ("", "") if console.color_system else GUILLEMETS
        for line in alert_lines(message, channel.channel, self._clock.now(), marks=marks):
            shown = line.text if line.whole else Padding(line.text, (0, 0, 0, line.indent))
            console.print(shown, soft_wrap=line.whole)
        console.print()
        encoding = getattr(stream, "encoding", None) or "utf-8"
        lines = (line.rstrip() for line in buffer.getvalue().split("\n"))
        return "\n".join(lines).encode(encoding, "replace").decode(encoding)

    def _console(self, stream: TextIO) -> tuple[Console, StringIO]:
        """Return a console that knows the terminal but prints into memory, so that encoding is ours to choose."""
        buffer = StringIO()
        told = Console(file=stream, _environ=self._environ)
        plain = not told.is_terminal or told.is_dumb_terminal or bool(self._environ.get("NO_COLOR"))
        asked = self._environ.get("COLUMNS", "")
        width = told.width if told.is_terminal else int(asked) if asked.isdecimal() else PIPED_WIDTH
        console = Console(
            file=buffer,
            width=max(width, 20),
            force_terminal=not plain,
            color_system=None if plain else "auto",
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            _environ=self._environ,
        )
        return console, buffer

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        """Say that the terminal is there: it always is."""
        where = "the terminal" if (self._stream or sys.stdout).isatty() else "standard output"
        return [
            CheckResult("console", ok=True, detail=f"alerts are printed to {where}"),
            *(CheckResult(str(channel), ok=True, detail="can be posted to") for channel in channels),
        ]
