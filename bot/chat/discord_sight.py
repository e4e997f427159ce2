"""What people may see and do in Discord channels, asked of Discord as it stands now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.chat.discord_access import Place
from bot.chat.discord_errors import LIBRARY_ERRORS, not_an_id, trouble_with
from bot.chat.discord_reading import PLATFORM, rights_of
from bot.domain.commands.exchange import Caller, Rights
from bot.domain.model import ChannelAddress, Mention, Person

Unknown = (discord.NotFound, discord.Forbidden, discord.InvalidData)
"""What Discord answers about things that are not there, or not for us."""
FRESH_S = 30.0
"""How long the roles that came with a command are believed: while it is carried out."""
MOST_MET = 1000


class DiscordSight:
    """Looks into what the gateway has told, and asks over REST for what it has not."""

    def __init__(self, rest: Callable[[], Awaitable[discord.Client]], timeout_s: float) -> None:
        self.gateway: discord.Client | None = None
        """The client that listens, while one does."""
        self._rest = rest
        self._timeout_s = timeout_s
        self._met: dict[tuple[int, int], tuple[float, discord.Member]] = {}

    def meet(self, member: discord.Member) -> None:
        """Remember somebody's roles, as they came with what they just did."""
        key = (member.guild.id, member.id)
        self._met.pop(key, None)
        self._met[key] = (asyncio.get_running_loop().time(), member)
        while len(self._met) > MOST_MET:
            del self._met[next(iter(self._met))]

    async def visible(self, person: Person, channels: Sequence[ChannelAddress]) -> frozenset[ChannelAddress]:
        """Return those of some channels that a person can see; raise ChatError when Discord fails."""
        seen = set()
        for channel in channels:
            if (permissions := await self._permissions(person.id, channel)) and permissions.view_channel:
                seen.add(channel)
        return frozenset(seen)

    async def rights(self, person: Person, channel: ChannelAddress) -> Rights:
        """Return what a person may do in a channel; raise ChatError."""
        permissions = await self._permissions(person.id, channel)
        if permissions is None or not permissions.view_channel:
            return Rights(member=False)
        try:
            async with asyncio.timeout(self._timeout_s):
                member = await self._member(await self._guild(channel), person.id)
        except LIBRARY_ERRORS as error:
            raise trouble_with(error, channel.channel, self._timeout_s).error() from error
        return rights_of(member, permissions)

    async def may_mention(self, caller: Caller, channel: ChannelAddress, mention: Mention) -> bool:
        """Say whether somebody could make a mention in a channel themselves; never of everyone."""
        if not mention.id.isdecimal() or mention.id == channel.workspace:
            return False
        permissions = await self._permissions(caller.person.id, channel)
        if permissions is None or not permissions.view_channel:
            return False
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._may_mention(permissions, channel, mention)
        except Unknown:
            return False
        except LIBRARY_ERRORS as error:
            raise trouble_with(error, channel.channel, self._timeout_s).error() from error

    async def _may_mention(
        self, permissions: discord.Permissions, channel: ChannelAddress, mention: Mention
    ) -> bool:
        guild = await self._guild(channel)
        if mention.kind == "person":
            return await self._member(guild, mention.id) is not None
        role = guild.get_role(int(mention.id)) if mention.kind == "role" else None
        return role is not None and (role.mentionable or permissions.mention_everyone)

    async def _permissions(self, person: str, channel: ChannelAddress) -> discord.Permissions | None:
        """Return what somebody may do in a channel, or None when either is not there."""
        if channel.platform != PLATFORM:
            return None
        if not (person.isdecimal() and channel.workspace.isdecimal() and channel.channel.isdecimal()):
            raise not_an_id(channel.channel).error()
        try:
            async with asyncio.timeout(self._timeout_s):
                guild = await self._guild(channel)
                member = await self._member(guild, person)
                return await _granted(guild, int(channel.channel), member)
        except Unknown:
            return None
        except LIBRARY_ERRORS as error:
            raise trouble_with(error, channel.channel, self._timeout_s).error() from error

    async def _guild(self, channel: ChannelAddress) -> discord.Guild:
        known = self.gateway.get_guild(int(channel.workspace)) if self.gateway else None
        if known is not None and not known.unavailable and known.default_role is not None:
            return known
        return await (await self._rest()).fetch_guild(int(channel.workspace))

    async def _member(self, guild: discord.Guild, person: str) -> discord.Member:
        at_s, member = self._met.get((guild.id, int(person)), (-FRESH_S, None))
        if member is not None and asyncio.get_running_loop().time() - at_s < FRESH_S:
            return member
        member = await guild.fetch_member(int(person))
        self.meet(member)
        return member


async def _granted(guild: discord.Guild, id: int, member: discord.Member) -> discord.Permissions:
    place: Place = guild.get_channel_or_thread(id) or await guild.fetch_channel(id)
    if not isinstance(place, discord.Thread):
        return place.permissions_for(member)
    parent = place.parent or await guild.fetch_channel(place.parent_id)
    granted = parent.permissions_for(member)
    if place.is_private() and not granted.manage_threads and not await _is_in(place, member.id):
        return discord.Permissions.none()
    return granted


async def _is_in(thread: discord.Thread, person: int) -> bool:
    try:
        await thread.fetch_member(person)
    except discord.NotFound:
        return False
    return True
