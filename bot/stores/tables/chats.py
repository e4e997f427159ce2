"""What is said in chats."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, Table, Text

from bot.stores.tables.metadata import Moment, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("workspace_id", ForeignKey("workspaces.id"), nullable=False),
    Column("channels", JSON, nullable=False),  # [[platform, workspace, channel], …]
    Column("query", Text, nullable=False),
    Column("feeds", JSON, nullable=False),  # as declared: names or URLs
    Column("mention", JSON(none_as_null=True)),  # [kind, id, name]
    Column("changes", Integer),  # the subscription that it changes
    Column("made_by", Text, nullable=False),
    Column("made_by_id", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

mutes = Table(
    "mutes",
    metadata,
    Column("story_id", ForeignKey("stories.id"), primary_key=True),
    Column("channel_id", ForeignKey("channels.id"), primary_key=True),
    Column("until", Moment, nullable=False),
    Column("muted_by", Text, nullable=False),
    Column("muted_by_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

requests = Table(
    "requests",
    metadata,
    Column("name", Text, primary_key=True),  # the platform, and its own name of what it brought
    Column("heard_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

access = Table(
    "access",
    metadata,
    Column("workspace_id", ForeignKey("workspaces.id"), primary_key=True),
    Column("managers", Text, nullable=False),  # members, moderators or groups
    Column("groups", JSON, nullable=False),  # [[kind, id, name], …]
    Column("chosen_by", Text, nullable=False),
    Column("chosen_by_id", Text, nullable=False),
    Column("chosen_at", Moment, nullable=False),
)
