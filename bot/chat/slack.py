"""Slack as a chat platform: every workspace that has our app, each with its own tokens.

posting    slack_team: slack_blocks, slack_errors
hearing    slack_socket or slack_http → slack_app, which acknowledges → slack_switchboard → slack_reception
reading    slack_payloads, slack_typing, slack_people
answering  slack_answers: slack_replies and slack_forms (both of slack_parts), slack_files; slack_patience
places     slack_enrolment, slack_leaving         setting up  slack_settings, slack_manifest
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp

from bot.chat.limits import SLACK_MIN_GAP_S
from bot.chat.slack_app import Errands, bolt_app
from bot.chat.slack_enrolment import Enrolment
from bot.chat.slack_http import SlackHook
from bot.chat.slack_patience import Wait
from bot.chat.slack_people import SlackPeople
from bot.chat.slack_reception import SlackReception
from bot.chat.slack_settings import DEFAULT_URL, SlackListening, SlackWorkspace
from bot.chat.slack_socket import SocketLine
from bot.chat.slack_switchboard import Switchboard
from bot.chat.slack_team import SlackTeam
from bot.chat.trouble import Trouble
from bot.domain.commands.exchange import Caller, Rights
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId, Mention, Person
from bot.ports import CheckResult, Desk

log = structlog.get_logger(__name__)

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
        wait: Wait = asyncio.sleep,
    ) -> None:
        """Take the workspaces; a mere bot token stands for the only one."""
        self._workspaces: tuple[SlackWorkspace, ...] = (
            (SlackWorkspace("slack", workspaces),) if isinstance(workspaces, str) else tuple(workspaces)
        )
        self._base_url = base_url.rstrip("/") + "/"
        self._timeout_s = timeout_s
        self._listening = listening or SlackListening()
        if self._listening.http:
            # An app that is posted to has no connections to open.
            self._workspaces = tuple(replace(one, app_token="") for one in self._workspaces)
        self._wait = wait
        self.hook = SlackHook()
        """Takes what Slack posts in HTTP mode, for `bot.web`."""

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
        within_s = self._listening.form_within_s
        self._receptions = {
            team: SlackReception(team, self._session, self._wait, within_s) for team in self._teams
        }
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

    async def serve(self, desk: Desk) -> None:
        """Listen in every workspace until cancelled.

        A workspace that takes its token back, or an app whose own token is refused, ends by itself with a line in the
        log; the others go on.
        """
        errands, enrolment = Errands(), Enrolment(desk, self._wait)
        try:
            async with asyncio.TaskGroup() as group:
                for team in self._teams:
                    group.create_task(enrolment.enrol(team))
                self._listen(desk, enrolment, errands, group)
                await asyncio.Event().wait()
        finally:
            self.hook.open({})
            await errands.stop(self._listening.drain_s)

    def _listen(self, desk: Desk, enrolment: Enrolment, errands: Errands, group: asyncio.TaskGroup) -> None:
        apps: dict[str, AsyncApp] = {}
        for credential, teams in self._by_app().items():
            board = Switchboard([self._receptions[team] for team in teams], enrolment, desk)
            apps[credential] = bolt_app(board, errands, self._base_url, self._listening.form_answer_s)
            names = ", ".join(team.workspace.name for team in teams)
            for _ in range(0 if self._listening.http else self._listening.connections):
                line = SocketLine(apps[credential], credential, self._session, errands)
                group.create_task(line.keep(self._wait, names))
        if self._listening.http:
            self.hook.open(apps)

    def _by_app(self) -> dict[str, list[SlackTeam]]:
        """Return the workspaces by the secret that their app has in common."""
        apps: dict[str, list[SlackTeam]] = {}
        for team in self._teams:
            workspace = team.workspace
            secret = workspace.signing_secret if self._listening.http else workspace.app_token
            if secret:
                apps.setdefault(secret, []).append(team)
                continue
            what = "signing secret" if self._listening.http else "app-level token"
            log.warning("Slack workspace takes no commands", workspace=workspace.name, missing=what)
        return apps

    async def visible(self, person: Person, channels: Sequence[ChannelAddress]) -> frozenset[ChannelAddress]:
        """Return those of some channels that a person can see; raise ChatError."""
        seen: frozenset[ChannelAddress] = frozenset()
        for team_id in sorted({channel.workspace for channel in channels}):
            mine = [channel for channel in channels if channel.workspace == team_id]
            seen |= await (await self._people(team_id)).visible(person, mine)
        return seen

    async def rights(self, person: Person, channel: ChannelAddress) -> Rights:
        """Return what a person may do in a channel, as Slack says it now; raise ChatError."""
        return await (await self._people(channel.workspace)).rights(person, channel)

    async def may_mention(self, caller: Caller, channel: ChannelAddress, mention: Mention) -> bool:
        """Say whether a person could make this mention in a channel themselves; raise ChatError."""
        return await (await self._people(channel.workspace)).may_mention(caller, channel, mention)

    async def _people(self, team_id: str) -> SlackPeople:
        team = await self._team(team_id)
        await team.identified()
        return self._receptions[team].people

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
