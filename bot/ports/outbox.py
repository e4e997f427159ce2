"""What delivering needs of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.model import Claim, ClaimedDelivery, DeliveryId, DeliveryOutcome


class Outbox(Protocol):
    """Deliveries on their way: pending, claimed, sent, held. Every change is a compare-and-set."""

    async def due(self, now: datetime, limit: int) -> Sequence[DeliveryId]:
        """Return pending deliveries whose time has come and claimed ones whose claim has run out, oldest first."""

    async def claim(self, delivery_id: DeliveryId, claim: Claim) -> ClaimedDelivery | None:
        """Take one that is due, with its alert as the story stands now; None when it is not to be had."""

    async def settle(self, outcome: DeliveryOutcome, claim_id: str) -> bool:
        """Write what became of it; False, and nothing written, when the claim is no longer ours."""
