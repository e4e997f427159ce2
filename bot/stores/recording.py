"""Writing down what polls decided: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import JSON, Connection, Executable, bindparam, case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.model import DeliveryId, PollOutcome
from bot.errors import StaleDecision
from bot.stores.counters import current_revision, take_ids
from bot.stores.database import Database, OneOf
from bot.stores.edits import record_edits
from bot.stores.mutes import muted_among
from bot.stores.plans import Plan
from bot.stores.rows import STATE
from bot.stores.tables import deliveries, entries, feeds, matches, sightings, stories, story_keys

_QUIET = select(feeds.c.id, feeds.c.quiet_before).where(OneOf(feeds.c.id, bindparam("ids", type_=JSON)))
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
_OPEN_STORY, _TAKE_KEY = insert(stories), insert(story_keys)
_ADD_ENTRY, _ADD_SIGHTING = insert(entries), insert(sightings)
_DROP_WITHHELD = delete(matches).where(
    matches.c.story_id == bindparam("of_story"),
    matches.c.subscription_id == bindparam("of_subscription"),
    matches.c.withheld.is_not(None),
)
_ADD_MATCH, _ADD_DELIVERY = insert(matches), insert(deliveries)


def record_polls(
    connection: Connection, database: Database, outcomes: Sequence[PollOutcome]
) -> list[list[DeliveryId]]:
    """Write some outcomes, or none of them; return the new pending deliveries of each."""
    _check(connection, outcomes)
    plans = _planned(connection, outcomes)
    try:
        return _write(connection, database, plans)
    except IntegrityError as error:
        if database.taken(error):
            raise StaleDecision(
                "A story, an id or a delivery was recorded by another poll meanwhile."
            ) from error
        raise


def _check(connection: Connection, outcomes: Sequence[PollOutcome]) -> None:
    """Refuse what was decided on facts that have changed since."""
    if {outcome.revision for outcome in outcomes} != {current_revision(connection)}:
        raise StaleDecision("The subscriptions or follows changed meanwhile.")
    ids = [outcome.feed_id for outcome in outcomes]
    quiet = {row.id: row.quiet_before for row in connection.execute(_QUIET, {"ids": ids})}
    if any(quiet[outcome.feed_id] != outcome.state.quiet_before for outcome in outcomes):
        raise StaleDecision("The feed was followed anew meanwhile.")


def _planned(connection: Connection, outcomes: Sequence[PollOutcome]) -> list[Plan]:
    """Give ids to all new stories and entries."""
    opened = [len(outcome.new_stories) for outcome in outcomes]
    fresh = [sum(new.same_as is None for new in outcome.new_entries) for outcome in outcomes]
    story_ids, entry_ids = _ids(connection, "story", opened), _ids(connection, "entry", fresh)
    return [Plan(*planned) for planned in zip(outcomes, story_ids, entry_ids, strict=True)]


def _ids(connection: Connection, kind: str, counts: Sequence[int]) -> list[range]:
    """Return ids of one kind, as many ranges as there are counts."""
    total = sum(counts)
    start = take_ids(connection, kind, total).start if total else 0
    ranges = []
    for count in counts:
        ranges.append(range(start, start + count))
        start += count
    return ranges


def _write(connection: Connection, database: Database, plans: Sequence[Plan]) -> list[list[DeliveryId]]:
    def run(statement: Executable, rows: Iterable[Iterable[Mapping[str, Any]]]) -> None:
        values = list(chain.from_iterable(rows))
        if values:
            connection.execute(statement, values)

    connection.execute(_RECORD_FEED, [plan.feed() for plan in plans])
    run(_OPEN_STORY, (plan.opened() for plan in plans))
    run(_TAKE_KEY, (plan.keys() for plan in plans))
    run(_JOIN_STORY, (plan.joined() for plan in plans))
    run(_ADD_ENTRY, (plan.entries() for plan in plans))
    run(_ADD_SIGHTING, (plan.sightings() for plan in plans))
    for plan in plans:
        if plan.outcome.edited:
            record_edits(connection, database.words, plan.outcome)
    run(_DROP_WITHHELD, (plan.reconsidered() for plan in plans))
    run(_ADD_MATCH, (plan.matches() for plan in plans))
    muted = muted_among(connection, {id for plan in plans for id in plan.told_again()})
    told = [list(plan.deliveries(muted)) for plan in plans]
    run(_ADD_DELIVERY, told)
    run(_MARK_LISTED, (plan.listed() for plan in plans))
    # Last, because every statement after it has FTS5 write down what it has gathered.
    database.words.add(connection, chain.from_iterable(plan.terms() for plan in plans))
    return [[one["id"] for one in planned if one["state"] == "pending"] for planned in told]
