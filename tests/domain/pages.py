"""Pages of docs/ that take parts from the code: each part stands between <!-- name --> and <!-- /name -->."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def filled(file: Path, parts: Mapping[str, str]) -> str:
    """Return a page with its parts as they should stand there; raise ValueError when it has no place for one."""
    page = file.read_text(encoding="utf-8")
    for name, text in parts.items():
        opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, between, rest = page.partition(opening)
        _, ending, after = rest.partition(closing)
        if not (between and ending):
            raise ValueError(f"{file.name} has no place for {name}: {opening} … {closing}")
        page = f"{before}{opening}\n\n{text}\n\n{closing}{after}"
    return page
