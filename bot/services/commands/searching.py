"""`search`: stored articles, newest first, page by page; also what words without any command are taken for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from difflib import get_close_matches

from bot.domain.commands.definitions import COMMANDS
from bot.domain.commands.exchange import Button, Call, Caller, Line, Look, Press, Reply, line, say
from bot.domain.commands.paging import Pages
from bot.domain.model import DraftId
from bot.domain.query import describe
from bot.domain.wording import count
from bot.services.advice import Adviser
from bot.services.commands.articles import advice, save, shown, watch_button
from bot.services.commands.context import Context
from bot.services.lookup import Lookup, SearchResult

PAGE = 5
EVER = timedelta(days=36_500)
MOST_READ = 20_000
"""Articles that one search or preview looks at, for somebody is waiting; a search goes on at a press."""


async def search(context: Context, call: Call) -> Reply:
    """Show the newest articles with some words, and offer to subscribe to them."""
    query = call.text("query")
    looking = await lookup(context, call.caller)
    result = await looking.search(query, PAGE, now=context.now)
    if not result.found and result.cursor is None:
        return await _nothing(context, call.caller, looking, result)
    older: tuple[Button, ...] = ()
    if result.cursor is not None:
        # Kept apart from what subscribing takes: one can go on reading after that.
        pages = Pages("search", await save(context, call.caller, query))
        older = (Button("Older", pages.older(result.cursor)),)
    return _page(
        context,
        result,
        "The newest " if older else "",
        (*older, *await watch_button(context, call.caller, query)),
    )


async def turn_page(context: Context, press: Press) -> Reply:
    """Show older or newer articles in place of those that were shown."""
    pages = Pages.parse(press.action)
    here = await context.workspace(press.caller.channel)
    draft = await context.store.frontdesk.draft(DraftId(pages.subject), here.id, context.now)
    looking = await lookup(context, press.caller)
    result = await looking.search(draft.query, PAGE, pages.cursor, context.now)
    buttons: tuple[Button, ...] = (Button("Newer", pages.newer()),) if pages.way else ()
    if result.cursor is not None:
        buttons += (Button("Older", pages.older(result.cursor)),)
    buttons += await watch_button(context, press.caller, draft.query)
    return _page(context, result, "Older: " if pages.way else "The newest ", buttons, replaces=True)


async def lookup(context: Context, caller: Caller) -> Lookup:
    """Return the eyes of a workspace."""
    here = await context.workspace(caller.channel)
    return Lookup(context.store.archive, here.id, MOST_READ, terms=await context.terms(caller))


def _page(
    context: Context,
    result: SearchResult,
    opening: str,
    buttons: tuple[Button, ...],
    *,
    replaces: bool = False,
) -> Reply:
    number, described = count(len(result.found), "article"), describe(result.query)
    order = "" if opening else ", newest first"
    title = line(f"{opening}{number} with {described}{order}", Look.TITLE)
    rest: tuple[Line, ...] = ()
    if len(result.found) < PAGE and result.cursor is not None:
        rest = (line("There are many articles with these words apart. Older looks further.", Look.DIM),)
    return Reply((title, *shown(result.found, context.now), *rest), buttons, replaces=replaces)


async def _nothing(context: Context, caller: Caller, looking: Lookup, result: SearchResult) -> Reply:
    stored = await looking.archive.count(looking.workspace, context.now - EVER)
    if not stored:
        return say(
            "No articles are stored here yet."
            f" {context.command} sources list says what is read, {context.command} sources add reads more."
        )
    query = result.query.text
    found = f"No article with {describe(result.query)}. Searched {count(stored, 'article')}."
    notes = await Adviser(looking).apart(query, context.now)
    lines = (line(found), *(line(hint) for hint in _meant(context, query)), *advice(notes))
    return Reply(lines, await watch_button(context, caller, query))


def _meant(context: Context, query: str) -> Sequence[str]:
    """Ask whether a word that is nearly a command was meant as one, or which of a group."""
    first = query.split(maxsplit=1)[0].lower()
    if group := [one.name for one in COMMANDS if one.group == first]:
        return [f"The commands that begin so: {', '.join(group)}"]
    close = get_close_matches(first, {one.name.split()[0] for one in COMMANDS}, n=1, cutoff=0.8)
    return [f"If you meant the command: {context.command} {close[0]}"] if close and close[0] != first else []
