"""What the terminal shows: lines in its width and colours, and below them the prompt at which somebody types."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.padding import Padding

from bot.chat.console_text import Line
from bot.errors import ChatError

PIPED_WIDTH = 100
"""Columns where there is no terminal to ask."""
GUILLEMETS = ("«", "»")
ERASE = "\r\x1b[2K"
"""Back to the start of the line, and all of it gone."""


class Screen:
    """A stream: on a terminal with colour and links, elsewhere as plain text."""

    def __init__(self, stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> None:
        self._stream = stream
        self._environ = os.environ if environ is None else environ
        self._prompt = ""

    @property
    def stream(self) -> TextIO:
        return self._stream or sys.stdout

    @property
    def is_terminal(self) -> bool:
        return self.stream.isatty()

    @property
    def is_fancy(self) -> bool:
        """Say whether it takes colours and commands for the cursor."""
        console, _ = self._console()
        return bool(console.color_system)

    @property
    def marks(self) -> tuple[str, str]:
        """Return what stands around matched words where there is no colour."""
        return ("", "") if self.is_fancy else GUILLEMETS

    def show(self, lines: Iterable[Line], *, gap: bool = True) -> None:
        """Print lines and an empty one, above the prompt if there is one; raise ChatError when it cannot be."""
        self.write(self.rendered(lines, gap=gap))

    def rendered(self, lines: Iterable[Line], *, gap: bool = True) -> str:
        """Return lines as they are printed, in characters that the stream can show."""
        console, buffer = self._console()
        for line in lines:
            shown = line.text if line.whole else Padding(line.text, (0, 0, 0, line.indent))
            console.print(shown, soft_wrap=line.whole)
        if gap:
            console.print()
        return self._encodable("\n".join(line.rstrip() for line in buffer.getvalue().split("\n")))

    def write(self, text: str) -> None:
        """Print text as it is; what was being typed goes on below it."""
        above = "" if not self._prompt else ERASE if self.is_fancy else "\n"
        try:
            self.stream.write(f"{above}{text}{self._prompt}")
            self.stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise ChatError(f"The terminal cannot be written to: {error}.", permanent=True) from error

    def ask(self, prompt: str) -> None:
        """Show a prompt, and keep it below whatever is printed until something was typed."""
        self._prompt = ""
        self.write(self._encodable(prompt))
        self._prompt = self._encodable(prompt)

    def asked(self) -> None:
        """Take the prompt away: a line was typed behind it."""
        self._prompt = ""

    def _encodable(self, text: str) -> str:
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        return text.encode(encoding, "replace").decode(encoding)

    def _console(self) -> tuple[Console, StringIO]:
        """Return a console that knows the terminal but prints into memory, so that encoding is ours to choose."""
        buffer = StringIO()
        told = Console(file=self.stream, _environ=self._environ)
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
