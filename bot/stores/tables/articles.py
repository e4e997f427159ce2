"""Articles, stories and matches."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.stores.tables.metadata import Moment, metadata

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
