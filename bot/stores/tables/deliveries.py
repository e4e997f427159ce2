"""Deliveries, and in which states they are."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from bot.stores.tables.metadata import Moment, metadata

# Written out, because a partial index serves only queries that hold its very condition, without parameters.
UNSETTLED = "state IN ('pending', 'claimed')"
SETTLED = "state IN ('sent', 'held')"
HELD = "state = 'held'"

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    Column("channel_id", ForeignKey("channels.id"), nullable=False),
    Column("state", Text, nullable=False),  # pending, claimed, sent, held
    Column("due_at", Moment, nullable=False),  # of a claimed one: when the claim runs out
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),  # when it was sent or held
    Column("attempts", Integer, nullable=False),
    Column("claim_id", Text),
    Column("reason", Text),
    Column("receipt", Text),
    Column("updated", Boolean, nullable=False),
    Column("held_for", Text),  # channel or workspace: what is to come back before it goes out
    UniqueConstraint("story_id", "channel_id", name="deliveries_once"),
)
Index("deliveries_due", deliveries.c.due_at, sqlite_where=text(UNSETTLED))
Index("deliveries_settled", deliveries.c.settled_at, sqlite_where=text(SETTLED))
Index("deliveries_held", deliveries.c.channel_id, sqlite_where=text(HELD))
Index(
    "deliveries_message",
    deliveries.c.channel_id,
    deliveries.c.receipt,
    sqlite_where=deliveries.c.receipt.is_not(None),
)
