"""What commands say on standard output: aligned lines for people, JSON for programs.

Colours and wrapping only on a terminal. Piped, or with NO_COLOR, there are no escape codes, matched words stand
between « », and (when piped) every line is whole.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO, TextIOBase
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from bot.domain.message import Text as Runs

GOOD, BAD, DIM, STRONG, MARKED = "green", "bold red", "dim", "bold", "bold yellow"


@dataclass(frozen=True, slots=True)
class Output:
    stream: TextIO
    fancy: bool
    width: int | None
    """Columns to wrap at; None leaves lines whole."""

    @classmethod
    def standard(cls, environ: Mapping[str, str] = os.environ) -> Output:
        """Write to standard output as whatever reads it likes."""
        terminal = sys.stdout.isatty()
        fancy = terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        return cls(sys.stdout, fancy, shutil.get_terminal_size().columns if terminal else None)

    def line(self, *parts: str | Text, indent: int = 0) -> None:
        """Write one paragraph; its later lines are indented like the first."""
        self.rows([[Text().join(_text(part) for part in parts)]], indent=indent)

    def rows(self, rows: Iterable[Sequence[str | Text]], *, gap: int = 2, indent: int = 1) -> None:
        """Write lines whose cells stand below one another; only the last one of each may be long."""
        drawn = [[_text(cell) for cell in row] for row in rows]
        most = max((len(row) for row in drawn), default=0)
        widths = [max((row[n].cell_len for row in drawn if n < len(row) - 1), default=0) for n in range(most)]
        for row in drawn:
            start = Text(" " * indent)
            for cell, width in zip(row[:-1], widths, strict=False):
                start.append_text(cell).append(" " * (width - cell.cell_len + gap))
            self._write(start, row[-1] if row else Text())

    def marked(self, runs: Runs, style: str = "") -> Text:
        """Return text whose marked words stand out."""
        text = Text(style=style)
        for run in runs:
            words = printable(run.text)
            if run.marked:
                text.append(words if self.fancy else f"«{words}»", MARKED)
            else:
                text.append(words)
        return text

    def json(self, data: Any) -> None:
        """Write data; times become ISO 8601."""
        self.stream.write(json.dumps(data, ensure_ascii=False, indent=2, default=datetime.isoformat) + "\n")

    def _write(self, start: Text, rest: Text) -> None:
        console = Console(
            file=StringIO(), width=10_000, force_terminal=self.fancy, highlight=False, legacy_windows=False,
            color_system="standard" if self.fancy else None,
        )  # fmt: skip
        lines = [rest]
        if self.width and start.cell_len + rest.cell_len > self.width:
            lines = list(rest.wrap(console, max(self.width - start.cell_len, 20)))
        for number, line in enumerate(lines):
            line.rstrip()
            before = start if number == 0 else Text(" " * start.cell_len)
            whole = before + line
            whole.rstrip()
            with console.capture() as written:
                console.print(whole, soft_wrap=True)
            self.stream.write(written.get())


class AbovePrompt(TextIOBase):
    """A stream whose text appears above the line that somebody is typing."""

    def __init__(self, print_above: Callable[[str], None]) -> None:
        super().__init__()
        self._print = print_above

    def write(self, text: str) -> int:
        self._print(text)
        return len(text)


def log_above_prompt(console: Any) -> None:
    """Let the log of a terminal keep out of the way of whoever types there."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream.isatty():
            handler.setStream(AbovePrompt(console.print_above))


def printable(text: str) -> str:
    """Return text without what could steer a terminal or turn the line round."""
    return "".join(letter for letter in text if letter.isprintable())


def _text(part: str | Text) -> Text:
    return part if isinstance(part, Text) else Text(printable(part))
