"""Who watches what, and where it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.model.places import Channel, FeedId, Origin, SubscriptionId, WorkspaceId


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """What a name stands for in the queries of a workspace: `@kim`."""

    name: str
    """In lower case, without its sign."""
    definition: str
    """A keyword expression, which may use other names."""
    origin: Origin
    created_at: datetime
    updated_at: datetime
    created_by: str = ""
    updated_by: str = ""
    workspace_id: WorkspaceId | None = None
    """None for a default, which holds wherever a workspace does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel watches a query."""

    id: SubscriptionId
    channel: Channel
    query: str
    created_at: datetime
    origin: Origin = Origin.CLI
    name: str | None = None
    """Its identity in the config file; None for rows made elsewhere."""
    created_by: str = ""
    feeds: frozenset[FeedId] = frozenset()
    """Limits it to these feeds; empty means every feed that its workspace follows."""
    active: bool = True
    """False when paused or retired: it matches nothing."""
    revision: int = 0
    terms: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The definitions, by name, of the terms that the query rests on, as they stand in its workspace."""

    @property
    def title(self) -> str:
        return self.name or self.query


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of an entry's title or body."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TermMatch:
    """One term of a query, found in one field."""

    term: str
    """As the user wrote it."""
    field: str
    """`title` or `body`."""
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A subscription matches an entry, and this is why."""

    subscription_id: SubscriptionId
    terms: tuple[TermMatch, ...]
