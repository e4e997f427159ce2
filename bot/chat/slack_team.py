"""One Slack workspace: slack_sdk's Web API client with the token of our app there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.slack_blocks import alert_blocks, alert_text
from bot.chat.slack_errors import (
    LIBRARY_ERRORS,
    SCOPES_PAGE,
    blames_a_picture,
    concerns_channel,
    may_pass,
    trouble_with,
)
from bot.chat.slack_settings import SlackWorkspace
from bot.chat.trouble import Pause, Trouble
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId
from bot.ports import CheckResult

EVENT_TYPE = "newsbot_alert"
LOOK_BACK = 15
"""Messages searched for a delivery whose answer was lost; some apps may ask for no more at once."""
MOST_UNSURE = 1000
NAMING_S = 5.0
"""How long a refusal waits for the name of its channel."""
NEEDED_SCOPES = ("chat:write", "channels:read")
LISTENING_SCOPES = {
    "commands": "commands cannot be typed",
    "users:read": "commands are refused",
    "usergroups:read": "user groups are not known",
    "files:read": "files cannot be imported",
    "files:write": "files cannot be exported",
}
"""What else it takes to hear commands."""
DEAF = {"an app-level token or a signing secret": "no commands are heard"}
"""What is amiss where newsbot only posts; no scope is called so."""
USEFUL_SCOPES = {
    "groups:read": "private channels cannot be checked",
    "channels:history": "an alert may show twice after a lost answer",
}

TO_HEAR = (
    "Make an app-level token with connections:write at api.slack.com/apps → Basic Information, and set it"
)


class SlackTeam:
    """Posts alerts as Block Kit; the delivery id travels in the message's metadata.

    Slack folds no re-send. After an answer was lost, the next attempt looks for the message before it posts again.
    """

    def __init__(
        self, workspace: SlackWorkspace, base_url: str, session: aiohttp.ClientSession, timeout_s: float
    ) -> None:
        self.workspace = workspace
        self.team_id = workspace.team_id
        """Empty until Slack has said it."""
        self.bot_user_id = ""
        # Without retry handlers: those sleep here, where the outbox should wait.
        self.client = AsyncWebClient(
            token=workspace.bot_token, base_url=base_url, session=session, retry_handlers=[]
        )
        self._timeout_s = timeout_s
        self._bot = "newsbot"
        self._unsure: dict[DeliveryId, None] = {}
        self._pause = Pause()

    async def identify(self) -> AsyncSlackResponse:
        """Ask Slack whose token this is; raise one of LIBRARY_ERRORS."""
        answer = await self.client.auth_test()
        self._bot, self.bot_user_id = str(answer["user"]), str(answer["user_id"])
        self.team_id = str(answer["team_id"])
        return answer

    async def identified(self) -> str:
        """Return the team's id, asked for only once; raise ChatError."""
        if not self.team_id:
            try:
                await self.identify()
            except LIBRARY_ERRORS as error:
                raise self.trouble(error).error() from error
        return self.team_id

    def trouble(self, error: Exception, place: str = "") -> Trouble:
        """Say what one of LIBRARY_ERRORS means."""
        return trouble_with(error, place, self._bot, self._timeout_s)

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
        answer = await self.client.chat_postMessage(
            channel=channel.channel,
            text=alert_text(message),
            blocks=alert_blocks(message, pictures=pictures, alert=delivery_id),
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
            answer = await self.client.conversations_history(
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
        return self.trouble(error, name)

    async def _name(self, channel: ChannelAddress) -> str:
        """Return `#world`, or the channel's id where Slack does not tell."""
        try:
            async with asyncio.timeout(NAMING_S):
                answer = await self.client.conversations_info(channel=channel.channel)
        except LIBRARY_ERRORS:
            return channel.channel
        return f"#{answer['channel']['name']}"

    async def check(
        self, subject: str, channels: Sequence[ChannelAddress], *, alone: bool = True
    ) -> Sequence[CheckResult]:
        """Try the token, its scopes, and whether each channel can be posted to.

        Where it is not `alone`, channels of other workspaces are left to those.
        """
        try:
            answer = await self.identify()
        except LIBRARY_ERRORS as error:
            return [self.trouble(error).line(subject)]
        scopes = str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(",")
        wanted = LISTENING_SCOPES if self.workspace.listens else DEAF
        token = _token_line(subject, (answer["team"], self._bot), scopes, {**USEFUL_SCOPES, **wanted})
        mine = [channel for channel in channels if alone or channel.workspace == self.team_id]
        return [
            token,
            *await self._app_lines(subject),
            *[await self._channel_line(channel, scopes) for channel in mine],
        ]

    async def _app_lines(self, subject: str) -> list[CheckResult]:
        """Try the app's own token, if there is one; a line only where it fails."""
        if not self.workspace.app_token:
            return []
        try:
            await self.client.apps_connections_open(app_token=self.workspace.app_token)
        except LIBRARY_ERRORS as error:
            what = f"commands cannot be heard. {self.trouble(error).what}"
            return [Trouble(what, TO_HEAR).line(f"{subject} commands")]
        return []

    async def _channel_line(self, channel: ChannelAddress, scopes: list[str]) -> CheckResult:
        subject = str(channel)
        if channel.workspace != self.team_id:
            what = f"The token belongs to the team {self.team_id}, not to {channel.workspace}"
            return Trouble(what, "Correct the team in the channel's address, or set the other token").line(
                subject
            )
        try:
            answer = await self.client.conversations_info(channel=channel.channel)
        except LIBRARY_ERRORS as error:
            return self.trouble(error, channel.channel).line(subject)
        place = answer["channel"]
        name = f"#{place['name']}"
        if place.get("is_archived"):
            return Trouble(f"{name} is archived", "Unarchive it, or use another channel").line(subject)
        if not place.get("is_member") and "chat:write.public" not in scopes:
            return Trouble(f"I'm not a member of {name}", f"Type /invite @{self._bot} there").line(subject)
        return CheckResult(subject, ok=True, detail=f"{name} can be posted to", facts={"name": place["name"]})


def _token_line(
    subject: str, who: tuple[str, str], scopes: Sequence[str], useful: Mapping[str, str]
) -> CheckResult:
    """Say as whom the token speaks, and what it cannot do; `useful` are scopes and what is amiss without them."""
    team, bot = who
    missing = [scope for scope in NEEDED_SCOPES if scope not in scopes]
    if missing:
        what = f"connected to “{team}” as @{bot}, but the token lacks {', '.join(missing)}"
        return Trouble(what, f"Add {', '.join(missing)} at {SCOPES_PAGE}, then reinstall the app").line(
            subject
        )
    risks = "".join(f"; without {scope} {risk}" for scope, risk in useful.items() if scope not in scopes)
    detail = f"connected to “{team}” as @{bot}{risks}"
    return CheckResult(subject, ok=True, detail=detail, facts={"team": team, "bot": bot})
