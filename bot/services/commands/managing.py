"""The commands with which people manage what their channels watch."""

from __future__ import annotations

from bot.services.commands.context import Handlers

MANAGING = Handlers(commands={}, presses={}, submissions={}, completions={})
