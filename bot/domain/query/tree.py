"""What a query is made of, once it has been read.

Query        what a person typed, and its tree
├── AllOf    every part must hold
├── AnyOf    one part must hold
├── Not      the part must not hold
├── Phrase   words side by side in one field and paragraph
├── Near     two of those not far apart
└── Fact     something about the article rather than in its text
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """How the words of a phrase are compared."""

    BARE = "bare"
    """Folded, singular and plural alike."""
    QUOTED = "quoted"
    """Folded, no plurals."""
    EXACT = "exact"
    """As typed."""


@dataclass(frozen=True, slots=True)
class Word:
    """One place of a phrase: what may stand there, as `bot.domain.text` reads it."""

    forms: frozenset[str]
    """Words of a text that satisfy it."""
    prefix: str | None = None
    """Words that begin so satisfy it too."""
    tight: bool = False
    """Nothing at all may stand between it and the word before: scripts without spaces."""
    exact: frozenset[str] = frozenset()
    """If not empty, the original characters must be one of these: initials typed with dots."""


Spelling = tuple[Word, ...]
"""Places side by side; at least one."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand side by side, in one field and one paragraph."""

    text: str
    """As the user wrote it, with its signs; by itself a query of the same meaning."""
    shown: str
    """The words alone, for telling a reader."""
    spellings: tuple[Spelling, ...]
    """Any of them will do: a hyphen may be a space or nothing."""
    kind: Kind = Kind.BARE
    field: str | None = None
    """title, body, author, tag or source; None is title or body."""
    exact: frozenset[str] = frozenset()
    """If not empty, the original characters (a run of blanks as one) must be one of these."""


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms with at most `distance` words between them, in either order, in one field and paragraph."""

    text: str
    left: Positional
    right: Positional
    distance: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of an article besides its text."""

    text: str
    field: str
    """site, lang, after or before."""
    value: str | datetime
    """A host or a language in lower case; for after and before an aware time."""


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Positional = Phrase | Near | AnyOf
"""What stands at a place of a text; an AnyOf here holds only such."""
Term = Phrase | Near | Fact
"""What a match can name as its reason."""
Node = Phrase | Near | Fact | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Note:
    """Advice on a query that means what it says, but perhaps not what was meant."""

    text: str
    suggestion: str | None = None
    """A whole query to use instead."""


@dataclass(frozen=True, slots=True)
class Query:
    """A keyword expression, read."""

    text: str
    """As typed."""
    root: Node
    names: frozenset[str] = field(default=frozenset())
    """The named terms it uses, directly or through others; lower case, without their sign."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Everything that can be a reason for a match, each once, in the order typed."""
        return tuple(dict.fromkeys(terms_of(self.root)))


def terms_of(node: Node) -> Iterator[Term]:
    """Yield the terms that a match of `node` may rest on; those under a Not are no reasons."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from terms_of(part)
        case Not():
            return
        case _:
            yield node
