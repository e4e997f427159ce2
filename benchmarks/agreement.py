"""How far newsbot and feed-rs read the same from the same feeds, field by field.

    python -m benchmarks.agreement [--feeds FOLDER] [--json FILE]

The folder holds feeds (and archives of feeds), and beside some `NAME.serde.json`: feed-rs's own reading. Every feed is
read; none may break the parser. Links are compared as a reader would click them: absolute, without tracking
parameters. Every row that differs is listed with its cause. Ends with exit 1 below the floor, or without a cause.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.inputs import feeds_of, write_json
from bot.domain.model import Entry, ParsedFeed
from bot.domain.urls import clean_url
from bot.errors import ParseError
from bot.sources.feed import FeedSource

SHARED = Path(__file__).parents[2] / "shared" / "feeds"
ADDRESS = "https://feed.example/feed"
FLOOR = 0.97
READING = ".serde.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One value that both read."""

    feed: str
    field: str
    theirs: str
    ours: str
    cause: str = ""
    """Why they differ; empty where they agree."""
    made_up: bool = False
    """Whether feed-rs read nothing there, but made a value of its own."""


# ---------------------------------------------------------------- reading


def read(body: bytes) -> ParsedFeed | ParseError:
    try:
        return FeedSource().parse(body, "", ADDRESS, frozenset())
    except ParseError as error:
        return error


def documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every feed below a folder, those in archives too, by name."""
    for file in sorted(folder.rglob("*")):
        if file.name.endswith(".tar.xz"):
            yield from feeds_of(file).items()
        elif file.is_file() and file.suffix in {".xml", ".json"} and not file.name.endswith(READING):
            yield file.relative_to(folder).as_posix(), file.read_bytes()


def readings(folder: Path) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Yield the feeds of which there is another reading, with that reading."""
    for file in sorted(folder.rglob(f"*{READING}")):
        name = file.name.removesuffix(READING)
        for feed in (file.with_name(f"{name}.xml"), file.with_name(f"{name}.json")):
            if feed.exists():
                yield name, feed.read_bytes(), json.loads(file.read_text())


# ---------------------------------------------------------------- comparing


def compare(name: str, body: bytes, theirs: Mapping[str, Any]) -> Iterator[Row]:
    ours = read(body)
    entries = () if isinstance(ours, ParseError) else ours.entries
    counts = str(len(theirs["entries"])), str(len(entries))
    yield Row(name, "count", *counts, "" if counts[0] == counts[1] else f"not the same items: {ours}"[:200])
    if counts[0] == counts[1]:
        for their_entry, our_entry in zip(theirs["entries"], entries, strict=True):
            for field, (asked, answered) in FIELDS.items():
                value = asked(their_entry)
                if value:
                    yield _row(name, field, (value, answered(our_entry)), body)


def _row(name: str, field: str, values: tuple[str, str], body: bytes) -> Row:
    theirs, ours = values
    if theirs == ours:
        return Row(name, field, theirs, ours)
    made_up = field == "id" and theirs.encode() not in body
    return Row(name, field, theirs, ours, _cause(field, theirs, made_up=made_up), made_up)


def _cause(field: str, theirs: str, *, made_up: bool) -> str:
    if made_up:
        return "the item has no id that feed-rs knows, and feed-rs makes one up; ours is rdf:about, or from its link"
    if field == "link" and "feedproxy.google.com" in theirs:
        return "feed-rs keeps the feed proxy's link; the item names its target, which readers get"
    return ""


def _title(entry: Mapping[str, Any]) -> str:
    return " ".join(((entry.get("title") or {}).get("content") or "").split())


def _link(entry: Mapping[str, Any]) -> str:
    return (clean_url(entry["links"][0]["href"], ADDRESS) or "") if entry["links"] else ""


def _moment(text: str | None) -> str:
    return datetime.fromisoformat(text).replace(microsecond=0).isoformat() if text else ""


FIELDS: Mapping[str, tuple[Callable[[Mapping[str, Any]], str], Callable[[Entry], str]]] = {
    "title": (_title, lambda entry: entry.title),
    "link": (_link, lambda entry: entry.url or ""),
    "id": (lambda entry: entry["id"], lambda entry: entry.uid),
    "published": (
        lambda entry: _moment(entry.get("published")),
        lambda entry: _moment(entry.published_at.isoformat()) if entry.published_at else "",
    ),
}
"""How feed-rs gives each field, and how we do."""


# ---------------------------------------------------------------- telling


def show(console: Console, rows: list[Row]) -> dict[str, float]:
    """Print the agreement and every row that differs; return the agreement by field."""
    table = Table(title="newsbot beside feed-rs: values that both read")
    for column in ("field", "compared", "agree", "share", "made up by feed-rs"):
        table.add_column(column, justify="left" if column == "field" else "right")
    shares: dict[str, float] = {}
    for field in ("count", *FIELDS):
        of_field = [row for row in rows if row.field == field]
        compared = [row for row in of_field if not row.made_up]
        agreed = sum(row.theirs == row.ours for row in compared)
        shares[field] = agreed / len(compared) if compared else 1.0
        figures = (len(compared), agreed, f"{shares[field]:.1%}", len(of_field) - len(compared))
        table.add_row(field, *map(str, figures))
    console.print(table)
    for row in rows:
        if row.theirs != row.ours:
            console.print(
                f"{row.feed} · {row.field}: {row.cause or 'NO CAUSE KNOWN'}", markup=False, soft_wrap=True
            )
            values = f"    feed-rs  {row.theirs[:120]}\n    newsbot  {row.ours[:120]}"
            console.print(values, markup=False, soft_wrap=True)
    return shares


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--feeds", type=Path, default=SHARED)
    arguments.add_argument("--json", type=Path, help="write the figures there")
    options = arguments.parse_args()
    console = Console()
    if not options.feeds.is_dir():
        console.print(f"{options.feeds.name} is no folder. Name one that holds feeds: --feeds FOLDER")
        return 2
    outcomes = {name: read(body) for name, body in documents(options.feeds)}
    refused = {name: error for name, error in outcomes.items() if isinstance(error, ParseError)}
    console.print(f"{len(outcomes)} documents read, none broke the parser; {len(refused)} are no feeds:")
    for name, error in refused.items():
        console.print(f"    {name}: {error}", markup=False, soft_wrap=True)
    rows = [row for reading in readings(options.feeds) for row in compare(*reading)]
    shares = show(console, rows)
    write_json(options.json, {"agreement": shares, "rows": [asdict(row) for row in rows if row.cause]})
    explained = all(row.cause for row in rows if row.theirs != row.ours)
    return 0 if explained and min(shares.values()) >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
