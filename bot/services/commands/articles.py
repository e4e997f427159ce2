"""How articles and advice on queries are shown in answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.commands.exchange import Action, Button, Caller, Line, Look, Tone, line
from bot.domain.message import Run
from bot.domain.model import Draft
from bot.domain.query import Note, parse_query
from bot.domain.wording import ago
from bot.errors import QueryError
from bot.services.commands.context import Context
from bot.services.lookup import Found

MOST_NOTES = 3


def shown(found: Iterable[Found], now: datetime) -> tuple[Line, ...]:
    """Show articles: headline, source and age in one line, and the sentence that matched."""
    return tuple(part for one in found for part in _article(one, now))


def _article(found: Found, now: datetime) -> tuple[Line, ...]:
    meta = Run(f" · {found.article.source} · {ago(found.at, now)}")
    headline = line((*found.headline, meta), url=found.article.entry.url)
    return (headline, line(found.excerpt, Look.QUOTE)) if found.excerpt else (headline,)


def advice(notes: Iterable[Note]) -> tuple[Line, ...]:
    """Show notes on a query, each with its correction."""
    lines: list[Line] = []
    for note in tuple(notes)[:MOST_NOTES]:
        lines.append(line(f"Note: {note.text}", Look.DIM))
        if note.suggestion:
            lines.append(line(note.suggestion, Look.CODE))
    return tuple(lines)


async def watch_button(context: Context, caller: Caller, query: str) -> tuple[Button, ...]:
    """Offer to subscribe to a query; nothing when it is one that only a search can use."""
    try:
        parse_query(query, await context.terms(caller))
    except QueryError:
        return ()
    id = await save(context, caller, query)
    return (Button("Subscribe to this", Action("draft", (id,)), Tone.PRIMARY),)


async def save(context: Context, caller: Caller, query: str) -> str:
    """Keep a query for a day, so that a button can speak of it by its id."""
    draft = Draft((caller.channel,), query, caller.person, context.now)
    here = await context.workspace(caller.channel)
    return await context.store.frontdesk.save_draft(draft, here.id)
