"""What a person sees after a command, a press or a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.impersonators.changes import Changes
from tests.impersonators.discord_interactions import Interaction, Interactions
from tests.impersonators.discord_messages import DiscordMessage
from tests.impersonators.discord_world import DiscordChannel

NO_RESPONSE = "The application did not respond"
_AT_ONCE = frozenset({4, 7, 8, 9})
_DEFERRED_UPDATE = 6
_SLACK_S = 0.5
"""What an answer that was sent in time may take to get here."""


@dataclass(slots=True, eq=False)
class Answer:
    """The answer to one interaction; its messages are shown as they stand now, edits included."""

    interaction: Interaction
    interactions: Interactions
    changes: Changes
    patience_s: float

    async def arrives(self) -> "Answer":
        """Wait until there is something to see: the bot's answer, or Discord's word that there is none."""
        limit_s = self.interactions.respond_within_s + _SLACK_S
        await self.changes.until(self._is_answered, limit_s)
        if self.has_failed:
            return self
        shown = await self.changes.until(self._is_shown, self.patience_s)
        assert shown, f"the bot was still thinking after {self.patience_s} s"
        return self

    def _is_answered(self) -> bool:
        return self.interaction.response is not None or self.interaction.refused_late

    def _is_shown(self) -> bool:
        return self.interaction.response in _AT_ONCE or self.interaction.touched

    @property
    def has_failed(self) -> bool:
        """Say whether no response came in time."""
        return self.interaction.response is None

    @property
    def messages(self) -> list[DiscordMessage]:
        """Return what was said: the first answer, or the message that was changed, then follow-ups."""
        channel = self._channel()
        numbers = [self.interaction.original_id, *self.interaction.followups]
        found = [channel.find(number) for number in numbers if channel and number is not None]
        return [message for message in found if message is not None and self._is_new(message)]

    def _channel(self) -> DiscordChannel | None:
        try:
            return self.interactions.world.channel(self.interaction.channel_id)
        except KeyError:  # it was deleted meanwhile
            return None

    def _is_new(self, message: DiscordMessage) -> bool:
        source = self.interaction.source
        unchanged = source is not None and message.id == source.id and message.edits == source.edits
        return not (unchanged and self.interaction.response == _DEFERRED_UPDATE)

    @property
    def message(self) -> DiscordMessage:
        """Return the first message of the answer."""
        assert self.messages, f"there is no message, but {self.text!r}"
        return self.messages[0]

    @property
    def text(self) -> str:
        """Return the visible words: of its messages, of its form, or Discord's own."""
        if self.has_failed:
            return NO_RESPONSE
        if self.interaction.form:
            return str(self.interaction.form["title"])
        return "\n".join(message.text for message in self.messages)

    @property
    def buttons(self) -> tuple[str, ...]:
        return tuple(label for message in self.messages for label in message.buttons)

    @property
    def is_ephemeral(self) -> bool:
        """Say whether only the person sees all of it."""
        return all(message.is_ephemeral for message in self.messages)

    @property
    def form(self) -> Mapping[str, Any] | None:
        """Return the form that opened, in Discord's words."""
        return self.interaction.form

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Return the completions: what is shown, and what it stands for."""
        return [(item["name"], item["value"]) for item in self.interaction.choices or ()]

    def file(self, name: str = "") -> bytes:
        """Return the content of a file in the answer, of the first one unless one is named."""
        files = [file for message in self.messages for file in message.attachments]
        return next(file.content for file in files if name in {"", file.name})
