"""Deliver: claim one delivery, render it, hand it to its platform, and settle what became of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from logging import INFO, WARNING

import structlog

from bot.domain.compose import compose
from bot.domain.model import ChannelId, Claim, ClaimedDelivery, DeliveryId, DeliveryOutcome, Pending, Sent
from bot.domain.pacing import GIVE_UP_AFTER, at_most, settle_failure
from bot.errors import ChatError
from bot.ports import ChatAdapter, Clock, Outbox
from bot.services.platforms import connect

log = structlog.get_logger(__name__)

POISONOUS_AFTER = 5
"""A delivery on which newsbot itself fails this often is held."""


@dataclass
class Deliverer:
    """Sends deliveries, one message each, no faster to one channel than its platform likes."""

    outbox: Outbox
    chats: Mapping[str, ChatAdapter]
    clock: Clock
    new_claim_id: Callable[[], str]
    spread: Callable[[], float]
    """A random number in [0, 1)."""
    claim_for: timedelta = timedelta(seconds=120)
    """How long a claim holds; a send must end well within it."""
    longest_wait: timedelta = timedelta(seconds=10)
    """The longest a claimed delivery waits for its channel before it is put back; of a short claim, a quarter."""
    _free_at: dict[ChannelId, datetime] = field(default_factory=dict)
    _latest: datetime | None = None
    """The latest time seen."""
    _broken: Counter[DeliveryId] = field(default_factory=Counter)

    async def deliver(self, delivery_id: DeliveryId) -> DeliveryOutcome | None:
        """Try once; return what became of it, or None when it was not to be had or was taken from us."""
        now = self.clock.now()
        claim = Claim(self.new_claim_id(), now, now + self.claim_for)
        delivery = await self.outbox.claim(delivery_id, claim)
        if delivery is None:
            return None
        outcome = await self._outcome(delivery, claim)
        settled = await self.outbox.settle(outcome, claim.id)
        smooth = isinstance(outcome, Sent) or (isinstance(outcome, Pending) and not outcome.tried)
        log.log(
            INFO if smooth else WARNING,
            "delivery settled" if settled else "delivery was taken over",
            delivery=delivery_id,
            channel=str(delivery.alert.channel.address),
            outcome=type(outcome).__name__.lower(),
            reason=getattr(outcome, "reason", None),
            attempt=delivery.attempts,
        )
        return outcome if settled else None

    async def _outcome(self, delivery: ClaimedDelivery, claim: Claim) -> DeliveryOutcome:
        adapter = self.chats.get(delivery.alert.channel.address.platform)
        if adapter is None:
            platform = delivery.alert.channel.address.platform
            return self._failed(
                delivery, ChatError(f"newsbot is not connected to {platform}. {connect(platform)}.")
            )
        wait = self._turn(delivery, adapter)
        if wait > self._patience:
            turn = self.clock.now() + wait
            return Pending(delivery.id, turn, "waits for its turn in a busy channel", tried=False)
        await self.clock.sleep(wait.total_seconds())
        now = self.clock.now()
        if now + self.claim_for / 2 > claim.until:
            # The machine slept meanwhile, and another worker may be sending it already.
            return Pending(delivery.id, now, "newsbot was suspended before it could be sent", tried=False)
        return await self._send(delivery, adapter)

    async def _send(self, delivery: ClaimedDelivery, adapter: ChatAdapter) -> DeliveryOutcome:
        try:
            message = compose(delivery.alert)
            async with asyncio.timeout(self.claim_for.total_seconds() / 2):
                receipt = await adapter.send(delivery.alert.channel.address, message, delivery.id)
        except ChatError as error:
            return self._failed(delivery, error)
        except TimeoutError:
            return self._failed(delivery, ChatError("the platform did not answer in time", ambiguous=True))
        except Exception as error:
            # The worker's boundary: a delivery that newsbot cannot render must not stop others.
            log.exception("delivery broke", delivery=delivery.id)
            reason = f"newsbot itself failed on it ({type(error).__name__})"
            self._broken[delivery.id] += 1  # attempts count a platform's failures too
            if poisonous := self._broken[delivery.id] >= POISONOUS_AFTER:
                del self._broken[delivery.id]
            return self._failed(delivery, ChatError(reason, permanent=poisonous))
        self._broken.pop(delivery.id, None)
        return Sent(delivery.id, receipt, self.clock.now())

    @property
    def _patience(self) -> timedelta:
        # Waiting (a quarter of the claim) and sending (half) must both end while the claim holds, or another
        # worker would send the same delivery.
        return min(self.longest_wait, self.claim_for / 4)

    def _turn(self, delivery: ClaimedDelivery, adapter: ChatAdapter) -> timedelta:
        """Reserve the channel's next free moment and return how far off it is; reserve nothing when that is too far."""
        now, channel = self.clock.now(), delivery.alert.channel.id
        self._heed_set_back(now)
        start = max(now, self._free_at.get(channel, now))
        if start - now <= self._patience:
            self._free_at[channel] = start + timedelta(seconds=adapter.min_gap_s)
        return start - now

    def _heed_set_back(self, now: datetime) -> None:
        """Take reservations back with a clock that was set back: they must not silence a channel for hours."""
        if self._latest is not None and (back := self._latest - now) > timedelta(0):
            self._free_at = {channel: at - back for channel, at in self._free_at.items()}
        self._latest = now

    def _failed(self, delivery: ClaimedDelivery, error: ChatError) -> DeliveryOutcome:
        now = self.clock.now()
        if error.retry_after_s is not None:
            self._free_at[delivery.alert.channel.id] = now + at_most(GIVE_UP_AFTER, error.retry_after_s)
        return settle_failure(delivery, error, now, self.spread())
