"""What the bot may do in Discord channels, computed by discord.py from roles and overwrites."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import discord

from bot.chat.discord_errors import LIBRARY_ERRORS, not_an_id, trouble_with
from bot.chat.discord_invite import discord_invite
from bot.chat.trouble import Trouble
from bot.domain.model import ChannelAddress
from bot.ports import CheckResult

Place = discord.abc.GuildChannel | discord.Thread

_SEE = {"view_channel": "View Channel"}
_SHOW = {"embed_links": "Embed Links"}
IN_CHANNELS = MappingProxyType({**_SEE, "send_messages": "Send Messages", **_SHOW})
IN_THREADS = MappingProxyType({**_SEE, "send_messages_in_threads": "Send Messages in Threads", **_SHOW})
IN_FORUMS = MappingProxyType({**_SEE, "send_messages": "Create Posts", **_SHOW})
"""What Discord's settings call the permissions that it takes to post."""

POSTABLE = frozenset(
    {
        discord.ChannelType.text,
        discord.ChannelType.news,
        discord.ChannelType.news_thread,
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
        discord.ChannelType.forum,
    }
)


def missing(place: Place, me: discord.Member) -> tuple[str, ...]:
    """Return the permissions that the bot lacks to post somewhere; a thread's parent must be known."""
    granted = place.permissions_for(me)
    return tuple(name for attribute, name in _needed(place).items() if not getattr(granted, attribute))


def _needed(place: Place) -> Mapping[str, str]:
    if isinstance(place, discord.Thread):
        return IN_THREADS
    return IN_FORUMS if isinstance(place, discord.ForumChannel) else IN_CHANNELS


@dataclass(frozen=True, slots=True)
class Server:
    """A server as the bot sees it."""

    guild: discord.Guild
    me: discord.Member
    channels: Mapping[int, discord.abc.GuildChannel]


async def check_channels(
    client: discord.Client, channels: Sequence[ChannelAddress], timeout_s: float
) -> list[CheckResult]:
    """Say for each channel whether the bot can post there, and what is missing; ask for each server once."""
    servers: dict[str, Server | Trouble] = {}
    for channel in channels:
        if channel.workspace not in servers:
            servers[channel.workspace] = await _server(client, channel, timeout_s)
    return [await _line(servers[channel.workspace], channel, timeout_s) for channel in channels]


async def what_is_missing(
    client: discord.Client, channel: ChannelAddress, timeout_s: float
) -> Trouble | None:
    """Return what keeps the bot from posting in a channel, or None where that cannot be found out."""
    try:
        async with asyncio.timeout(timeout_s):
            server = await _server(client, channel, timeout_s)
            if isinstance(server, Trouble):
                return None
            place = await _place(server, int(channel.channel))
    except LIBRARY_ERRORS:
        return None
    found = obstacle(place, server.me, _parent(server, place))
    return replace(found, permanent=True) if found else None


async def _server(client: discord.Client, channel: ChannelAddress, timeout_s: float) -> Server | Trouble:
    if not channel.workspace.isdecimal():
        return not_an_id(channel.workspace)
    try:
        async with asyncio.timeout(timeout_s):
            guild = await client.fetch_guild(int(channel.workspace))
            found = {item.id: item for item in await guild.fetch_channels()}
            return Server(guild, await guild.fetch_member(client.application_id or 0), found)
    except (discord.Forbidden, discord.NotFound):
        invite = discord_invite(str(client.application_id))
        return Trouble(f"I'm not in the server {channel.workspace}", f"Invite me: {invite}")
    except LIBRARY_ERRORS as error:
        return trouble_with(error, channel.channel, timeout_s)


async def _line(server: Server | Trouble, channel: ChannelAddress, timeout_s: float) -> CheckResult:
    subject = str(channel)
    if isinstance(server, Trouble):
        return server.line(subject)
    if not channel.channel.isdecimal():
        return not_an_id(channel.channel).line(subject)
    try:
        async with asyncio.timeout(timeout_s):
            place = await _place(server, int(channel.channel))
    except (discord.Forbidden, discord.NotFound, discord.InvalidData):
        remedy = "Turn on Developer Mode in Discord, right-click the channel, and choose Copy Channel ID"
        return Trouble(f"There is no channel {channel.channel} in this server", remedy).line(subject)
    except LIBRARY_ERRORS as error:
        return trouble_with(error, channel.channel, timeout_s).line(subject)
    trouble = obstacle(place, server.me, _parent(server, place))
    if trouble:
        return trouble.line(subject)
    return CheckResult(subject, ok=True, detail=f"#{place.name} can be posted to", facts={"name": place.name})


async def _place(server: Server, id: int) -> Place:
    return server.channels.get(id) or await server.guild.fetch_channel(id)


def _parent(server: Server, place: Place) -> discord.abc.GuildChannel | None:
    return server.channels.get(place.parent_id) if isinstance(place, discord.Thread) else None


def obstacle(
    place: Place, me: discord.Member, parent: discord.abc.GuildChannel | None = None
) -> Trouble | None:
    """Return what keeps the bot from posting somewhere; `parent` is a thread's where the library does not know it."""
    if place.type not in POSTABLE:
        return Trouble(f"#{place.name} is no channel for messages", "Choose a text channel, thread or forum")
    if isinstance(place, discord.Thread) and place.locked and place.archived:
        return Trouble(f"The thread “{place.name}” is closed", "Reopen it, or use another channel")
    lacked = _missing_below(parent, me) if parent else missing(place, me)
    if not lacked:
        return None
    remedy = f"Edit Channel → Permissions → add me and allow {' and '.join(lacked)}"
    return Trouble(f"I lack {', '.join(lacked)} in #{place.name}", remedy)


def _missing_below(parent: discord.abc.GuildChannel, me: discord.Member) -> tuple[str, ...]:
    granted = parent.permissions_for(me)
    return tuple(name for attribute, name in IN_THREADS.items() if not getattr(granted, attribute))
