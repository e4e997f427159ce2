"""Queries that only combine phrases: decided by where these stand, without another look at the article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.domain.matching.runs import Watched
from bot.domain.query import AllOf, AnyOf, Node, Not, Phrase, Query


@dataclass(frozen=True, slots=True, eq=False)
class Combination:
    """How the parts of a query go together."""

    how: Callable[[Iterable[object]], bool]
    """all, any or none."""
    parts: tuple[Combination | Watched, ...]

    def holds(self, stands: Callable[[Watched], object]) -> bool:
        """Say whether this is true of an article, by what stands in it."""
        return self.how(
            part.holds(stands) if isinstance(part, Combination) else stands(part) for part in self.parts
        )

    def watched(self) -> Iterator[Watched]:
        """Yield every phrase that has a say, as often as it has one."""
        for part in self.parts:
            if isinstance(part, Combination):
                yield from part.watched()
            else:
                yield part


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """A query that combines phrases."""

    query: Query
    combination: Combination
    terms: tuple[Watched, ...]
    """Those that are reasons, in order."""


def only_combines(node: Node) -> bool:
    """Say whether a part of a query asks for nothing but phrases."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return all(map(only_combines, parts))
        case Not(part):
            return only_combines(part)
        case _:
            return isinstance(node, Phrase)


def combined(query: Query, watch: Callable[[Phrase], Watched]) -> Combined:
    """Return a query that only combines phrases with all of them watched."""
    terms = tuple(watch(term) for term in query.terms if isinstance(term, Phrase))
    return Combined(query, _combination(query.root, watch), terms)


def _combination(node: Node, watch: Callable[[Phrase], Watched]) -> Combination:
    match node:
        case AnyOf(parts):
            return Combination(any, tuple(_part(part, watch) for part in parts))
        case Not(part):
            return Combination(_none, (_part(part, watch),))
        case _:
            parts = node.parts if isinstance(node, AllOf) else (node,)
            return Combination(all, tuple(_part(part, watch) for part in parts))


def _part(node: Node, watch: Callable[[Phrase], Watched]) -> Combination | Watched:
    return watch(node) if isinstance(node, Phrase) else _combination(node, watch)


def _none(parts: Iterable[object]) -> bool:
    return not any(parts)
