"""What every command's function is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.commands.exchange import Call, Caller, Choice, Press, Reply, Submission
from bot.domain.model import ChannelAddress, Workspace
from bot.ports import ChatAdapter, Clock, Fetcher, Listener, Parser, Source, Store


@dataclass(frozen=True, slots=True)
class Quotas:
    feeds: int = 100
    """Per workspace."""
    subscriptions: int = 200
    """Per workspace."""
    commands: int = 5
    """Per person, in `commands_s` seconds."""
    commands_s: float = 10.0


@dataclass(frozen=True)
class Context:
    """The ports and rules that commands work with."""

    store: Store
    clock: Clock
    chats: Mapping[str, ChatAdapter]
    """By platform."""
    listeners: Mapping[str, Listener]
    """Those of them that hear commands."""
    fetcher: Fetcher
    parser: Parser
    sources: Mapping[str, Source]
    quotas: Quotas = field(default_factory=Quotas)
    settings: Mapping[str, str] = field(default_factory=dict)
    """Where each setting comes from, for `status`: name → what holds and who says so."""
    command: str = "/news"
    """How a command begins, for examples."""

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def workspace(self, channel: ChannelAddress) -> Workspace:
        """Return the workspace that a channel belongs to."""
        return await self.store.registry.workspace(channel.platform, channel.workspace, self.now)

    async def terms(self, caller: Caller) -> dict[str, str]:
        """Return the definitions that hold where somebody speaks, by name."""
        here = await self.workspace(caller.channel)
        return {term.name: term.definition for term in await self.store.registry.terms(here.id)}


CommandFunction = Callable[[Context, Call], Awaitable[Reply]]
PressFunction = Callable[[Context, Press], Awaitable[Reply]]
SubmissionFunction = Callable[[Context, Submission], Awaitable[Reply]]
CompletionFunction = Callable[[Context, Caller, str], Awaitable[Sequence[Choice]]]
"""Offers what a person may mean by what they have typed so far."""


@dataclass(frozen=True)
class Handlers:
    """The functions behind commands, buttons, forms and completions."""

    commands: Mapping[str, CommandFunction]
    """By the command's whole name."""
    presses: Mapping[str, PressFunction]
    """By the action's verb."""
    submissions: Mapping[str, SubmissionFunction]
    """By the action's verb."""
    completions: Mapping[str, CompletionFunction]
    """By the parameter's name."""
