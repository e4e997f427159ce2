"""Where somebody is in a list that goes on: what a button of a page carries, the way back included.

A page begins at a cursor, a number that whoever makes the list understands. Actions hold few characters, so cursors
are written short, and a way that grows too long is forgotten from its beginning: then Newer leads to the first page.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.commands.exchange import MAX_ACTION, Action
from bot.errors import UserError

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Pages:
    """A page of a list, and the pages before it."""

    verb: str
    subject: str
    """An id of what is listed."""
    way: tuple[int, ...] = ()
    """Where the pages from the second on begin; the last is this one."""

    @classmethod
    def parse(cls, action: Action) -> Pages:
        """Read an action of `older` or `newer`; raise UserError for one that was never ours."""
        subject, *way = action.parts or ("",)
        try:
            return cls(action.verb, subject, tuple(_read(part) for part in way))
        except ValueError:
            raise UserError("This button cannot be read. Give the command again.") from None

    @property
    def cursor(self) -> int | None:
        """Where this page begins; None for the first one."""
        return self.way[-1] if self.way else None

    def older(self, cursor: int) -> Action:
        """Lead to the next page."""
        way = (*self.way, cursor)
        while len(str(self._action(way))) > MAX_ACTION:
            way = way[1:]
        return self._action(way)

    def newer(self) -> Action:
        """Lead to the page before this one."""
        return self._action(self.way[:-1])

    def _action(self, way: tuple[int, ...]) -> Action:
        return Action(self.verb, (self.subject, *map(_written, way)))


def _written(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _read(text: str) -> int:
    number = int(text, 36) if len(text) <= 13 else -1
    if not 0 <= number <= _LARGEST:
        raise ValueError(text)
    return number
