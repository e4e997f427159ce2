"""What a query says, once it is read."""

from __future__ import annotations

from dataclasses import dataclass


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
