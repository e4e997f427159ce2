"""Writing down what a poll decided: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.model import DeliveryId, EntryId, NewEntry, PollOutcome, StoryId, StoryRef
from bot.errors import StaleDecision
from bot.stores.counters import current_revision, take_ids
from bot.stores.database import Database, OneOf
from bot.stores.edits import record_edits
from bot.stores.rows import STATE, entry_values, term_values
from bot.stores.schedule import state_values
from bot.stores.tables import deliveries, entries, feeds, matches, sightings, stories, story_keys

_QUIET = select(feeds.c.quiet_before).where(feeds.c.id == bindparam("feed_id"))
_RECORD_FEED = (
    update(feeds)
    .where(feeds.c.id == bindparam("feed_id"))
    .values(
        **{name: bindparam(f"new_{name}") for name in STATE},
        title=func.coalesce(func.nullif(bindparam("new_title"), ""), feeds.c.title),
        site_url=func.coalesce(bindparam("new_site_url"), feeds.c.site_url),
        icon_url=func.coalesce(bindparam("new_icon_url"), feeds.c.icon_url),
    )
)
_JOIN_STORY = (
    update(stories)
    .where(stories.c.id == bindparam("story_id"))
    .values(
        published_at=case(
            (stories.c.published_at > bindparam("published"), bindparam("published")),
            else_=stories.c.published_at,
        ),
        lead_entry_id=func.coalesce(bindparam("lead"), stories.c.lead_entry_id),
    )
)
_MARK_LISTED = (
    update(sightings)
    .where(
        sightings.c.feed_id == bindparam("of_feed"),
        OneOf(sightings.c.fingerprint, bindparam("fingerprints", type_=JSON)),
    )
    .values(last_listed_at=bindparam("at"))
)


def record_poll(connection: Connection, database: Database, outcome: PollOutcome) -> list[DeliveryId]:
    _check(connection, outcome)
    try:
        return _Recording(connection, database, outcome).write()
    except IntegrityError as error:
        if database.taken(error):
            raise StaleDecision(
                "A story, an id or a delivery was recorded by another poll meanwhile."
            ) from error
        raise


def _check(connection: Connection, outcome: PollOutcome) -> None:
    """Refuse what was decided on facts that have changed since."""
    if current_revision(connection) != outcome.revision:
        raise StaleDecision("The subscriptions or follows changed meanwhile.")
    quiet_before = connection.execute(_QUIET, {"feed_id": outcome.feed_id}).scalar_one()
    if quiet_before != outcome.state.quiet_before:
        raise StaleDecision("The feed was followed anew meanwhile.")


@dataclass(frozen=True, slots=True)
class _Told:
    """What the outcome's entries say of one story together."""

    published_at: datetime
    lead: EntryId | None


