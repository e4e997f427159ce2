"""`newsbot search` and `newsbot preview`: what stored articles say to a query, and advice on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from bot.cli.arguments import AsJson, query
from bot.cli.output import DIM, GOOD, STRONG, Output, printable
from bot.cli.session import Session, now, run, session_of, terms_for
from bot.domain.message import plain
from bot.domain.query import Note, Query, describe
from bot.domain.wording import ago, count
from bot.ports import Stats
from bot.services.advice import Adviser
from bot.services.lookup import Found, Lookup, Preview

LONGEST_BAR = 40
LARGEST_NUMBER = 2**63 - 1
NOTHING_STORED = (
    "No articles are stored yet: newsbot run reads the feeds, and newsbot status says how that goes."
)


def search(  # noqa: PLR0913, PLR0917 - one parameter for each thing that can be typed
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS", help="As in a subscription: Kim Jong Un, summit.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many articles.")] = 10,
    before: Annotated[
        int | None,
        typer.Option(min=1, max=LARGEST_NUMBER, help="Only articles with a lower number: the next page."),
    ] = None,
    best: Annotated[
        bool, typer.Option("--best", help="Best first, among the newest that may match.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find stored articles, newest first."""
    text, page = " ".join(words), _Page(limit, before, best)
    searched = run(_search(session_of(context), text, page))
    output = Output.standard()
    if as_json:
        output.json(
            {
                "query": text,
                "articles": [found_as_data(found) for found in searched.found],
                "next": searched.next,
                "notes": notes_as_data(searched.notes),
            }
        )
    else:
        _show_search(output, searched, page)


@dataclass(frozen=True, slots=True)
class _Page:
    limit: int
    before: int | None
    best: bool


@dataclass(frozen=True, slots=True)
class _Searched:
    query: Query
    found: Sequence[Found]
    next: int | None
    """The number for --before that asks for the next page; of the best there is one page."""
    stats: Stats
    notes: Sequence[Note]


async def _search(session: Session, text: str, page: _Page) -> _Searched:
    config = session.config()
    async with session.store(config) as store:
        terms = await terms_for(store, config, text)
        query(text, terms, searching=now())
        lookup = Lookup(store.archive, terms=terms)
        stats = await store.upkeep.stats()
        if page.best:
            best = await lookup.best(text, page.limit, before=page.before, now=now())
            return _Searched(best.query, best.found, None, stats, ())
        result = await lookup.search(text, page.limit, page.before, now())
        notes = () if result.found else await Adviser(lookup).apart(text, now())
        return _Searched(result.query, result.found, result.cursor, stats, notes)


def _show_search(output: Output, searched: _Searched, page: _Page) -> None:
    stats, described = searched.stats, describe(searched.query)
    if not stats.articles:
        output.line(NOTHING_STORED, indent=1)
        return
    if not searched.found:
        seen = f"Searched {count(stats.articles, 'article')} of {count(stats.feeds, 'feed')}."
        output.line(f"No article with {described}. {seen}", indent=1)
        show_notes(output, searched.notes)
        return
    number = count(len(searched.found), "article")
    few, order = (f"The newest {number}" if searched.next else number), "best" if page.best else "newest"
    output.line(Text(few, STRONG), f" with {described}, {order} first", indent=1)
    show_found(output, searched.found, now())
    if searched.next:
        output.line(Text(f"Older ones: the same with --before {searched.next}", DIM), indent=1)


def show_notes(output: Output, notes: Sequence[Note]) -> None:
    """Write advice on a query, each with its correction, ready to be typed."""
    for note in notes:
        output.line(f"Note: {note.text}", indent=1)
        if note.suggestion:
            output.line("      Try:  ", Text(printable(note.suggestion), STRONG), indent=1)


def notes_as_data(notes: Sequence[Note]) -> list[dict[str, str | None]]:
    return [{"note": note.text, "suggestion": note.suggestion} for note in notes]


def show_found(output: Output, found: Sequence[Found], at: datetime) -> None:
    """Write articles, each with its age, headline, source, the sentence that matched, and its link."""
    for one in found:
        entry = one.article.entry
        headline = output.marked(one.headline, STRONG)
        output.rows(
            [
                (
                    Text(f"{ago(one.at, at):>12}", DIM),
                    Text.assemble(headline, (f" · {one.article.source}", DIM)),
                )
            ]
        )
        if one.excerpt:
            output.line(output.marked(one.excerpt), indent=15)
        if entry.url:
            output.line(Text(entry.url, DIM), indent=15)


def found_as_data(found: Found) -> dict[str, Any]:
    entry = found.article.entry
    return {
        "id": found.article.id,
        "story": found.article.story_id,
        "title": entry.title,
        "source": found.article.source,
        "url": entry.url,
        "byline": entry.byline,
        "tags": list(entry.tags),
        "published_at": entry.published_at,
        "first_seen_at": found.article.first_seen_at,
        "excerpt": plain(found.excerpt),
        "matched": sorted({term.term for term in found.terms}),
    }


def preview(
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="QUERY", help="As in a subscription: Kim Jong Un, summit.")
    ],
    days: Annotated[int, typer.Option(min=1, max=365, help="How far back, today included.")] = 7,
    samples: Annotated[int, typer.Option(min=0, max=100, help="How many examples.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Say what a query would have matched lately."""
    text = " ".join(words)
    seen, notes, stats = run(_preview(session_of(context), text, days, samples))
    output = Output.standard()
    if as_json:
        output.json(_preview_as_data(text, seen) | {"notes": notes_as_data(notes)})
    elif stats.articles:
        _show_preview(output, seen)
        show_notes(output, notes)
    else:
        output.line(NOTHING_STORED, indent=1)


async def _preview(
    session: Session, text: str, days: int, samples: int
) -> tuple[Preview, Sequence[Note], Stats]:
    config = session.config()
    async with session.store(config) as store:
        terms = await terms_for(store, config, text)
        query(text, terms, searching=now())
        lookup = Lookup(store.archive, terms=terms)
        seen = await lookup.preview(text, now(), days, samples)
        return seen, await Adviser(lookup).notes(text, seen, now()), await store.upkeep.stats()


def _show_preview(output: Output, seen: Preview) -> None:
    period = "today" if len(seen.days) == 1 else f"in the last {len(seen.days)} days"
    described = describe(seen.query)
    output.line(Text(count(seen.total, "story"), STRONG), f" with {described} {period}", indent=1)
    if not seen.complete:
        output.line(f"Counted over the newest {seen.looked_at:,} articles with these words only.", indent=1)
    if len(seen.terms) > 1 and seen.total:
        output.line(", ".join(f"{number:,} with “{term}”" for term, number in seen.terms.items()), indent=3)
    most = max(seen.days.values())
    output.rows(
        [
            (f"{at:%a} {at.day} {at:%b}", f"{number:>5,}", Text(_bar(number, most), GOOD))
            for at, number in seen.days.items()
        ],
        indent=3,
    )
    show_found(output, seen.samples, now())


def _bar(number: int, most: int) -> str:
    return "▇" * -(-number * min(most, LONGEST_BAR) // most) if number else ""


def _preview_as_data(text: str, seen: Preview) -> dict[str, Any]:
    return {
        "query": text,
        "means": describe(seen.query),
        "since": seen.since,
        "stories": seen.total,
        "days": {at.isoformat(): number for at, number in seen.days.items()},
        "terms": dict(seen.terms),
        "complete": seen.complete,
        "samples": [found_as_data(found) for found in seen.samples],
    }
