"""Whether two articles tell the same news, and by which names a story is known."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from datetime import time, timedelta
from hashlib import blake2b

from bot.domain.model import Entry, FeedId, KnownStory
from bot.domain.text import words
from bot.domain.urls import host_name

MAX_CHARS, MAX_WORDS = 20_000, 2_000
"""How much of a text is compared: news says what it is about early."""
SHINGLE = 4
"""Words in a row that count as taken from the same text."""
TITLE_ONLY, VERBATIM = 12, 6
"""A text of fewer words than the first (a teaser, “Read more”) proves nothing unless it has at least the second
number of them and stands in the other word for word; else the headlines must agree."""
LONG = 40
SHARE, SHORT_SHARE = 0.5, 0.6
"""Part of the shorter text's shingles that the longer must have, for texts of LONG words and for shorter ones."""
VOCABULARY, VOCABULARY_SHARE = 10, 0.7
"""How many longer words, and what part of them, where the headlines agree: a summary in the editor's own words."""
TITLE_SHARE, TITLE_WORDS = 0.8, 4
TELLING = 20
"""Words from which on a text is known by itself, without a date."""
REDATED = timedelta(hours=12)
"""A feed that gives an updated article another id gives it a date this much later, at most."""


def agree(title_a: str, body_a: str, title_b: str, body_b: str) -> bool:
    """Tell whether two articles, one of which names the other's address, tell the same news.

    The shorter text must mostly stand in the longer, as a summary or an edited copy does; headlines may
    differ. `python -m benchmarks.agree` measures how often this errs.
    """
    (short, title), (long, long_title) = sorted(
        [(_start(body_a), words(title_a)), (_start(body_b), words(title_b))], key=lambda text: len(text[0])
    )
    titles = _titles_agree(title, long_title)
    long = long_title + long
    shared = _share(_shingles(short), _shingles(long))
    if len(short) < TITLE_ONLY:
        return titles or (shared == 1 and len(short) >= VERBATIM)
    if shared >= (SHARE if len(short) >= LONG else SHORT_SHARE):
        return True
    longer_words = _vocabulary(short) if titles else set()
    return len(longer_words) >= VOCABULARY and _share(longer_words, set(long)) >= VOCABULARY_SHARE


def same_article(entry: Entry, known: KnownStory) -> bool:
    """Tell whether a feed lists again, under another id, the article that leads a story.

    A daily item with a constant headline is a new article on each date, unless the text is the very same and
    long enough to be telling, or the same page hours before: then the feed only changes its dates.
    """
    if words(entry.title) != words(known.title):
        return _corrected(entry, known)
    text, before = _start(entry.body), _start(known.body)
    if None in {entry.published_at, known.lead_published_at}:
        return text == before
    if entry.published_at != known.lead_published_at:
        return text == before and (len(text) >= TELLING or same_page(entry, known))
    if min(len(text), len(before)) >= TITLE_ONLY:
        return agree(entry.title, entry.body, known.title, known.body)
    return (text == before or not text or not before) and _pinned(entry, known)


def same_page(entry: Entry, known: KnownStory) -> bool:
    """Tell whether two items lead to one page under one headline within hours: each may describe it in its own words."""
    one, other = entry.published_at, known.lead_published_at
    if entry.key is None or entry.key != known.lead_key or one is None or other is None:
        return False
    title = words(entry.title)
    return len(title) >= TITLE_WORDS and title == words(known.title) and abs(one - other) <= REDATED


def _corrected(entry: Entry, known: KnownStory) -> bool:
    """Tell whether only the headline of an article was changed: its link, its text and the very second are the same.

    What stands beside it in one document (its story has no id yet) is no correction of it.
    """
    return (
        known.id > 0
        and entry.key is not None
        and entry.key == known.lead_key
        and entry.published_at is not None
        and entry.published_at == known.lead_published_at
        and entry.published_at.time() != time.min
        and agree(entry.title, entry.body, known.title, known.body)
    )


def _pinned(entry: Entry, known: KnownStory) -> bool:
    """Tell whether more than a headline and a day holds two items together: the link, or the time of day."""
    return entry.key == known.lead_key or (
        entry.published_at is not None and entry.published_at.time() != time.min
    )


def at_home(key: str | None, *addresses: str | None) -> bool:
    """Tell whether a link leads to a feed's own site, by the addresses of the feed and of the page it belongs to."""
    site = host_name(f"https://{key}") if key else ""
    homes = [host_name(address) for address in addresses if address]
    return any(home and site and (_within(site, home) or _within(home, site)) for home in homes)


def _within(host: str, site: str) -> bool:
    return host == site or host.endswith(f".{site}")


def story_keys(entry: Entry, feed_id: FeedId) -> tuple[str, ...]:
    """Return the names under which an entry's story may be known, the most telling first.

    `url:KEY` of the original that it points to, then of its own link; `text:FEED:HASH` for the same article
    listed again by the same feed under another id and link; `entry:FEED:HASH` of its id where it has no link.
    """
    keys = [f"url:{key}" for key in (entry.original_key, entry.key) if key]
    identity = [] if keys else [f"entry:{feed_id}:{_hash(entry.uid)}"]
    text = _text_identity(entry)
    return (*keys, *([f"text:{feed_id}:{_hash(text)}"] if text else []), *identity)


def _text_identity(entry: Entry) -> str:
    """Return what makes an article recognisable by itself: headline and date, or headline and text; or nothing."""
    title = " ".join(words(entry.title))
    if entry.published_at is not None:
        return f"{title}\n{entry.published_at.isoformat()}"
    body = _start(entry.body)
    return f"{title}\n{' '.join(body)}" if len(body) >= TELLING else ""


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()


def _start(body: str) -> list[str]:
    return words(body[:MAX_CHARS])[:MAX_WORDS]


def _shingles(text: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(*(text[start:] for start in range(SHINGLE)), strict=False))


def _vocabulary(text: Sequence[str]) -> set[str]:
    """Return the words that carry meaning in any alphabet: those of four letters and more."""
    return {word for word in text if len(word) >= 4}


def _share(part: AbstractSet[Hashable], whole: AbstractSet[Hashable]) -> float:
    return len(part & whole) / len(part) if part else 0.0


def _titles_agree(a: Sequence[str], b: Sequence[str]) -> bool:
    """Tell whether one headline is the other, give or take a few words."""
    if a == b:
        return bool(a)
    short, long = sorted((set(a), set(b)), key=len)
    return len(short) >= TITLE_WORDS and _share(short, long) >= TITLE_SHARE
