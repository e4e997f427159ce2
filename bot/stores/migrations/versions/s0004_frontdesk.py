"""What people do in chats: paused subscriptions, mentions, drafts, mutes, and who may manage.

Revision 4.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_subscriptions()
    op.add_column("row_history", sa.Column("changed_by", sa.Text(), server_default="", nullable=False))
    op.add_column("deliveries", sa.Column("held_for", sa.Text()))
    op.create_index("deliveries_held", "deliveries", ["channel_id"], sqlite_where=sa.text("state = 'held'"))
    op.create_index(
        "deliveries_message",
        "deliveries",
        ["channel_id", "receipt"],
        sqlite_where=sa.text("receipt IS NOT NULL"),
    )
    _make_tables()


def _widen_subscriptions() -> None:
    for column in (
        sa.Column("created_by_id", sa.Text(), server_default="", nullable=False),
        sa.Column("mention", sa.JSON()),
        sa.Column("paused_at", sa.Float()),
        sa.Column("paused_for", sa.Text()),
        sa.Column("pause_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("paused_by", sa.Text(), server_default="", nullable=False),
        sa.Column("paused_by_id", sa.Text(), server_default="", nullable=False),
    ):
        op.add_column("subscriptions", column)
    op.create_index(
        "subscriptions_channel",
        "subscriptions",
        ["channel_id"],
        sqlite_where=sa.text("retired_at IS NULL"),
    )
    # A retired row no longer keeps another from saying the same.
    op.drop_index("subscriptions_declared", "subscriptions")
    op.create_index(
        "subscriptions_declared",
        "subscriptions",
        ["channel_id", "query"],
        unique=True,
        sqlite_where=sa.text("origin != 'file' AND retired_at IS NULL"),
    )


def _make_tables() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("feeds", sa.JSON(), nullable=False),
        sa.Column("mention", sa.JSON()),
        sa.Column("changes", sa.Integer()),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mutes",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.Column("muted_by", sa.Text(), nullable=False),
        sa.Column("muted_by_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"]),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"]),
        sa.PrimaryKeyConstraint("story_id", "channel_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "access",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("managers", sa.Text(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("chosen_by", sa.Text(), nullable=False),
        sa.Column("chosen_by_id", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
        sa.PrimaryKeyConstraint("workspace_id"),
    )
