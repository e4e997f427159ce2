"""What an article must at least hold, for a store that finds candidates by their words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from bot.domain.query.phrases import unspaced
from bot.domain.query.tree import AllOf, AnyOf, Near, Node, Not, Phrase, Query, Spelling, Word


@dataclass(frozen=True, slots=True)
class Holds:
    """The stored terms of an article contain one of `words`, or one that begins with one of `prefixes`."""

    words: tuple[str, ...]
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple[Need, ...]


Need = Holds | Every | Some


def need_of(query: Query) -> Need | None:
    """Return what every article that matches holds; None when that cannot be told by stored terms."""
    return _need(query.root)


def _need(node: Node) -> Need | None:
    match node:
        case AllOf(parts):
            known = tuple(need for part in parts if (need := _need(part)) is not None)
            return Every(known) if known else None
        case AnyOf(parts):
            needs = [_need(part) for part in parts]
            return None if None in needs else Some(tuple(need for need in needs if need is not None))
        case Not():
            return None
        case Near():
            return _need(AllOf((node.left, node.right)))
        case Phrase():
            return (
                None
                if node.field == "source"
                else Some(tuple(map(partial(_spelled, node.field), node.spellings)))
            )
        case _:
            return Holds((f"{node.field}:{node.value}",)) if isinstance(node.value, str) else None


def _spelled(field: str | None, spelling: Spelling) -> Need:
    """Return the words of a spelling; a script without spaces is stored in pairs, which narrow more."""
    mark = f"{field}:" if field in ("author", "tag") else ""
    parts = [_stored(mark, word) for word in spelling]
    for before, word in pairwise(spelling):
        if word.tight and all(map(unspaced, (*before.forms, *word.forms))):
            parts.append(Holds(tuple(sorted(mark + a + b for a in before.forms for b in word.forms))))
    return Every(tuple(parts))


def _stored(mark: str, word: Word) -> Holds:
    prefixes = () if word.prefix is None else (mark + word.prefix,)
    return Holds(tuple(sorted(mark + form for form in word.forms)), prefixes)
