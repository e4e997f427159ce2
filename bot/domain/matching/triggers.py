"""What an article must hold before a query is worth asking."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.query import AllOf, AnyOf, Fact, Near, Node, Phrase, Word

Triggers = frozenset[Phrase | Fact]


def triggers_of(node: Node) -> Triggers | None:
    """Return terms of which every article that matches holds one; None when there are no such terms."""
    match node:
        case AllOf(parts):
            return _rarest(map(triggers_of, parts))
        case Near():
            return _rarest(map(triggers_of, (node.left, node.right)))
        case AnyOf(parts):
            return _together(map(triggers_of, parts))
        case Phrase():
            return frozenset((node,))
        case Fact() if not isinstance(node.value, datetime):
            return frozenset((node,))
        case _:
            return None


def _rarest(options: Iterable[Triggers | None]) -> Triggers | None:
    known = (option for option in options if option is not None)
    return min(known, key=lambda triggers: sum(map(_frequency, triggers)), default=None)


def _together(parts: Iterable[Triggers | None]) -> Triggers | None:
    found: Triggers = frozenset()
    for part in parts:
        if part is None:
            return None
        found |= part
    return found


def _frequency(trigger: Phrase | Fact) -> float:
    """Guess how often a term is found: the longer, the rarer; a fact is true of many articles."""
    if isinstance(trigger, Fact):
        return 1.0
    return max(1 / sum(map(_length, spelling)) ** 2 for spelling in trigger.spellings)


def _length(word: Word) -> int:
    return min(map(len, word.forms), default=len(word.prefix or ""))
