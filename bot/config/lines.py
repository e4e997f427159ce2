"""On which line of a TOML file a setting stands: for messages only, the reading is done by tomllib."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*\[(\[)?\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=\s*(.*)""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def line_of(text: str, path: Path) -> int | None:
    """Return the line (from 1) of a setting, else of the nearest thing that holds it, else of the first in it.

    None when nothing of that is there.
    """
    best: tuple[int, int] | None = None
    for line, place in _places(text):
        if best is None and place[: len(path)] == path:
            best = 0, line  # [[feeds]] is feeds[1]; the list itself has no line
        if place == path[: len(place)] and (best is None or len(place) > best[0]):
            best = len(place), line
    return best[1] if best else None


def _places(text: str) -> Iterator[tuple[int, Path]]:
    """Yield every table header and key with its line; text over several lines is skipped."""
    table: Path = ()
    counts: Counter[Path] = Counter()
    quote = ""
    for number, line in enumerate(text.splitlines(), 1):
        if quote:
            quote = "" if line.count(quote) % 2 else quote
            continue
        if header := _HEADER.match(line):
            table = _table(_parts(header[2]), bool(header[1]), counts)
            yield number, table
        elif key := _KEY.match(line):
            yield number, table + _parts(key[1])
            quote = next((q for q in ('"""', "'''") if key[2].count(q) % 2), "")


def _table(names: Path, one_of_many: bool, counts: Counter[Path]) -> Path:
    """Return a header's path, with the number of each [[…]] in it, counted from 0."""
    path: Path = ()
    for depth, name in enumerate(names, 1):
        path = (*path, name)
        if one_of_many and depth == len(names):
            counts[path] += 1
        if counts[path]:
            path = (*path, counts[path] - 1)
    return path


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
