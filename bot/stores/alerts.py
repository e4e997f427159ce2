"""What a channel is to see of a story, as the story stands now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, or_

from bot.domain.model import Alert, AlertMatch, Channel, StoryId
from bot.stores.glossary import with_terms
from bot.stores.rows import ARTICLES, SUBSCRIPTIONS, read_article, read_subscription, read_terms
from bot.stores.tables import entries, matches, row_history, stories, subscriptions
from bot.stores.visibility import seen_by_workspace

MOST_ARTICLES = 50
"""A message names a few sources; a story that hundreds carry is not read whole."""

# A subscription that has moved to another channel since keeps its part in what was then on its way to this one.
_MOVED = exists().where(
    row_history.c.row_kind == subscriptions.name,
    row_history.c.row_id == subscriptions.c.id,
    row_history.c.at >= matches.c.matched_at,
    row_history.c.before["channel_id"].as_integer() == bindparam("channel_id"),
)
_OF_CHANNEL = or_(subscriptions.c.channel_id == bindparam("channel_id"), _MOVED)

_MATCHES = (
    SUBSCRIPTIONS.add_columns(matches.c.entry_id, matches.c.terms)
    .join(matches, matches.c.subscription_id == subscriptions.c.id)
    .where(
        matches.c.story_id == bindparam("story_id"),
        _OF_CHANNEL,
        matches.c.withheld.is_(None),
        matches.c.entry_id.is_not(None),
    )
    .order_by(subscriptions.c.id)
)

# What matched was the workspace's to see then, and goes out even if its feed has been retired since.
_MATCHED = exists().where(
    and_(
        matches.c.story_id == entries.c.story_id,
        matches.c.entry_id == entries.c.id,
        matches.c.withheld.is_(None),
        matches.c.subscription_id == subscriptions.c.id,
        _OF_CHANNEL,
    )
)
_LEADS = entries.c.id == stories.c.lead_entry_id
_TOLD = (
    ARTICLES.join(stories, stories.c.id == entries.c.story_id)
    .where(
        entries.c.story_id == bindparam("story_id"),
        or_(entries.c.feed_id.in_(seen_by_workspace()), _MATCHED),
    )
    .order_by(_LEADS.desc(), _MATCHED.desc(), entries.c.id)
    .limit(MOST_ARTICLES)
)


def read_alert(connection: Connection, channel: Channel, story_id: StoryId, *, updated: bool) -> Alert | None:
    """Return a story's articles and matches for a channel, the original first; None when no article is left."""
    asked = {"story_id": story_id, "channel_id": channel.id}
    told = connection.execute(_TOLD, asked | {"workspace_id": channel.workspace_id})
    articles = tuple(read_article(row) for row in told)
    if not articles:
        return None
    return Alert(
        channel, articles, _alert_matches(connection, connection.execute(_MATCHES, asked).all()), updated
    )


def _alert_matches(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[AlertMatch, ...]:
    watchers = with_terms(connection, [read_subscription(row) for row in rows])
    return tuple(
        AlertMatch(watcher, row.entry_id, read_terms(row.terms))
        for watcher, row in zip(watchers, rows, strict=True)
    )
