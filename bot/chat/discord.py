"""Discord as a chat platform: discord.py over REST for what is posted, over its gateway for what people say.

discord_posting        alerts out          discord_embeds
discord_listener       people in           discord_gateway, _registration, _places
discord_reading        what they said      discord_commands, _files
discord_answering      what is answered    discord_replies, _forms
discord_access, _sight who may what        discord_errors, _settings, _invite
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Self

import aiohttp
import discord

from bot.chat.discord_access import check_channels, what_is_missing
from bot.chat.discord_errors import LIBRARY_ERRORS, MISSING_PERMISSIONS, interrupt, not_an_id, trouble_with
from bot.chat.discord_listener import DiscordListener
from bot.chat.discord_posting import Alert, DiscordPosting, Unpostable
from bot.chat.discord_settings import DEFAULT_URL, DiscordListening, point_at
from bot.chat.discord_sight import DiscordSight
from bot.chat.limits import DISCORD_MIN_GAP_S
from bot.chat.trouble import Pause, Trouble
from bot.domain.commands.exchange import Caller, Rights
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId, Mention, Person
from bot.ports import CheckResult, Desk

TIMEOUT_S = 20.0
NAMING_S = 5.0
"""How long a refusal waits for the names of what is missing."""
LEAST_RATE_LIMIT_WAIT_S = 30.0
"""discord.py raises instead of waiting for a longer rate limit; it takes no smaller figure."""


class DiscordChat:
    """Posts alerts as embeds, and hears what people say.

    The delivery id is the nonce, by which Discord folds a re-send within minutes.
    """

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
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._client: discord.Client | None = None
        self._entering = asyncio.Lock()
        self._pause = Pause()
        self._posting = DiscordPosting()
        self._sight = DiscordSight(self._logged_in, timeout_s)
        self._listener = DiscordListener(token, listening or DiscordListening(), self._sight)

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
                client = await self._logged_in()
                return await self._posting.post(client, Alert(channel, message, delivery_id))
        except Unpostable as error:
            raise error.trouble.error() from error
        except LIBRARY_ERRORS as error:
            trouble = await self._trouble(error, channel)
            self._pause.heed(trouble)
            raise trouble.error() from error

    async def _trouble(self, error: Exception, channel: ChannelAddress) -> Trouble:
        """Say what went wrong; of a permission that is missing, which one."""
        if isinstance(error, discord.Forbidden) and error.code == MISSING_PERMISSIONS:
            found = await what_is_missing(await self._logged_in(), channel, NAMING_S)
            if found:
                return found
        return trouble_with(error, channel.channel, self._timeout_s)

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

    async def serve(self, desk: Desk) -> None:
        """Listen for commands until cancelled; a connection that is lost is made again."""
        await self._listener.serve(desk)

    async def visible(self, person: Person, channels: Sequence[ChannelAddress]) -> frozenset[ChannelAddress]:
        """Return those of some channels that a person can see."""
        return await self._sight.visible(person, channels)

    async def rights(self, person: Person, channel: ChannelAddress) -> Rights:
        """Return what a person may do in a channel, as Discord says it now; raise ChatError."""
        return await self._sight.rights(person, channel)

    async def may_mention(self, caller: Caller, channel: ChannelAddress, mention: Mention) -> bool:
        """Say whether a person could make this mention in a channel themselves."""
        return await self._sight.may_mention(caller, channel, mention)

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
        # This client receives nothing; the intent only keeps discord.py from warning.
        intents=discord.Intents(guilds=True),
        allowed_mentions=discord.AllowedMentions.none(),
        max_ratelimit_timeout=LEAST_RATE_LIMIT_WAIT_S,
        http_trace=trace,
    )


async def _look_at_answer(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
) -> None:
    await interrupt(params.response)
