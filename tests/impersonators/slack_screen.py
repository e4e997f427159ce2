"""What changes on people's screens, in order, and waiting for it."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from tests.impersonators.slack_messages import SlackMessage
    from tests.impersonators.slack_modals import SlackView

WITHIN_S = 10.0
"""How long a test waits for something that should come; nothing waits longer by itself."""

LOOK_AGAIN_S = 0.02
"""Conditions about the bot itself are looked at without a bell, too."""

T = TypeVar("T")
Kind = Literal["posted", "whispered", "edited", "deleted", "opened", "updated", "closed", "failed"]


@dataclass(frozen=True, slots=True)
class Happening:
    """A change that somebody sees."""

    kind: Kind
    team: str
    channel: str = ""
    viewer: str | None = None
    """The only one who sees it; None: everybody in the channel."""
    message: "SlackMessage | None" = None
    view: "SlackView | None" = None
    words: str = ""
    """What Slack itself says: that the app did not answer, for example."""


class Screen:
    """Everything that was ever shown, and a bell that rings with every change."""

    def __init__(self) -> None:
        self.happenings: list[Happening] = []
        self._waiting: set[asyncio.Future[None]] = set()

    def show(self, happening: Happening) -> None:
        """Add a change and wake those who wait for one."""
        self.happenings.append(happening)
        self.ring()

    def ring(self) -> None:
        """Let everybody who waits look again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def until(
        self, condition: Callable[[], T], *, within_s: float = WITHIN_S, what: str = "expected"
    ) -> T:
        """Return the first true value of a condition, looked at after each change and now and then; raise TimeoutError."""
        try:
            async with asyncio.timeout(within_s):
                while not (value := condition()):
                    await self._rung()
                return value
        except TimeoutError:
            raise TimeoutError(f"nothing {what} within {within_s} s") from None

    async def _rung(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await asyncio.wait({waiter}, timeout=LOOK_AGAIN_S)
        finally:
            self._waiting.discard(waiter)


@dataclass(slots=True)
class Numbers:
    """Hands out ids that look like Slack's and never repeat."""

    _next: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def new(self, prefix: str) -> str:
        """Return the next id with a prefix: V0000001."""
        return f"{prefix}{next(self._next):07d}"
