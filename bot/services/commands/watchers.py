"""`where`: which channels watch for something."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.domain.commands.exchange import Button, Call, Caller, Line, Look, Press, Reply, line
from bot.domain.commands.paging import Pages
from bot.domain.commands.telling import added, place, quoted
from bot.domain.model import DraftId, Subscription
from bot.domain.query import Query, describe, parse_query
from bot.domain.watching import Coverage, coverage
from bot.domain.wording import count
from bot.errors import QueryError
from bot.services.commands.articles import save, watch_button
from bot.services.commands.context import Context
from bot.services.commands.rights import visible

PAGE = 10

Watcher = tuple[Subscription, Coverage]


async def where(context: Context, call: Call) -> Reply:
    """Say which channels, of those that somebody can see, watch for some words."""
    query = call.text("query")
    asked = parse_query(query, await context.terms(call.caller), now=context.now)
    watchers = await _watchers(context, call.caller, asked)
    if not watchers:
        nobody = line(f"No channel that you can see watches for {describe(asked)}.")
        return Reply((nobody,), await watch_button(context, call.caller, query))
    pages = Pages("where", await save(context, call.caller, query) if len(watchers) > PAGE else "")
    return _page(asked, watchers, pages)


async def turn_where(context: Context, press: Press) -> Reply:
    """Show other channels in place of those that were shown."""
    pages = Pages.parse(press.action)
    here = await context.workspace(press.caller.channel)
    draft = await context.store.frontdesk.draft(DraftId(pages.subject), here.id, context.now)
    asked = parse_query(draft.query, await context.terms(press.caller), now=context.now)
    return _page(asked, await _watchers(context, press.caller, asked), pages, replaces=True)


async def _watchers(context: Context, caller: Caller, asked: Query) -> Sequence[Watcher]:
    """Return what watches for any of a query in visible channels, that which needs nothing else first."""
    here = await context.workspace(caller.channel)
    known = await context.store.registry.subscriptions(here.id, paused=True)
    found: list[Watcher] = []
    for one in known:
        await asyncio.sleep(0)  # others have their turn, however many watch
        if covered := _coverage(one, asked):
            found.append((one, covered))
    seen = await visible(context, caller, [one.channel.address for one, _ in found])
    mine = [watcher for watcher in found if watcher[0].channel.address in seen]
    return sorted(mine, key=lambda watcher: (not watcher[1].whole, place(watcher[0].channel)))


def _coverage(subscription: Subscription, asked: Query) -> Coverage:
    try:
        watched = parse_query(subscription.query, subscription.terms)
    except QueryError:
        return Coverage()
    return coverage(watched, asked)


def _page(asked: Query, watchers: Sequence[Watcher], pages: Pages, *, replaces: bool = False) -> Reply:
    start = pages.cursor or 0
    title = line(_title(asked, watchers), Look.TITLE)
    buttons: tuple[Button, ...] = (Button("Back", pages.newer()),) if pages.way else ()
    if start + PAGE < len(watchers):
        buttons += (Button("More", pages.older(start + PAGE)),)
    lines = (title, *(_told(one, covered) for one, covered in watchers[start : start + PAGE]))
    return Reply(lines, buttons, replaces=replaces)


def _title(asked: Query, watchers: Sequence[Watcher]) -> str:
    if not any(covered.whole for _, covered in watchers):
        return f"No channel that you can see watches for {describe(asked)} alone, but with more"
    channels = len({one.channel.id for one, _ in watchers})
    return f"{count(channels, 'channel')} {'watches' if channels == 1 else 'watch'} for {describe(asked)}"


def _told(one: Subscription, covered: Coverage) -> Line:
    paused = ", paused" if one.pause else ""
    if covered.whole:
        return line(f"{place(one.channel)} watches {quoted(one.title)} ({added(one)}{paused})")
    asked = " and ".join(map(quoted, covered.part))
    return line(
        f"{place(one.channel)} watches {quoted(one.title)}, for which {asked} alone is not enough"
        f" ({added(one)}{paused})",
        Look.DIM,
    )
