"""What a query says, once it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace

FACTS = ("site", "lang", "after", "before")


class Unreadable(Exception):
    """This is no query."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words side by side: bare, quoted or exact, in a field or in title and body."""

    kind: str
    typed: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    left: Tree
    right: Tree
    distance: int


@dataclass(frozen=True, slots=True)
class Fact:
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Without:
    part: Tree


Tree = Term | Near | Fact | Every | Some | Without


def one(kind: type[Every | Some], parts: list[Tree]) -> Tree:
    """Return parts as one tree, each once."""
    if not parts:
        raise Unreadable("nothing stands here")
    once = tuple(dict.fromkeys(parts))
    return once[0] if len(once) == 1 else kind(once)


def inside(field: str, tree: Tree) -> Tree:
    """Look for a term in one field only."""
    match tree:
        case Term(field=None):
            return Fact(field, tree.typed) if field in FACTS else replace(tree, field=field)
        case Near(left, right, distance):
            return Near(inside(field, left), inside(field, right), distance)
        case Every(parts) | Some(parts):
            return type(tree)(tuple(inside(field, part) for part in parts))
        case Without(part):
            return Without(inside(field, part))
        case _:
            raise Unreadable("a field inside a field")
