"""What people can do on an alert: as buttons below it where its channel wants them, in the message menu always."""

from __future__ import annotations

from bot.domain.commands.exchange import Action, Button
from bot.domain.model import DeliveryId

MENU: tuple[tuple[str, str], ...] = (
    ("mute", "Mute this story"),
    ("irrelevant", "Not relevant"),
    ("why", "Why this?"),
)
"""(verb of the action, label)."""


def alert_buttons(alert: DeliveryId) -> tuple[Button, ...]:
    """Return the buttons of an alert; they name it by its id, since the message has no other yet."""
    return tuple(Button(label, Action(verb, (alert,))) for verb, label in MENU)
