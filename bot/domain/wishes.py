"""Subscriptions as a file: written as CSV, read from CSV, JSON or TOML, and what of it was not understood.

channel,query,feeds,mention
#world,"Kim Jong Un, summit",BBC News,group:S1:desk

JSON and TOML hold a list of such rows, by themselves or under `subscriptions`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import UserError

MAX_BYTES = 1_000_000
MAX_ROWS = 1_000
MAX_CELL = 10_000
"""Characters; no query, name or list of names is longer."""

COLUMNS = ("channel", "query", "feeds", "mention")
_TOLD = ("added by", "added on", "paused")
"""Columns that are written for readers, and not read."""
_QUOTED = re.compile(
    r'(?s:"""(?:[^"\\]|\\.|"(?!""))*(?:"{3,5}|\Z))' + "|(?s:'''.*?(?:'{3,5}|\\Z))"
    r'|"(?:[^"\\\n]|\\[^\n])*(?:"|$|\\$)' + "|'[^'\n]*(?:'|$)|#[^\n]*",
    re.MULTILINE,
)
"""What TOML does not read as keys, in the order of its own grammar; what is not closed goes to its end."""
_LONG_KEY = re.compile(r"(?:\.[^.\n]*){16}")
"""Dots in one line outside of quotes. tomllib keeps every beginning of a dotted key: one of 100 KB would take gigabytes."""
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_TAMED = re.compile(r"^'(?='*[=+\-@\t\r])")


@dataclass(frozen=True, slots=True)
class Wish:
    """One row of a file; nothing of it has been checked but its shape."""

    place: str
    """Where it stands: line 3, or subscription 3."""
    query: str
    channel: str = ""
    feeds: tuple[str, ...] = ()
    mention: str = ""
    """kind:id:name, as `role:7:desk`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a file that was not understood, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a written row says besides, for whoever reads the file."""

    added_by: str = ""
    added_on: str = ""
    paused: str = ""


def write_wishes(rows: Iterable[tuple[Wish, Told]]) -> bytes:
    """Return CSV that spreadsheets open as text: no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((*COLUMNS, *_TOLD))
    for wish, told in rows:
        cells = (wish.channel, wish.query, ", ".join(wish.feeds), wish.mention)
        writer.writerow([_tame(cell) for cell in (*cells, told.added_by, told.added_on, told.paused)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # by this mark spreadsheets know it for UTF-8


def read_wishes(content: bytes) -> tuple[tuple[Wish, ...], tuple[Fault, ...]]:
    """Return what a file asks for and what of it was not understood, row by row; raise UserError for another file."""
    if len(content) > MAX_BYTES:
        raise UserError(
            f"This file has {len(content) / 1e6:.1f} MB; lists of subscriptions may have {MAX_BYTES // 10**6} MB."
        )
    text = _decoded(content)
    rows = list(_rows(text))
    if len(rows) > MAX_ROWS:
        raise UserError(f"This file has more than {MAX_ROWS:,} rows. Import it in parts.")
    wishes: list[Wish] = []
    faults: list[Fault] = []
    for place, row in rows:
        found = _wish(place, row)
        if isinstance(found, Wish):
            wishes.append(found)
        else:
            faults.append(found)
    return tuple(wishes), tuple(faults)


# ---------------------------------------------------------------- formats


def _decoded(content: bytes) -> str:
    """Read bytes as spreadsheets write them."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _rows(text: str) -> Iterator[tuple[str, Any]]:
    """Yield each row with its place; raise UserError for a text that is none of the formats."""
    start = text.lstrip()
    if start.startswith("[["):
        yield from _numbered(_list(_toml(text)))
    elif start.startswith(("[", "{")):
        yield from _numbered(_list(_json(text)))
    else:
        yield from _table(text)


def _numbered(rows: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for number, row in enumerate(rows, 1):
        yield f"subscription {number}", row


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UserError(f"This file begins like JSON, but cannot be read as such{where}.") from None


def _toml(text: str) -> Any:
    if _LONG_KEY.search(_QUOTED.sub("", text)):
        raise UserError(
            "This file begins like TOML, but has keys of many parts, which no subscription needs."
        )
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"This file begins like TOML, but cannot be read as such: {str(error)[:200]}."
        ) from None


def _list(document: Any) -> Sequence[Any]:
    rows = document.get("subscriptions") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise UserError("This file holds no list of subscriptions.")
    return rows


def _table(text: str) -> Iterator[tuple[str, Any]]:
    """Yield the lines of a table by the names in its first line; commas, semicolons or tabs part its cells."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if "query" not in names:
            raise UserError(
                "newsbot imports OPML for sources, and CSV, JSON or TOML for subscriptions. Is this CSV? Its first line"
                " must name the columns: channel,query,feeds,mention."
            )
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict(zip(names, map(_untamed, cells), strict=False))
                yield f"line {reader.line_num}", row
    except csv.Error as error:
        raise UserError(f"This table cannot be read beyond line {reader.line_num}: {error}.") from None


# ---------------------------------------------------------------- rows


def _wish(place: str, row: Any) -> Wish | Fault:
    if not isinstance(row, Mapping):
        return Fault(place, "it is no row with names and values.")
    values = {str(name).lower(): value for name, value in row.items()}
    feeds = values.get("feeds") or ()
    texts = [values.get(name) or "" for name in ("query", "channel", "mention")]
    if not all(isinstance(one, str) and len(one) <= MAX_CELL for one in texts):
        return Fault(place, "its query, channel and mention must be texts of a usual length.")
    names = feeds.split(",") if isinstance(feeds, str) else feeds
    if not isinstance(names, Sequence) or not all(isinstance(one, str) for one in names):
        return Fault(place, "its feeds must be names, with commas between.")
    query, channel, mention = (str(one).strip() for one in texts)
    if not query:
        return Fault(place, "it has no query.")
    found = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    return Wish(place, query, channel, found, mention)


def _tame(cell: str) -> str:
    """Keep spreadsheets from reckoning with a cell: many queries begin like formulas."""
    return f"'{cell}" if _FORMULA.match(cell) or _TAMED.match(cell) else cell


def _untamed(cell: str) -> str:
    return _TAMED.sub("", cell)
