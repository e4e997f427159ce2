"""The commands that read, and the buttons of alerts."""

from __future__ import annotations

from bot.services.commands.context import Handlers
from bot.services.commands.previewing import preview
from bot.services.commands.searching import search, turn_page

READING = Handlers(
    commands={
        "search": search,
        "preview": preview,
    },
    presses={
        "search": turn_page,
    },
    submissions={},
    completions={},
)
