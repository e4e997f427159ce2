"""`subscriptions`: what a channel watches, page by page, with buttons for those who may manage it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commands.exchange import (
    MAX_ACTION,
    Action,
    Button,
    Call,
    Caller,
    Line,
    Look,
    Press,
    Reply,
    Tone,
    line,
)
from bot.domain.commands.telling import added
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, Origin, Pause, Subscription
from bot.domain.wording import ago, count, listed
from bot.services.commands.admitting import names
from bot.services.commands.arguments import channels_in
from bot.services.commands.context import Context
from bot.services.commands.meaning import watched
from bot.services.commands.naming import Names, at, called
from bot.services.commands.rights import manages, must_see
from bot.telemetry import redact

PAGE = 4
"""Each has a row of buttons, and a message has 5 rows at most: the last leads to other pages."""
MOST_SHOWN = 20
"""Subscriptions of several channels that are listed together."""
MOST_CHANNELS = 8


async def subscriptions(context: Context, call: Call) -> Reply:
    """List what channels watch."""
    channels = channels_in(call.arguments, "in", call.caller.channel)
    await must_see(context, call.caller, channels)
    if len(channels) == 1:
        return await page(context, call.caller, channels[0], 0)
    return await _together(context, call.caller, channels)


async def _together(context: Context, caller: Caller, channels: Sequence[ChannelAddress]) -> Reply:
    """List what several channels watch, without buttons, and say how much was left out."""
    found = [one for one in await watched(context, caller) if one.channel.address in channels]
    heard = await names(context, caller, channels, found)
    lines: list[Line] = []
    left = MOST_SHOWN
    for channel in channels:
        theirs = [one for one in found if one.channel.address == channel]
        lines.append(_title(channel, theirs, heard))
        lines += [part for one in theirs[:left] for part in entry(context, one)]
        left -= min(left, len(theirs))
    if len(found) > MOST_SHOWN:
        rest = f"{count(len(found) - MOST_SHOWN, 'more subscription')}: ask for one channel at a time."
        lines.append(line(rest, Look.DIM))
    return Reply(tuple(lines))


async def turn_list(context: Context, press: Press) -> Reply:
    """Show another page in place of the one that was shown."""
    channel, number = listed_at(press.caller, press.action.parts)
    await must_see(context, press.caller, [channel])
    return await page(context, press.caller, channel, number, replaces=True)


def listed_at(caller: Caller, parts: Sequence[str]) -> tuple[ChannelAddress, int]:
    """Return the channel of the caller's own workspace, and the page, that a button of a list speaks of."""
    name, number = (*parts, "", "")[:2]
    here = caller.channel
    place = ChannelAddress(here.platform, here.workspace, name or here.channel)
    return place, int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 0


async def page(
    context: Context, caller: Caller, channel: ChannelAddress, number: int, *, replaces: bool = False
) -> Reply:
    """Return a page of what a channel watches; the last one instead of one beyond it."""
    found = await watched(context, caller)
    theirs = [one for one in found if one.channel.address == channel]
    heard = await names(context, caller, [channel], found)
    if not theirs:
        return Reply(_nothing(context, channel, found, heard), replaces=replaces)
    number = min(number, (len(theirs) - 1) // PAGE)
    shown = theirs[number * PAGE : (number + 1) * PAGE]
    where = f" · {number * PAGE + 1}–{number * PAGE + len(shown)}" if len(theirs) > PAGE else ""
    lines = [_title(channel, theirs, heard, where)]
    lines += [part for one in shown for part in entry(context, one)]
    buttons: list[Button] = []
    if await manages(context, caller, channel):
        for row, one in enumerate(shown):
            buttons += _tending(one, row, (channel.channel, str(number)))
    return Reply(
        tuple(lines), (*buttons, *_turning(channel, number, len(theirs), len(shown))), replaces=replaces
    )


def entry(context: Context, one: Subscription) -> tuple[Line, ...]:
    """Return two lines: what a subscription watches for; by whom, since when, and within which limits."""
    watches = (Run(f"{one.id} · "), Run(one.query, marked=True))
    facts = [added(one)]
    facts += [f"only from {redact(listed(one.feeds_named))}"] if one.feeds_named else []
    facts += [f"calls {at(one.mention)}"] if one.mention else []
    facts += [paused(one.pause, context)] if one.pause else []
    return line(watches), line(" · ".join(facts), Look.DIM)


def paused(pause: Pause, context: Context) -> str:
    """Say since when something is paused, by whom and why."""
    by = f" by {pause.by.name}" if pause.by else ""
    reason = f": {pause.reason}" if pause.reason else ""
    return f"paused{by} {ago(pause.since, context.now)}{reason}"


def _title(channel: ChannelAddress, theirs: Sequence[Subscription], heard: Names, rest: str = "") -> Line:
    number = count(len(theirs), "subscription") if theirs else "No subscriptions"
    return line(f"{number} in {called(channel, heard)}{rest}", Look.TITLE)


def _nothing(
    context: Context, channel: ChannelAddress, found: Sequence[Subscription], heard: Names
) -> tuple[Line, ...]:
    """Say that a channel watches nothing, how to change that, and which others do."""
    command = f"{context.command} subscribe"
    told = [line(f"Nothing is watched in {called(channel, heard)}. To start: {command} Kim Jong Un, summit")]
    others: dict[ChannelAddress, int] = {}
    for one in found:
        others[one.channel.address] = others.get(one.channel.address, 0) + 1
    if others:
        each = [f"{called(other, heard)} ({number})" for other, number in others.items()]
        told.append(line(f"Watched elsewhere: {listed(each, MOST_CHANNELS)}.", Look.DIM))
    return tuple(told)


def _tending(one: Subscription, row: int, back: tuple[str, str]) -> list[Button]:
    parts = (str(one.id), *back)
    verb = "pause" if one.pause is None else "resume"
    buttons = [Button(f"{verb.capitalize()} {one.id}", _action(verb, parts), row=row)]
    if one.origin is not Origin.FILE:
        buttons.append(Button(f"Edit {one.id}", Action("edit", parts[:1]), row=row))
        buttons.append(Button(f"Remove {one.id}", _action("remove", parts), Tone.DANGER, row))
    return buttons


def _action(verb: str, parts: tuple[str, ...]) -> Action:
    """Return an action that leads back to its page of the list, if it can say so much."""
    action = Action(verb, parts)
    return action if len(str(action)) <= MAX_ACTION else Action(verb, parts[:1])


def _turning(channel: ChannelAddress, number: int, total: int, shown: int) -> list[Button]:
    """Return the buttons to the pages before and after; none for a channel whose name no button can hold."""
    buttons = []
    if number:
        buttons.append(Button("Previous", Action("list", (channel.channel, str(number - 1))), row=PAGE))
    if number * PAGE + shown < total:
        buttons.append(Button("Next", Action("list", (channel.channel, str(number + 1))), row=PAGE))
    return [button for button in buttons if len(str(button.action)) <= MAX_ACTION]
