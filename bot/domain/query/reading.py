"""A query as it was read: its tree, and from where in the typed text each piece of it comes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.query.signs import Typed
from bot.domain.query.tree import Node, Phrase, Query


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a query and the plain characters it was read from."""

    node: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """A run of bare words and the plain characters it was read from."""

    phrase: Phrase
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was read, with what advice on it needs to know."""

    typed: Typed
    query: Query
    alternatives: tuple[Part, ...]
    runs: tuple[Run, ...]
    """In the order typed."""
