"""Which story a new entry belongs to: one it shares an identity and its text with, or a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import (
    Entry,
    EntryId,
    FeedId,
    KnownEntry,
    KnownStory,
    NewEntry,
    NewStory,
    PollFacts,
    StoryId,
    StoryKey,
)
from bot.domain.stories import agree, at_home, same_article, same_page, story_keys

CANDIDATES = 8
"""Stories compared with under one key, the newest: some feeds give all their items one link."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A new entry, and the story it was placed in (with a negative id when the story is new too)."""

    entry: Entry
    story: KnownStory
    record: NewEntry


class Folder:
    """Places the new entries of one poll, one after the other, so that they also fold into each other."""

    def __init__(
        self, feed_id: FeedId, facts: PollFacts, now: datetime, homes: Sequence[str | None] = ()
    ) -> None:
        """Place entries of a feed; `homes` are its address and that of its site."""
        self._feed_id = feed_id
        self._homes = tuple(homes)
        self._now = now
        self._slots: dict[str, int] = dict(facts.slots)
        self._stories: dict[str, tuple[KnownStory, ...]] = dict(facts.stories)
        self.opened: list[NewStory] = []

    def place(self, entry: Entry) -> Placed:
        """Fold an entry into the newest story that claims the same identity and tells the same, or open one."""
        keys = story_keys(entry, self._feed_id)
        story = next((story for story in self._candidates(keys) if self._is_same(entry, story)), None)
        return self._open(entry, keys) if story is None else self._join(entry, keys, story)

    def moved(self, entry: Entry, old: KnownEntry) -> tuple[StoryKey, ...]:
        """Return what its story is known by as well, now that a feed has changed an article's link."""
        key = f"url:{entry.key}"
        known = {story.id for story in self._stories.get(key, ())}
        return () if entry.key in {None, old.key} or old.story_id in known else (self._take(key),)

    def _candidates(self, keys: Sequence[str]) -> Iterator[KnownStory]:
        for key in keys:
            yield from reversed(self._stories.get(key, ()))

    def _is_same(self, entry: Entry, story: KnownStory) -> bool:
        """Judge by text: whoever names another's address does not thereby swallow, or become, its article."""
        if self._listed_again(entry, story):
            return same_article(entry, story)
        return agree(entry.title, entry.body, story.title, story.body) or same_page(entry, story)

    def _listed_again(self, entry: Entry, story: KnownStory) -> bool:
        """Whether this may be the very item that the feed listed before, under a changed id or link."""
        return (
            story.lead_feed_id == self._feed_id and entry.original_key is None and not _original(entry, story)
        )

    def _open(self, entry: Entry, keys: Sequence[str]) -> Placed:
        taken = tuple(self._take(key) for key in keys)
        published = entry.published_at or self._now
        self.opened.append(NewStory(taken, published))
        story = KnownStory(
            id=StoryId(-len(self.opened)),
            key=taken[0],
            published_at=published,
            title=entry.title,
            body=entry.body,
            feed_ids=frozenset({self._feed_id}),
            lead_feed_id=self._feed_id,
            lead_key=entry.key,
            lead_published_at=entry.published_at,
            lead_at_home=at_home(entry.key, *self._homes),
        )
        self._remember(story, keys)
        return Placed(entry, story, NewEntry(entry, story.id, lead=True))

    def _join(self, entry: Entry, keys: Sequence[str], story: KnownStory) -> Placed:
        missing = [key for key in keys if story.id not in {known.id for known in self._stories.get(key, ())}]
        gained = tuple(self._take(key) for key in missing)
        self._remember(story, missing)
        record = NewEntry(
            entry,
            story.id,
            lead=_original(entry, story) or self._publishes(entry, story),
            new_keys=gained,
            same_as=self._same_as(entry, story),
        )
        return Placed(entry, story, record)

    def _publishes(self, entry: Entry, story: KnownStory) -> bool:
        """Whether an article's own publisher lists now what only others have listed: it knows date and byline best."""
        return (
            entry.key == story.lead_key
            and not story.lead_at_home
            and story.lead_feed_id != self._feed_id
            and at_home(entry.key, *self._homes)
        )

    def _same_as(self, entry: Entry, story: KnownStory) -> EntryId | None:
        return story.lead_entry_id if self._listed_again(entry, story) else None

    def _take(self, key: str) -> StoryKey:
        slot = self._slots.get(key, 0)
        self._slots[key] = slot + 1
        return StoryKey(key, slot)

    def _remember(self, story: KnownStory, keys: Sequence[str]) -> None:
        for key in keys:
            self._stories[key] = (*self._stories.get(key, ())[1 - CANDIDATES :], story)


def _original(entry: Entry, story: KnownStory) -> bool:
    """Whether this is the article that a story, known only through a copy so far, is named after."""
    return entry.key is not None and story.key.key == f"url:{entry.key}" and story.lead_key != entry.key


def keys_to_look_up(entries: Sequence[Entry], feed_id: FeedId) -> tuple[str, ...]:
    """Return the story keys that bear on some entries, each once."""
    return tuple(dict.fromkeys(key for entry in entries for key in story_keys(entry, feed_id)))
