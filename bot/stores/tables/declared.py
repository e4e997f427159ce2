"""Places, and what is declared there."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    and_,
    text,
)

from bot.stores.tables.metadata import Moment, metadata

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("platform", "external_id", name="workspaces_place"),
)

channels = Table(
    "channels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", ForeignKey("workspaces.id"), nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("buttons", Boolean, nullable=False, server_default=text("0")),  # wanted under its alerts
    UniqueConstraint("workspace_id", "external_id", name="channels_place"),
)

credentials = Table(
    "credentials",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", ForeignKey("workspaces.id")),  # none: the operator's own
    Column("name", Text, nullable=False),
    Column("secret", Text, nullable=False),  # encrypted
    Column("updated_at", Moment, nullable=False),
)
Index(
    "credentials_workspace",
    credentials.c.workspace_id,
    credentials.c.name,
    unique=True,
    sqlite_where=credentials.c.workspace_id.is_not(None),
)
Index(
    "credentials_operator",
    credentials.c.name,
    unique=True,
    sqlite_where=credentials.c.workspace_id.is_(None),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("credentials", Text, nullable=False),  # "" for none, so that the constraint below holds
    Column("title", Text, nullable=False, server_default=""),  # as published
    Column("site_url", Text),
    Column("icon_url", Text),
    # What the follows below say together, kept here so that polling reads one row.
    Column("followed", Boolean, nullable=False),
    Column("given_title", Text, nullable=False, server_default=""),
    Column("interval_s", Float),
    # FeedState
    Column("next_poll_at", Moment, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("redirect_url", Text),
    Column("redirect_count", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("failing_since", Moment),
    Column("polled_at", Moment),
    Column("succeeded_at", Moment),
    Column("new_entry_at", Moment),
    Column("listed_at", Moment),
    Column("caught_up", Boolean, nullable=False, server_default=text("0")),
    Column("quiet_before", Moment),
    Column("ttl_s", Float),
    UniqueConstraint("kind", "url", "credentials", name="feeds_origin"),
)
Index("feeds_due", feeds.c.next_poll_at, sqlite_where=text("followed = 1"))

follows = Table(
    "follows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", ForeignKey("feeds.id"), nullable=False),
    Column("origin", Text, nullable=False),
    Column("name", Text),
    Column("title", Text, nullable=False, server_default=""),
    Column("interval_s", Float),
    Column(
        "audience", Text, nullable=False
    ),  # the workspaces in words, "" for all: part of the row's identity
    Column("added_by", Text, nullable=False, server_default=""),
    Column("since", Moment, nullable=False),
    Column("retired_at", Moment),
)
Index("follows_feed", follows.c.feed_id)
Index("follows_file", follows.c.name, unique=True, sqlite_where=follows.c.origin == "file")
Index(
    "follows_declared",
    follows.c.feed_id,
    follows.c.origin,
    follows.c.audience,
    unique=True,
    sqlite_where=follows.c.origin != "file",
)

follow_workspaces = Table(
    "follow_workspaces",
    metadata,
    Column("follow_id", ForeignKey("follows.id"), primary_key=True),
    Column("workspace_id", ForeignKey("workspaces.id"), primary_key=True),
    sqlite_with_rowid=False,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("name", Text),
    Column("channel_id", ForeignKey("channels.id"), nullable=False),
    Column("query", Text, nullable=False),
    Column("feeds", JSON, nullable=False),  # as declared: names or URLs
    Column("feed_ids", JSON, nullable=False),  # what they stand for now
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False, server_default=""),
    Column("active", Boolean, nullable=False),  # neither paused nor retired
    Column("revision", Integer, nullable=False),
    Column("retired_at", Moment),
    Column("created_by_id", Text, nullable=False, server_default=""),
    Column("mention", JSON(none_as_null=True)),  # [kind, id, name]
    Column("paused_at", Moment),
    Column("paused_for", Text),  # person, channel or workspace: who is to resume it, or what is to come back
    Column("pause_reason", Text, nullable=False, server_default=""),
    Column("paused_by", Text, nullable=False, server_default=""),
    Column("paused_by_id", Text, nullable=False, server_default=""),
)
Index("subscriptions_revision", subscriptions.c.revision)
Index("subscriptions_channel", subscriptions.c.channel_id, sqlite_where=subscriptions.c.retired_at.is_(None))
Index("subscriptions_file", subscriptions.c.name, unique=True, sqlite_where=subscriptions.c.origin == "file")
Index(
    "subscriptions_declared",
    subscriptions.c.channel_id,
    subscriptions.c.query,
    unique=True,
    sqlite_where=and_(subscriptions.c.origin != "file", subscriptions.c.retired_at.is_(None)),
)

terms = Table(
    "terms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", ForeignKey("workspaces.id")),  # none: a default of the file's, for every workspace
    Column("name", Text, nullable=False),  # in lower case, without its sign
    Column("definition", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False, server_default=""),
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", Text, nullable=False, server_default=""),
    Column("retired_at", Moment),
)
Index(
    "terms_workspace",
    terms.c.workspace_id,
    terms.c.name,
    unique=True,
    sqlite_where=terms.c.workspace_id.is_not(None),
)
Index("terms_default", terms.c.name, unique=True, sqlite_where=terms.c.workspace_id.is_(None))

row_history = Table(
    "row_history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("row_kind", Text, nullable=False),  # the name of its table
    Column("row_id", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("change", Text, nullable=False),  # edited, paused, resumed, retired or revived
    Column("before", JSON, nullable=False),
    Column("changed_by", Text, nullable=False, server_default=""),
)
Index("row_history_row", row_history.c.row_kind, row_history.c.row_id)
