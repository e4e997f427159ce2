"""The table of queries that must hold: read from query_table.txt, printed into docs/query-language.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.demo.stories import seed
from bot.domain.document import Document

SOURCE = Path(__file__).with_suffix(".txt")
NOW = datetime(2018, 9, 14, 12, tzinfo=UTC)
TERMS: Mapping[str, str] = MappingProxyType({"kim": '"Kim Jong Un", 김정은, 金正恩'})

_FACT = re.compile(r"\s*\[(author|tag|source|site|lang|at) ([^\]]*)\]")
_HIDDEN = re.compile(r"\\u([0-9a-f]{4})")
_MARKUP = re.compile(r"([\\`*_|<>\[\]~])")


@dataclass(frozen=True, slots=True)
class Row:
    """A query, and the texts that say what it means, all as written in the file."""

    section: str
    query: str
    matching: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def typed(self) -> str:
        """The query as a person types it."""
        return _shown(self.query)

    @property
    def now(self) -> datetime | None:
        """When it is asked, if it is a search."""
        return NOW if "searches" in self.section else None


def rows() -> tuple[Row, ...]:
    """Read the table."""
    return tuple(_rows(SOURCE.read_text(encoding="utf-8").splitlines()))


def document(text: str) -> Document:
    """Return the article that a text of the table stands for."""
    facts: dict[str, Any] = {}
    for fact, value in _FACT.findall(text):
        facts |= _read_fact(fact, value)
    title, _, body = _FACT.sub("", text).replace("{seed}", _seed()).partition(" // ")
    return Document(_shown(title), _shown(body), **facts)


def table() -> str:
    """Return the table as Markdown, a fold for each section but the first."""
    first, *others = ((name, list(found)) for name, found in groupby(rows(), lambda row: row.section))
    return "\n\n".join((_printed(first[1]), *(_folded(name, found) for name, found in others)))


def _rows(lines: list[str]) -> Iterator[Row]:
    section = ""
    paragraphs = [line for line in lines if line and line != "#" and not line.startswith("# ")]
    at = 0
    while at < len(paragraphs):
        if paragraphs[at].startswith("== "):
            section = paragraphs[at].removeprefix("== ")
            at += 1
        query, matching, others = paragraphs[at : at + 3]
        yield Row(section, query, _cell(matching, "  + "), _cell(others, "  - "))
        at += 3


def _cell(line: str, sign: str) -> tuple[str, ...]:
    if not line.startswith(sign):
        raise ValueError(f"{SOURCE.name}: {line!r} should begin with {sign!r}")
    return tuple(line.removeprefix(sign).split("; "))


def _shown(text: str) -> str:
    """Put characters in the place of what stands for them."""
    text = text.replace(" ¶ ", "\n\n").replace("⏎", "\n")
    return _HIDDEN.sub(lambda code: chr(int(code[1], 16)), text)


def _read_fact(fact: str, value: str) -> dict[str, Any]:
    match fact:
        case "tag":
            return {"tags": tuple(value.split(", "))}
        case "lang":
            return {"language": value}
        case "at":
            return {"at": datetime.fromisoformat(value).replace(tzinfo=UTC)}
        case _:
            return {fact: value}


def _seed() -> str:
    article = seed()
    return f"{article.title} // {article.text}"


def _folded(name: str, found: list[Row]) -> str:
    summary = f"<summary>{name} ({len(found)} rows)</summary>"
    return "\n".join(("<details>", summary, "", _printed(found), "", "</details>"))


def _printed(found: list[Row]) -> str:
    lines = [f"| `{row.query}` | {_texts(row.matching)} | {_texts(row.others)} |" for row in found]
    return "\n".join(("| query | matches | does not match |", "|---|---|---|", *lines))


def _texts(texts: tuple[str, ...]) -> str:
    joined = "; ".join(texts).replace("{seed}", "the article of the second summit")
    return _MARKUP.sub(r"\\\1", joined)
