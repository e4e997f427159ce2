"""What docs/query-language.md takes from the code: the table, the lists, and what newsbot says of a query.

python -m tests.domain.query_page       write them into the page (`make docs`)
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.query import describe, lint, parse_query
from bot.domain.text.elisions import ELISIONS, ENDINGS
from bot.domain.text.particles import PARTICLES
from bot.domain.text.plurals import IRREGULAR, NEVER
from bot.errors import QueryError
from tests.domain.pages import DOCS, filled
from tests.domain.query_table import TERMS, table

PAGE = DOCS / "query-language.md"

SAID = (
    "Kim Jong Un, summit",
    'summit AND (Kim, Korea) -"golf course"',
    "=WHO, denuclear*",
    "title:Kim Jong Un -site:politico.com",
    "missile NEAR/5 test lang:en",
    "@kim summit",
)
NOTED = ("Iran or Iraq", "UN", "Jobs", "Kim Jong Un, North Korea -golf")
REFUSED = (
    '"Kim Jong Un AND summit',
    "(Kim, Moon AND summit",
    "Kim AND",
    "-golf",
    "titel:Kim",
    "Ki*",
    "missile NEAR test",
    "missile NEAR/80 test",
    "@kin AND summit",
    "summit after:2d",
)


def written() -> str:
    """Return the page with everything it takes from the code as it is now."""
    return filled(PAGE, _parts())


def _parts() -> dict[str, str]:
    return {
        "plurals": f"{_irregular()}\n\n{_unchanged()}",
        "said": "\n".join(map(_described, SAID)),
        "noted": "\n".join(map(_noted, NOTED)),
        "refused": _block(map(_refused, REFUSED)),
        "lists": f"{_particles()}\n\n{_elisions()}\n\n{_endings()}",
        "table": table(),
    }


def _described(query: str) -> str:
    return f"- `{query}`: {describe(parse_query(query, TERMS), lambda word: f'**{word}**')}"


def _noted(query: str) -> str:
    notes = [f"{note.text}" + (f" → `{note.suggestion}`" if note.suggestion else "") for note in lint(query)]
    return f"- `{query}`: {' '.join(notes)}"


def _refused(query: str) -> str:
    try:
        parse_query(query, TERMS)
    except QueryError as error:
        way_out = f"\nTry:  {error.suggestion}" if error.suggestion else ""
        return f"{query}\n{' ' * error.position}^\n{error}{way_out}"
    raise ValueError(f"{query} is a query")


def _irregular() -> str:
    pairs = (f"{singular}/{plural}" for singular, plural in sorted(IRREGULAR.items()))
    return _folded("Irregular pairs", ", ".join(pairs))


def _unchanged() -> str:
    return _folded("Words that are neither made plural nor singular", " ".join(sorted(NEVER)))


def _particles() -> str:
    return _heading("Korean particles", "A word that ends in one of them is also read without it.", PARTICLES)


def _elisions() -> str:
    return _heading(
        "Elisions", "After one of them an apostrophe parts two words: l’Iran, d’Ivoire.", ELISIONS
    )


def _endings() -> str:
    reason = "Before one of them, at a word’s end, an apostrophe parts two words: Erdoğan’ın, Iran’da."
    return _heading("Turkish endings", reason, ENDINGS)


def _heading(name: str, reason: str, items: Iterable[str]) -> str:
    found = sorted(items)
    return f"### {name}\n\n{reason}\n\n{_folded(f'{len(found)} of them', ' '.join(found))}"


def _folded(summary: str, text: str) -> str:
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"


def _block(items: Iterable[str]) -> str:
    return "```\n{}\n```".format("\n\n".join(items))


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
