"""Discord's refusals in the program's terms."""

from __future__ import annotations

import aiohttp
import discord

from bot.chat.trouble import TOKEN_PAUSE_S, Trouble, network_trouble, server_error, too_fast

NAME = "Discord"
TOKEN_REFUSED = Trouble(
    "Discord refused the token (401)",
    "Reset it at the developer portal → Bot, and set DISCORD_TOKEN",
    retry_after_s=TOKEN_PAUSE_S,
    everywhere=True,
)
MISSING_PERMISSIONS = 50013
"""Discord’s code; it does not say which."""
BAN_PAUSE_S = 600.0
"""How long Cloudflare's bans last at least, as seen; it names no time itself."""


class Interrupted(Exception):
    """An answer that discord.py would sit out itself, sleeping; the outbox does that better."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.what)
        self.trouble = trouble


LIBRARY_ERRORS = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError, Interrupted)
"""Everything that a call through discord.py may raise when Discord or the network fails."""


async def interrupt(response: aiohttp.ClientResponse) -> None:
    """Raise Interrupted for an answer after which discord.py would sleep in place of returning."""
    if response.status == 429:
        raise Interrupted(await _rate_limit(response))
    if response.status >= 500:
        response.close()
        raise Interrupted(server_error(NAME, response.status))


async def _rate_limit(response: aiohttp.ClientResponse) -> Trouble:
    try:
        body = await response.json(content_type=None)
        return too_fast(NAME, float(body["retry_after"]), everywhere=bool(body.get("global")))
    except (ValueError, TypeError, KeyError):  # not Discord's own words: a ban by Cloudflare, which guards it
        after = response.headers.get("Retry-After", "")
        return too_fast(NAME, float(after) if after.isdecimal() else BAN_PAUSE_S, everywhere=True)


def trouble_with(error: Exception, channel: str, timeout_s: float) -> Trouble:
    """Say what an error of LIBRARY_ERRORS means for a channel."""
    match error:
        case Interrupted():
            return error.trouble
        case discord.RateLimited():
            return too_fast(NAME, error.retry_after)
        case discord.LoginFailure():
            return TOKEN_REFUSED
        case discord.HTTPException():
            return _refusal(error, channel)
    return network_trouble(NAME, error, timeout_s)


def _refusal(error: discord.HTTPException, channel: str) -> Trouble:
    if error.status == 401:
        return TOKEN_REFUSED
    known = _BY_CODE.get(error.code)
    if known:
        what, remedy = known
        return Trouble(what.format(channel=channel), remedy, permanent=True)
    words = " ".join((error.text or "no reason given").split())[:300]
    return Trouble(f"Discord refused the message ({error.code or error.status}: {words})", permanent=True)


_BY_CODE = {
    10003: (
        "Channel {channel} is not there any more",
        "Move its subscriptions to another channel, or remove them",
    ),
    10004: ("The server of channel {channel} is not there any more", "Remove its subscriptions"),
    50001: (
        "I can't see channel {channel}",
        "Invite me to the server, and allow me View Channel there (Edit Channel → Permissions)",
    ),
    MISSING_PERMISSIONS: (
        "I may not post in channel {channel}",
        "Allow me Send Messages and Embed Links there (Edit Channel → Permissions)",
    ),
    50083: ("The thread {channel} is closed", "Reopen it, or use another channel"),
    160005: ("The thread {channel} is closed", "Reopen it, or use another channel"),
}


def not_an_id(text: str) -> Trouble:
    """Say that what should be the id of a channel or server is none."""
    remedy = "Turn on Developer Mode in Discord, right-click the channel or server, and choose Copy ID"
    return Trouble(f"“{text}” is not an id of Discord, which is a long number", remedy, permanent=True)


def blames_a_picture(error: Exception) -> bool:
    """Say whether Discord refused an embed for the address of a picture in it."""
    is_form = isinstance(error, discord.HTTPException) and error.code == 50035
    return is_form and any(part in str(error) for part in ("thumbnail", "icon_url"))
