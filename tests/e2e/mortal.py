"""The real bot, mortal: it kills itself with SIGKILL at a chosen moment of its work.

    python -m tests.e2e.mortal --config config.toml [--death '{"phase": "send", "call": 3, "moment": "after"}']

The parts are those that `newsbot run` wires together; thin wrappers round the ports count the calls of each phase.
Without a death it runs like `newsbot run` until SIGTERM. `--flaw` builds in a mistake, to see that it is found out.
"""

import argparse
import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal, Self, TypeVar

from bot import telemetry
from bot.config import load
from bot.domain.message import AlertMessage
from bot.domain.model import (
    ChannelAddress,
    Claim,
    ClaimedDelivery,
    DeliveryId,
    DeliveryOutcome,
    Entry,
    FeedId,
    PollFacts,
    PollOutcome,
    Sent,
)
from bot.ports import ChatAdapter, CheckResult, Fetcher, Newsroom, Outbox, Request, Response
from bot.runtime import Roles, run_until_stopped
from bot.wiring import open_bot

T = TypeVar("T")
Phase = Literal["fetch", "record", "claim", "send", "settle"]
Moment = Literal["before", "during", "after"]
Flaw = Literal["settles-before-sending", "forgets-the-nonce"]
LEASE = timedelta(seconds=2)
"""How long a feed waits whose poll died; `newsbot run` gives it minutes, which nobody wants to sit through."""


@dataclass(frozen=True, slots=True)
class Death:
    """Dying at the n-th call of a phase; `during` is so many milliseconds after the call began."""

    phase: Phase
    call: int
    moment: Moment
    delay_ms: float = 0.0


@dataclass
class Fate:
    """Counts the calls of the phase in which the process is to die."""

    death: Death | None
    calls: int = 0

    async def meet(self, phase: Phase, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work, unless this is the call that is not survived."""
        if self.death is None or self.death.phase != phase:
            return await work()
        self.calls += 1
        if self.calls != self.death.call:
            return await work()
        if self.death.moment == "before":
            _die()
        working = asyncio.ensure_future(work())
        if self.death.moment == "during":
            await asyncio.sleep(self.death.delay_ms / 1000)
        else:
            await asyncio.wait([working])
        _die()
        return await working


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class MortalFetcher:
    inner: Fetcher
    fate: Fate

    async def fetch(self, request: Request) -> Response:
        return await self.fate.meet("fetch", lambda: self.inner.fetch(request))


@dataclass(frozen=True, slots=True)
class MortalNewsroom:
    inner: Newsroom
    fate: Fate

    async def listing(self, feed_id: FeedId) -> frozenset[int]:
        return await self.inner.listing(feed_id)

    async def facts(self, feed_id: FeedId, entries: Sequence[Entry], keys: Sequence[str]) -> PollFacts:
        return await self.inner.facts(feed_id, entries, keys)

    async def record_poll(self, outcome: PollOutcome) -> Sequence[DeliveryId]:
        return await self.fate.meet("record", lambda: self.inner.record_poll(outcome))


@dataclass(frozen=True, slots=True)
class MortalOutbox:
    inner: Outbox
    fate: Fate

    async def due(self, now: Any, limit: int) -> Sequence[DeliveryId]:
        return await self.inner.due(now, limit)

    async def claim(self, delivery_id: DeliveryId, claim: Claim) -> ClaimedDelivery | None:
        return await self.fate.meet("claim", lambda: self.inner.claim(delivery_id, claim))

    async def settle(self, outcome: DeliveryOutcome, claim_id: str) -> bool:
        return await self.fate.meet("settle", lambda: self.inner.settle(outcome, claim_id))


@dataclass
class MortalChat:
    inner: ChatAdapter
    fate: Fate
    platform: str = field(init=False)
    min_gap_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.platform, self.min_gap_s = self.inner.platform, self.inner.min_gap_s

    async def __aenter__(self) -> Self:
        raise RuntimeError("what is inside has been entered already")

    async def __aexit__(self, *exc_info: object) -> None:
        return None

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        return await self.fate.meet("send", lambda: self.inner.send(channel, message, delivery_id))

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        return await self.inner.check(channels)


# ---------------------------------------------------------------- mistakes


@dataclass(frozen=True, slots=True)
class HastyOutbox(MortalOutbox):
    """Writes that a message was sent before it is."""

    async def claim(self, delivery_id: DeliveryId, claim: Claim) -> ClaimedDelivery | None:
        delivery = await self.inner.claim(delivery_id, claim)
        if delivery is not None:
            await self.inner.settle(Sent(delivery_id, "in good faith", claim.at), claim.id)
        return delivery


class ForgetfulChat(MortalChat):
    """Sends every attempt under another id."""

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        return await super().send(channel, message, DeliveryId(token_hex(12)))


# ---------------------------------------------------------------- a life


def mortal(roles: Roles, fate: Fate, flaw: Flaw | None) -> Roles:
    """Wrap the ports of wired roles."""
    outbox = HastyOutbox if flaw == "settles-before-sending" else MortalOutbox
    chat = ForgetfulChat if flaw == "forgets-the-nonce" else MortalChat
    poller, deliverer = roles.poller, roles.deliverer
    return replace(
        roles,
        ticks=replace(roles.ticks, lease=LEASE),
        poller=replace(
            poller,
            fetcher=MortalFetcher(poller.fetcher, fate),
            newsroom=MortalNewsroom(poller.newsroom, fate),
        ),
        deliverer=replace(
            deliverer,
            outbox=outbox(deliverer.outbox, fate),
            chats={name: chat(inner, fate) for name, inner in deliverer.chats.items()},
        ),
        tick_s=0.2,
    )


async def live(config_file: Path, death: Death | None, flaw: Flaw | None) -> None:
    config = load(config_file, os.environ)
    telemetry.configure(config.log.level, config.log.format, secrets=config.secrets.values())
    async with open_bot(config) as bot:
        await bot.declare()
        await run_until_stopped(mortal(bot.roles, Fate(death), flaw), _nothing)


async def _nothing() -> None:
    return None


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.e2e.mortal")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--death", type=json.loads)
    parser.add_argument("--flaw")
    options = parser.parse_args()
    asyncio.run(live(options.config, Death(**options.death) if options.death else None, options.flaw))


if __name__ == "__main__":
    main()
