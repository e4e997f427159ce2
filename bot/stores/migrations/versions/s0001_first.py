"""The first schema.

Revision 1.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _places()
    _feeds()
    _follows()
    _watching()
    _articles()
    _sightings()
    _alerts()
    _single_values()
    _words()


def _places() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("platform", "external_id", name="workspaces_place"),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "external_id", name="channels_place"),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "credentials_workspace",
        "credentials",
        ["workspace_id", "name"],
        unique=True,
        sqlite_where=sa.text("workspace_id IS NOT NULL"),
    )
    op.create_index(
        "credentials_operator",
        "credentials",
        ["name"],
        unique=True,
        sqlite_where=sa.text("workspace_id IS NULL"),
    )


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("site_url", sa.Text()),
        sa.Column("icon_url", sa.Text()),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.Column("given_title", sa.Text(), server_default="", nullable=False),
        sa.Column("interval_s", sa.Float()),
        sa.Column("next_poll_at", sa.Float(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.Text()),
        sa.Column("redirect_url", sa.Text()),
        sa.Column("redirect_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("failing_since", sa.Float()),
        sa.Column("polled_at", sa.Float()),
        sa.Column("succeeded_at", sa.Float()),
        sa.Column("new_entry_at", sa.Float()),
        sa.Column("listed_at", sa.Float()),
        sa.Column("caught_up", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("quiet_before", sa.Float()),
        sa.Column("ttl_s", sa.Float()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "url", "credentials", name="feeds_origin"),
    )
    op.create_index("feeds_due", "feeds", ["next_poll_at"], sqlite_where=sa.text("followed = 1"))


def _follows() -> None:
    op.create_table(
        "follows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("interval_s", sa.Float()),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("retired_at", sa.Float()),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "follows_declared",
        "follows",
        ["feed_id", "origin", "audience"],
        unique=True,
        sqlite_where=sa.text("origin != 'file'"),
    )
    op.create_index("follows_feed", "follows", ["feed_id"])
    op.create_index("follows_file", "follows", ["name"], unique=True, sqlite_where=sa.text("origin = 'file'"))
    op.create_table(
        "follow_workspaces",
        sa.Column("follow_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["follow_id"], ["follows.id"]),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
        sa.PrimaryKeyConstraint("follow_id", "workspace_id"),
        sqlite_with_rowid=False,
    )


def _watching() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("feeds", sa.JSON(), nullable=False),
        sa.Column("feed_ids", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("created_by", sa.Text(), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.Float()),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "subscriptions_declared",
        "subscriptions",
        ["channel_id", "query"],
        unique=True,
        sqlite_where=sa.text("origin != 'file'"),
    )
    op.create_index(
        "subscriptions_file", "subscriptions", ["name"], unique=True, sqlite_where=sa.text("origin = 'file'")
    )
    op.create_index("subscriptions_revision", "subscriptions", ["revision"])
    op.create_table(
        "row_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_kind", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("row_history_row", "row_history", ["row_kind", "row_id"])


def _articles() -> None:
    op.create_table(
        "stories",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.Float(), nullable=False),
        sa.Column("lead_entry_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "story_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"]),
        sa.PrimaryKeyConstraint("key", "slot"),
        sqlite_with_rowid=False,
    )
    op.create_index("story_keys_story", "story_keys", ["story_id"])
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.Float(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("url_key", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("original_url", sa.Text()),
        sa.Column("original_key", sa.Text()),
        sa.Column("byline", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("image_url", sa.Text()),
        sa.Column("published_at", sa.Float()),
        sa.Column("updated_at", sa.Float()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"]),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("entries_story", "entries", ["story_id"])
    op.create_index("entries_url", "entries", ["url_key"])


def _sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.Integer()),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.Float(), nullable=False),
        sa.Column("published_at", sa.Float()),
        sa.Column("last_listed_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"]),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("feed_id", "uid", name="sightings_uid"),
    )
    op.create_index("sightings_fingerprint", "sightings", ["feed_id", "fingerprint"])
    op.create_index(
        "sightings_forgettable", "sightings", ["last_listed_at"], sqlite_where=sa.text("entry_id IS NULL")
    )
    op.create_index("sightings_story", "sightings", ["story_id"])


def _alerts() -> None:
    op.create_table(
        "matches",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer()),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("withheld", sa.Text()),
        sa.Column("matched_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"]),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"]),
        sa.PrimaryKeyConstraint("story_id", "subscription_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("settled_at", sa.Float()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.Column("updated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"]),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("story_id", "channel_id", name="deliveries_once"),
    )
    op.create_index(
        "deliveries_due", "deliveries", ["due_at"], sqlite_where=sa.text("state IN ('pending', 'claimed')")
    )
    op.create_index(
        "deliveries_settled", "deliveries", ["settled_at"], sqlite_where=sa.text("state IN ('sent', 'held')")
    )


def _single_values() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('revision', 0), ('story', 0), ('entry', 0)")
    op.execute("INSERT INTO heartbeat (id) VALUES (1)")


def _words() -> None:
    """Make the full-text index: our own tokens, separated by blanks, without their text and places.

    The categories make its tokenizer cut at blanks only. https://www.sqlite.org/fts5.html#unicode61_tokenizer
    """
    op.execute(
        "CREATE VIRTUAL TABLE entry_words USING fts5 ("
        " title, body, content='', columnsize=0, detail=column,"
        " tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\""
        ")"
    )
