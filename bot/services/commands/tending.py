"""`pause`, `resume` and `unsubscribe`, typed or pressed; a press in a list shows the list anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.commands.exchange import Action, Button, Call, Caller, Press, Reply, line
from bot.domain.message import Run, Text
from bot.domain.model import Draft, Subscription
from bot.services.commands.context import Context
from bot.services.commands.drafting import keep
from bot.services.commands.listing import PAGE, listed_at, page, paused
from bot.services.commands.meaning import meant, numbered
from bot.services.commands.naming import announced, called, names_of, titled
from bot.services.commands.rights import may_manage, visible


async def pause(context: Context, call: Call) -> Reply:
    """Have a subscription post nothing until it is resumed."""
    return await _pause(context, call.caller, await _typed(context, call))


async def pause_pressed(context: Context, press: Press) -> Reply:
    reply = await _pause(context, press.caller, await numbered(context, press.caller, press.action))
    return await _in_list(context, press, reply)


async def _pause(context: Context, caller: Caller, one: Subscription) -> Reply:
    await may_manage(context, caller, [one.channel.address])
    resume = (Button("Resume", Action("resume", (str(one.id),))),)
    if one.pause is not None and one.pause.by is not None:
        return Reply((line((*titled(one), Run(f" is {paused(one.pause, context)} already."))),), resume)
    here = await context.workspace(caller.channel)
    await context.store.registry.pause(one.id, here.id, caller.person, context.now)
    told = (
        Run("Paused "),
        *titled(one),
        Run(f" in {_where(caller, one)}. Nothing is posted for it meanwhile."),
    )
    return _changed(caller, one, "paused", told, resume)


async def resume(context: Context, call: Call) -> Reply:
    """Have a paused subscription post again."""
    return await _resume(context, call.caller, await _typed(context, call))


async def resume_pressed(context: Context, press: Press) -> Reply:
    reply = await _resume(context, press.caller, await numbered(context, press.caller, press.action))
    return await _in_list(context, press, reply)


async def _resume(context: Context, caller: Caller, one: Subscription) -> Reply:
    await may_manage(context, caller, [one.channel.address])
    pause = (Button("Pause", Action("pause", (str(one.id),))),)
    if one.pause is None:
        return Reply((line((*titled(one), Run(" is not paused."))),), pause)
    here = await context.workspace(caller.channel)
    await context.store.registry.resume(one.id, here.id, caller.person, context.now)
    told = (
        Run("Watching again: "),
        *titled(one),
        Run(f" in {_where(caller, one)}. What was published meanwhile is not posted."),
    )
    return _changed(caller, one, "resumed", told, pause)


async def unsubscribe(context: Context, call: Call) -> Reply:
    """Take a subscription out of use."""
    return await _remove(context, call.caller, await _typed(context, call))


async def remove_pressed(context: Context, press: Press) -> Reply:
    reply = await _remove(context, press.caller, await numbered(context, press.caller, press.action))
    return await _in_list(context, press, reply)


async def _remove(context: Context, caller: Caller, one: Subscription) -> Reply:
    """Retire a subscription; a draft of it is kept for whoever wants it back."""
    await may_manage(context, caller, [one.channel.address])
    here = await context.workspace(caller.channel)
    await context.store.registry.retire(one.id, here.id, caller.person, context.now)
    again = Draft((one.channel.address,), one.query, caller.person, context.now, one.feeds_named, one.mention)
    button = Button("Watch again", Action("draft", (await keep(context, caller, again),)))
    told = (Run("No longer watching for "), *titled(one), Run(f" in {_where(caller, one)}."))
    return _changed(caller, one, "removed", told, (button,))


async def _typed(context: Context, call: Call) -> Subscription:
    return await meant(context, call.caller, call.text("subscription"))


def _changed(caller: Caller, one: Subscription, verb: str, told: Text, buttons: Sequence[Button]) -> Reply:
    return Reply(
        (line(told),),
        tuple(buttons),
        announcement=announced(caller, verb, titled(one)),
        announced_in=(one.channel.address,),
    )


async def _in_list(context: Context, press: Press, reply: Reply) -> Reply:
    """Show the list anew, and above it what was done, when the button stood in a list."""
    _, *back = press.action.parts
    channel, number = listed_at(press.caller, back)
    if not back or not await visible(context, press.caller, [channel]):
        return replace(reply, replaces=True)
    anew = await page(context, press.caller, channel, number)
    again = tuple(replace(button, row=PAGE) for button in reply.buttons if button.action.verb == "draft")
    lines, buttons = (*reply.lines, *anew.lines), (*anew.buttons, *again)
    return replace(reply, lines=lines, buttons=buttons, replaces=True)


def _where(caller: Caller, one: Subscription) -> str:
    return called(one.channel.address, names_of(caller, [one]))
