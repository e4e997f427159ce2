"""Servers and channels that newsbot loses and gets back: told to the desk, so that what is watched there rests.

A server that Discord merely cannot reach is not lost. A thread that was put away is not lost either: Discord does that
to every quiet thread, and opens it again for the next alert. One that is closed, or deleted, is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import discord
import structlog

from bot.chat.discord_access import POSTABLE, Place, missing
from bot.chat.discord_reading import PLATFORM
from bot.domain.wording import listed
from bot.errors import NewsbotError
from bot.ports import Desk

log = structlog.get_logger(__name__)

ATTEMPTS = 6
"""Each after a pause twice as long as the last: a minute in all."""
REMOVED = "newsbot was removed from the server"
CHANNEL_DELETED = "the channel was deleted"
THREAD_DELETED = "the thread was deleted"
THREAD_CLOSED = "the thread was closed"


class DiscordPlaces:
    """Follows the servers of one client; its `on_…` methods are the client's events."""

    def __init__(self, client: discord.Client, desk: Desk, retry_s: float) -> None:
        self._desk = desk
        self._retry_s = retry_s
        self._lacking: dict[int, dict[int, tuple[str, ...]]] = {}
        """What the bot lacks, by server and channel, as it was last seen."""
        # One at a time and in the order of events: who leaves and comes back must not be taken for gone.
        self._turn = asyncio.Lock()
        for event in (
            self.on_guild_available,
            self.on_guild_join,
            self.on_guild_remove,
            self.on_guild_channel_delete,
            self.on_raw_thread_delete,
            self.on_raw_thread_update,
            self.on_guild_channel_update,
            self.on_guild_channel_create,
            self.on_guild_role_update,
            self.on_guild_role_delete,
            self.on_member_update,
            self.on_thread_join,
            self.on_guild_update,
        ):
            client.event(event)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Take a server for there, which may have been left and entered while newsbot was not running."""
        self._lacking[guild.id] = _lacking(guild)
        await self._back(guild.id)
        await self._tell(lambda: self._look_again(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.on_guild_available(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._lacking.pop(guild.id, None)
        await self._gone(guild.id, None, REMOVED)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self._lacking.get(channel.guild.id, {}).pop(channel.id, None)
        await self._gone(channel.guild.id, channel.id, CHANNEL_DELETED)

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        self._lacking.get(event.guild_id, {}).pop(event.thread_id, None)
        await self._gone(event.guild_id, event.thread_id, THREAD_DELETED)

    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        state = event.data["thread_metadata"]
        closed = bool(state.get("locked")) and bool(state.get("archived"))
        if closed:
            await self._gone(event.guild_id, event.thread_id, THREAD_CLOSED)
        elif event.thread is None or event.thread.locked:  # a thread that is put away is not known any more
            await self._back(event.guild_id, event.thread_id)

    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        await self._compare(after.guild)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        self._note(channel)

    async def on_thread_join(self, thread: discord.Thread) -> None:
        if thread.parent:
            self._note(thread)

    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        await self._compare(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self._compare(role.guild)

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        if after == after.guild.me:
            await self._compare(after.guild)

    async def on_guild_update(self, _before: discord.Guild, after: discord.Guild) -> None:
        await self._compare(after)

    def _note(self, place: Place) -> None:
        if place.type in POSTABLE:
            self._lacking.setdefault(place.guild.id, {})[place.id] = missing(place, place.guild.me)

    async def _compare(self, guild: discord.Guild) -> None:
        """Tell of the channels where the bot has lost what it takes to post, or has got it back."""
        before, after = self._lacking.get(guild.id, {}), _lacking(guild)
        self._lacking[guild.id] = after
        for id, lacked in after.items():
            if lacked and not before.get(id, lacked):
                reason = f"newsbot may not post there any more: it lacks {listed(lacked)}"
                await self._gone(guild.id, id, reason)
            elif not lacked and before.get(id):
                await self._back(guild.id, id)

    async def _look_again(self, guild: int) -> None:
        """Revive the channels that were lost one by one and that were given back while nobody listened."""
        lacking = self._lacking.get(guild, {})
        for channel in await self._desk.left(PLATFORM, str(guild)):
            if channel.isdecimal() and lacking.get(int(channel)) == ():
                await self._desk.back(PLATFORM, str(guild), channel)

    async def _gone(self, guild: int, channel: int | None, reason: str) -> None:
        id = None if channel is None else str(channel)
        await self._tell(lambda: self._desk.gone(PLATFORM, str(guild), id, reason))

    async def _back(self, guild: int, channel: int | None = None) -> None:
        id = None if channel is None else str(channel)
        await self._tell(lambda: self._desk.back(PLATFORM, str(guild), id))

    async def _tell(self, tell: Callable[[], Awaitable[None]]) -> None:
        """Tell the desk, again if its store fails for a while: Discord says it only once."""
        async with self._turn:
            for attempt in range(ATTEMPTS):
                try:
                    await tell()
                except NewsbotError as error:
                    log.warning("the desk did not take what discord said", reason=str(error))
                    await asyncio.sleep(self._retry_s * 2**attempt)
                else:
                    return
            await tell()


def _lacking(guild: discord.Guild) -> dict[int, tuple[str, ...]]:
    """Return what the bot lacks in each channel and open thread of a server."""
    places: list[Place] = [*guild.channels, *(thread for thread in guild.threads if thread.parent)]
    return {place.id: missing(place, guild.me) for place in places if place.type in POSTABLE}
