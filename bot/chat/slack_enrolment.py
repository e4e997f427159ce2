"""Entering and leaving workspaces: whose token it is, whether it is still taken, and what the desk is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.chat.slack_errors import LIBRARY_ERRORS, code_of, refuses_token
from bot.chat.slack_leaving import TAKEN_BACK
from bot.chat.slack_patience import Wait, back_off_s, patiently, with_back_off
from bot.chat.slack_team import SlackTeam
from bot.errors import NewsbotError
from bot.ports import Desk

log = structlog.get_logger(__name__)

TELLING = 10
"""How often the desk is told when its store fails: some minutes."""
_TAKEN_BACK = frozenset({"token_revoked", "account_inactive"})
REMEDY = "install the app again, set its new token, and start newsbot again"


class Enrolment:
    """Knows which workspaces are ours; a token that is refused is not offered again by itself."""

    def __init__(self, desk: Desk, wait: Wait) -> None:
        self._desk, self._wait = desk, wait
        self._left: dict[SlackTeam, str] = {}

    async def enrol(self, team: SlackTeam) -> None:
        """Learn whose token it is, however long that takes, unless Slack refuses it."""

        def failed(error: Exception, pause_s: float) -> None:
            if refuses_token(error):
                raise error
            reason = team.trouble(error).what
            log.warning(
                "Slack workspace not reached",
                workspace=team.workspace.name,
                reason=reason,
                again_in_s=pause_s,
            )

        try:
            await with_back_off(team.identify, self._wait, failed)
        except LIBRARY_ERRORS as error:
            # A wrong token may be a slip of the operator's; one that was taken back is not.
            lasting = bool(team.team_id) and code_of(error) in _TAKEN_BACK
            await self.leave(team, TAKEN_BACK if lasting else team.trouble(error).what, lasting=lasting)
            return
        await self._entered(team)

    async def returned(self, team: SlackTeam) -> None:
        """Look whether a workspace that was left takes the token again, now that somebody speaks there."""
        if team in self._left and await self.holds(team):
            await self._entered(team)

    async def holds(self, team: SlackTeam) -> bool:
        """Say whether Slack takes the token just now."""
        try:
            await team.identify()
        except LIBRARY_ERRORS:
            return False
        return True

    async def _entered(self, team: SlackTeam) -> None:
        wanted = team.workspace.team_id
        if wanted and wanted != team.team_id:
            log.error(
                "Slack workspace has another’s token",
                workspace=team.workspace.name,
                wanted=wanted,
                token_of=team.team_id,
            )
            return
        self._left.pop(team, None)
        log.info("Slack workspace entered", workspace=team.workspace.name, team=team.team_id)
        await self.tell(lambda: self._desk.back("slack", team.team_id, None))
        await self.tell(lambda: self._look_again(team))

    async def _look_again(self, team: SlackTeam) -> None:
        """Revive the channels that were left one by one and entered again while nobody listened."""
        for channel in await self._desk.left("slack", team.team_id):
            if await self._is_in(team, channel):
                await self._desk.back("slack", team.team_id, channel)

    async def _is_in(self, team: SlackTeam, channel: str) -> bool:
        try:
            answer = await patiently(
                lambda: team.client.conversations_info(channel=channel), self._wait, tries=2
            )
        except LIBRARY_ERRORS as error:
            log.info("channel not looked at", channel=channel, reason=team.trouble(error, channel).what)
            return False
        place = answer.get("channel") or {}
        return bool(place.get("is_member")) and not place.get("is_archived")

    async def leave(self, team: SlackTeam, reason: str, *, lasting: bool = True) -> None:
        """Say once that a workspace is lost, and have its subscriptions paused if that is to last."""
        if team not in self._left:
            log.error("Slack workspace lost", workspace=team.workspace.name, reason=reason, remedy=REMEDY)
        self._left[team] = reason
        if lasting:
            await self.tell(lambda: self._desk.gone("slack", team.team_id, None, reason))

    async def passed(self, team: SlackTeam, channel: str, reason: str) -> None:
        """Tell the desk of a channel that was left, for a reason, or entered, for none."""
        if reason:
            await self.tell(lambda: self._desk.gone("slack", team.team_id, channel, reason))
        else:
            await self.tell(lambda: self._desk.back("slack", team.team_id, channel))

    async def tell(self, say: Callable[[], Awaitable[None]]) -> None:
        """Tell the desk, again while its store fails: Slack says it once only."""
        for tries in range(TELLING):
            try:
                await say()
            except NewsbotError as error:
                log.warning("the desk could not note who came or went", reason=str(error))
                await self._wait(back_off_s(tries))
            else:
                return
