"""The commands that read, and the buttons of alerts."""

from __future__ import annotations

from bot.services.commands.alerts import mute, unmute, why_alert
from bot.services.commands.context import Handlers
from bot.services.commands.irrelevant import irrelevant
from bot.services.commands.previewing import preview
from bot.services.commands.reasons import turn_reasons, why
from bot.services.commands.searching import search, turn_page
from bot.services.commands.watchers import turn_where, where

READING = Handlers(
    commands={
        "where": where,
        "why": why,
        "search": search,
        "preview": preview,
    },
    presses={
        "where": turn_where,
        "reasons": turn_reasons,
        "mute": mute,
        "unmute": unmute,
        "irrelevant": irrelevant,
        "why": why_alert,
        "search": turn_page,
    },
    submissions={},
    completions={},
)
