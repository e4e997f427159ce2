"""From rows to values and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from bot.domain.model import (
    Article,
    Channel,
    ChannelAddress,
    Entry,
    Feed,
    FeedState,
    Mention,
    Origin,
    Pause,
    Person,
    Span,
    Subscription,
    TermMatch,
)
from bot.domain.urls import host_name
from bot.stores.tables import channels, entries, feeds, subscriptions, workspaces

STATE = tuple(field.name for field in fields(FeedState))
"""The fields of a FeedState, which are columns of the same names."""

FEED = (
    feeds.c.id,
    feeds.c.kind,
    feeds.c.url,
    feeds.c.credentials,
    feeds.c.interval_s,
    feeds.c.given_title,
    feeds.c.title,
    *(feeds.c[name] for name in STATE),
)


def read_feed(row: Sequence[Any], start: int = 0) -> Feed:
    """Read FEED's columns, from the `start`th on."""
    id, kind, url, credentials, interval_s, given_title, title, *state = row[start : start + len(FEED)]
    return Feed(id, kind, url, FeedState(*state), given_title or title, credentials or None, interval_s)


_ENTRY = tuple(field.name for field in fields(Entry))
_ENTRY_COLUMNS = {"key": "url_key"}
_TAGS = _ENTRY.index("tags")

ARTICLE = (
    entries.c.id,
    entries.c.story_id,
    entries.c.feed_id,
    entries.c.first_seen_at,
    feeds.c.given_title,
    feeds.c.title.label("feed_title"),
    feeds.c.url.label("feed_url"),
    feeds.c.icon_url,
    *(entries.c[_ENTRY_COLUMNS.get(name, name)] for name in _ENTRY),
)
ARTICLES = select(*ARTICLE).join_from(entries, feeds, feeds.c.id == entries.c.feed_id)


def read_article(row: Sequence[Any]) -> Article:
    id, story_id, feed_id, seen_at, given_title, title, url, icon_url, *said = row
    said[_TAGS] = tuple(said[_TAGS])
    source = given_title or title or host_name(url)
    return Article(id, story_id, feed_id, Entry(*said), seen_at, source, icon_url)


def entry_values(entry: Entry) -> dict[str, Any]:
    """Return what the columns of `entries` keep of an Entry."""
    return {_ENTRY_COLUMNS.get(name, name): getattr(entry, name) for name in _ENTRY}


CHANNEL = (
    channels.c.id,
    channels.c.workspace_id,
    workspaces.c.platform,
    workspaces.c.external_id,
    channels.c.external_id,
    channels.c.name,
    channels.c.buttons,
)


def read_channel(row: Sequence[Any], start: int = 0) -> Channel:
    id, workspace_id, platform, workspace, channel, *rest = row[start : start + len(CHANNEL)]
    return Channel(id, workspace_id, ChannelAddress(platform, workspace, channel), *rest)


def at_address(address: ChannelAddress) -> ColumnElement[bool]:
    """Select the channel at an address."""
    return and_(
        workspaces.c.platform == address.platform,
        workspaces.c.external_id == address.workspace,
        channels.c.external_id == address.channel,
    )


SUBSCRIPTION = (
    *CHANNEL,
    subscriptions.c.id,
    subscriptions.c.query,
    subscriptions.c.created_at,
    subscriptions.c.origin,
    subscriptions.c.name,
    subscriptions.c.created_by,
    subscriptions.c.feed_ids,
    subscriptions.c.active,
    subscriptions.c.revision,
    subscriptions.c.created_by_id,
    subscriptions.c.feeds,
    subscriptions.c.mention,
    subscriptions.c.paused_at,
    subscriptions.c.pause_reason,
    subscriptions.c.paused_for,
    subscriptions.c.paused_by,
    subscriptions.c.paused_by_id,
    subscriptions.c.retired_at,
)
SUBSCRIPTIONS = (
    select(*SUBSCRIPTION)
    .join_from(subscriptions, channels, channels.c.id == subscriptions.c.channel_id)
    .join(workspaces, workspaces.c.id == channels.c.workspace_id)
)


def read_subscription(row: Sequence[Any]) -> Subscription:
    id, query, created_at, origin, name, created_by, feed_ids, active, revision, *others = row[
        len(CHANNEL) : len(SUBSCRIPTION)
    ]
    created_by_id, feeds_named, mention, *pause, retired_at = others
    return Subscription(
        id=id,
        channel=read_channel(row),
        query=query,
        created_at=created_at,
        origin=Origin(origin),
        name=name,
        created_by=created_by,
        feeds=frozenset(feed_ids),
        active=active,
        revision=revision,
        created_by_id=created_by_id,
        feeds_named=tuple(feeds_named),
        mention=read_mention(mention),
        pause=_read_pause(*pause),
        retired_at=retired_at,
    )


PERSON = "person"
"""Of a pause: somebody is to resume it; otherwise it is a place that is to come back."""


def _read_pause(since: datetime | None, reason: str, paused_for: str | None, *by: str) -> Pause | None:
    if since is None:
        return None
    name, id = by
    return Pause(since, reason, Person(id, name) if paused_for == PERSON else None)


def read_mention(kept: Sequence[str] | None) -> Mention | None:
    return None if kept is None else Mention(*kept)


def mention_values(mention: Mention | None) -> list[str] | None:
    """Return a mention as JSON can keep it."""
    return None if mention is None else [mention.kind, mention.id, mention.name]


def term_values(terms: Iterable[TermMatch]) -> list[Any]:
    """Return terms as JSON can keep them."""
    return [[term.term, term.field, [[span.start, span.end] for span in term.spans]] for term in terms]


def read_terms(kept: Iterable[Any]) -> tuple[TermMatch, ...]:
    return tuple(TermMatch(term, field, tuple(Span(*span) for span in spans)) for term, field, spans in kept)
