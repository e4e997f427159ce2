"""The decision at the heart: what one poll's news means for every channel."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.domain.folding import Folder, Placed
from bot.domain.model import (
    AlertRules,
    Channel,
    ChannelId,
    DeliveryId,
    EditedEntry,
    Entry,
    Feed,
    FeedState,
    KnownEntry,
    Match,
    NewDelivery,
    NewMatch,
    ParsedFeed,
    PollFacts,
    PollOutcome,
    StoryKey,
    StoryRef,
    Subscription,
    SubscriptionId,
    Withheld,
)
from bot.domain.stories import agree
from bot.domain.text import fold

CLOCK_SKEW = timedelta(minutes=10)
"""A date further ahead than this is no date: its time zone or its clock is wrong."""

RELIST_EVERY = timedelta(days=1)
"""How often the ids that a feed still lists are marked as listed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one poll read: the document, what the store knows of it, and which subscriptions it matches."""

    feed: Feed
    state: FeedState
    """What polling left behind; the decision completes it."""
    parsed: ParsedFeed
    """Its entries `dated` and `told_apart`."""
    facts: PollFacts
    subscriptions: Mapping[SubscriptionId, Subscription]
    matches: Mapping[str, Sequence[Match]]
    """By uid; of an edited entry only those which the text did not have before."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A match on its way to being judged."""

    match: Match
    entry: Entry
    story: StoryRef
    story_key: StoryKey
    subscription: Subscription
    withheld: Withheld | None
    published_at: datetime
    updated: bool
    again: bool = False


def decide(reading: Reading, rules: AlertRules, now: datetime) -> PollOutcome:
    """Decide everything that one successful poll changes."""
    known = reading.facts.known
    folder = Folder(reading.feed.id, reading.facts, now, (reading.feed.url, reading.parsed.site_url))
    placed = [folder.place(entry) for entry in reading.parsed.entries if entry.uid not in known]
    edited = [(entry, known[entry.uid]) for entry in reading.parsed.entries if _edited(entry, known)]
    found = list(
        _once([*_news(placed, reading, rules, now), *_edits(edited, reading, rules, now)], reading.facts)
    )
    listed = reading.parsed.listed if _relist(reading.state, now) else None
    return PollOutcome(
        feed_id=reading.feed.id,
        state=replace(
            reading.state,
            caught_up=True,
            new_entry_at=now if placed else reading.state.new_entry_at,
            listed_at=now if listed is not None else reading.state.listed_at,
        ),
        decided_at=now,
        revision=reading.facts.revision,
        new_stories=tuple(folder.opened),
        new_entries=tuple(one.record for one in placed),
        edited=(*_rewritten(edited, folder), *_corrected(placed)),
        matches=tuple(
            NewMatch(one.match, one.entry.uid, one.story, one.withheld, one.again) for one in found
        ),
        deliveries=tuple(_deliveries(found, reading, rules, now)),
        listed=listed,
        title=reading.parsed.title,
        site_url=reading.parsed.site_url,
        icon_url=reading.parsed.icon_url,
    )


def delivery_id(channel: Channel, story_key: StoryKey) -> DeliveryId:
    """Name the one message that a channel gets for a story: 24 ASCII characters, equal however often it is decided."""
    digest = blake2b(f"{channel.address} {story_key}".encode(), digest_size=15).digest()
    return DeliveryId(base64.b32encode(digest).decode().lower())


def dated(entries: Sequence[Entry], now: datetime) -> tuple[Entry, ...]:
    """Take impossible dates away; to be done first, because an article is known by its date too."""
    latest = now + CLOCK_SKEW
    return tuple(
        replace(entry, published_at=None) if entry.published_at and entry.published_at > latest else entry
        for entry in entries
    )


def told_apart(parsed: ParsedFeed, known: Mapping[str, KnownEntry]) -> tuple[Entry, ...]:
    """Give an id of its own to an article that comes under the id of another.

    Some feeds number their places, not their articles, or give all of them one id; taken for an edit, the new
    article would be missed.
    """
    still_listed, repeated = frozenset(parsed.listed), frozenset(parsed.repeated)
    return tuple(
        replace(entry, uid=f"{entry.uid} {entry.fingerprint:x}")
        if _reuses(entry, known.get(entry.uid), still_listed, entry.uid in repeated)
        else entry
        for entry in parsed.entries
    )


def newly(now: Iterable[Match], before: Iterable[Match]) -> tuple[Match, ...]:
    """Return the matches whose subscription the text before an edit did not match."""
    had = {match.subscription_id for match in before}
    return tuple(match for match in now if match.subscription_id not in had)


def _reuses(entry: Entry, old: KnownEntry | None, still_listed: Collection[int], repeated: bool) -> bool:
    """Whether an id stands for another article now: beside the old one, or by link, a later date and text.

    Where several items have the id, a link, or a headline and text, of its own is enough.
    """
    if old is None:
        return False
    if old.fingerprint in still_listed:
        return (entry.key, fold(entry.title)) != (old.key, fold(old.title))
    if repeated:
        renamed = fold(entry.title) != fold(old.title)
        return entry.key != old.key or (renamed and not agree(entry.title, entry.body, old.title, old.body))
    if entry.key in {None, old.key} or old.key is None:
        return False
    later = (
        entry.published_at is not None
        and old.published_at is not None
        and entry.published_at > old.published_at
    )
    return later and not agree(entry.title, entry.body, old.title, old.body)


