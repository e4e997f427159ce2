"""Slack as a chat platform: slack_sdk's Web API client."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Self

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.limits import SLACK_MIN_GAP_S
from bot.chat.slack_blocks import alert_blocks, alert_text
from bot.chat.slack_errors import (
    LIBRARY_ERRORS,
    SCOPES_PAGE,
    blames_a_picture,
    concerns_channel,
    may_pass,
    trouble_with,
)
from bot.chat.trouble import Pause, Trouble
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId
from bot.ports import CheckResult

DEFAULT_URL = "https://slack.com/api/"
TIMEOUT_S = 20.0
EVENT_TYPE = "newsbot_alert"
LOOK_BACK = 15
"""Messages searched for a delivery whose answer was lost; some apps may ask for no more at once."""
MOST_UNSURE = 1000
NAMING_S = 5.0
"""How long a refusal waits for the name of its channel."""
NEEDED_SCOPES = ("chat:write", "channels:read")
USEFUL_SCOPES = {
    "groups:read": "private channels cannot be checked",
    "channels:history": "an alert may show twice after a lost answer",
}


class SlackChat:
    """Posts alerts as Block Kit; the delivery id travels in the message's metadata.

    Slack folds no re-send. After an answer was lost, the next attempt looks for the message before it posts again.
    """

    platform = "slack"
    min_gap_s = SLACK_MIN_GAP_S

    def __init__(self, token: str, base_url: str = DEFAULT_URL, *, timeout_s: float = TIMEOUT_S) -> None:
        self._token = token
        self._base_url = base_url.rstrip("/") + "/"
        self._timeout_s = timeout_s
        self._bot = "newsbot"
        self._unsure: dict[DeliveryId, None] = {}
        self._pause = Pause()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        # Without retry handlers: those sleep here, where the outbox should wait.
        self._client = AsyncWebClient(
            token=self._token, base_url=self._base_url, session=self._session, retry_handlers=[]
        )
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._session.close()

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        """Post one message and return its ts; raise ChatError."""
        self._pause.check()
        try:
            async with asyncio.timeout(self._timeout_s):
                receipt = await self._send(channel, message, delivery_id)
        except LIBRARY_ERRORS as error:
            trouble = await self._trouble(error, channel)
            self._pause.heed(trouble)
            if not trouble.ambiguous:
                self._unsure.pop(delivery_id, None)
            raise trouble.error() from error
        self._unsure.pop(delivery_id, None)
        return receipt

    async def _send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        if delivery_id in self._unsure and (found := await self._found(channel, delivery_id)):
            return found
        self._remember(delivery_id)
        return await self._post(channel, message, delivery_id)

    async def _post(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        try:
            return await self._post_blocks(channel, message, delivery_id, pictures=True)
        except SlackApiError as error:
            if not blames_a_picture(error):
                raise
            return await self._post_blocks(channel, message, delivery_id, pictures=False)

    async def _post_blocks(
        self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId, *, pictures: bool
    ) -> str:
        answer = await self._client.chat_postMessage(
            channel=channel.channel,
            text=alert_text(message),
            blocks=alert_blocks(message, pictures=pictures),
            metadata={"event_type": EVENT_TYPE, "event_payload": {"delivery": delivery_id}},
            parse="none",
            link_names=False,
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    def _remember(self, delivery_id: DeliveryId) -> None:
        """Note that a delivery may stand in its channel until an answer says whether it does."""
        self._unsure[delivery_id] = None
        while len(self._unsure) > MOST_UNSURE:
            del self._unsure[next(iter(self._unsure))]

    async def _found(self, channel: ChannelAddress, delivery_id: DeliveryId) -> str | None:
        """Return the ts under which a delivery already stands in the channel, or None when that cannot be known."""
        try:
            answer = await self._client.conversations_history(
                channel=channel.channel, limit=LOOK_BACK, include_all_metadata=True
            )
        except SlackApiError as error:
            if may_pass(error):
                raise
            return None
        for message in answer.get("messages") or ():
            metadata = message.get("metadata") or {}
            if metadata.get("event_payload", {}).get("delivery") == delivery_id:
                return str(message["ts"])
        return None

    async def _trouble(self, error: Exception, channel: ChannelAddress) -> Trouble:
        name = await self._name(channel) if concerns_channel(error) else channel.channel
        return trouble_with(error, name, self._bot, self._timeout_s)

    async def _name(self, channel: ChannelAddress) -> str:
        """Return `#world`, or the channel's id where Slack does not tell."""
        try:
            async with asyncio.timeout(NAMING_S):
                answer = await self._client.conversations_info(channel=channel.channel)
        except LIBRARY_ERRORS:
            return channel.channel
        return f"#{answer['channel']['name']}"

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        """Try the token, its scopes, and whether each channel can be posted to."""
        try:
            answer = await self._client.auth_test()
        except LIBRARY_ERRORS as error:
            return [trouble_with(error, "", self._bot, self._timeout_s).line("slack")]
        self._bot = answer["user"]
        scopes = str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(",")
        token = _token_line(answer["team"], self._bot, scopes)
        return [
            token,
            *[await self._channel_line(channel, answer["team_id"], scopes) for channel in channels],
        ]

    async def _channel_line(self, channel: ChannelAddress, team_id: str, scopes: list[str]) -> CheckResult:
        subject = str(channel)
        if channel.workspace != team_id:
            what = f"The token belongs to the team {team_id}, not to {channel.workspace}"
            return Trouble(what, "Correct the team in the channel's address, or set the other token").line(
                subject
            )
        try:
            answer = await self._client.conversations_info(channel=channel.channel)
        except LIBRARY_ERRORS as error:
            return trouble_with(error, channel.channel, self._bot, self._timeout_s).line(subject)
        place = answer["channel"]
        name = f"#{place['name']}"
        if place.get("is_archived"):
            return Trouble(f"{name} is archived", "Unarchive it, or use another channel").line(subject)
        if not place.get("is_member") and "chat:write.public" not in scopes:
            return Trouble(f"I'm not a member of {name}", f"Type /invite @{self._bot} there").line(subject)
        return CheckResult(subject, ok=True, detail=f"{name} can be posted to", facts={"name": place["name"]})


def _token_line(team: str, bot: str, scopes: list[str]) -> CheckResult:
    missing = [scope for scope in NEEDED_SCOPES if scope not in scopes]
    if missing:
        what = f"connected to “{team}” as @{bot}, but the token lacks {', '.join(missing)}"
        return Trouble(what, f"Add {', '.join(missing)} at {SCOPES_PAGE}, then reinstall the app").line(
            "slack"
        )
    risks = "".join(
        f"; without {scope} {risk}" for scope, risk in USEFUL_SCOPES.items() if scope not in scopes
    )
    facts = {"team": team, "bot": bot}
    return CheckResult("slack", ok=True, detail=f"connected to “{team}” as @{bot}{risks}", facts=facts)
