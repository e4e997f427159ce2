"""Advice on a query by what is stored: what it would bring, and what to type instead. Nothing is ever rewritten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.query import Note, lint, parse_query
from bot.domain.query.parser import read_query
from bot.domain.query.reading import Reading, Run
from bot.errors import QueryError
from bot.services.lookup import Lookup, Preview

COMMON = 0.02
"""The share of articles from which a term is called common."""
ENOUGH = 200
"""Articles; of fewer, shares say little."""
MANY_A_DAY = 20
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Adviser:
    """Compares a query with what it would have found."""

    lookup: Lookup

    async def notes(self, text: str, preview: Preview, now: datetime) -> tuple[Note, ...]:
        """Return notes on a query and on what its preview has shown; raise QueryError."""
        reading = read_query(text, self.lookup.terms, now=now)
        found = list(lint(text, self.lookup.terms, now=now))
        found += [note async for note in self._scattered(reading, preview, now)]
        if not preview.total and not found and not await self._lately(text, now):
            found.append(Note(f"Nothing of the last {LATELY.days} days would have matched."))
        found += [note async for note in self._common(reading, preview)]
        found += self._many(reading, preview, now)
        return tuple(dict.fromkeys(found))

    async def apart(self, text: str, now: datetime) -> tuple[Note, ...]:
        """Return a note for each phrase of a query that stands nowhere, while its words do; raise QueryError."""
        reading = read_query(text, self.lookup.terms, now=now)
        notes = [await self._run_on(reading, run, now) for run in reading.runs]
        return tuple(note for note in notes if note)

    async def _scattered(self, reading: Reading, preview: Preview, now: datetime) -> AsyncIterator[Note]:
        for run in reading.runs:
            if preview.terms.get(run.phrase.text) == 0 and (note := await self._run_on(reading, run, now)):
                yield note

    async def _run_on(self, reading: Reading, run: Run, now: datetime) -> Note | None:
        """Say of a phrase that finds nothing that its words, each for itself, would."""
        apart = " AND ".join(run.phrase.shown.split())
        if apart == run.phrase.shown or await self._lately(run.phrase.text, now):
            return None
        together = f"{run.phrase.field}:({apart})" if run.phrase.field else apart
        if not (self._readable(together, now) and await self._lately(together, now)):
            return None
        alone = not run.start and run.end == len(reading.typed.plain)
        better = reading.typed.replaced(run.start, run.end, apart if alone else f"({apart})")
        return Note(
            f"No article has the words “{run.phrase.shown}” side by side, but some have all of them.",
            better if self._readable(better, now) else None,
        )

    async def _common(self, reading: Reading, preview: Preview) -> AsyncIterator[Note]:
        """Yield a note for each bare term that stands in many of all articles."""
        if not any(preview.terms.values()):
            return
        articles = await self.lookup.archive.count(self.lookup.workspace, preview.since)
        if articles < ENOUGH:
            return
        for run in reading.runs:
            share = preview.terms.get(run.phrase.text, 0) / articles
            if share > COMMON:
                headline = reading.typed.replaced(run.start, run.end, f"title:{run.phrase.shown}")
                yield Note(
                    f"“{run.phrase.shown}” stands in {share:.0%} of all articles. title: finds it in headlines only.",
                    headline if run.phrase.field is None else None,
                )

    def _many(self, reading: Reading, preview: Preview, now: datetime) -> list[Note]:
        a_day = preview.total / len(preview.days)
        if a_day <= MANY_A_DAY:
            return []
        headlines = f"title:({reading.typed.text.strip()})"
        return [
            Note(
                f"That is about {a_day:,.0f} alerts a day. To narrow it, look in headlines only, or add AND and a word.",
                headlines if self._readable(headlines, now) else None,
            )
        ]

    async def _lately(self, text: str, now: datetime) -> bool:
        """Say whether anything of late matches a query."""
        result = await self.lookup.search(text, limit=1, now=now)
        return any(now - found.at <= LATELY for found in result.found)

    def _readable(self, text: str, now: datetime) -> bool:
        try:
            parse_query(text, self.lookup.terms, now=now)
        except QueryError:
            return False
        return True
