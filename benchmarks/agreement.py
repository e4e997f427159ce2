"""How far newsbot reads feeds as feed-rs does, which publishes what it reads of its test feeds as `*.serde.json`.

    python -m benchmarks.agreement [--feeds FOLDER] [--json FILE]

Compared is what feed-rs has read: the number of entries, and of each its title, first link, id and date of
publication. Links are compared in newsbot's clean form, titles as one line of text. An id that feed-rs made up
(a hash or a random number that does not stand in the document) is no id of the feed and is not counted, and nor is
what feed-rs has not read at all; both are listed below with their causes, like every other row that differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.inputs import write_json
from bot.domain.model import Entry
from bot.domain.plaintext import one_line
from bot.domain.urls import clean_url
from bot.errors import ParseError
from bot.sources.html_text import line
from bot.sources.reading import read_feed

SHARED_FEEDS = Path(__file__).parents[2] / "shared" / "feeds" / "feed-rs"
URL = "https://feed.example/feed"
FIELDS = ("count", "title", "link", "id", "published")
FLOOR = 0.97

CAUSES = {
    (
        "atom_example_3.xml",
        "link",
    ): "FeedBurner stands between: newsbot takes the article's own address from feedburner:origLink.",
    (
        "rss_2.0_rps.xml",
        "link",
    ): "FeedBurner stands between: newsbot takes the article's own address from feedburner:origLink.",
    ("atom_xml_base.xml", "link"): "The entry has no link: newsbot takes its id, which is a web address.",
    (
        "rss_0.92_spec_1.xml",
        "link",
    ): "The item has no link: newsbot takes that of its enclosure, a piece of music.",
    (
        "rss_2.0_spec_1.xml",
        "link",
    ): "The item has no link: newsbot takes its guid, which is a permalink by default.",
    ("rss_1.0_example_1.xml", "published"): "The zone is written +00:0: newsbot reads the date all the same.",
    (
        "rss_2.0_nbcny.xml",
        "published",
    ): "The date is written “Sat, Dec 16 2023 02:02:33 PM”: newsbot reads it, as UTC.",
}
"""What made the two differ, by file and field, where the case itself does not tell."""


@dataclass(frozen=True)
class Row:
    """One value that both were asked for."""

    file: str
    entry: int
    field: str
    theirs: str | None
    ours: str | None
    counted: bool
    cause: str = ""

    @property
    def agrees(self) -> bool:
        return self.theirs == self.ours


def compared(folder: Path) -> Iterator[Row]:
    for reading in sorted(folder.glob("*.serde.json")):
        name = reading.name.removesuffix(".serde.json")
        document = next(
            (file for kind in ("xml", "json") if (file := folder / f"{name}.{kind}").exists()), None
        )
        if document:
            yield from compared_feed(document, json.loads(reading.read_text("utf-8"))["entries"])


def compared_feed(document: Path, theirs: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    body = document.read_bytes()
    try:
        ours = read_feed(body, "", URL, frozenset()).entries
    except ParseError as error:
        yield Row(document.name, 0, "count", str(len(theirs)), None, counted=True, cause=str(error))
        return
    yield Row(document.name, 0, "count", str(len(theirs)), str(len(ours)), counted=True)
    for number, (their, our) in enumerate(zip(theirs, ours, strict=False)):
        for field, a, b in values(their, our):
            made_up = field == "id" and a is not None and a.encode() not in body
            cause = "" if a == b else cause_of(document.name, field, their, our, made_up=made_up)
            yield Row(document.name, number, field, a, b, counted=a is not None and not made_up, cause=cause)


def values(theirs: Mapping[str, Any], ours: Entry) -> Iterator[tuple[str, str | None, str | None]]:
    title = theirs["title"]
    yield "title", one_line(line(title["content"])) if title else None, ours.title
    yield "link", clean_url(theirs["links"][0]["href"], URL) if theirs["links"] else None, ours.url
    yield "id", theirs["id"], ours.uid
    published = moment(ours.published_at.isoformat()) if ours.published_at else None
    yield "published", moment(theirs["published"]), published


def moment(text: str | None) -> str | None:
    """Return a date to the second, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="seconds") if text else None


def cause_of(file: str, field: str, theirs: Mapping[str, Any], ours: Entry, *, made_up: bool) -> str:
    """Return why the two differ, as the case shows; empty where nobody has looked yet."""
    if known := CAUSES.get((file, field)):
        return known
    if made_up and ours.uid.startswith("hash:"):
        return "The feed gives no id: both make one up, newsbot of link, title and day."
    if made_up and file.startswith("rss_1.0"):
        return "feed-rs does not read rdf:about, the id of an item in RSS 1.0, and makes one up; newsbot takes it."
    if field == "published" and theirs["published"] is None and theirs["updated"]:
        updated = moment(theirs["updated"])
        if ours.published_at and updated == moment(ours.published_at.isoformat()):
            return "The entry only says when it was updated: newsbot takes that for its date."
    if field == "title" and not theirs["title"]:
        return "The item has no title: newsbot makes one of its text, for there must be something to show."
    return ""


def shares(rows: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """Return by field how many counted values agree, and how many there are."""
    counted = [row for row in rows if row.counted]
    every, agreeing = (
        Counter(row.field for row in counted),
        Counter(row.field for row in counted if row.agrees),
    )
    return {field: (agreeing[field], every[field]) for field in FIELDS}


def report(rows: Sequence[Row]) -> str:
    lines = ["Agreement with feed-rs", f"{'':12}{'agree':>7}{'of':>7}{'share':>9}"]
    lines += [
        f"{field:12}{agree:7}{of:7}{agree / of:9.1%}" for field, (agree, of) in shares(rows).items() if of
    ]
    for title, some in (
        ("Different values", [row for row in rows if row.counted and not row.agrees]),
        (
            "Read by newsbot only, or an id that feed-rs made up",
            [row for row in rows if not row.counted and not row.agrees],
        ),
    ):
        lines += ["", f"{title}: {len(some)}"]
        lines += [
            f"  {row.file} {row.entry} {row.field}: {row.theirs} | {row.ours}\n      {row.cause or 'CAUSE UNKNOWN'}"
            for row in some
        ]
    return "\n".join(lines)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument(
        "--feeds", type=Path, default=SHARED_FEEDS, help="a folder of feeds and their readings"
    )
    arguments.add_argument("--json", type=Path, help="write the figures there")
    options = arguments.parse_args()
    rows = list(compared(options.feeds))
    if not rows:
        print(
            f"There is no *.serde.json in {options.feeds}; name the folder of feed-rs's test feeds with --feeds."
        )
        return 2
    print(report(rows))
    write_json(
        options.json, {"shares": shares(rows), "rows": [asdict(row) for row in rows if not row.agrees]}
    )
    low = [field for field, (agree, of) in shares(rows).items() if of and agree < FLOOR * of]
    unknown = [row for row in rows if not row.agrees and not row.cause]
    return 1 if low or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
