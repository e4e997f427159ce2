"""What the bot may do in Discord channels, computed by discord.py from roles and overwrites."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.chat.discord_errors import LIBRARY_ERRORS, not_an_id, trouble_with
from bot.chat.discord_invite import discord_invite
from bot.chat.trouble import Trouble
from bot.domain.model import ChannelAddress
from bot.ports import CheckResult

NEEDED = {"view_channel": "View Channel", "send_messages": "Send Messages", "embed_links": "Embed Links"}


@dataclass(frozen=True, slots=True)
class Server:
    """A server as the bot sees it."""

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
    return [_line(servers[channel.workspace], channel) for channel in channels]


async def _server(client: discord.Client, channel: ChannelAddress, timeout_s: float) -> Server | Trouble:
    if not channel.workspace.isdecimal():
        return not_an_id(channel.workspace)
    try:
        async with asyncio.timeout(timeout_s):
            guild = await client.fetch_guild(int(channel.workspace))
            found = {item.id: item for item in await guild.fetch_channels()}
            return Server(await guild.fetch_member(client.application_id or 0), found)
    except (discord.Forbidden, discord.NotFound):
        return Trouble(
            f"I'm not in the server {channel.workspace}",
            f"Invite me: {discord_invite(str(client.application_id))}",
        )
    except LIBRARY_ERRORS as error:
        return trouble_with(error, channel.channel, timeout_s)


def _line(server: Server | Trouble, channel: ChannelAddress) -> CheckResult:
    subject = str(channel)
    if isinstance(server, Trouble):
        return server.line(subject)
    if not channel.channel.isdecimal():
        return not_an_id(channel.channel).line(subject)
    place = server.channels.get(int(channel.channel))
    if place is None:
        remedy = "Turn on Developer Mode in Discord, right-click the channel, and choose Copy Channel ID"
        return Trouble(f"There is no channel {channel.channel} in this server", remedy).line(subject)
    granted = place.permissions_for(server.me)
    missing = [name for attribute, name in NEEDED.items() if not getattr(granted, attribute)]
    if missing:
        remedy = f"Edit Channel → Permissions → add me and allow {' and '.join(missing)}"
        return Trouble(f"I lack {', '.join(missing)} in #{place.name}", remedy).line(subject)
    return CheckResult(subject, ok=True, detail=f"#{place.name} can be posted to", facts={"name": place.name})
