"""What one person sees from some moment on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.impersonators.slack_delivery import Envelope
from tests.impersonators.slack_messages import SlackMessage
from tests.impersonators.slack_modals import SlackView
from tests.impersonators.slack_screen import WITHIN_S, Happening, Screen


@dataclass(slots=True)
class Sight:
    """What one person sees from the moment of an act on; it goes on changing."""

    screen: Screen
    team: str
    user: str
    channel: str
    since: int
    envelope: Envelope | None = None

    @property
    def happenings(self) -> list[Happening]:
        """Return what changed for this person: their own things, and the channel in which they acted."""
        return [item for item in self.screen.happenings[self.since :] if self._concerns(item)]

    def _concerns(self, item: Happening) -> bool:
        public = item.viewer is None and item.channel == self.channel
        return item.team == self.team and (item.viewer == self.user or public)

    @property
    def messages(self) -> list[SlackMessage]:
        """Return the messages that came or changed, as they stand now."""
        found: dict[str, SlackMessage] = {}
        for item in self.happenings:
            if item.message:
                found.pop(item.message.ts, None)
                if item.kind != "deleted":
                    found[item.message.ts] = item.message
        return list(found.values())

    @property
    def texts(self) -> list[str]:
        """Return what those messages say."""
        return [message.shown.text for message in self.messages]

    @property
    def text(self) -> str:
        """Return what those messages say, in one."""
        return "\n".join(self.texts)

    @property
    def whispers(self) -> list[str]:
        """Return what only this person can read."""
        return [message.shown.text for message in self.messages if message.viewer]

    @property
    def posts(self) -> list[str]:
        """Return what everybody in the channel can read."""
        return [message.shown.text for message in self.messages if not message.viewer]

    @property
    def buttons(self) -> list[str]:
        """Return the labels of the buttons under those messages."""
        return [label for message in self.messages for label in message.buttons]

    @property
    def modal(self) -> SlackView | None:
        """Return the window that opened or changed and is still there."""
        views = [item.view for item in self.happenings if item.view and item.view.is_open]
        return views[-1] if views else None

    @property
    def errors(self) -> dict[str, str]:
        """Return what stands in red in the window, by block id."""
        return self.modal.errors if self.modal else {}

    @property
    def failure(self) -> str:
        """Return what Slack itself says: that the app did not answer in time."""
        return "\n".join(item.words for item in self.happenings if item.kind == "failed")

    @property
    def answered(self) -> bool:
        """Say whether the bot, or Slack in its place, has shown anything but a window that closed."""
        return any(item.kind != "closed" for item in self.happenings)

    async def until(self, condition: "Callable[[Sight], Any]", *, within_s: float = WITHIN_S) -> "Sight":
        """Wait until this person sees something; raise TimeoutError with what they see instead."""
        try:
            await self.screen.until(lambda: condition(self), within_s=within_s)
        except TimeoutError:
            seen = self.text or self.failure or "nothing"
            raise TimeoutError(f"{self.user} waited {within_s} s in vain and sees: {seen}") from None
        return self
