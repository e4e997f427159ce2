"""A Form as Discord shows it: a modal, whose fields come back under their names."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.chat.discord_commands import CHANNEL_TYPES
from bot.chat.escaping import clean, fit
from bot.chat.limits import (
    DISCORD_CHOICE,
    DISCORD_CHOICES,
    DISCORD_FORM_FIELDS,
    DISCORD_FORM_TITLE,
    DISCORD_HINT,
    DISCORD_INPUT,
    DISCORD_LABEL,
)
from bot.domain.commands.exchange import Field, Form


def modal(form: Form) -> ui.Modal:
    """Return a form as a modal that is known by its action alone, so that it can be handed in after a restart."""
    title = fit(form.title, DISCORD_FORM_TITLE, clean) or "newsbot"
    shown = ui.Modal(title=title, custom_id=str(form.action), timeout=None)
    for field in form.fields[:DISCORD_FORM_FIELDS]:
        shown.add_item(_labelled(field))
    shown.stop()  # or discord.py would remember it for ever
    return shown


def _labelled(field: Field) -> ui.Label[ui.Modal]:
    return ui.Label(
        text=fit(field.label, DISCORD_LABEL, clean) or field.name,
        description=fit(field.hint, DISCORD_HINT, clean) or None,
        component=_input(field),
    )


def _input(field: Field) -> Any:
    match field.kind:
        case "channels":
            return ui.ChannelSelect(
                custom_id=field.name,
                channel_types=[discord.ChannelType(kind) for kind in CHANNEL_TYPES],
                required=field.required,
                min_values=1 if field.required else 0,
                max_values=DISCORD_CHOICES,
            )
        case "choice":
            least = 1 if field.required else 0
            return ui.Select(
                custom_id=field.name, options=_choices(field), required=field.required, min_values=least
            )
        case "file":
            return ui.FileUpload(custom_id=field.name, required=field.required)
        case _:
            style = discord.TextStyle.paragraph if field.kind == "text" else discord.TextStyle.short
            return ui.TextInput(
                custom_id=field.name,
                style=style,
                default=field.value[:DISCORD_INPUT] or None,
                required=field.required,
                max_length=DISCORD_INPUT,
            )


def _choices(field: Field) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=fit(label, DISCORD_CHOICE, clean) or value, value=value, default=value == field.value
        )
        for value, label in field.choices[:DISCORD_CHOICES]
    ]
