"""An alert as a Discord embed: values in, a dict out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat import credits as words
from bot.chat.escaping import clean, discord_markdown, fit, fit_runs, tidy_runs, web_url
from bot.chat.limits import (
    DISCORD_AUTHOR,
    DISCORD_FOOTER,
    DISCORD_TITLE,
    DISCORD_URL,
    EXCERPT,
    REASON,
)
from bot.domain.message import AlertMessage, Text

COLOURS = (0x5B7C99, 0x6B8E6B, 0x9A7B5B, 0x7F6A93, 0x4F8A8B, 0xA0695F, 0x8A8A4A, 0x5F6FA0)
"""Calm ones: each subscription keeps its own."""


def alert_embed(message: AlertMessage, *, pictures: bool = True) -> dict[str, Any]:
    """Return the embed of an alert, within Discord's limits and with everything from outside escaped.

    Without `pictures` no address but the article's own is left for Discord to refuse.
    """
    icon = web_url(message.icon_url, DISCORD_URL) if pictures else None
    picture = web_url(message.image_url, DISCORD_URL) if pictures else None
    embed = {
        "title": fit(words.headline(message), DISCORD_TITLE, discord_markdown),
        "url": web_url(message.url, DISCORD_URL),
        "description": _description(message),
        "color": COLOURS[message.color_seed % len(COLOURS)],
        "author": _without_none(
            {"name": fit(words.source(message), DISCORD_AUTHOR, clean), "icon_url": icon}
        ),
        "thumbnail": {"url": picture} if picture else None,
        "footer": {"text": _footer(message)},
        "timestamp": message.published_at.isoformat() if message.published_at else None,
    }
    return _without_empty(embed)


def _description(message: AlertMessage) -> str:
    lines = [
        fit_runs(message.excerpt, EXCERPT, discord_runs),
        fit(words.also_at(message), REASON, discord_markdown),
    ]
    return "\n".join(line for line in lines if line)


def _footer(message: AlertMessage) -> str:
    # Discord shows footer and author as they are: escapes would be visible there.
    parts = (*words.credits_line(message), words.why(message))
    return fit(" · ".join(part for part in parts if part), DISCORD_FOOTER, clean)


def discord_runs(text: Text) -> str:
    """Return marked text as markdown, the marked words bold."""
    return "".join(_run(run.text, marked=run.marked) for run in tidy_runs(text))


def _run(text: str, *, marked: bool) -> str:
    words_only = text.strip()
    if not marked or not words_only:
        return discord_markdown(text)
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}**{discord_markdown(words_only)}**{after}"


def _without_none(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if value is not None}


def _without_empty(embed: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what has nothing to say; Discord refuses an author or footer without words."""
    return {
        key: value
        for key, value in embed.items()
        if value not in (None, "")
        and not (isinstance(value, dict) and "" in (value.get("name"), value.get("text")))
    }
