"""From an app's payloads to the workspace that each is of: the payload's team id decides."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.chat.slack_enrolment import Enrolment
from bot.chat.slack_leaving import TAKEN_BACK, passage
from bot.chat.slack_payloads import Payload
from bot.chat.slack_reception import FormAnswer, SlackReception
from bot.errors import ChatError
from bot.ports import Desk

log = structlog.get_logger(__name__)


class Switchboard:
    """Hands on what one app hears to its own workspaces only."""

    def __init__(self, receptions: Sequence[SlackReception], enrolment: Enrolment, desk: Desk) -> None:
        self._receptions, self._enrolment, self._desk = receptions, enrolment, desk

    async def command(self, body: Payload) -> None:
        """Hand on a slash command."""
        if reception := await self._of(body):
            await reception.command(body, self._desk)

    async def press(self, body: Payload) -> None:
        """Hand on a pressed button or a chosen shortcut."""
        if reception := await self._of(body):
            await reception.press(body, self._desk)

    async def submission(self, body: Payload) -> FormAnswer | None:
        """Hand on a form; None when it is nobody's."""
        reception = await self._of(body)
        return await reception.submission(body, self._desk) if reception else None

    async def event(self, body: Payload) -> None:
        """Note who came or went."""
        happened = passage(body)
        reception = await self._of(body) if happened else None
        if happened is None or reception is None:
            return
        if happened.channel is None:
            # An app may have several tokens: what was taken back need not be ours.
            if happened.reason != TAKEN_BACK or not await self._enrolment.holds(reception.team):
                await self._enrolment.leave(reception.team, happened.reason)
        else:
            await self._enrolment.passed(reception.team, happened.channel, happened.reason)

    async def _of(self, body: Payload) -> SlackReception | None:
        team_id = _team_id(body)
        for reception in self._receptions:
            if await self._is(reception, team_id):
                if "event" not in body:
                    await self._enrolment.returned(reception.team)
                return reception
        log.warning("Slack payload of a workspace that is not configured", team=team_id)
        return None

    async def _is(self, reception: SlackReception, team_id: str) -> bool:
        try:
            return bool(team_id) and await reception.team.identified() == team_id
        except ChatError as error:
            log.warning(
                "Slack workspace not known yet", workspace=reception.team.workspace.name, reason=str(error)
            )
            return False


def _team_id(body: Payload) -> str:
    """Return the workspace that a payload is for: in a channel shared by two companies an event may name the other's."""
    ours = next((row.get("team_id") for row in body.get("authorizations") or ()), None)
    return str(ours or body.get("team_id") or (body.get("team") or {}).get("id") or "")
