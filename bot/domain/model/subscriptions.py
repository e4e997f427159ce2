"""Who watches what, and where it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.domain.model.people import Mention, Person
from bot.domain.model.places import Channel, ChannelAddress, FeedId, Origin, SubscriptionId, WorkspaceId

DraftId = NewType("DraftId", str)
"""At most 16 characters that an Action can hold; no two drafts ever share one."""


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


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a subscription matches nothing for the time being."""

    since: datetime
    reason: str = ""
    by: Person | None = None
    """None when nobody paused it: newsbot has left its place, or the place is no more."""


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
    """A name as people read it: a person's, or that of the command line."""
    feeds: frozenset[FeedId] = frozenset()
    """Limits it to these feeds; empty means every feed that its workspace follows."""
    active: bool = True
    """False when paused or retired: it matches nothing."""
    revision: int = 0
    terms: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The definitions, by name, of the terms that the query rests on, as they stand in its workspace."""
    created_by_id: str = ""
    """The platform's id of the person who made it, if it was made in a chat."""
    feeds_named: tuple[str, ...] = ()
    """The feeds as they were declared: names or URLs."""
    mention: Mention | None = None
    """Whom each of its alerts calls."""
    pause: Pause | None = None
    retired_at: datetime | None = None

    @property
    def title(self) -> str:
        return self.name or self.query

    @property
    def state(self) -> SubscriptionState:
        if self.retired_at is not None:
            return SubscriptionState.RETIRED
        return SubscriptionState.ACTIVE if self.pause is None else SubscriptionState.PAUSED


@dataclass(frozen=True, slots=True)
class Draft:
    """A subscription, or a change of one, that somebody has yet to confirm."""

    channels: tuple[ChannelAddress, ...]
    """All of one workspace."""
    query: str
    by: Person
    created_at: datetime
    feeds: tuple[str, ...] = ()
    """Names or URLs of the feeds it is limited to."""
    mention: Mention | None = None
    changes: SubscriptionId | None = None
    """The subscription that is to say this from now on; None for a new one."""

    @property
    def expires_at(self) -> datetime:
        return self.created_at + DRAFT_LASTS


DRAFT_LASTS = timedelta(days=1)
"""How long a draft can be confirmed."""


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
