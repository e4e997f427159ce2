"""Every table, as SQLAlchemy Core knows it; `migrations/` makes them, and a test holds the two together."""

from bot.stores.tables.articles import entries, matches, sightings, stories, story_keys
from bot.stores.tables.chats import access, drafts, mutes, requests
from bot.stores.tables.declared import (
    channels,
    credentials,
    feeds,
    follow_workspaces,
    follows,
    row_history,
    subscriptions,
    terms,
    workspaces,
)
from bot.stores.tables.deliveries import HELD, SETTLED, UNSETTLED, deliveries
from bot.stores.tables.metadata import Moment, metadata
from bot.stores.tables.values import counters, heartbeat

__all__ = [
    "HELD",
    "SETTLED",
    "UNSETTLED",
    "Moment",
    "access",
    "channels",
    "counters",
    "credentials",
    "deliveries",
    "drafts",
    "entries",
    "feeds",
    "follow_workspaces",
    "follows",
    "heartbeat",
    "matches",
    "metadata",
    "mutes",
    "requests",
    "row_history",
    "sightings",
    "stories",
    "story_keys",
    "subscriptions",
    "terms",
    "workspaces",
]
