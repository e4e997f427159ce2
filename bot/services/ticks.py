"""Ticks: small steps that a scheduler repeats; each finds in the store what is due and rings for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.domain.wording import lasting
from bot.ports import Clock, Queue, Retention, Store

log = structlog.get_logger(__name__)

POLL_TOPIC = "poll"
DELIVER_TOPIC = "deliver"
SET_BACK = timedelta(minutes=5)
"""A last sign of life that lies further ahead shows that the clock was set back; machines' clocks differ by less."""


@dataclass
class Ticks:
    store: Store
    queue: Queue
    clock: Clock
    retention: Retention = field(default_factory=Retention)
    lease: timedelta = timedelta(minutes=5)
    """A feed that was handed out and not reported on is due again after this."""
    batch: int = 500
    """Rows that one tick takes at most."""

    async def polls(self) -> Sequence[str]:
        """Ring for the feeds whose time has come."""
        now = self.clock.now()
        due = await self.store.schedule.claim_due(now, now + self.lease, self.batch)
        return await self._ring(POLL_TOPIC, [str(feed_id) for feed_id in due])

    async def deliveries(self) -> Sequence[str]:
        """Ring for the deliveries that are due, those of a lost bell or a dead worker among them."""
        due = await self.store.outbox.due(self.clock.now(), self.batch)
        return await self._ring(DELIVER_TOPIC, list(due))

    async def upkeep(self) -> int:
        """Record that the program lives, and delete one small batch of what is past its time."""
        now = self.clock.now()
        last = await self.store.upkeep.beat(now)
        if last is not None and last - now > SET_BACK:
            await self.store.upkeep.set_back(now, last - now)
            log.warning(
                "this machine's clock was set back; what was put off until then comes that much sooner",
                by=lasting(last - now),
            )
        pruned = await self.store.upkeep.prune(now, self.retention, self.batch)
        if pruned:
            log.info("pruned", rows=pruned)
        return pruned

    async def rest(self) -> None:
        """Record that the program ends in good order."""
        await self.store.upkeep.rest(self.clock.now())

    async def _ring(self, topic: str, ids: Sequence[str]) -> Sequence[str]:
        if ids:
            await self.queue.put(topic, *ids)
        return ids
