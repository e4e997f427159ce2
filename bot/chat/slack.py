"""Slack as a chat platform: every workspace that has our app, each with its own tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import aiohttp

from bot.chat.limits import SLACK_MIN_GAP_S
from bot.chat.slack_settings import DEFAULT_URL, SlackListening, SlackWorkspace
from bot.chat.slack_team import SlackTeam
from bot.chat.trouble import Trouble
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId
from bot.ports import CheckResult

TIMEOUT_S = 20.0


class SlackChat:
    """Brings each alert to the workspace that it is for."""

    platform = "slack"
    min_gap_s = SLACK_MIN_GAP_S

    def __init__(
        self,
        workspaces: str | Sequence[SlackWorkspace],
        base_url: str = DEFAULT_URL,
        *,
        timeout_s: float = TIMEOUT_S,
        listening: SlackListening | None = None,
    ) -> None:
        """Take the workspaces; a mere bot token stands for the only one."""
        self._workspaces: tuple[SlackWorkspace, ...] = (
            (SlackWorkspace("slack", workspaces),) if isinstance(workspaces, str) else tuple(workspaces)
        )
        self._base_url = base_url.rstrip("/") + "/"
        self._timeout_s = timeout_s
        self._listening = listening or SlackListening()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        self._teams = [
            SlackTeam(workspace, self._base_url, self._session, self._timeout_s)
            for workspace in self._workspaces
        ]
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._session.close()

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        """Post one message and return its ts; raise ChatError."""
        team = await self._team(channel.workspace)
        return await team.send(channel, message, delivery_id)

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        """Try each workspace's token and scopes, and whether each channel can be posted to."""
        if len(self._teams) == 1:
            return await self._teams[0].check("slack", channels)
        lines: list[CheckResult] = []
        for team in self._teams:
            lines += await team.check(f"slack {team.workspace.name}", channels, alone=False)
        ids = {team.team_id for team in self._teams}
        strange = [channel for channel in channels if channel.workspace not in ids]
        return [*lines, *(_stranger(channel.workspace).line(str(channel)) for channel in strange)]

    async def _team(self, team_id: str) -> SlackTeam:
        """Return the workspace with an id; raise ChatError where there is none."""
        if len(self._teams) == 1 and not self._teams[0].team_id:
            return self._teams[0]
        for team in self._teams:
            if team.team_id == team_id:
                return team
        for team in self._teams:
            if not team.team_id and await team.identified() == team_id:
                return team
        raise _stranger(team_id).error()


def _stranger(team_id: str) -> Trouble:
    what = f"newsbot has no token for the Slack workspace {team_id}"
    return Trouble(what, "Add the workspace and its tokens to the configuration", permanent=True)
