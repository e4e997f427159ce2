"""Edited articles: their new text, their words, and where the matches of before now stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, select, update

from bot.domain.model import EditedEntry, Entry, EntryId, PollOutcome, Span, TermMatch
from bot.stores.database import OneOf, Words
from bot.stores.rows import entry_values, read_terms, term_values
from bot.stores.tables import entries, matches, sightings
from bot.stores.terms import INDEXED, terms_of

_TEXTS = select(entries.c.id, entries.c.story_id, entries.c.first_seen_at, *INDEXED).where(
    OneOf(entries.c.id, bindparam("ids", type_=JSON))
)
_REWRITE = (
    update(entries)
    .where(entries.c.id == bindparam("entry_id"))
    .values(**{name: bindparam(f"new_{name}") for name in entry_values(Entry("", 0, "")) if name != "uid"})
)
_REMEMBER = (
    update(sightings)
    .where(sightings.c.feed_id == bindparam("of_feed"), sightings.c.uid == bindparam("of_uid"))
    .values(fingerprint=bindparam("new_fingerprint"))
)
_MATCHED = select(matches.c.story_id, matches.c.subscription_id, matches.c.entry_id, matches.c.terms).where(
    OneOf(matches.c.story_id, bindparam("stories", type_=JSON)),
    OneOf(matches.c.entry_id, bindparam("ids", type_=JSON)),
)
_RELOCATE = (
    update(matches)
    .where(
        matches.c.story_id == bindparam("of_story"), matches.c.subscription_id == bindparam("of_subscription")
    )
    .values(terms=bindparam("new_terms", type_=JSON))
)


def record_edits(connection: Connection, words: Words, outcome: PollOutcome) -> None:
    """Write what a feed changed in articles that it had published before."""
    remembered = [
        {"of_feed": outcome.feed_id, "of_uid": edit.entry.uid, "new_fingerprint": edit.entry.fingerprint}
        for edit in outcome.edited
    ]
    connection.execute(_REMEMBER, remembered)
    edits = {edit.entry_id: edit for edit in outcome.edited if edit.entry_id is not None}
    before = list(connection.execute(_TEXTS, {"ids": list(edits)})) if edits else []
    if before:
        connection.execute(_REWRITE, [_rewritten(edits[row.id]) for row in before])
        now = {id: edit.entry for id, edit in edits.items()}
        changed = [row for row in before if _indexed(row) != _indexed(now[row.id])]
        words.remove(connection, ((row.id, terms_of(row, row.first_seen_at)) for row in changed))
        words.add(connection, ((row.id, terms_of(now[row.id], row.first_seen_at)) for row in changed))
        _relocate(connection, [row for row in changed if _texts(row) != _texts(now[row.id])], now)


def _rewritten(edit: EditedEntry) -> dict[str, Any]:
    values = {f"new_{name}": value for name, value in entry_values(edit.entry).items() if name != "uid"}
    return values | {"entry_id": edit.entry_id}


def _indexed(of: Any) -> list[Any]:
    """Return what an article's terms follow from; tags are a list in the database and a tuple here."""
    return [*_texts(of), of.byline, *of.tags, of.url, of.language, of.published_at]


def _texts(of: Any) -> tuple[str, str]:
    return of.title, of.body


def _relocate(connection: Connection, reworded: Iterable[Any], now: Mapping[EntryId, Entry]) -> None:
    """Move the marks of earlier matches to where their words stand in the new text."""
    old = {row.id: row for row in reworded}
    asked = {"stories": [row.story_id for row in old.values()], "ids": list(old)}
    moved = [
        {
            "of_story": row.story_id,
            "of_subscription": row.subscription_id,
            "new_terms": term_values(
                relocated(
                    term, getattr(old[row.entry_id], term.field), getattr(now[row.entry_id], term.field)
                )
                for term in read_terms(row.terms)
            ),
        }
        for row in connection.execute(_MATCHED, asked)
    ]
    if moved:
        connection.execute(_RELOCATE, moved)


def relocated(term: TermMatch, old: str, new: str) -> TermMatch:
    """Return where the words that a term was found as stand in an edited text, nearest to where they stood.

    Words that are gone lose their mark.
    """
    spans = (_nearest(old[span.start : span.end], span.start, new) for span in term.spans)
    return replace(term, spans=tuple(dict.fromkeys(span for span in spans if span is not None)))


def _nearest(words: str, start: int, text: str) -> Span | None:
    after = text.find(words, start)
    before = text.rfind(words, 0, start + len(words))
    found = [place for place in (after, before) if place >= 0]
    if not words or not found:
        return None
    place = min(found, key=lambda place: abs(place - start))
    return Span(place, place + len(words))
