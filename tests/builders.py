"""Small values for tests: each builder gives something plausible, and every field can be overridden.

    entry("1", title="Second summit", url="https://politico.example/a")
    subscription("kim", channel=channel("console:world"))

Ids are made up; what a test stores gets its ids from the store. `at(minutes=5)` is five minutes after `NOW`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from bot.domain.model import (
    Alert,
    AlertMatch,
    Article,
    Channel,
    ChannelAddress,
    ChannelId,
    ClaimedDelivery,
    DeliveryId,
    Entry,
    EntryId,
    Feed,
    FeedId,
    FeedState,
    KnownEntry,
    KnownStory,
    Match,
    Mention,
    Person,
    PollFacts,
    Span,
    StoryId,
    StoryKey,
    Subscription,
    SubscriptionId,
    TermMatch,
    WorkspaceId,
)
from bot.domain.urls import url_key
from tests.clock import START

NOW = START


def at(**offset: float) -> datetime:
    """Return NOW plus `days`, `hours`, `minutes` or `seconds`."""
    return NOW + timedelta(**offset)


# ---------------------------------------------------------------- places and feeds


def channel(address: str = "console:world", **fields: Any) -> Channel:
    return replace(Channel(ChannelId(1), WorkspaceId(1), ChannelAddress.parse(address)), **fields)


def person(name: str = "Ann", **fields: Any) -> Person:
    """Somebody whose id follows from the name."""
    return replace(Person(id=f"U-{name.lower()}", name=name), **fields)


def mention(name: str = "desk", **fields: Any) -> Mention:
    return replace(Mention("role", f"R-{name.lower()}", name), **fields)


def state(**fields: Any) -> FeedState:
    """A feed that is due now and has been read before."""
    return replace(FeedState(next_poll_at=NOW, caught_up=True), **fields)


def feed(url: str = "https://news.example/rss", **fields: Any) -> Feed:
    return replace(Feed(id=FeedId(1), kind="rss", url=url, state=state()), **fields)


# ---------------------------------------------------------------- articles


def entry(uid: str = "1", **fields: Any) -> Entry:
    """An article of its own; its key follows from its url, its fingerprint from everything it says."""
    url = fields.setdefault("url", f"https://news.example/{uid}")
    fields.setdefault("key", url_key(url) if url else None)
    original = fields.get("original_url")
    fields.setdefault("original_key", url_key(original) if original else None)
    plain = replace(
        Entry(
            uid=uid,
            fingerprint=0,
            title=f"Headline of article {uid}",
            body=f"The text of article {uid}, which is about nothing in particular.",
            published_at=NOW,
        ),
        **fields,
    )
    return plain if "fingerprint" in fields else replace(plain, fingerprint=_fingerprint(plain))


def _fingerprint(of: Entry) -> int:
    return int.from_bytes(blake2b(repr(of).encode(), digest_size=8).digest()) >> 1


def article(of: Entry | None = None, **fields: Any) -> Article:
    return replace(
        Article(
            id=EntryId(1),
            story_id=StoryId(1),
            feed_id=FeedId(1),
            entry=of or entry(),
            first_seen_at=NOW,
            source="News Example",
        ),
        **fields,
    )


# ---------------------------------------------------------------- subscriptions and matches


def subscription(query: str = "kim", **fields: Any) -> Subscription:
    return replace(
        Subscription(id=SubscriptionId(1), channel=channel(), query=query, created_at=NOW),
        **fields,
    )


def term(words: str, text: str, field: str = "title") -> TermMatch:
    """Where `words` stand, letter by letter, in a title or body."""
    start = text.index(words)
    return TermMatch(words, field, (Span(start, start + len(words)),))


def match(words: str, text: str, field: str = "title", subscription_id: int = 1) -> Match:
    return Match(SubscriptionId(subscription_id), (term(words, text, field),))


# ---------------------------------------------------------------- what the store knows


def known_entry(of: Entry, **fields: Any) -> KnownEntry:
    return replace(
        KnownEntry(
            uid=of.uid,
            fingerprint=of.fingerprint,
            entry_id=EntryId(1),
            story_id=StoryId(1),
            story_key=StoryKey(f"url:{of.key}"),
            first_seen_at=NOW,
            published_at=of.published_at,
            title=of.title,
            body=of.body,
            key=of.key,
        ),
        **fields,
    )


def known_story(lead: Entry, **fields: Any) -> KnownStory:
    return replace(
        KnownStory(
            id=StoryId(1),
            key=StoryKey(f"url:{lead.key}"),
            published_at=lead.published_at or NOW,
            title=lead.title,
            body=lead.body,
            feed_ids=frozenset({FeedId(1)}),
            lead_feed_id=FeedId(1),
            lead_entry_id=EntryId(1),
            lead_key=lead.key,
            lead_published_at=lead.published_at,
        ),
        **fields,
    )


def facts(followers: Mapping[WorkspaceId, datetime] | None = None, **fields: Any) -> PollFacts:
    """Nothing known; workspace 1 has followed the feed since NOW."""
    return replace(PollFacts(revision=1, followers=followers or {WorkspaceId(1): NOW}), **fields)


# ---------------------------------------------------------------- alerts


def alert(*articles: Article, **fields: Any) -> Alert:
    """One subscription matched a word of the first article's headline."""
    told = articles or (article(),)
    lead = told[0]
    word = lead.entry.title.split()[0]
    found = AlertMatch(subscription(word), lead.id, (term(word, lead.entry.title),))
    return replace(Alert(channel=channel(), articles=told, matches=(found,)), **fields)


def claimed(of: Alert | None = None, **fields: Any) -> ClaimedDelivery:
    return replace(
        ClaimedDelivery(
            id=DeliveryId("delivery-1"), claim_id="claim-1", alert=of or alert(), created_at=NOW, attempts=1
        ),
        **fields,
    )
