"""Forgetting what is past its time, a small batch at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Delete,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    text,
    update,
)

from bot.domain.model import DRAFT_LASTS, StoryId
from bot.ports import Retention
from bot.stores.database import OneOf, Words
from bot.stores.requests import LASTS
from bot.stores.tables import (
    SETTLED,
    UNSETTLED,
    deliveries,
    drafts,
    entries,
    feeds,
    matches,
    mutes,
    requests,
    sightings,
    stories,
    story_keys,
)
from bot.stores.terms import INDEXED, terms_of

_IDS = bindparam("ids", type_=JSON)
_STORIES = bindparam("stories", type_=JSON)

_OLD_DELIVERIES = (
    select(deliveries.c.id, deliveries.c.story_id)
    .where(text(SETTLED), deliveries.c.settled_at < bindparam("limit"))
    .limit(bindparam("count"))
)
# The oldest by id, which is the order of first sight; asking for a date would read the whole table.
_OLDEST_ENTRIES = (
    select(entries.c.id, entries.c.story_id, entries.c.first_seen_at)
    .where(not_(exists().where(deliveries.c.story_id == entries.c.story_id, text(UNSETTLED))))
    .order_by(entries.c.id)
    .limit(bindparam("count"))
)
_TEXTS = select(entries.c.id, entries.c.first_seen_at, *INDEXED).where(OneOf(entries.c.id, _IDS))
# An id that its feed listed when it was last marked is still listed, however long ago that was.
_FORGETTABLE = (
    select(sightings.c.id, sightings.c.story_id)
    .join_from(sightings, feeds, feeds.c.id == sightings.c.feed_id)
    .where(
        sightings.c.entry_id.is_(None),
        sightings.c.last_listed_at < bindparam("limit"),
        or_(sightings.c.last_listed_at < feeds.c.listed_at, not_(feeds.c.followed)),
    )
    .limit(bindparam("count"))
)
_EXPIRED = delete(drafts).where(drafts.c.created_at <= bindparam("limit"))
_HEARD = delete(requests).where(requests.c.heard_at <= bindparam("limit"))
_ENDED = delete(mutes).where(mutes.c.until <= bindparam("limit"))
_UNUSED = select(stories.c.id).where(
    OneOf(stories.c.id, _STORIES),
    and_(
        *(
            not_(exists().where(table.c.story_id == stories.c.id))
            for table in (sightings, entries, deliveries)
        )
    ),
)
_DROP_MATCHED_TEXT = (
    update(matches)
    .where(OneOf(matches.c.story_id, _STORIES), OneOf(matches.c.entry_id, _IDS))
    .values(entry_id=None, terms=[])
)
_DROP_SEEN_TEXT = (
    update(sightings)
    .where(OneOf(sightings.c.story_id, _STORIES), OneOf(sightings.c.entry_id, _IDS))
    .values(entry_id=None)
)
_LEAD_BY_ANOTHER = (
    update(stories)
    .where(OneOf(stories.c.id, _STORIES), OneOf(stories.c.lead_entry_id, _IDS))
    .values(
        lead_entry_id=select(func.min(entries.c.id))
        .where(entries.c.story_id == stories.c.id)
        .scalar_subquery()
    )
)


class Pruning:
    """One batch; `deleted` counts its rows."""

    def __init__(self, connection: Connection, words: Words, batch: int) -> None:
        self._connection = connection
        self._words = words
        self._batch = batch
        self._concerned: set[StoryId] = set()
        """Stories that may have lost the last that referred to them."""
        self.deleted = 0

    def run(self, now: datetime, retention: Retention) -> int:
        self._passing(now)
        self._deliveries(now - timedelta(seconds=retention.deliveries_s))
        self._articles(now - timedelta(seconds=retention.articles_s))
        self._ids(now - timedelta(seconds=retention.ids_s))
        self._stories()
        return self.deleted

    @property
    def _left(self) -> int:
        return max(0, self._batch - self.deleted)

    def _passing(self, now: datetime) -> None:
        """Forget what was meant for a short while; there is never much of it."""
        for statement, limit in ((_EXPIRED, now - DRAFT_LASTS), (_ENDED, now), (_HEARD, now - LASTS)):
            self.deleted += self._connection.execute(statement, {"limit": limit}).rowcount

    def _deliveries(self, limit: datetime) -> None:
        old = self._connection.execute(_OLD_DELIVERIES, {"limit": limit, "count": self._left}).all()
        self._delete(delete(deliveries).where(OneOf(deliveries.c.id, _IDS)), old)

    def _articles(self, limit: datetime) -> None:
        oldest = self._connection.execute(_OLDEST_ENTRIES, {"count": self._left}).all()
        old = [row for row in oldest if row.first_seen_at < limit]
        if not old:
            return
        ids = {"ids": [row.id for row in old], "stories": [row.story_id for row in old]}
        texts = self._connection.execute(_TEXTS, {"ids": ids["ids"]})
        self._words.remove(self._connection, ((row.id, terms_of(row, row.first_seen_at)) for row in texts))
        self._run(_DROP_MATCHED_TEXT, ids)
        self._run(_DROP_SEEN_TEXT, ids)
        self._delete(delete(entries).where(OneOf(entries.c.id, _IDS)), old)
        self._run(_LEAD_BY_ANOTHER, ids)

    def _ids(self, limit: datetime) -> None:
        old = self._connection.execute(_FORGETTABLE, {"limit": limit, "count": self._left}).all()
        self._delete(delete(sightings).where(OneOf(sightings.c.id, _IDS)), old)

    def _stories(self) -> None:
        unused = list(self._connection.scalars(_UNUSED, {"stories": sorted(self._concerned)}))
        for table, story_id in (
            (matches, matches.c.story_id),
            (mutes, mutes.c.story_id),
            (story_keys, story_keys.c.story_id),
            (stories, stories.c.id),
        ):
            self._run(delete(table).where(OneOf(story_id, _IDS)), {"ids": unused})
        self.deleted += len(unused)

    def _delete(self, statement: Delete, rows: Iterable[Any]) -> None:
        """Delete some rows and remember their stories."""
        old = list(rows)
        self._run(statement, {"ids": [row.id for row in old]})
        self._concerned.update(row.story_id for row in old)
        self.deleted += len(old)

    def _run(self, statement: Delete | Update, values: dict[str, Any]) -> None:
        if values["ids"]:
            self._connection.execute(statement, values)
