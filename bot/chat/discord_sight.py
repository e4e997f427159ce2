"""What people may see and do in Discord channels, asked of Discord as it stands now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import discord

from bot.chat.discord_access import Place
from bot.chat.discord_errors import LIBRARY_ERRORS, not_an_id, trouble_with
from bot.chat.discord_reading import PLATFORM, rights_of
from bot.chat.discord_recent import Recent
from bot.domain.commands.exchange import Caller, Rights
from bot.domain.model import ChannelAddress, Mention, Person

Unknown = (discord.NotFound, discord.Forbidden, discord.InvalidData)
"""What Discord answers about things that are not there, or not for us."""
FRESH_S = 30.0
"""How long the roles that came with a command are believed: while it is carried out."""
MOST_MET = 1000


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Look:
    """Somebody in a channel."""

    member: discord.Member
    granted: discord.Permissions


class DiscordSight:
    """Looks into what the gateway has told, and asks over REST for what it has not."""

    def __init__(self, rest: Callable[[], Awaitable[discord.Client]], timeout_s: float) -> None:
        self.gateway: discord.Client | None = None
        """The client that listens, while one does."""
        self._rest = rest
        self._timeout_s = timeout_s
        self._met: Recent[tuple[int, int], tuple[float, discord.Member]] = Recent(MOST_MET)

    def meet(self, member: discord.Member | discord.User) -> None:
        """Remember somebody's roles, as they came with what they just did in a server."""
        if isinstance(member, discord.User):
            return
        self._met.put((member.guild.id, member.id), (asyncio.get_running_loop().time(), member))

    async def visible(self, person: Person, channels: Sequence[ChannelAddress]) -> frozenset[ChannelAddress]:
        """Return those of some channels that a person can see; raise ChatError when Discord fails."""
        return frozenset([channel for channel in channels if await self._look(person, channel)])

    async def rights(self, person: Person, channel: ChannelAddress) -> Rights:
        """Return what a person may do in a channel; raise ChatError."""
        look = await self._look(person, channel)
        return rights_of(look.member, look.granted) if look else Rights(member=False)

    async def may_mention(self, caller: Caller, channel: ChannelAddress, mention: Mention) -> bool:
        """Say whether somebody could make a mention in a channel themselves; never of everyone."""
        if not mention.id.isdecimal() or mention.id == channel.workspace:
            return False
        look = await self._look(caller.person, channel)
        if look is None:
            return False
        if mention.kind == "person":
            called = self._member(look.member.guild, mention.id)
            return await self._asked(called, channel) is not None
        role = look.member.guild.get_role(int(mention.id)) if mention.kind == "role" else None
        return role is not None and (role.mentionable or look.granted.mention_everyone)

    async def _look(self, person: Person, channel: ChannelAddress) -> _Look | None:
        """Return what somebody may do in a channel, or None when they do not see it."""
        if channel.platform != PLATFORM:
            return None
        if not (person.id.isdecimal() and channel.workspace.isdecimal() and channel.channel.isdecimal()):
            raise not_an_id(channel.channel).error()
        look = await self._asked(self._looked(person.id, channel), channel)
        return look if look and look.granted.view_channel else None

    async def _looked(self, person: str, channel: ChannelAddress) -> _Look:
        guild = await self._guild(channel)
        member = await self._member(guild, person)
        return _Look(member, await _granted(guild, int(channel.channel), member))

    async def _asked(self, asked: Awaitable[T], channel: ChannelAddress) -> T | None:
        """Return what Discord says, or None when it is not there; raise ChatError when Discord fails."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await asked
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
        met = self._met.get((guild.id, int(person)))
        if met and asyncio.get_running_loop().time() - met[0] < FRESH_S:
            return met[1]
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