class _Recording:
    """One outcome with the ids that its new stories and entries get."""

    def __init__(self, connection: Connection, database: Database, outcome: PollOutcome) -> None:
        self._connection = connection
        self._words = database.words
        self._outcome = outcome
        self._story_ids = self._take("story", len(outcome.new_stories))
        fresh = [new for new in outcome.new_entries if new.same_as is None]
        ids = self._take("entry", len(fresh))
        self._entry_ids = {new.entry.uid: EntryId(id) for new, id in zip(fresh, ids, strict=True)}

    def write(self) -> list[DeliveryId]:
        self._feed()
        self._stories(self._told())
        self._entries()
        if self._outcome.edited:
            record_edits(self._connection, self._words, self._outcome)
        self._insert(matches, self._match_rows())
        self._insert(deliveries, self._delivery_rows())
        self._listed()
        return [delivery.id for delivery in self._outcome.deliveries if delivery.held is None]

    # ------------------------------------------------------------ ids

    def _take(self, kind: str, count: int) -> range:
        return take_ids(self._connection, kind, count) if count else range(0)

    def _story(self, ref: StoryRef) -> StoryId:
        return StoryId(ref if ref > 0 else self._story_ids[-ref - 1])

    def _entry(self, new: NewEntry) -> EntryId:
        return new.same_as if new.same_as is not None else self._entry_ids[new.entry.uid]

    # ------------------------------------------------------------ writing

    def _insert(self, table: Any, rows: Iterator[dict[str, Any]]) -> None:
        values = list(rows)
        if values:
            self._connection.execute(insert(table), values)

    def _feed(self) -> None:
        outcome = self._outcome
        values = {
            "feed_id": outcome.feed_id,
            "new_title": outcome.title,
            "new_site_url": outcome.site_url,
            "new_icon_url": outcome.icon_url,
        }
        self._connection.execute(_RECORD_FEED, values | state_values(outcome.state))

    def _told(self) -> Mapping[StoryId, _Told]:
        """Gather what the new entries change in their stories; the last original leads."""
        told: dict[StoryId, _Told] = {}
        for new in self._outcome.new_entries:
            story_id = self._story(new.story)
            published = new.entry.published_at or self._outcome.decided_at
            before = told.get(story_id, _Told(published, None))
            lead = self._entry(new) if new.lead else before.lead
            told[story_id] = _Told(min(published, before.published_at), lead)
        return told

    def _stories(self, told: Mapping[StoryId, _Told]) -> None:
        opened = set(self._story_ids)
        self._insert(stories, self._story_rows(told))
        self._insert(story_keys, self._key_rows())
        joined = [
            {"story_id": story_id, "published": said.published_at, "lead": said.lead}
            for story_id, said in told.items()
            if story_id not in opened
        ]
        if joined:
            self._connection.execute(_JOIN_STORY, joined)

    def _story_rows(self, told: Mapping[StoryId, _Told]) -> Iterator[dict[str, Any]]:
        for id, new in zip(self._story_ids, self._outcome.new_stories, strict=True):
            said = told.get(StoryId(id), _Told(new.published_at, None))
            yield {
                "id": id,
                "key": new.keys[0].key,
                "slot": new.keys[0].slot,
                "published_at": min(new.published_at, said.published_at),
                "lead_entry_id": said.lead,
            }

    def _key_rows(self) -> Iterator[dict[str, Any]]:
        for id, story in zip(self._story_ids, self._outcome.new_stories, strict=True):
            for key in story.keys:
                yield {"key": key.key, "slot": key.slot, "story_id": id}
        for new in self._outcome.new_entries:
            for key in new.new_keys:
                yield {"key": key.key, "slot": key.slot, "story_id": self._story(new.story)}

    def _entries(self) -> None:
        fresh = [(new, self._entry(new)) for new in self._outcome.new_entries if new.same_as is None]
        self._insert(entries, (self._entry_row(new, id) for new, id in fresh))
        self._words.add(self._connection, ((id, new.entry.title, new.entry.body) for new, id in fresh))
        self._insert(sightings, (self._sighting_row(new) for new in self._outcome.new_entries))

    def _entry_row(self, new: NewEntry, id: EntryId) -> dict[str, Any]:
        place = {"id": id, "story_id": self._story(new.story), "feed_id": self._outcome.feed_id}
        return place | {"first_seen_at": self._outcome.decided_at} | entry_values(new.entry)

    def _sighting_row(self, new: NewEntry) -> dict[str, Any]:
        return {
            "feed_id": self._outcome.feed_id,
            "uid": new.entry.uid,
            "fingerprint": new.entry.fingerprint,
            "entry_id": self._entry(new),
            "story_id": self._story(new.story),
            "first_seen_at": self._outcome.decided_at,
            "published_at": new.entry.published_at,
            "last_listed_at": self._outcome.decided_at,
        }

    def _match_rows(self) -> Iterator[dict[str, Any]]:
        entry_of: dict[str, EntryId | None] = {
            new.entry.uid: self._entry(new) for new in self._outcome.new_entries
        }
        entry_of.update((edit.entry.uid, edit.entry_id) for edit in self._outcome.edited)
        for new in self._outcome.matches:
            yield {
                "story_id": self._story(new.story),
                "subscription_id": new.match.subscription_id,
                "entry_id": entry_of[new.uid],
                "terms": term_values(new.match.terms),
                "withheld": new.withheld.name if new.withheld else None,
                "matched_at": self._outcome.decided_at,
            }

    def _delivery_rows(self) -> Iterator[dict[str, Any]]:
        for new in self._outcome.deliveries:
            yield {
                "id": new.id,
                "story_id": self._story(new.story),
                "channel_id": new.channel_id,
                "state": "held" if new.held else "pending",
                "due_at": new.due_at,
                "created_at": self._outcome.decided_at,
                "settled_at": self._outcome.decided_at if new.held else None,
                "attempts": 0,
                "reason": new.held,
                "updated": new.updated,
            }

    def _listed(self) -> None:
        if self._outcome.listed:
            values = {
                "of_feed": self._outcome.feed_id,
                "fingerprints": list(self._outcome.listed),
                "at": self._outcome.decided_at,
            }
            self._connection.execute(_MARK_LISTED, values)
