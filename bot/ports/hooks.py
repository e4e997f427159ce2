"""What others post to an address of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Posted:
    """A request as it came: nothing of it is to be believed before the hook has looked."""

    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hook answers, as HTTP."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Hook(Protocol):
    """Takes what is posted to one path of the web server."""

    async def answer(self, posted: Posted) -> Answer:
        """Check who posts, and answer at once; 401 to whoever is not who they should be."""
