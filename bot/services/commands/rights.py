"""Who may: asked anew at every command, press and form, since rights change and buttons stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.commands.exchange import Caller, Rights
from bot.domain.model import Access, ChannelAddress, Managers
from bot.domain.wording import listed
from bot.errors import UserError
from bot.services.commands.context import Context

NO_SUCH_CHANNEL = "There is no such channel here, or you can’t see it. Choose one from the list of channels."
_WHO_MODERATES = {
    "slack": "admins and owners of the workspace",
    "discord": "people with Manage Channel or Manage Server",
}


async def visible(
    context: Context, caller: Caller, channels: Iterable[ChannelAddress]
) -> frozenset[ChannelAddress]:
    """Return those of some channels that somebody can see; never one of another workspace."""
    place = _place(caller.channel)
    asked = list(dict.fromkeys(channel for channel in channels if _place(channel) == place))
    if place[0] == "console":
        return frozenset(asked)
    here = frozenset(asked) & {caller.channel}
    others = [channel for channel in asked if channel != caller.channel]
    listener = context.listeners.get(place[0])
    if not others or listener is None:
        return here
    return here | await listener.visible(caller.person, others)


async def must_see(context: Context, caller: Caller, channels: Sequence[ChannelAddress]) -> None:
    """Raise UserError when somebody names a channel that they cannot see, or that is not of their workspace."""
    if not await visible(context, caller, channels) >= set(channels):
        raise UserError(NO_SUCH_CHANNEL)


async def may_manage(context: Context, caller: Caller, channels: Sequence[ChannelAddress]) -> None:
    """Raise UserError, saying who may, when somebody may not manage what these channels watch."""
    await must_see(context, caller, channels)
    if caller.channel.platform == "console":
        return
    access = await _access(context, caller)
    for channel in channels:
        if not _admitted(access, await _rights(context, caller, channel), channel.platform):
            raise UserError(_refusal("manage the subscriptions", access, channel.platform))


async def manages(context: Context, caller: Caller, channel: ChannelAddress) -> bool:
    """Say whether somebody may manage what a channel watches."""
    try:
        await may_manage(context, caller, [channel])
    except UserError:
        return False
    return True


async def may_edit(context: Context, caller: Caller) -> None:
    """Raise UserError when somebody may not change what the workspace shares: sources, terms."""
    platform = caller.channel.platform
    if platform == "console":
        return
    access, rights = await _access(context, caller), caller.rights
    if rights.only_here:
        rights = replace(rights, moderator=False)
    if not _admitted(access, rights, platform):
        raise UserError(_refusal("change what everybody shares", access, platform) + _beyond(caller))


async def edits(context: Context, caller: Caller) -> bool:
    """Say whether somebody may change what the workspace shares."""
    try:
        await may_edit(context, caller)
    except UserError:
        return False
    return True


def may_choose(caller: Caller) -> None:
    """Raise UserError when somebody may not say who manages subscriptions."""
    platform = caller.channel.platform
    if platform != "console" and (not caller.rights.moderator or caller.rights.only_here):
        raise UserError(
            f"Only {moderators(platform)} say who may manage subscriptions here. Ask one of them."
            f"{_beyond(caller)}"
        )


def default_managers(platform: str) -> Managers:
    """Return who manages subscriptions where nobody has chosen."""
    return Managers.MODERATORS if platform == "discord" else Managers.MEMBERS


def managers(access: Access | None, platform: str) -> str:
    """Say who may manage subscriptions: members of the workspace who are no guests, or those who were chosen."""
    if platform == "console":
        return "whoever sits at this terminal"
    match access.managers if access else default_managers(platform):
        case Managers.MEMBERS:
            return "members of the server" if platform == "discord" else "full members (no guests)"
        case Managers.MODERATORS:
            return moderators(platform)
        case _:
            groups = access.groups if access else ()
            return listed([*(f"@{group.name or group.id}" for group in groups), moderators(platform)])


def moderators(platform: str) -> str:
    """Say who moderates on a platform."""
    return _WHO_MODERATES.get(platform, "moderators")


async def _access(context: Context, caller: Caller) -> Access | None:
    here = await context.workspace(caller.channel)
    return await context.store.frontdesk.access(here.id)


async def _rights(context: Context, caller: Caller, channel: ChannelAddress) -> Rights:
    """Return what the platform says of somebody in a channel; of the present one it came with the command."""
    if channel == caller.channel:
        return caller.rights
    return await context.listeners[channel.platform].rights(caller.person, channel)


def _admitted(access: Access | None, rights: Rights, platform: str) -> bool:
    if rights.moderator:
        return True
    match access.managers if access else default_managers(platform):
        case Managers.MEMBERS:
            return rights.member
        case Managers.GROUPS:
            groups = access.groups if access else ()
            return any(group.id in rights.groups for group in groups)
        case _:
            return False


def _refusal(what: str, access: Access | None, platform: str) -> str:
    return f"Here only {managers(access, platform)} may {what}. Ask one of them."


def _beyond(caller: Caller) -> str:
    return " You manage this channel, and this concerns all of them." if caller.rights.only_here else ""


def _place(channel: ChannelAddress) -> tuple[str, str]:
    return channel.platform, channel.workspace
