"""Chat platforms, and where they bring what people say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self, runtime_checkable

from bot.domain.commands.exchange import Call, Caller, Choice, Press, Reply, Rights, Submission
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId, Mention, Person


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of `newsbot check`."""

    subject: str
    ok: bool
    detail: str
    remedy: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class ChatAdapter(Protocol):
    """A chat platform, entered as an async context manager before it is used."""

    platform: str
    min_gap_s: float
    """The least time between two messages to one channel."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exc_info: object) -> None: ...

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        """Post exactly one message and return the platform's id of it; raise ChatError.

        Sending again under the same delivery id is folded into one message where the platform can.
        """

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        """Try the token and each channel without posting; name what is missing and the remedy."""


class Desk(Protocol):
    """Where a chat platform brings what people say. It never raises: what went wrong is a Reply in plain words."""

    async def run(self, call: Call) -> Reply:
        """Carry out a command."""

    async def press(self, press: Press) -> Reply:
        """Do what a button or a menu entry stands for, if whoever chose it may."""

    async def submit(self, submission: Submission) -> Reply:
        """Take a form that came back filled in."""

    async def complete(self, call: Call, parameter: str, typed: str) -> Sequence[Choice]:
        """Offer at most 25 completions of what is being typed."""

    async def gone(self, platform: str, workspace: str, channel: str | None, reason: str) -> None:
        """Pause what is watched in a place that newsbot was removed from, or that is no more."""

    async def back(self, platform: str, workspace: str, channel: str | None) -> None:
        """Revive what `gone` paused."""

    async def left(self, platform: str, workspace: str) -> Sequence[str]:
        """Return the channels of a workspace that `gone` was told of by themselves; raise StoreError.

        Whoever connects looks whether newsbot is back in one of them: it may have happened while it was not running.
        """


@runtime_checkable
class Listener(Protocol):
    """A chat platform that also hears what people say: a ChatAdapter that serves."""

    async def serve(self, desk: Desk) -> None:
        """Listen for commands until cancelled; a connection that is lost is made again."""

    async def visible(self, person: Person, channels: Sequence[ChannelAddress]) -> frozenset[ChannelAddress]:
        """Return those of some channels that a person can see."""

    async def rights(self, person: Person, channel: ChannelAddress) -> Rights:
        """Return what a person may do in a channel, as the platform says it now; raise ChatError."""

    async def may_mention(self, caller: Caller, channel: ChannelAddress, mention: Mention) -> bool:
        """Say whether a person could make this mention in a channel themselves."""
