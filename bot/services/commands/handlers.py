"""Every command with its function: those that manage and those that read."""

from __future__ import annotations

from typing import Final

from bot.services.commands.context import Handlers
from bot.services.commands.managing import MANAGING
from bot.services.commands.reading import READING

HANDLERS: Final = Handlers(
    commands={**READING.commands, **MANAGING.commands},
    presses={**READING.presses, **MANAGING.presses},
    submissions={**READING.submissions, **MANAGING.submissions},
    completions={**READING.completions, **MANAGING.completions},
)
