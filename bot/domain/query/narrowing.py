"""What an article must at least hold, for a store that finds candidates by their words."""

from __future__ import annotations

from dataclasses import dataclass


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
