"""Which named terms a text uses, and which terms rest on which.

A glossary is a mapping from a name (as `naming.fold_name` gives it) to its definition, itself a keyword expression.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Final

from bot.domain.query.lexer import Sign, tokens
from bot.domain.query.naming import SIGNS
from bot.domain.query.signs import read_signs
from bot.errors import QueryError, UserError

MAX_DEPTH: Final = 10
"""Terms in a chain of which each uses the next."""


def names_in(text: str) -> frozenset[str]:
    """Return the names that a keyword expression itself uses; none when it cannot be read."""
    if not any(sign in text for sign in SIGNS):
        return frozenset()
    try:
        return frozenset(token.text for token in tokens(read_signs(text)) if token.sign is Sign.NAME)
    except QueryError:
        return frozenset()


def used_terms(text: str, terms: Mapping[str, str]) -> dict[str, str]:
    """Return the definitions that a text rests on, directly or through others, in order of their names."""
    found: set[str] = set()
    waiting = names_in(text)
    while waiting:
        found |= waiting
        waiting = frozenset[str]().union(*(names_in(terms.get(name, "")) for name in waiting)) - found
    return {name: terms[name] for name in sorted(found) if name in terms}


def users_of(names: Iterable[str], terms: Mapping[str, str]) -> frozenset[str]:
    """Return the terms that use any of these names, directly or through others."""
    users = defaultdict[str, set[str]](set)
    for user, definition in terms.items():
        for name in names_in(definition):
            users[name].add(user)
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        waiting = set[str]().union(*(users.get(name, ()) for name in waiting)) - found
        found |= waiting
    return frozenset(found)


def redefined(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    """Return the names that mean something else now: their own definition or one that it rests on changed."""
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return users_of(changed, before) | users_of(changed, after) | changed if changed else frozenset()


def refuse_tangle(terms: Mapping[str, str]) -> None:
    """Raise UserError when a term rests on itself, directly or through others, or on too long a chain of others."""
    if found := tangle_in(terms):
        raise UserError(found[1])


def tangle_in(terms: Mapping[str, str]) -> tuple[str, str] | None:
    """Return a term that rests on itself or on too long a chain, and the sentence that says so."""
    uses = {name: sorted(names_in(terms[name])) for name in sorted(terms)}
    depths = dict.fromkeys(uses, 0)
    try:
        for name in TopologicalSorter(uses).static_order():
            depths[name] = 1 + max((depths[used] for used in uses.get(name, ())), default=0)
    except CycleError as error:
        return _told_cycle(error.args[1][:0:-1])  # told backwards, and the first one twice
    deep = next((name for name in uses if depths[name] > MAX_DEPTH), None)
    if deep is None:
        return None
    return deep, f"@{deep} rests on a chain of more than {MAX_DEPTH} terms. Write one of them out."


def _told_cycle(names: Sequence[str]) -> tuple[str, str]:
    """Tell names of which each uses the next and the last the first, from the one that comes first."""
    first = names.index(min(names))
    start, *others = (*names[first:], *names[:first])
    way = ", which uses ".join(f"@{name}" for name in (*others, start)) if others else "itself"
    return start, f"@{start} uses {way}. A term cannot rest on itself."
