"""What one outcome comes to, table by table, once its new stories and entries have ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.model import EntryId, NewEntry, PollOutcome, StoryId, StoryRef
from bot.stores.mutes import Muted, reason
from bot.stores.rows import entry_values, term_values
from bot.stores.schedule import state_values
from bot.stores.terms import terms_of

Values = Iterator[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Told:
    """What an outcome's entries say of one story together."""

    published_at: datetime
    lead: EntryId | None


class Plan:
    def __init__(self, outcome: PollOutcome, story_ids: range, entry_ids: range) -> None:
        self.outcome = outcome
        self._story_ids = story_ids
        fresh = (new.entry.uid for new in outcome.new_entries if new.same_as is None)
        self._entry_ids = {uid: EntryId(id) for uid, id in zip(fresh, entry_ids, strict=True)}
        self._told = self._gathered()

    def _story(self, ref: StoryRef) -> StoryId:
        return StoryId(ref if ref > 0 else self._story_ids[-ref - 1])

    def _entry(self, new: NewEntry) -> EntryId:
        return new.same_as if new.same_as is not None else self._entry_ids[new.entry.uid]

    def _gathered(self) -> dict[StoryId, _Told]:
        """Gather what the new entries change in their stories; the last original leads."""
        told: dict[StoryId, _Told] = {}
        for new in self.outcome.new_entries:
            story_id = self._story(new.story)
            published = new.entry.published_at or self.outcome.decided_at
            before = told.get(story_id, _Told(published, None))
            lead = self._entry(new) if new.lead else before.lead
            told[story_id] = _Told(min(published, before.published_at), lead)
        return told

    # ------------------------------------------------------------ feeds and stories

    def feed(self) -> dict[str, Any]:
        said = {
            "feed_id": self.outcome.feed_id,
            "new_title": self.outcome.title,
            "new_site_url": self.outcome.site_url,
            "new_icon_url": self.outcome.icon_url,
        }
        return said | state_values(self.outcome.state)

    def opened(self) -> Values:
        for id, new in zip(self._story_ids, self.outcome.new_stories, strict=True):
            said = self._told.get(StoryId(id), _Told(new.published_at, None))
            yield {
                "id": id,
                "key": new.keys[0].key,
                "slot": new.keys[0].slot,
                "published_at": min(new.published_at, said.published_at),
                "lead_entry_id": said.lead,
            }

    def joined(self) -> Values:
        for story_id, said in self._told.items():
            if story_id not in self._story_ids:
                yield {"story_id": story_id, "published": said.published_at, "lead": said.lead}

    def keys(self) -> Values:
        for id, story in zip(self._story_ids, self.outcome.new_stories, strict=True):
            for key in story.keys:
                yield {"key": key.key, "slot": key.slot, "story_id": id}
        for new in self.outcome.new_entries:
            for key in new.new_keys:
                yield {"key": key.key, "slot": key.slot, "story_id": self._story(new.story)}
        for edit in self.outcome.edited:
            for key in edit.new_keys:
                yield {"key": key.key, "slot": key.slot, "story_id": edit.story_id}

    # ------------------------------------------------------------ articles

    def entries(self) -> Values:
        for new in self.outcome.new_entries:
            if new.same_as is None:
                values = entry_values(new.entry)
                values["id"] = self._entry(new)
                values["story_id"] = self._story(new.story)
                values["feed_id"] = self.outcome.feed_id
                values["first_seen_at"] = self.outcome.decided_at
                yield values

    def terms(self) -> Iterator[tuple[int, list[str]]]:
        for new in self.outcome.new_entries:
            if new.same_as is None:
                yield self._entry(new), terms_of(new.entry, self.outcome.decided_at)

    def sightings(self) -> Values:
        for new in self.outcome.new_entries:
            yield {
                "feed_id": self.outcome.feed_id,
                "uid": new.entry.uid,
                "fingerprint": new.entry.fingerprint,
                "entry_id": self._entry(new),
                "story_id": self._story(new.story),
                "first_seen_at": self.outcome.decided_at,
                "published_at": new.entry.published_at,
                "last_listed_at": self.outcome.decided_at,
            }

    def listed(self) -> Values:
        if self.outcome.listed:
            yield {
                "of_feed": self.outcome.feed_id,
                "fingerprints": list(self.outcome.listed),
                "at": self.outcome.decided_at,
            }

    # ------------------------------------------------------------ alerts

    def matches(self) -> Values:
        entry_of: dict[str, EntryId | None] = {
            new.entry.uid: self._entry(new) for new in self.outcome.new_entries
        }
        entry_of.update((edit.entry.uid, edit.entry_id) for edit in self.outcome.edited)
        for new in self.outcome.matches:
            yield {
                "story_id": self._story(new.story),
                "subscription_id": new.match.subscription_id,
                "entry_id": entry_of[new.uid],
                "terms": term_values(new.match.terms),
                "withheld": new.withheld.name if new.withheld else None,
                "matched_at": self.outcome.decided_at,
            }

    def reconsidered(self) -> Values:
        """Say which withheld matches give way to new ones."""
        for new in self.outcome.matches:
            if new.again:
                yield {
                    "of_story": self._story(new.story),
                    "of_subscription": new.match.subscription_id,
                }

    def deliveries(self, muted: Muted) -> Values:
        for new in self.outcome.deliveries:
            story_id = self._story(new.story)
            until, by = muted.get((story_id, new.channel_id), (self.outcome.decided_at, ""))
            held = reason(until, by) if until > self.outcome.decided_at else new.held
            yield {
                "id": new.id,
                "story_id": story_id,
                "channel_id": new.channel_id,
                "state": "held" if held else "pending",
                "due_at": new.due_at,
                "created_at": self.outcome.decided_at,
                "settled_at": self.outcome.decided_at if held else None,
                "attempts": 0,
                "reason": held,
                "updated": new.updated,
            }

    def told_again(self) -> Iterator[StoryId]:
        """Yield the stories that a channel is to get and that were there before."""
        return (self._story(new.story) for new in self.outcome.deliveries if new.story > 0)
