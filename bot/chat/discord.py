"""Discord as a chat platform: discord.py's client, over REST only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Self

import aiohttp
import discord

from bot.chat.discord_access import check_channels
from bot.chat.discord_embeds import alert_embed
from bot.chat.discord_errors import LIBRARY_ERRORS, blames_a_picture, interrupt, not_an_id, trouble_with
from bot.chat.discord_settings import DEFAULT_URL, DiscordListening, point_at
from bot.chat.limits import DISCORD_MIN_GAP_S
from bot.chat.trouble import Pause
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId
from bot.ports import CheckResult

TIMEOUT_S = 20.0
LEAST_RATE_LIMIT_WAIT_S = 30.0
"""discord.py raises instead of waiting for a longer rate limit; it takes no smaller figure."""


class DiscordChat:
    """Posts alerts as embeds; the delivery id is the nonce, by which Discord folds a re-send within minutes."""

    platform = "discord"
    min_gap_s = DISCORD_MIN_GAP_S

    def __init__(
        self,
        token: str,
        base_url: str = DEFAULT_URL,
        *,
        listening: DiscordListening | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._token = token
        self._listening = listening or DiscordListening()
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._client: discord.Client | None = None
        self._entering = asyncio.Lock()
        self._pause = Pause()

    async def __aenter__(self) -> Self:
        point_at(self._base_url)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._client:
            await self._client.close()
            self._client = None

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        """Post one embed and return Discord's id of the message; raise ChatError."""
        self._pause.check()
        if not channel.channel.isdecimal():
            raise not_an_id(channel.channel).error()
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._post(channel, message, delivery_id)
        except LIBRARY_ERRORS as error:
            trouble = trouble_with(error, channel.channel, self._timeout_s)
            self._pause.heed(trouble)
            raise trouble.error() from error

    async def _post(self, channel: ChannelAddress, message: AlertMessage, nonce: DeliveryId) -> str:
        client = await self._logged_in()
        place = client.get_partial_messageable(int(channel.channel))
        nobody = discord.AllowedMentions.none()
        try:
            embed = discord.Embed.from_dict(alert_embed(message))
            sent = await place.send(embed=embed, nonce=nonce, allowed_mentions=nobody)
        except discord.HTTPException as error:
            if not blames_a_picture(error):
                raise
            embed = discord.Embed.from_dict(alert_embed(message, pictures=False))
            sent = await place.send(embed=embed, nonce=nonce, allowed_mentions=nobody)
        return str(sent.id)

    async def _logged_in(self) -> discord.Client:
        """Return the client; log in with the first use, so that the program starts while Discord is down."""
        async with self._entering:
            if self._client is None:
                client = _new_client()
                try:
                    await client.login(self._token)
                except BaseException:
                    await client.close()
                    raise
                self._client = client
            return self._client

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        """Try the token, and what the bot may do in each channel."""
        try:
            async with asyncio.timeout(self._timeout_s):
                client = await self._logged_in()
        except LIBRARY_ERRORS as error:
            return [trouble_with(error, "", self._timeout_s).line("discord")]
        name = client.user.name if client.user else "?"
        connected = CheckResult("discord", ok=True, detail=f"connected as @{name}", facts={"bot": name})
        return [connected, *await check_channels(client, channels, self._timeout_s)]


def _new_client() -> discord.Client:
    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(_look_at_answer)
    return discord.Client(
        # Nothing is received yet; this one only keeps discord.py from warning.
        intents=discord.Intents(guilds=True),
        allowed_mentions=discord.AllowedMentions.none(),
        max_ratelimit_timeout=LEAST_RATE_LIMIT_WAIT_S,
        http_trace=trace,
    )


async def _look_at_answer(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
) -> None:
    await interrupt(params.response)
