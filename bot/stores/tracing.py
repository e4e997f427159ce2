"""What became of alerts and articles, as people ask about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, exists, or_

from bot.domain.model import (
    Article,
    ChannelAddress,
    DeliveryId,
    Mute,
    Person,
    PostedAlert,
    Ruling,
    StoryId,
    Trace,
    Withheld,
    WorkspaceId,
)
from bot.errors import NotFound
from bot.stores.alerts import MOST_ARTICLES, read_alert
from bot.stores.glossary import with_terms
from bot.stores.mutes import MUTE, OF_DELIVERY, list_mutes
from bot.stores.outgoing import DELIVERIES, DELIVERY, WIDTH, read_delivery
from bot.stores.rows import (
    ARTICLES,
    CHANNEL,
    SUBSCRIPTION,
    SUBSCRIPTIONS,
    at_address,
    read_article,
    read_subscription,
    read_terms,
)
from bot.stores.tables import (
    channels,
    deliveries,
    entries,
    matches,
    mutes,
    stories,
    story_keys,
    subscriptions,
)
from bot.stores.visibility import seen_by_workspace

_FORGOTTEN: Final = "What that message tells of is no longer stored."

_ALERTS = DELIVERIES.add_columns(deliveries.c.updated, *MUTE).join(mutes, OF_DELIVERY, isouter=True)
_HERE = channels.c.workspace_id == bindparam("workspace_id")
_BY_ID = _ALERTS.where(deliveries.c.id == bindparam("id"), _HERE)
_OF_STORY = _ALERTS.where(deliveries.c.story_id == bindparam("story_id"), _HERE).order_by(
    deliveries.c.created_at, channels.c.id
)


# ---------------------------------------------------------------- alerts


def alert_by_id(connection: Connection, id: DeliveryId, workspace: WorkspaceId, now: datetime) -> PostedAlert:
    asked = {"id": id, "workspace_id": workspace, "now": now}
    found = connection.execute(_BY_ID, asked).one_or_none() if id.isascii() else None
    return _posted(connection, found)


def alert_by_message(
    connection: Connection, channel: ChannelAddress, receipt: str, now: datetime
) -> PostedAlert:
    # A platform's ids of messages are unique in a channel; of two all the same, the later one is meant.
    query = (
        _ALERTS.where(at_address(channel), deliveries.c.receipt == receipt)
        .order_by(deliveries.c.settled_at.desc())
        .limit(1)
    )
    return _posted(connection, connection.execute(query, {"now": now}).one_or_none())


def alerts_of_story(
    connection: Connection, story: StoryId, workspace: WorkspaceId, now: datetime
) -> list[PostedAlert]:
    asked = {"story_id": story, "workspace_id": workspace, "now": now}
    found = (_told(connection, row) for row in connection.execute(_OF_STORY, asked).all())
    return [alert for alert in found if alert is not None]


def _posted(connection: Connection, row: Row[Any] | None) -> PostedAlert:
    if row is None:
        raise NotFound("newsbot knows of no alert in that message; what is long past is forgotten.")
    if alert := _told(connection, row):
        return alert
    raise NotFound(_FORGOTTEN)


def _told(connection: Connection, row: Row[Any]) -> PostedAlert | None:
    """Return an alert, or None when no article of its is stored any more."""
    delivery = read_delivery(row)
    alert = read_alert(connection, delivery.channel, delivery.story_id, updated=row.updated)
    if alert is None:
        return None
    mute = None
    if row.until is not None:
        by = Person(row.muted_by_id, row.muted_by)
        mute = Mute(delivery.channel, delivery.story_id, row.until, by)
    return PostedAlert(delivery, alert, mute)


# ---------------------------------------------------------------- articles

# What a workspace follows now, and what has matched there when it did.
_MATCHED_HERE = (
    exists()
    .where(
        matches.c.story_id == entries.c.story_id,
        matches.c.entry_id == entries.c.id,
        matches.c.subscription_id == subscriptions.c.id,
        subscriptions.c.channel_id == channels.c.id,
        channels.c.workspace_id == bindparam("workspace_id"),
    )
    .correlate(entries)
)
_VISIBLE = or_(entries.c.feed_id.in_(seen_by_workspace()), _MATCHED_HERE)
_SEEN = ARTICLES.where(_VISIBLE)
_UNDER_KEY = _SEEN.where(entries.c.url_key == bindparam("url_key")).order_by(entries.c.id.desc()).limit(1)
# The key of a link that only copies point to is one of their story.
_COPY = (
    _SEEN.join(story_keys, story_keys.c.story_id == entries.c.story_id)
    .where(story_keys.c.key == bindparam("story_key"))
    .order_by(entries.c.id.desc())
    .limit(1)
)
_TOLD = (
    _SEEN.join(stories, stories.c.id == entries.c.story_id)
    .where(entries.c.story_id == bindparam("story_id"))
    .order_by((entries.c.id == stories.c.lead_entry_id).desc(), entries.c.id)
    .limit(MOST_ARTICLES)
)
_MATCH = (matches.c.entry_id, matches.c.terms, matches.c.withheld, matches.c.matched_at)
_RULED = (
    SUBSCRIPTIONS.add_columns(*_MATCH, *CHANNEL, *DELIVERY)
    .join(matches, matches.c.subscription_id == subscriptions.c.id)
    .join(
        deliveries,
        and_(
            deliveries.c.story_id == matches.c.story_id,
            deliveries.c.channel_id == subscriptions.c.channel_id,
        ),
        isouter=True,
    )
    .where(matches.c.story_id == bindparam("story_id"), _HERE)
    .order_by(subscriptions.c.id)
)
_MATCH_AT = len(SUBSCRIPTION)
_DELIVERY_AT = _MATCH_AT + len(_MATCH)


def trace(connection: Connection, url_key: str, workspace: WorkspaceId, now: datetime) -> Trace | None:
    """Tell what became of an article; None when a workspace sees none under this URL."""
    asked = {"url_key": url_key, "story_key": f"url:{url_key}", "workspace_id": workspace}
    found = connection.execute(_UNDER_KEY, asked).first() or connection.execute(_COPY, asked).first()
    if found is None:
        return None
    article = read_article(found)
    of_story = {"story_id": article.story_id, "workspace_id": workspace}
    told = [read_article(row) for row in connection.execute(_TOLD, of_story)]
    rulings = _rulings(connection, connection.execute(_RULED, of_story).all())
    mutes_held = list_mutes(connection, workspace, now, article.story_id)
    return Trace(article, _with(told, article), tuple(rulings), tuple(mutes_held))


def _with(told: Sequence[Article], article: Article) -> tuple[Article, ...]:
    """Have the article itself among those of its story, however many tell it."""
    return (*told,) if article in told else (*told[:-1], article)


def _rulings(connection: Connection, rows: Sequence[Row[Any]]) -> list[Ruling]:
    watchers = with_terms(connection, [read_subscription(row) for row in rows])
    return [_ruling(watcher, row) for watcher, row in zip(watchers, rows, strict=True)]


def _ruling(watcher: Any, row: Row[Any]) -> Ruling:
    entry_id, terms, withheld, matched_at = row[_MATCH_AT:_DELIVERY_AT]
    sent = row[_DELIVERY_AT : _DELIVERY_AT + WIDTH]
    return Ruling(
        subscription=watcher,
        matched_at=matched_at,
        terms=read_terms(terms),
        entry_id=entry_id,
        withheld=Withheld[withheld] if withheld else None,
        delivery=read_delivery(sent) if sent[len(CHANNEL)] is not None else None,
    )
