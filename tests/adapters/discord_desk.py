"""A desk that notes what it is brought and answers with what it was told to, and newsbot's adapter serving it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.chat.discord import DiscordChat
from bot.chat.discord_settings import DiscordListening
from bot.domain.commands.exchange import Call, Choice, Press, Reply, Submission, say
from tests.impersonators.discord import DiscordImpersonator

Said = Call | Press | Submission


@dataclass
class RecordingDesk:
    """Answers every command with `answer`, or with the one for its name or its action's verb."""

    answer: Reply = field(default_factory=lambda: say("heard"))
    answers: dict[str, Reply] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    heard: list[Said] = field(default_factory=list)
    typed: list[tuple[Call, str, str]] = field(default_factory=list)
    places: list[tuple[str, ...]] = field(default_factory=list)
    """What was gone or back, oldest first."""
    lost: dict[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    """Channels that were gone before this began, by platform and workspace."""
    failures: list[Exception] = field(default_factory=list)
    """What it raises, one after the other, when it is told of what is gone."""
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._open.set()

    def block(self) -> None:
        """Answer nothing from now on."""
        self._open.clear()

    def free(self) -> None:
        """Answer everything that waits."""
        self._open.set()

    @property
    def last(self) -> Any:
        return self.heard[-1]

    async def run(self, call: Call) -> Reply:
        return await self._take(call, call.command)

    async def press(self, press: Press) -> Reply:
        return await self._take(press, press.action.verb)

    async def submit(self, submission: Submission) -> Reply:
        return await self._take(submission, submission.action.verb)

    async def _take(self, said: Said, name: str) -> Reply:
        self._note(self.heard, said)
        await self._open.wait()
        return self.answers.get(name, self.answer)

    async def complete(self, call: Call, parameter: str, typed: str) -> Sequence[Choice]:
        self._note(self.typed, (call, parameter, typed))
        await self._open.wait()
        return self.choices

    async def gone(self, platform: str, workspace: str, channel: str | None, reason: str) -> None:
        self._note(self.places, ("gone", platform, workspace, channel or "", reason))
        if self.failures:
            raise self.failures.pop(0)

    async def back(self, platform: str, workspace: str, channel: str | None) -> None:
        self._note(self.places, ("back", platform, workspace, channel or ""))

    async def left(self, platform: str, workspace: str) -> Sequence[str]:
        return self.lost.get((platform, workspace), ())

    def _note(self, shelf: list[Any], item: Any) -> None:
        shelf.append(item)
        self._news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what was brought here fulfils a condition."""
        async with asyncio.timeout(30):
            while not condition():
                self._news.clear()
                await self._news.wait()


def quickly(discord: DiscordImpersonator, **more: Any) -> DiscordListening:
    """Return settings for the local Discord, without its real brother's pauses."""
    options: dict[str, Any] = {"ready_within_s": 0.05, "retry_s": 0.01, "identify_gap_s": 0.0}
    return DiscordListening(gateway_url=discord.gateway.url, **(options | more))


@asynccontextmanager
async def serving(
    discord: DiscordImpersonator,
    desk: RecordingDesk,
    *,
    registered: bool = True,
    connections: int = 0,
    deadline_s: float = 15.0,
    **more: Any,
) -> AsyncIterator[DiscordChat]:
    """Have newsbot serve a desk until the end of the block, connected and with its commands registered.

    Discord waits `deadline_s` for a first response: longer than in truth, for slow machines, where that is not the point.
    """
    discord.interactions.respond_within_s = deadline_s
    listening = quickly(discord, **more)
    token = discord.world.bots[1000].token
    async with DiscordChat(token, discord.base_url, listening=listening, timeout_s=15) as chat:
        task = asyncio.create_task(chat.serve(desk))
        try:
            await discord.gateway.until_connected(connections or listening.shards)
            if registered:
                await discord.gateway.until(lambda: bool(discord.world.commands))
            yield chat
        finally:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled() and (error := task.exception()):
                raise error
