"""Every table, as SQLAlchemy Core knows it; `migrations/` makes them, and a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    text,
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC time, kept as seconds since 1970: the one place where times are converted."""

    impl = Float
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> float | None:
        return None if value is None else value.timestamp()

    def process_result_value(self, value: float | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


metadata = MetaData()

# ---------------------------------------------------------------- places and what is declared there

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

# ---------------------------------------------------------------- articles

stories = Table(
    "stories",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),  # the one of story_keys that names it
    Column("slot", Integer, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("lead_entry_id", Integer),  # no reference: it is written before its entry
)

story_keys = Table(
    "story_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    sqlite_with_rowid=False,
)
Index("story_keys_story", story_keys.c.story_id)

entries = Table(
    "entries",
    metadata,
    Column(
        "id", Integer, primary_key=True, autoincrement=False
    ),  # rises with first sight: newest first is by id
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    Column("feed_id", ForeignKey("feeds.id"), nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("uid", Text, nullable=False),
    Column("fingerprint", BigInteger, nullable=False),
    Column("url_key", Text),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("original_url", Text),
    Column("original_key", Text),
    Column("byline", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("language", Text),
    Column("image_url", Text),
    Column("published_at", Moment),
    Column("updated_at", Moment),
    Column("body", Text, nullable=False),  # last: reading the others skips its overflow pages
)
Index("entries_story", entries.c.story_id)
Index("entries_url", entries.c.url_key)

sightings = Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", ForeignKey("feeds.id"), nullable=False),
    Column("uid", Text, nullable=False),
    Column("fingerprint", BigInteger, nullable=False),
    Column("entry_id", Integer),  # no reference: deleting an article would scan for it
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("published_at", Moment),
    Column("last_listed_at", Moment, nullable=False),
    UniqueConstraint("feed_id", "uid", name="sightings_uid"),
)
Index("sightings_fingerprint", sightings.c.feed_id, sightings.c.fingerprint)
Index("sightings_story", sightings.c.story_id)
Index("sightings_forgettable", sightings.c.last_listed_at, sqlite_where=sightings.c.entry_id.is_(None))

matches = Table(
    "matches",
    metadata,
    Column("story_id", ForeignKey("stories.id"), primary_key=True),
    Column("subscription_id", ForeignKey("subscriptions.id"), primary_key=True),
    Column("entry_id", Integer),
    Column("terms", JSON, nullable=False),  # [[term, field, [[start, end], …]], …]
    Column("withheld", Text),  # the name of a Withheld
    Column("matched_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- deliveries

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

# ---------------------------------------------------------------- what is said in chats

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

# ---------------------------------------------------------------- single values

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),  # revision; the last ids given to story and entry
    Column("value", Integer, nullable=False),
    sqlite_with_rowid=False,
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment),
)
