"""`why URL`: would an article have alerted, where, and if not, which part of a query or which rule held it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.commands.exchange import Button, Call, Caller, Line, Look, Press, Reply, line, say
from bot.domain.commands.paging import Pages
from bot.domain.commands.telling import added, place, quoted
from bot.domain.commands.verdicts import Case, Verdict
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, Draft, DraftId, Mute, Subscription, Trace
from bot.domain.urls import host_name, url_key
from bot.domain.wording import count, listed, moment
from bot.errors import AddressError
from bot.services.commands.alerts import folded
from bot.services.commands.context import Context
from bot.services.commands.rights import must_see, visible

PAGE = 8


@dataclass(frozen=True, slots=True)
class _Asked:
    url: str
    channels: tuple[ChannelAddress, ...] = ()
    """Empty: the one that it was asked in, and whatever became of the article elsewhere."""


@dataclass(frozen=True, slots=True)
class _Answer:
    trace: Trace
    verdicts: Sequence[Verdict]
    """What was decided first."""
    others: int
    """Subscriptions that somebody can see and that have nothing to say."""
    mutes: Sequence[Mute]


async def why(context: Context, call: Call) -> Reply:
    """Say what became of an article."""
    url, channels = call.text("url"), call.arguments.get("in", ())
    if not url_key(url) or not ("." in url or "://" in url):
        raise AddressError(f"{quoted(url)} is not a web address. Copy the article’s link.")
    asked = _Asked(url, channels if isinstance(channels, tuple) else ())
    await must_see(context, call.caller, asked.channels)
    answer = await _answer(context, call.caller, asked)
    if answer is None:
        return await _unknown(context, call.caller, url)
    subject = await _keep(context, call.caller, asked) if len(answer.verdicts) > PAGE else ""
    return _page(context, answer, Pages("reasons", subject))


async def turn_reasons(context: Context, press: Press) -> Reply:
    """Show what other subscriptions say in place of those that were shown."""
    pages = Pages.parse(press.action)
    here = await context.workspace(press.caller.channel)
    draft = await context.store.frontdesk.draft(DraftId(pages.subject), here.id, context.now)
    await must_see(context, press.caller, draft.channels)
    answer = await _answer(context, press.caller, _Asked(draft.query, draft.channels))
    if answer is None:
        return await _unknown(context, press.caller, draft.query)
    return _page(context, answer, pages, replaces=True)


async def _keep(context: Context, caller: Caller, asked: _Asked) -> str:
    here = await context.workspace(caller.channel)
    draft = Draft(asked.channels, asked.url, caller.person, context.now)
    return await context.store.frontdesk.save_draft(draft, here.id)


async def _answer(context: Context, caller: Caller, asked: _Asked) -> _Answer | None:
    here = await context.workspace(caller.channel)
    trace = await context.store.frontdesk.trace(url_key(asked.url), here.id, context.now)
    if trace is None:
        return None
    watching = await _watching(context, caller, trace, asked.channels)
    case, verdicts = Case.of(trace, context.now), []
    for one in watching:
        verdicts.append(case.verdict(one))
        await asyncio.sleep(0)  # others have their turn, however many watch
    near = asked.channels or (caller.channel,)
    telling = [one for one in verdicts if one.decided or one.subscription.channel.address in near]
    telling.sort(key=lambda one: (not one.posted, not one.decided, not one.quote))
    return _Answer(trace, telling, len(verdicts) - len(telling), await _mutes(context, caller, trace, asked))


async def _mutes(context: Context, caller: Caller, trace: Trace, asked: _Asked) -> Sequence[Mute]:
    mutes = [one for one in trace.mutes if not asked.channels or one.channel.address in asked.channels]
    seen = await visible(context, caller, [one.channel.address for one in mutes])
    return [one for one in mutes if one.channel.address in seen]


async def _watching(
    context: Context, caller: Caller, trace: Trace, channels: Sequence[ChannelAddress]
) -> Sequence[Subscription]:
    """Return the subscriptions that somebody can see, those among them that are no more but were asked then."""
    here = await context.workspace(caller.channel)
    known = await context.store.registry.subscriptions(here.id, paused=True)
    every = {one.id: one for one in (*known, *(ruling.subscription for ruling in trace.rulings))}
    wanted = [one for one in every.values() if not channels or one.channel.address in channels]
    seen = await visible(context, caller, [one.channel.address for one in wanted])
    return [one for one in wanted if one.channel.address in seen]


def _page(context: Context, answer: _Answer, pages: Pages, *, replaces: bool = False) -> Reply:
    start = pages.cursor or 0
    shown = answer.verdicts[start : start + PAGE]
    lines = [*_head(context, answer), *(part for one in shown for part in _told(one))]
    if not answer.verdicts:
        lines.append(line("Nothing is watched here."))
    if answer.others and start + PAGE >= len(answer.verdicts):
        others = count(answer.others, "subscription")
        lines.append(line(f"No match for {others} in other channels.", Look.DIM))
    buttons: tuple[Button, ...] = (Button("Back", pages.newer()),) if pages.way else ()
    if start + PAGE < len(answer.verdicts):
        buttons += (Button("More", pages.older(start + PAGE)),)
    return Reply(tuple(lines), buttons, replaces=replaces)


def _head(context: Context, answer: _Answer) -> Sequence[Line]:
    article, now = answer.trace.article, context.now
    channels = dict.fromkeys(place(one.subscription.channel) for one in answer.verdicts if one.posted)
    outcome = f"Posted in {listed(list(channels))}" if channels else "No alert was posted"
    first = min(answer.trace.told, key=lambda one: one.first_seen_at)
    lines = [
        line(f"{outcome}: {quoted(article.entry.title)}", Look.TITLE),
        line(
            (Run(f"{article.source} · first seen at {first.source} {moment(first.first_seen_at, now)}"),),
            Look.DIM,
            article.entry.url,
        ),
    ]
    lead = answer.trace.told[0]
    if lead.id != article.id:
        lines.append(line(f"It was folded into the story that {lead.source} tells.", url=lead.entry.url))
    elif copies := folded(answer.trace.told):
        lines.append(line(copies, Look.DIM))
    for mute in answer.mutes:
        until = moment(mute.until, now)
        lines.append(line(f"{place(mute.channel)} has muted this story until {until} ({mute.by.name})."))
    return lines


def _told(one: Verdict) -> Sequence[Line]:
    watching = one.subscription
    text = f"{place(watching.channel)}, {quoted(watching.title)} ({added(watching)}): {one.text}"
    return (line(text), line(one.quote, Look.QUOTE)) if one.quote else (line(text),)


async def _unknown(context: Context, caller: Caller, url: str) -> Reply:
    here = await context.workspace(caller.channel)
    host = host_name(url if "://" in url else f"https://{url}")
    feeds = await context.store.registry.feeds(here.id)
    if any(_of_site(host_name(followed.feed.url), host) for followed in feeds):
        return say(
            f"newsbot has not seen this article. It reads {host}, but no feed there has listed this link,"
            " or it is so long ago that it is forgotten."
        )
    return say(
        f"newsbot has not seen this article: nothing that is read here has listed it. To read {host}:"
        f" {context.command} sources add {host}"
    )


def _of_site(feed: str, host: str) -> bool:
    """Say whether a feed is of the same site as an article, as far as their hosts tell."""
    return feed == host or feed.endswith(f".{host}") or host.endswith(f".{feed}")
