"""Sees every alert that the bot sends, on its way to the terminal or to a program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId
from bot.errors import ChatError
from bot.ports import ChatAdapter, CheckResult


@dataclass(frozen=True, slots=True)
class Seen:
    """An alert that was posted in a channel."""

    channel: str
    message: AlertMessage


class Witness:
    """A chat adapter that hands everything on to another and keeps what was sent."""

    def __init__(self, inner: ChatAdapter) -> None:
        self._inner = inner
        self.platform = inner.platform
        self.min_gap_s = inner.min_gap_s
        self.seen: list[Seen] = []

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._inner.__aexit__(*exc_info)

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        receipt = await self._inner.send(channel, message, delivery_id)
        self.seen.append(Seen(channel.channel, message))
        return receipt

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        return await self._inner.check(channels)


class Reporter:
    """A chat adapter that gives every alert to a function, for `--json`."""

    platform = "console"
    min_gap_s = 0.0

    def __init__(self, report: Callable[[Seen], None]) -> None:
        self._report = report

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None: ...

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        try:
            self._report(Seen(channel.channel, message))
        except OSError as error:
            raise ChatError(f"standard output cannot be written to: {error}", permanent=True) from error
        return delivery_id

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        return [CheckResult(str(channel), ok=True, detail="reported as data") for channel in channels]
