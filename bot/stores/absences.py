"""Places that newsbot has left, and comes back to perhaps: what is watched there rests meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, Connection, Row, bindparam, select, text, update

from bot.domain.model import Subscription
from bot.stores.changes import Change
from bot.stores.database import OneOf
from bot.stores.glossary import with_terms
from bot.stores.outgoing import REVIVED_WITHIN
from bot.stores.rows import SUBSCRIPTIONS, read_subscription
from bot.stores.tables import HELD, UNSETTLED, channels, deliveries, subscriptions, workspaces
from bot.stores.watching import RESUMED

WORKSPACE: Final = "workspace"
CHANNEL: Final = "channel"

_CHANNELS = bindparam("channels", type_=JSON)
_IN_USE = (
    select(subscriptions)
    .where(OneOf(subscriptions.c.channel_id, _CHANNELS), subscriptions.c.retired_at.is_(None))
    .order_by(subscriptions.c.id)
)
_RUNNING = _IN_USE.where(subscriptions.c.paused_at.is_(None))
_RESTING = _IN_USE.where(OneOf(subscriptions.c.paused_for, bindparam("scopes", type_=JSON)))
_THESE = SUBSCRIPTIONS.where(OneOf(subscriptions.c.id, bindparam("ids", type_=JSON))).order_by(
    subscriptions.c.id
)
_HOLD = (
    update(deliveries)
    .where(text(UNSETTLED), deliveries.c.state == "pending", OneOf(deliveries.c.channel_id, _CHANNELS))
    .values(
        state="held",
        settled_at=bindparam("now"),
        reason=bindparam("new_reason"),
        held_for=bindparam("scope"),
    )
)
_RELEASE = (
    update(deliveries)
    .where(
        text(HELD),
        OneOf(deliveries.c.channel_id, _CHANNELS),
        OneOf(deliveries.c.held_for, bindparam("scopes", type_=JSON)),
        deliveries.c.created_at > bindparam("limit"),
    )
    .values(state="pending", settled_at=None, due_at=bindparam("now"), attempts=0, reason=None, held_for=None)
)


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace or one channel of it, by the platform's ids."""

    platform: str
    workspace: str
    channel: str | None = None

    @property
    def scope(self) -> str:
        return WORKSPACE if self.channel is None else CHANNEL


def pause_place(change: Change, place: Place, reason: str) -> list[Subscription]:
    """Have a place's subscriptions match nothing, and hold what is on its way there."""
    left = {"channels": _channels(change.connection, place)}
    paused = {
        **RESUMED,
        "active": False,
        "paused_at": change.now,
        "paused_for": place.scope,
        "pause_reason": reason,
    }
    held = {"now": change.now, "new_reason": reason, "scope": place.scope}
    change.connection.execute(_HOLD, left | held)
    return _rewrite(change, change.connection.execute(_RUNNING, left).all(), "paused", paused)


def revive_place(change: Change, place: Place) -> list[Subscription]:
    """Undo `pause_place`. Whoever is in a channel again is in its workspace too, but not the other way round."""
    back = {
        "channels": _channels(change.connection, place),
        "scopes": [WORKSPACE] if place.channel is None else [CHANNEL, WORKSPACE],
    }
    again = {"now": change.now, "limit": change.now - REVIVED_WITHIN}
    change.connection.execute(_RELEASE, back | again)
    return _rewrite(change, change.connection.execute(_RESTING, back).all(), "resumed", RESUMED)


def left_channels(connection: Connection, place: Place) -> list[str]:
    """Return the channels of a workspace that were left by themselves and in which something is watched."""
    asked = (
        select(channels.c.external_id)
        .join(workspaces, workspaces.c.id == channels.c.workspace_id)
        .join(subscriptions, subscriptions.c.channel_id == channels.c.id)
        .where(
            workspaces.c.platform == place.platform,
            workspaces.c.external_id == place.workspace,
            subscriptions.c.retired_at.is_(None),
            subscriptions.c.paused_for == CHANNEL,
        )
        .distinct()
        .order_by(channels.c.external_id)
    )
    return list(connection.scalars(asked))


def _rewrite(
    change: Change, rows: Sequence[Row[Any]], how: str, values: dict[str, Any]
) -> list[Subscription]:
    for row in rows:
        change.rewrite(subscriptions, row, how, {**values, "revision": change.revision})
    found = change.connection.execute(_THESE, {"ids": [row.id for row in rows]})
    return with_terms(change.connection, [read_subscription(row) for row in found])


def _channels(connection: Connection, place: Place) -> list[int]:
    asked = (
        select(channels.c.id)
        .join(workspaces, workspaces.c.id == channels.c.workspace_id)
        .where(workspaces.c.platform == place.platform, workspaces.c.external_id == place.workspace)
    )
    if place.channel is not None:
        asked = asked.where(channels.c.external_id == place.channel)
    return list(connection.scalars(asked))
