"""`preview`: what a query would have brought over the last days."""

from __future__ import annotations

from bot.domain.commands.exchange import Call, Line, Look, Reply, line, say
from bot.domain.query import describe
from bot.domain.wording import count
from bot.services.advice import Adviser
from bot.services.commands.articles import advice, shown, watch_button
from bot.services.commands.context import Context
from bot.services.commands.searching import EVER, lookup
from bot.services.lookup import Preview

DAYS = 7
SAMPLES = 3
LONGEST_BAR = 20


async def preview(context: Context, call: Call) -> Reply:
    """Count what a query would have matched, day by day, with samples, advice, and the offer to subscribe."""
    query = call.text("query")
    looking = await lookup(context, call.caller)
    found = await looking.preview(query, context.now, DAYS, SAMPLES)
    notes = await Adviser(looking).notes(query, found, context.now)
    if not found.total and not await looking.archive.count(looking.workspace, context.now - EVER):
        return say(
            f"That is {describe(found.query)}. No articles are stored here yet, so nothing can be said of how many it"
            f" would find. {context.command} sources add reads a source."
        )
    lines = (*_told(found), *shown(found.samples, context.now), *advice(notes))
    return Reply(lines, await watch_button(context, call.caller, query))


def _told(found: Preview) -> tuple[Line, ...]:
    title = f"{count(found.total, 'story')} with {describe(found.query)} in the last {DAYS} days"
    lines = [line(title, Look.TITLE)]
    if not found.complete:
        lines.append(
            line(f"Counted over the newest {found.looked_at:,} articles with these words only.", Look.DIM)
        )
    if not found.total:
        return tuple(lines)
    if len(found.terms) > 1:
        each = ", ".join(f"{number:,} with “{term}”" for term, number in found.terms.items())
        lines.append(line(each))
    return (*lines, line(_days(found), Look.CODE))


def _days(found: Preview) -> str:
    """Draw a bar for each day."""
    most = max(found.days.values())
    longest = min(most, LONGEST_BAR)
    return "\n".join(
        f"{day:%a} {day.day:>2}{number:>6,} {'▇' * -(-number * longest // most)}".rstrip()
        for day, number in found.days.items()
    )