def _edited(entry: Entry, known: Mapping[str, KnownEntry]) -> bool:
    return entry.uid in known and known[entry.uid].fingerprint != entry.fingerprint


def _rewritten(edited: Iterable[tuple[Entry, KnownEntry]], folder: Folder) -> Iterator[EditedEntry]:
    for entry, old in edited:
        yield EditedEntry(old.entry_id, entry, old.story_id, folder.moved(entry, old))


def _corrected(placed: Sequence[Placed]) -> Iterator[EditedEntry]:
    """Yield the articles that are listed again under another id because their headline was changed."""
    for one in placed:
        if one.record.same_as is not None and one.entry.title != one.story.title:
            yield EditedEntry(one.record.same_as, one.entry)


def _relist(state: FeedState, now: datetime) -> bool:
    return state.listed_at is None or now - state.listed_at >= RELIST_EVERY


def _news(placed: Sequence[Placed], reading: Reading, rules: AlertRules, now: datetime) -> Iterator[_Found]:
    for one in placed:
        entry, story = one.entry, one.story
        published = min(entry.published_at or now, story.published_at)
        if one.record.lead and entry.published_at:
            published = entry.published_at  # the original knows best, whatever its copies say
        relisted = one.record.same_as is not None
        for match, subscription in _visible(entry, reading):
            withheld = _withheld(entry.published_at, subscription, reading) or _aged(published, rules, now)
            if withheld is None and (relisted or (subscription.id, story.id) in reading.facts.withheld):
                withheld = _early(
                    published, subscription, reading
                )  # it is known, and new at best to this feed
            yield _Found(
                match, entry, story.id, story.key, subscription, withheld, published, updated=relisted
            )


def _edits(
    edited: Sequence[tuple[Entry, KnownEntry]], reading: Reading, rules: AlertRules, now: datetime
) -> Iterator[_Found]:
    for entry, old in edited:
        published = old.published_at or old.first_seen_at
        for match, subscription in _visible(entry, reading):
            withheld = _withheld(published, subscription, reading) or _aged(published, rules, now)
            if withheld is None and (subscription.id, old.story_id) in reading.facts.withheld:
                withheld = _early(published, subscription, reading)
            yield _Found(
                match, entry, old.story_id, old.story_key, subscription, withheld, published, updated=True
            )


def _visible(entry: Entry, reading: Reading) -> Iterator[tuple[Match, Subscription]]:
    """Yield the matches of subscriptions that may see this feed."""
    for match in reading.matches.get(entry.uid, ()):
        subscription = reading.subscriptions[match.subscription_id]
        follows = subscription.channel.workspace_id in reading.facts.followers
        if follows and (not subscription.feeds or reading.feed.id in subscription.feeds):
            yield match, subscription


def _withheld(published: datetime | None, subscription: Subscription, reading: Reading) -> Withheld | None:
    """Keep a feed's first poll from announcing what was there before anybody asked."""
    state = reading.feed.state
    if state.caught_up:
        return None
    return Withheld.UNDATED if published is None else _early(published, subscription, reading)


def _early(published: datetime, subscription: Subscription, reading: Reading) -> Withheld | None:
    since = max(reading.facts.followers[subscription.channel.workspace_id], subscription.created_at)
    quiet_before = reading.feed.state.quiet_before or since
    return Withheld.BEFORE_FOLLOWING if published < max(since, quiet_before) else None


def _aged(published: datetime, rules: AlertRules, now: datetime) -> Withheld | None:
    return Withheld.TOO_OLD if now - published > rules.max_age else None


def _once(found: Iterable[_Found], facts: PollFacts) -> Iterator[_Found]:
    """Judge a subscription and a story together once, ever; only what was withheld may still become an alert."""
    judged: set[tuple[SubscriptionId, StoryRef]] = set(facts.judged)
    withheld: set[tuple[SubscriptionId, StoryRef]] = set(facts.withheld)
    for one in found:
        pair = (one.subscription.id, one.story)
        if pair not in judged:
            judged.add(pair)
            yield one
        elif pair in withheld and one.withheld is None:
            withheld.remove(pair)
            yield replace(one, again=True)


def _deliveries(
    found: Sequence[_Found], reading: Reading, rules: AlertRules, now: datetime
) -> Iterator[NewDelivery]:
    """Give each channel one delivery per story, the newest first, and hold what would be a flood."""
    due: defaultdict[ChannelId, dict[StoryRef, _Found]] = defaultdict(dict)
    for one in found:
        channel_id = one.subscription.channel.id
        if one.withheld is None and (channel_id, one.story) not in reading.facts.alerted:
            due[channel_id].setdefault(one.story, one)
    for stories in due.values():
        newest_first = sorted(stories.values(), key=lambda one: one.published_at, reverse=True)
        for place, one in enumerate(newest_first):
            yield NewDelivery(
                id=delivery_id(one.subscription.channel, one.story_key),
                channel_id=one.subscription.channel.id,
                story=one.story,
                due_at=now + rules.gather,
                updated=one.updated,
                held=_flood(len(stories), rules) if place >= rules.flood_limit else None,
            )


def _flood(count: int, rules: AlertRules) -> str:
    return f"one of {count:,} alerts at once from one feed; only the newest {rules.flood_limit} were posted"
