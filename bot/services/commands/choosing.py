"""What a workspace or channel chooses: who manages subscriptions, and whether alerts have buttons."""

from __future__ import annotations

from bot.domain.commands.exchange import Call, Caller, Reply, line, say
from bot.domain.commands.on_alerts import MENU
from bot.domain.commands.typed import example
from bot.domain.message import Run
from bot.domain.model import Access, Managers, Mention
from bot.domain.wording import day, listed
from bot.errors import UserError
from bot.services.commands.admitting import names
from bot.services.commands.arguments import calls_everyone, channels_in, mention_in
from bot.services.commands.context import Context
from bot.services.commands.naming import announced, called
from bot.services.commands.rights import managers, may_choose, may_manage, moderators


async def access(context: Context, call: Call) -> Reply:
    """Say who may manage subscriptions, or choose them."""
    caller, desk = call.caller, context.store.frontdesk
    if caller.channel.platform == "console":
        raise UserError(
            "Whoever sits at this terminal manages everything. Slack and Discord can be told who may."
        )
    here, platform = await context.workspace(caller.channel), caller.channel.platform
    current = await desk.access(here.id)
    who = call.text("who").lower()
    if not who:
        since = f" {current.by.name} chose that on {day(current.at)}." if current else ""
        told = f"Subscriptions, mutes and sources are managed by {managers(current, platform)}.{since}"
        return say(told, f"{_capital(moderators(platform))} may change that: {_example(context, caller)}")
    may_choose(caller)
    if who not in set(Managers):
        raise UserError(f"“{who}” is no choice. Write members, moderators, or groups and a group.")
    groups = _groups(context, call, current) if who == Managers.GROUPS else ()
    chosen = Access(Managers(who), caller.person, context.now, groups)
    await desk.set_access(here.id, chosen)
    told = f"From now on subscriptions, mutes and sources are managed by {managers(chosen, platform)}."
    what = (Run(f"that {managers(chosen, platform)} manage subscriptions"),)
    return say(told, announcement=announced(caller, "chose", what))


def _groups(context: Context, call: Call, current: Access | None) -> tuple[Mention, ...]:
    """Return the groups that were chosen before, and the one that is named now."""
    group = mention_in(call.arguments, "groups")
    if group is None or group.kind not in {"role", "group"}:
        raise UserError(f"Name the role or user group, as in: {_groups_example(context, call.caller)}")
    if calls_everyone(group, call.caller.channel):
        raise UserError("That is everybody. Write members to let every full member manage subscriptions.")
    before = current.groups if current and current.managers is Managers.GROUPS else ()
    return (*(one for one in before if one.id != group.id), group)


def _example(context: Context, caller: Caller) -> str:
    moderating = example(context.command, "access moderators", caller.channel.platform)
    return f"{moderating}, or {_groups_example(context, caller)}"


def _groups_example(context: Context, caller: Caller) -> str:
    return example(context.command, "access groups --groups @desk", caller.channel.platform)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


async def buttons(context: Context, call: Call) -> Reply:
    """Choose whether the alerts of channels have buttons."""
    caller, wanted = call.caller, call.text("wanted").lower()
    if wanted not in {"on", "off"}:
        raise UserError(f"Write on or off, as in: {context.command} buttons on")
    channels = channels_in(call.arguments, "in", caller.channel)
    await may_manage(context, caller, channels)
    for channel in channels:
        await context.store.frontdesk.set_buttons(channel, wanted == "on", context.now)
    heard = await names(context, caller, channels)
    where = listed([called(channel, heard) for channel in channels])
    labels = ", ".join(label.rstrip("?") for _, label in MENU)
    what = f"have buttons: {labels}" if wanted == "on" else "have no buttons"
    menu = "" if wanted == "on" else " The same stays in the menu of each message."
    return Reply(
        (line(f"From now on alerts in {where} {what}.{menu}"),),
        announcement=announced(caller, f"turned {wanted}", (Run("the buttons under alerts"),)),
        announced_in=channels,
    )
