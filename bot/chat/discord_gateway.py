"""The connection by which Discord tells newsbot what people do: discord.py's client, kept alive."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
import structlog

from bot.chat.discord_errors import LIBRARY_ERRORS, TOKEN_REFUSED
from bot.chat.discord_settings import DiscordListening
from bot.chat.trouble import Trouble

log = structlog.get_logger(__name__)

LONGEST_PAUSE_S = 300.0
"""Between two attempts to connect: Discord takes back a token that introduces itself 1,000 times a day."""
STEADY_S = 600.0
"""A connection that has held for so long was no failure."""
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
_HOPELESS: Mapping[int, Trouble] = {
    4004: TOKEN_REFUSED,
    4010: Trouble("Discord refused the shard (4010)", "Correct chat.discord.shards"),
    4011: Trouble("Discord demands more shards (4011)", "Raise chat.discord.shards: one for 2,500 servers"),
    4012: Trouble("Discord does not speak this version any more (4012)", "Update newsbot"),
    4013: Trouble("Discord refused what newsbot asks to hear (4013)", "Update newsbot"),
    4014: Trouble("Discord refused what newsbot asks to hear (4014)", "Update newsbot"),
}
"""Reasons for which Discord closes a connection, and will again."""


async def keep_alive(
    listen: Callable[[], Awaitable[None]],
    first_pause_s: float,
    *,
    steady_s: float = STEADY_S,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Listen until cancelled, connecting anew after every failure; return when Discord will never have us."""
    clock = asyncio.get_running_loop().time
    pause_s = first_pause_s
    while True:
        began_s = clock()
        try:
            await listen()
            log.warning("discord closed the connection")
        except Exception as error:
            # The boundary of the connection: whatever ends it, the rest of newsbot goes on.
            trouble = _hopeless(error)
            if trouble:
                log.error("discord is not listened to any more", reason=trouble.what, remedy=trouble.remedy)
                return
            expected = isinstance(error, LIBRARY_ERRORS)
            log.warning(
                "discord connection broke", reason=_words(error), again_in_s=pause_s, exc_info=not expected
            )
        if clock() - began_s >= steady_s:
            pause_s = first_pause_s
        await sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def _hopeless(error: Exception) -> Trouble | None:
    match error:
        case discord.LoginFailure():
            return TOKEN_REFUSED
        case discord.PrivilegedIntentsRequired():
            return _HOPELESS[4014]
        case discord.ConnectionClosed():
            return _HOPELESS.get(error.code)
        case _:
            return None


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def new_client(listening: DiscordListening) -> discord.Client:
    """Return a client that hears of servers, channels and what people ask, and of no message."""
    options: dict[str, Any] = {
        "intents": discord.Intents(guilds=True),
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_messages": None,
        "guild_ready_timeout": listening.ready_within_s,
    }
    client = _sharded(listening, options) if listening.shards > 1 else discord.Client(**options)

    async def before_identify_hook(_shard: int | None, *, initial: bool = False) -> None:
        if not initial:
            await asyncio.sleep(listening.identify_gap_s)

    async def on_error(event: str, *_args: Any, **_rest: Any) -> None:
        log.exception("discord event broke", happening=event)  # noqa: LOG004 - called while the error is handled

    client.event(before_identify_hook)
    client.event(on_error)
    _skip_unreadable(client)
    return client


def _sharded(listening: DiscordListening, options: dict[str, Any]) -> discord.Client:
    ids = list(listening.shard_ids or range(listening.shards))
    return discord.AutoShardedClient(shard_count=listening.shards, shard_ids=ids, **options)


def _skip_unreadable(client: discord.Client) -> None:
    """Let an event that discord.py cannot read be missed: by itself it would end the client."""
    parsers = client._connection.parsers  # noqa: SLF001 - discord.py offers no other place
    for name, parse in list(parsers.items()):
        parsers[name] = _skipping(name, parse)


def _skipping(name: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        try:
            return parse(data)
        except Exception:
            # The boundary of what Discord tells: one event must not end all others.
            log.exception("discord sent an event that cannot be read", happening=name)
            return None

    return read
