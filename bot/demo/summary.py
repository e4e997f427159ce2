"""What the demo says, to a person and to a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Protocol, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.demo.articles import WATCHES
from bot.demo.reckoning import Counts
from bot.demo.witness import Seen
from bot.domain.message import Run, plain

UNLIMITED = 10_000
"""Columns where nobody has to see the end of a line."""


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended."""

    counts: Counts
    answers: Mapping[int, int]
    """Requests that the newsstand answered, by status."""
    seen: Sequence[Seen]
    differences: Sequence[str]
    took_s: float

    @property
    def polls(self) -> int:
        return sum(self.answers.values())

    @property
    def by_channel(self) -> Mapping[str, int]:
        sent = Counter(one.channel for one in self.seen)
        return {channel: sent[channel] for channel in WATCHES}


class Teller(Protocol):
    """Tells how the demo goes; alerts for people are the chat adapter's business."""

    def begin(self, url: str, feeds: int, *, keep: bool) -> None: ...

    def found(self, articles: int, quiet: int) -> None: ...

    def stays(self) -> None: ...

    def end(self, result: Result) -> None: ...


class ForPeople:
    """Tells it in a terminal, or in plain text where there is none."""

    def __init__(self, out: TextIO, folder: Path, environ: Mapping[str, str]) -> None:
        told = Console(file=out)
        plain = not told.is_terminal or told.is_dumb_terminal or bool(environ.get("NO_COLOR"))
        self._out, self._folder = out, folder
        self._console = Console(
            file=StringIO(),
            width=told.width if told.is_terminal else UNLIMITED,
            highlight=False,
            force_terminal=not plain,
            color_system=None if plain else "auto",
        )

    def begin(self, url: str, feeds: int, *, keep: bool) -> None:
        until = "until Ctrl-C" if keep else "about 15 seconds"
        watching = [f"#{channel} watches “{query}”" for channel, query in WATCHES.items()]
        self._say(("newsbot demo", "bold"), (f" · {until}, all of it on this machine", "dim"))
        self._say(f"{feeds} papers at ", (url, "underline"), " go on printing while newsbot reads them.")
        self._say(f"{', '.join(watching)}. Alerts follow.")
        self._say()

    def found(self, articles: int, quiet: int) -> None:
        self._say((f"{articles} articles stood there before; {quiet} of them match, but are no news.", "dim"))
        self._say()

    def stays(self) -> None:
        self._say(("That was the programme. More follows now and then; Ctrl-C ends it.", "dim"))
        self._say()

    def end(self, result: Result) -> None:
        counts = result.counts
        self._say((f"── what came of it, after {result.took_s:.0f} s ──", "dim"))
        self._row(
            counts.feeds, "feeds", f"polled {result.polls} times; {result.answers[304]} times unchanged (304)"
        )
        self._row(
            counts.articles, "articles", f"{_some(counts.folded, 'copy', 'copies')} folded into the originals"
        )
        self._row(
            counts.matches, "matches", f"{counts.quiet} no news: there before newsbot came, or days old"
        )
        sent = ", ".join(f"{count} in #{channel}" for channel, count in result.by_channel.items())
        self._row(counts.alerts, "alerts", sent)
        self._say()
        if not result.differences:
            self._say(
                ("Right: ", "bold green"),
                "this is what the papers printed, each story told once per channel.",
            )
            self._say(("Next, your own feeds and channels: README.md", "dim"))
            return
        self._say(("Wrong: ", "bold red"), "this is not what the papers printed.")
        for difference in result.differences:
            self._say(f"  {difference}")
        self._say((f"The log and the database are in {self._folder}", "dim"))

    def _row(self, count: int, what: str, more: str) -> None:
        self._say((f"{count:4}", "bold"), f" {what:10}", (more, "dim"))

    def _say(self, *parts: str | tuple[str, str]) -> None:
        with self._console.capture() as printed:
            self._console.print(Padding(Text.assemble(*parts), (0, 0, 0, 1)))
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        lines = "\n".join(line.rstrip() for line in printed.get().split("\n"))
        self._out.write(lines.encode(encoding, "replace").decode(encoding))
        self._out.flush()


class ForPrograms:
    """Tells it as JSON Lines: one object per alert, and the summary as the last."""

    def __init__(self, out: TextIO, folder: Path) -> None:
        self._out, self._folder = out, folder

    def begin(self, url: str, feeds: int, *, keep: bool) -> None: ...

    def found(self, articles: int, quiet: int) -> None: ...

    def stays(self) -> None: ...

    def alert(self, seen: Seen) -> None:
        message = seen.message
        self._write(
            {
                "type": "alert",
                "channel": seen.channel,
                "headline": plain(message.headline),
                "sentence": plain(message.excerpt),
                "matched": _marked((*message.headline, *message.excerpt)),
                "source": message.source,
                "byline": message.byline,
                "tags": message.tags,
                "published_at": message.published_at and message.published_at.isoformat(),
                "link": message.url,
                "also_at": message.also_at,
                "why": message.reasons,
                "subscriptions": message.subscriptions,
                "updated": message.updated,
            }
        )

    def end(self, result: Result) -> None:
        counts = result.counts
        self._write(
            {
                "type": "summary",
                "ok": not result.differences,
                "feeds": counts.feeds,
                "articles": counts.articles,
                "folded": counts.folded,
                "matches": counts.matches,
                "quiet": counts.quiet,
                "alerts": counts.alerts,
                "alerts_by_channel": result.by_channel,
                "polls": result.polls,
                "unchanged": result.answers[304],
                "took_s": round(result.took_s, 1),
                "differences": result.differences,
                "kept": str(self._folder) if result.differences else None,
            }
        )

    def _write(self, document: Mapping[str, object]) -> None:
        print(json.dumps(document, ensure_ascii=False), file=self._out, flush=True)


def _marked(runs: Sequence[Run]) -> Sequence[str]:
    return [run.text for run in runs if run.marked]


def _some(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
