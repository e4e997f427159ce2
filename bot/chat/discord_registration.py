"""Telling Discord which commands there are, only where it does not know yet."""

from __future__ import annotations

import asyncio

import discord
import structlog

from bot.chat.discord_commands import is_registered, kept, registration
from bot.chat.discord_errors import LIBRARY_ERRORS
from bot.chat.discord_gateway import LONGEST_PAUSE_S
from bot.chat.discord_settings import DiscordListening

log = structlog.get_logger(__name__)


async def keep_registered(client: discord.Client, listening: DiscordListening) -> None:
    """Register the commands everywhere, or in the servers for development; try until that is done."""
    servers: list[int | None] = [int(id) for id in listening.development_servers]
    for server in servers or [None]:
        pause_s = listening.retry_s
        while not await _tried(client, listening.command, server):
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


async def _tried(client: discord.Client, name: str, server: int | None) -> bool:
    """Register in a server, or everywhere; say whether trying again would be of no use."""
    try:
        changed = await (_everywhere(client, name) if server is None else _in_server(client, name, server))
    except LIBRARY_ERRORS as error:
        hopeless = isinstance(error, discord.HTTPException) and 400 <= error.status < 429
        log.error(
            "discord commands not registered", server=server, reason=str(error)[:300], again=not hopeless
        )
        return hopeless
    log.info("discord commands registered", server=server, changed=changed)
    return True


async def _everywhere(client: discord.Client, name: str) -> bool:
    app, wanted = client.application_id or 0, registration(name, everywhere=True)
    present = await client.http.get_global_commands(app)
    if is_registered(present, wanted):
        return False
    await client.http.bulk_upsert_global_commands(app, [*wanted, *kept(present)])
    return True


async def _in_server(client: discord.Client, name: str, server: int) -> bool:
    app, wanted = client.application_id or 0, registration(name, everywhere=False)
    if is_registered(await client.http.get_guild_commands(app, server), wanted):
        return False
    await client.http.bulk_upsert_guild_commands(app, server, wanted)
    return True
