"""The [terms] of a config file: readable names and definitions, none of which rests on itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.config.faults import Document, Fault, named
from bot.domain.query import parse_query
from bot.domain.query.glossary import tangle_in, used_terms
from bot.domain.query.naming import read_name
from bot.errors import QueryError, UserError

SECTION = "terms"


def glossary_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the definitions of a file, by name, that are such; what is wrong with the others is said elsewhere."""
    return {name: definition for name, (_, definition) in _well_formed(data).items()}


def term_faults(document: Document) -> Iterator[Fault]:
    """Yield what is wrong with names and definitions."""
    yield from _name_faults(document)
    keys = {name: key for name, (key, _) in _well_formed(document.data).items()}
    glossary = glossary_of(document.data)
    if tangle := tangle_in(glossary):
        place = (SECTION, keys[tangle[0]])
        yield document.fault(place, f"{named(place)}: {tangle[1]}")
        return
    unread = {name: fault for name, text in glossary.items() if (fault := _fault(text, glossary))}
    for name, fault in unread.items():
        if not used_terms(glossary[name], glossary).keys() & unread.keys():  # it is the other one's fault
            place = (SECTION, keys[name])
            yield document.fault(place, f"{named(place)}: {fault}")


def _name_faults(document: Document) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for key in _definitions(document.data):
        place = (SECTION, key)
        try:
            name = read_name(key)
        except UserError as error:
            yield document.fault(place, f"{named(place)}: {error}")
        else:
            if first.setdefault(name, key) != key:
                line = document.line((SECTION, first[name]))
                yield document.fault(place, f"{named(place)}: @{name} is defined already (line {line}).")


def _well_formed(data: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return key and definition by name; of two that are called alike, the first."""
    found: dict[str, tuple[str, str]] = {}
    for key, definition in _definitions(data).items():
        try:
            found.setdefault(read_name(key), (key, definition.strip()))
        except UserError:
            continue
    return found


def _definitions(data: Mapping[str, Any]) -> dict[str, str]:
    section = data.get(SECTION)
    items = section.items() if isinstance(section, dict) else ()
    return {key: definition for key, definition in items if isinstance(definition, str)}


def _fault(text: str, glossary: Mapping[str, str]) -> QueryError | None:
    try:
        parse_query(text, glossary)
    except QueryError as error:
        return error
    return None
