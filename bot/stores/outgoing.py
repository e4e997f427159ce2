"""Deliveries as people ask about them, and making a held one pending again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, text, update

from bot.domain.model import Delivery, DeliveryId, DeliveryState, WorkspaceId
from bot.errors import NotFound, UserError
from bot.stores.rows import CHANNEL, read_channel
from bot.stores.tables import HELD, channels, deliveries, workspaces

REVIVED_WITHIN: Final = timedelta(hours=24)
"""What is older is no news any more, and goes out only when somebody asks for just that."""

DELIVERY = (
    deliveries.c.id,
    deliveries.c.story_id,
    deliveries.c.state,
    deliveries.c.created_at,
    deliveries.c.due_at,
    deliveries.c.settled_at,
    deliveries.c.reason,
    deliveries.c.receipt,
    deliveries.c.attempts,
)
DELIVERIES = (
    select(*CHANNEL, *DELIVERY)
    .join_from(deliveries, channels, channels.c.id == deliveries.c.channel_id)
    .join(workspaces, workspaces.c.id == channels.c.workspace_id)
)
WIDTH = len(CHANNEL) + len(DELIVERY)

_ONE = DELIVERIES.where(
    deliveries.c.id == bindparam("id"), channels.c.workspace_id == bindparam("workspace_id")
)
_AGAIN = update(deliveries).values(
    state="pending",
    due_at=bindparam("now"),
    created_at=bindparam("now"),
    settled_at=None,
    attempts=0,
    reason=None,
    held_for=None,
)
_THIS_AGAIN = _AGAIN.where(deliveries.c.id == bindparam("this"))
_ALIKE = select(deliveries.c.id).where(
    text(HELD),
    deliveries.c.channel_id == bindparam("channel_id"),
    deliveries.c.reason == bindparam("reason"),
    deliveries.c.created_at > bindparam("limit"),
)

_NOT_HELD = {
    DeliveryState.PENDING: "That alert is on its way already.",
    DeliveryState.CLAIMED: "That alert is being sent.",
    DeliveryState.SENT: "That alert was sent.",
}


def read_delivery(row: Sequence[Any], start: int = 0) -> Delivery:
    """Read CHANNEL's and DELIVERY's columns, from the `start`th on."""
    id, story_id, state, created_at, due_at, settled_at, reason, receipt, attempts = row[
        start + len(CHANNEL) : start + WIDTH
    ]
    return Delivery(
        id=id,
        channel=read_channel(row, start),
        story_id=story_id,
        state=DeliveryState(state),
        created_at=created_at,
        due_at=due_at,
        settled_at=settled_at,
        reason=reason or "",
        receipt=receipt or "",
        attempts=attempts,
    )


def delivery_of(connection: Connection, id: DeliveryId, workspace: WorkspaceId) -> Delivery:
    """Return a delivery to a channel of a workspace; raise NotFound."""
    asked = {"id": id, "workspace_id": workspace}
    found = connection.execute(_ONE, asked).one_or_none() if id.isascii() else None
    if found is None:
        raise NotFound("That alert is not known here; what is long past is forgotten.")
    return read_delivery(found)


def requeue(
    connection: Connection, id: DeliveryId, workspace: WorkspaceId, now: datetime, alike: bool
) -> list[DeliveryId]:
    """Make a held delivery pending again, and perhaps what its channel holds for the same reason."""
    held = delivery_of(connection, id, workspace)
    if held.state is not DeliveryState.HELD:
        raise UserError(_NOT_HELD[held.state])
    asked = {"channel_id": held.channel.id, "reason": held.reason, "limit": now - REVIVED_WITHIN}
    others = list(connection.scalars(_ALIKE, asked)) if alike else []
    again = list(dict.fromkeys([id, *others]))
    connection.execute(_THIS_AGAIN, [{"this": one, "now": now} for one in again])
    return again
