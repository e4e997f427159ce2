"""People in a chat, whom alerts call, and who may manage what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a chat."""

    id: str
    """The platform's own id."""
    name: str
    """As the chat shows it; untrusted text."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Whom an alert calls: a role, a user group or a person; never everyone."""

    kind: str
    """role, group or person."""
    id: str
    name: str = ""


class Managers(StrEnum):
    """Who may manage the subscriptions of a workspace."""

    MEMBERS = "members"
    MODERATORS = "moderators"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Access:
    """What a workspace has chosen; where it has not, the platform's default holds."""

    managers: Managers
    by: Person
    """Who chose it."""
    at: datetime
    groups: tuple[Mention, ...] = ()
    """The roles or user groups, for GROUPS."""
