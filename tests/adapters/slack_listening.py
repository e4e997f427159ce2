"""A Slack of two workspaces, and a desk that answers what a test wants and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.chat.slack import SlackChat
from bot.chat.slack_settings import SlackListening, SlackWorkspace
from bot.domain.commands.exchange import Call, Press, Reply, Submission, say
from tests.impersonators.slack import SlackImpersonator

Answer = Reply | Callable[[Any], Reply]


@dataclass
class RecordingDesk:
    """Answers everything alike unless a test says otherwise; held, it answers nothing until it is let go."""

    answer: Answer = field(default_factory=lambda: say("Done."))
    said: list[Any] = field(default_factory=list)
    places: list[tuple[Any, ...]] = field(default_factory=list)
    """("gone", workspace, channel, reason) and ("back", workspace, channel)."""
    lost: dict[str, list[str]] = field(default_factory=dict)
    """Channels that were gone before this began, by workspace."""
    failures: list[Exception] = field(default_factory=list)
    """Raised by the next `gone` or `back`."""
    free: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.free.set()

    async def run(self, call: Call) -> Reply:
        return await self._answered(call)

    async def press(self, press: Press) -> Reply:
        return await self._answered(press)

    async def submit(self, submission: Submission) -> Reply:
        return await self._answered(submission)

    async def complete(self, call: Call, parameter: str, typed: str) -> list[Any]:
        return []

    async def gone(self, platform: str, workspace: str, channel: str | None, reason: str) -> None:
        self._note("gone", workspace, channel, reason)

    async def back(self, platform: str, workspace: str, channel: str | None) -> None:
        self._note("back", workspace, channel)

    async def left(self, platform: str, workspace: str) -> list[str]:
        return self.lost.get(workspace, [])

    def _note(self, *what: Any) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.places.append(what)

    async def _answered(self, said: Any) -> Reply:
        self.said.append(said)
        await self.free.wait()
        return self.answer if isinstance(self.answer, Reply) else self.answer(said)


def two_workspaces(**more: Any) -> SlackImpersonator:
    """Return a Slack that is not open yet: T1 with C1 and U1, T2 with C2 and U2."""
    slack = SlackImpersonator(**more)
    for number in "12":
        team = slack.add_team(f"T{number}", name=f"Desk {number}")
        slack.add_channel(f"C{number}", name="world", team=team.id)
        slack.add_user(f"U{number}", name=f"quint{number}", team=team.id)
    return slack


def workspaces(slack: SlackImpersonator, *, ids: bool = True) -> list[SlackWorkspace]:
    """Return the settings of all workspaces."""
    return [
        SlackWorkspace(
            team.name,
            team.token,
            team_id=team.id if ids else "",
            app_token=team.app_token,
            signing_secret=team.signing_secret,
        )
        for team in slack.world.teams.values()
    ]


@dataclass
class Waits:
    """Stands in for sleeping: waits are noted, and take one turn of the loop."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(
    slack: SlackImpersonator,
    desk: RecordingDesk,
    settings: list[SlackWorkspace] | None = None,
    *,
    wait: Waits | None = None,
    **how: Any,
) -> AsyncIterator[SlackChat]:
    """Serve every workspace over Socket Mode for as long as the block lasts."""
    chosen = workspaces(slack) if settings is None else settings
    ways = SlackListening(**{"connections": 1, "drain_s": 0.0, **how})
    before = len(slack.sockets.connections)
    apps = {workspace.app_token for workspace in chosen if workspace.app_token}
    async with SlackChat(chosen, slack.base_url, timeout_s=5, listening=ways, wait=wait or Waits()) as chat:
        serving = asyncio.create_task(chat.serve(desk))
        try:
            if apps and not ways.http:
                await slack.sockets.connected(before + ways.connections * len(apps))
            yield chat
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
