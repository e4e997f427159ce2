"""`sources list`, `sources health` and `sources remove`: what is read here, and how it fares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.commands.exchange import Button, Call, Caller, Choice, Line, Look, Press, Reply, line, say
from bot.domain.commands.paging import Pages
from bot.domain.commands.telling import place, quoted
from bot.domain.message import Run
from bot.domain.model import FeedState, Origin
from bot.domain.urls import feed_url, host_name
from bot.domain.wording import ago, ahead, count, lasting, listed
from bot.errors import AddressError, NotFound, UserError
from bot.ports import FeedHealth, FollowedFeed
from bot.services.commands.arguments import find_source, source_title
from bot.services.commands.context import Context
from bot.services.commands.meaning import watched
from bot.services.commands.rights import may_edit

PAGE = 10
DAYS = 7
QUIET = timedelta(days=7)
LONGEST_CHOICE = 100


# ---------------------------------------------------------------- list


async def list_sources(context: Context, call: Call) -> Reply:
    """List what is read here."""
    return await _list(context, call.caller, Pages("sources", ""))


async def turn_sources(context: Context, press: Press) -> Reply:
    """Show other sources in place of those that were shown."""
    return await _list(context, press.caller, Pages.parse(press.action), replaces=True)


async def _list(context: Context, caller: Caller, pages: Pages, *, replaces: bool = False) -> Reply:
    here = await context.workspace(caller.channel)
    feeds = sorted(await context.store.registry.feeds(here.id), key=lambda one: source_title(one).casefold())
    if not feeds:
        return say(
            f"Nothing is read here yet. For example: {context.command} sources add bbc.com/news",
            replaces=replaces,
        )
    used, limit = (await context.store.frontdesk.usage(here.id)).feeds, context.quotas.feeds
    title = line(f"{count(len(feeds), 'source')}, {used} added here (the limit is {limit})", Look.TITLE)
    return _page(title, [_source(context, one) for one in feeds], pages, replaces=replaces)


def _source(context: Context, followed: FollowedFeed) -> Line:
    state, now = followed.feed.state, context.now
    whose = f" · added by {followed.added_by}" if followed.origin is Origin.CHAT else ""
    return line(
        (
            Run(source_title(followed), marked=True),
            Run(f" · {host_name(followed.feed.url)} · {_condition(state, now)}{whose}"),
        )
    )


def _condition(state: FeedState, now: datetime) -> str:
    if state.failures:
        return f"failing{f' for {lasting(now - state.failing_since)}' if state.failing_since else ''}"
    return f"read {ago(state.polled_at, now)}" if state.polled_at else "not read yet"


# ---------------------------------------------------------------- health


async def health(context: Context, call: Call) -> Reply:
    """Say which sources answer and what they bring, those that do not first."""
    return await _health(context, call.caller, Pages("health", ""))


async def turn_health(context: Context, press: Press) -> Reply:
    """Show how other sources fare in place of those that were shown."""
    return await _health(context, press.caller, Pages.parse(press.action), replaces=True)


async def _health(context: Context, caller: Caller, pages: Pages, *, replaces: bool = False) -> Reply:
    here, now = await context.workspace(caller.channel), context.now
    found = await context.store.frontdesk.health(here.id, now, DAYS)
    if not found:
        return say(
            f"Nothing is read here yet. {context.command} sources add reads a source.", replaces=replaces
        )
    failing = sum(1 for one in found if one.followed.feed.state.failures)
    fails = "all answer" if not failing else f"{count(failing, 'source')} failing"
    title = line(f"{count(len(found), 'source')}, {fails}", Look.TITLE)
    ranked = sorted(found, key=lambda one: (_rank(one, now), -one.per_day))
    return _page(title, [line(_fares(one, now)) for one in ranked], pages, replaces=replaces)


def _rank(one: FeedHealth, now: datetime) -> int:
    state = one.followed.feed.state
    if state.failures:
        return 0
    return 1 if _silent(state, now) else 2


def _silent(state: FeedState, now: datetime) -> bool:
    return state.new_entry_at is not None and now - state.new_entry_at >= QUIET


def _fares(one: FeedHealth, now: datetime) -> str:
    state, name = one.followed.feed.state, quoted(source_title(one.followed))
    last = f", last article {ago(state.new_entry_at, now)}" if state.new_entry_at else ""
    if state.failures:
        error = (state.error or "it could not be read").rstrip(".")
        return f"{name} · {_condition(state, now)}: {error}{last}; again {ahead(state.next_poll_at, now)}"
    if _silent(state, now):
        return f"{name} · answers, but brings nothing new{last}"
    rate = (
        f"{one.per_day:,.0f} a day"
        if one.per_day >= 1
        else f"{count(one.articles, 'article')} in {DAYS} days"
    )
    return f"{name} · {rate}{last} · {_condition(state, now)}"


def _page(title: Line, lines: Sequence[Line], pages: Pages, *, replaces: bool) -> Reply:
    start = pages.cursor or 0
    buttons: tuple[Button, ...] = (Button("Back", pages.newer()),) if pages.way else ()
    if start + PAGE < len(lines):
        buttons += (Button("More", pages.older(start + PAGE)),)
    return Reply((title, *lines[start : start + PAGE]), buttons, replaces=replaces)


# ---------------------------------------------------------------- remove


async def remove(context: Context, call: Call) -> Reply:
    """Stop reading a source."""
    await may_edit(context, call.caller)
    here = await context.workspace(call.caller.channel)
    feeds = list(await context.store.registry.feeds(here.id))
    return await _drop(context, call.caller, _meant(context, call.text("source"), feeds))


async def drop(context: Context, press: Press) -> Reply:
    """Stop reading a source that was just added."""
    await may_edit(context, press.caller)
    here = await context.workspace(press.caller.channel)
    feeds = await context.store.registry.feeds(here.id)
    found = next((one for one in feeds if (str(one.feed.id),) == press.action.parts), None)
    if found is None:
        raise NotFound("That source is not read here any more.")
    return await _drop(context, press.caller, found, replaces=True)


def _meant(context: Context, typed: str, feeds: list[FollowedFeed]) -> FollowedFeed:
    try:
        return find_source(typed, feeds, context.command)
    except NotFound as unknown:
        try:
            return find_source(feed_url(typed), feeds, context.command)
        except (AddressError, NotFound):
            raise unknown from None


async def _drop(context: Context, caller: Caller, followed: FollowedFeed, *, replaces: bool = False) -> Reply:
    here, name = await context.workspace(caller.channel), source_title(followed)
    try:
        await context.store.registry.unfollow(str(followed.feed.id), context.now, here.id)
    except UserError:
        raise UserError(
            f"{quoted(name)} is offered here by whoever runs newsbot, and only they can remove it."
            " A subscription can be limited to other sources: edit it, and name those."
        ) from None
    lines = [line(f"{quoted(name)} is no longer read here. What it brought can still be searched.")]
    if limited := [one for one in await watched(context, caller) if one.feeds == {followed.feed.id}]:
        where = listed(list(dict.fromkeys(place(one.channel) for one in limited)))
        verb = "was" if len(limited) == 1 else "were"
        lines.append(
            line(
                f"{count(len(limited), 'subscription')} in {where} {verb} limited to it: nothing more is found there."
            )
        )
    told = (Run(f"{caller.person.name} removed the source "), Run(name, marked=True))
    return Reply(tuple(lines), announcement=told, replaces=replaces)


async def complete_source(context: Context, caller: Caller, typed: str) -> list[Choice]:
    """Offer the sources whose names contain what was typed."""
    here = await context.workspace(caller.channel)
    titles = dict.fromkeys(source_title(one) for one in await context.store.registry.feeds(here.id))
    return [
        Choice(one, one)
        for one in titles
        if typed.strip().casefold() in one.casefold() and len(one) <= LONGEST_CHOICE
    ]
