"""Deliveries on their way: every change is a compare-and-set on the state or the claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import Connection, Update, bindparam, select, text, update

from bot.domain.model import Claim, ClaimedDelivery, DeliveryId, DeliveryOutcome, Held, Pending, Sent
from bot.stores.alerts import read_alert
from bot.stores.database import Database
from bot.stores.gathering import Gathered
from bot.stores.mutes import MUTE, OF_DELIVERY, reason
from bot.stores.rows import CHANNEL, read_channel
from bot.stores.tables import UNSETTLED, channels, deliveries, mutes, workspaces

_UNSETTLED = text(UNSETTLED)

_DUE = (
    select(deliveries.c.id)
    .where(_UNSETTLED, deliveries.c.due_at <= bindparam("now"))
    .order_by(deliveries.c.due_at)
    .limit(bindparam("limit"))
)
_CLAIM = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery_id"), _UNSETTLED, deliveries.c.due_at <= bindparam("now"))
    .values(
        state="claimed",
        claim_id=bindparam("new_claim"),
        due_at=bindparam("until"),
        attempts=deliveries.c.attempts + 1,
    )
)
_CLAIMED = (
    select(
        *CHANNEL,
        deliveries.c.story_id,
        deliveries.c.created_at,
        deliveries.c.attempts,
        deliveries.c.updated,
        *MUTE,
    )
    .join_from(deliveries, channels, channels.c.id == deliveries.c.channel_id)
    .join(workspaces, workspaces.c.id == channels.c.workspace_id)
    .join(mutes, OF_DELIVERY, isouter=True)
    .where(deliveries.c.id == bindparam("delivery_id"))
)

_OURS = update(deliveries).where(
    deliveries.c.id == bindparam("delivery_id"),
    deliveries.c.state == "claimed",
    deliveries.c.claim_id == bindparam("of_claim"),
)
_SENT = _OURS.values(
    state="sent",
    receipt=bindparam("new_receipt"),
    settled_at=bindparam("at"),
    reason=None,
)
_PENDING = _OURS.values(
    state="pending",
    due_at=bindparam("new_due"),
    reason=bindparam("new_reason"),
    attempts=deliveries.c.attempts - bindparam("untried"),
)
# No time comes with it; the end of the claim is near enough for keeping it some weeks.
_HELD = _OURS.values(state="held", reason=bindparam("new_reason"), settled_at=deliveries.c.due_at)

_GONE = "its article is no longer stored"


class SqlOutbox:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._claims: Gathered[tuple[DeliveryId, Claim], ClaimedDelivery | None] = Gathered(self._claim_all)
        self._outcomes: Gathered[tuple[DeliveryOutcome, str], bool] = Gathered(self._settle_all)

    async def due(self, now: datetime, limit: int) -> Sequence[DeliveryId]:
        return await self._database.read(_due, now, limit)

    async def claim(self, delivery_id: DeliveryId, claim: Claim) -> ClaimedDelivery | None:
        return await self._claims((delivery_id, claim))

    async def settle(self, outcome: DeliveryOutcome, claim_id: str) -> bool:
        """Write what became of a delivery, so that not even a power cut has it sent again."""
        return await self._outcomes((outcome, claim_id))

    async def _claim_all(
        self, wanted: Sequence[tuple[DeliveryId, Claim]]
    ) -> Sequence[ClaimedDelivery | None]:
        return await self._database.write(lambda c: [_claim(c, *one) for one in wanted])

    async def _settle_all(self, settled: Sequence[tuple[DeliveryOutcome, str]]) -> Sequence[bool]:
        return await self._database.write_through(lambda c: [_settle(c, *one) for one in settled])


def _due(connection: Connection, now: datetime, limit: int) -> list[DeliveryId]:
    return list(connection.scalars(_DUE, {"now": now, "limit": limit}))


def _claim(connection: Connection, delivery_id: DeliveryId, claim: Claim) -> ClaimedDelivery | None:
    wanted = {"delivery_id": delivery_id, "now": claim.at, "new_claim": claim.id, "until": claim.until}
    if connection.execute(_CLAIM, wanted).rowcount == 0:
        return None
    row = connection.execute(_CLAIMED, {"delivery_id": delivery_id, "now": claim.at}).one()
    if row.until is not None:
        _settle(connection, Held(delivery_id, reason(row.until, row.muted_by)), claim.id)
        return None
    alert = read_alert(connection, read_channel(row), row.story_id, updated=row.updated)
    if alert is None:
        _settle(connection, Held(delivery_id, _GONE), claim.id)
        return None
    return ClaimedDelivery(delivery_id, claim.id, alert, row.created_at, row.attempts)


def _settle(connection: Connection, outcome: DeliveryOutcome, claim_id: str) -> bool:
    statement, values = _settlement(outcome)
    written = connection.execute(statement, values | {"delivery_id": outcome.id, "of_claim": claim_id})
    return written.rowcount == 1


def _settlement(outcome: DeliveryOutcome) -> tuple[Update, dict[str, Any]]:
    match outcome:
        case Sent():
            return _SENT, {"new_receipt": outcome.receipt, "at": outcome.at}
        case Pending():
            values = {"new_due": outcome.due_at, "new_reason": outcome.reason}
            return _PENDING, values | {"untried": int(not outcome.tried)}
        case Held():
            return _HELD, {"new_reason": outcome.reason}
        case _:
            assert_never(outcome)
