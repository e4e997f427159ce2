"""`status`: what is pending and held here and why, who may manage it, and where each setting comes from."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commands.exchange import Action, Button, Call, Caller, Line, Look, Press, Reply, line
from bot.domain.commands.telling import place, quoted
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, Mute, Subscription, WorkspaceId
from bot.domain.wording import ago, count, moment
from bot.ports import Backlog, ChannelStatus, WorkspaceStatus
from bot.services.commands.alerts import alert_of
from bot.services.commands.context import Context
from bot.services.commands.listing import paused
from bot.services.commands.meaning import watched
from bot.services.commands.rights import managers, may_manage, visible

MOST_CHANNELS = 8
MOST_MUTES = 5
MOST_BUTTONS = 5


async def status(context: Context, call: Call) -> Reply:
    """Say how things stand in the channels that somebody can see, the one they speak in first."""
    caller = call.caller
    here = await context.workspace(caller.channel)
    found = await context.store.frontdesk.status(here.id)
    busy = await _seen(context, caller, [one for one in found.channels if one.pending or one.held])
    mine = await watched(context, caller)
    lines = [*_workspace(context, found, mine)]
    lines += [part for one in busy[:MOST_CHANNELS] for part in _channel(context, one)]
    if not busy:
        lines.append(line("Nothing is pending or held in the channels that you can see."))
    elif len(busy) > MOST_CHANNELS:
        lines.append(line(f"And {count(len(busy) - MOST_CHANNELS, 'channel')} more.", Look.DIM))
    lines += _stopped(context, mine)
    lines += await _mutes(context, caller, here.id)
    access = await context.store.frontdesk.access(here.id)
    chosen = f", as {access.by.name} chose" if access else ""
    lines.append(line(f"Who may manage this: {managers(access, caller.channel.platform)}{chosen}.", Look.DIM))
    if context.settings:
        lines.append(line("Settings, and where each comes from:", Look.DIM))
        lines.append(line("\n".join(f"{name}: {held}" for name, held in context.settings.items()), Look.CODE))
    return Reply(tuple(lines), tuple(_buttons(busy))[:MOST_BUTTONS])


async def post_held(context: Context, press: Press) -> Reply:
    """Have alerts that are held for one reason go out after all."""
    posted = await alert_of(context, press)
    channel, caller = posted.delivery.channel, press.caller
    await may_manage(context, caller, [channel.address])
    here = await context.workspace(caller.channel)
    again = await context.store.frontdesk.requeue(posted.delivery.id, here.id, context.now, alike=True)
    number, verb = count(len(again), "alert"), "is" if len(again) == 1 else "are"
    return Reply(
        (line(f"{number} {verb} on the way to {place(channel)} again."),),
        announcement=(Run(f"{caller.person.name} had {number} posted that had been held"),),
        announced_in=(channel.address,),
    )


async def _seen(context: Context, caller: Caller, channels: Sequence[ChannelStatus]) -> list[ChannelStatus]:
    seen = await visible(context, caller, [one.channel.address for one in channels])
    shown = [one for one in channels if one.channel.address in seen]
    return sorted(shown, key=lambda one: one.channel.address != caller.channel)


def _workspace(context: Context, found: WorkspaceStatus, mine: Sequence[Subscription]) -> Sequence[Line]:
    """Count what is watched where somebody can see it, and what is read for everybody."""
    active = sum(one.active for one in mine)
    paused = f", {len(mine) - active:,} paused" if len(mine) > active else ""
    read = f", last read {ago(found.polled_at, context.now)}" if found.polled_at else ""
    lines = [
        line(
            f"{count(active, 'subscription')}{paused}. {count(found.feeds, 'source')}{read}.",
            Look.TITLE,
        )
    ]
    if found.failing:
        failing = count(len(found.failing), "source")
        verb = "does" if len(found.failing) == 1 else "do"
        lines.append(line(f"{failing} {verb} not answer: {context.command} sources health"))
    return lines


def _channel(context: Context, one: ChannelStatus) -> Sequence[Line]:
    where = place(one.channel)
    return [
        *(line(f"{where}: {_backlog(context, waiting, 'on the way')}") for waiting in one.pending),
        *(line(f"{where}: {_backlog(context, held, 'held')}") for held in one.held),
    ]


def _backlog(context: Context, waiting: Backlog, how: str) -> str:
    why = f": {waiting.reason.rstrip('.')}" if waiting.reason else ""
    return f"{count(waiting.count, 'alert')} {how}, the oldest {ago(waiting.oldest_at, context.now)}{why}"


def _buttons(busy: Sequence[ChannelStatus]) -> Sequence[Button]:
    """Return a button for each reason for which a channel's alerts are held."""
    return [
        Button(f"Post {held.count:,} in {place(one.channel)} now", Action("postheld", (held.newest,)))
        for one in busy[:MOST_CHANNELS]
        for held in one.held
    ]


def _stopped(context: Context, mine: Sequence[Subscription]) -> Sequence[Line]:
    """Say which channels newsbot has lost, so that what they watch is paused though nobody paused it."""
    found: dict[tuple[ChannelAddress, str], list[Subscription]] = {}
    for one in mine:
        if one.pause and one.pause.by is None:
            found.setdefault((one.channel.address, one.pause.reason), []).append(one)
    return [
        line(f"{place(same[0].channel)}: {count(len(same), 'subscription')} {paused(same[0].pause, context)}")
        for same in tuple(found.values())[:MOST_CHANNELS]
        if same[0].pause
    ]


async def _mutes(context: Context, caller: Caller, here: WorkspaceId) -> Sequence[Line]:
    mutes = await context.store.frontdesk.mutes(here, context.now)
    seen = await visible(context, caller, [one.channel.address for one in mutes])
    shown = [one for one in mutes if one.channel.address in seen][:MOST_MUTES]
    return [line(await _muted(context, one, here)) for one in shown]


async def _muted(context: Context, mute: Mute, here: WorkspaceId) -> str:
    alerts = await context.store.frontdesk.alerts_of(mute.story_id, here, context.now)
    story = quoted(alerts[0].alert.articles[0].entry.title) if alerts else "a story"
    return (
        f"{place(mute.channel)}: {story} is muted until {moment(mute.until, context.now)} by {mute.by.name}"
    )
