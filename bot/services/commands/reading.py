"""The commands that read, and the buttons of alerts."""

from __future__ import annotations

from bot.services.commands.adding import add, add_offered, try_out
from bot.services.commands.alerts import mute, unmute, why_alert
from bot.services.commands.context import Handlers
from bot.services.commands.exporting import export, export_pressed
from bot.services.commands.importing import import_file, import_filled
from bot.services.commands.irrelevant import irrelevant
from bot.services.commands.previewing import preview
from bot.services.commands.reasons import turn_reasons, why
from bot.services.commands.searching import search, turn_page
from bot.services.commands.sources import (
    complete_source,
    drop,
    health,
    list_sources,
    remove,
    turn_health,
    turn_sources,
)
from bot.services.commands.status import post_held, status
from bot.services.commands.terms import complete_name, list_terms, remove_term, set_term, turn_terms
from bot.services.commands.watchers import turn_where, where

READING = Handlers(
    commands={
        "where": where,
        "why": why,
        "search": search,
        "preview": preview,
        "status": status,
        "export": export,
        "import": import_file,
        "terms list": list_terms,
        "terms set": set_term,
        "terms remove": remove_term,
        "sources list": list_sources,
        "sources health": health,
        "sources add": add,
        "sources test": try_out,
        "sources remove": remove,
    },
    presses={
        "where": turn_where,
        "reasons": turn_reasons,
        "mute": mute,
        "unmute": unmute,
        "irrelevant": irrelevant,
        "why": why_alert,
        "search": turn_page,
        "terms": turn_terms,
        "postheld": post_held,
        "export": export_pressed,
        "sources": turn_sources,
        "health": turn_health,
        "addsource": add_offered,
        "dropsource": drop,
    },
    submissions={"import": import_filled},
    completions={"source": complete_source, "name": complete_name},
)
