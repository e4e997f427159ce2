"""A message as it stands in a channel, with what a person reads and can press in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.impersonators.reading import Link, Reading, join
from tests.impersonators.slack_text import read_block, read_mrkdwn


@dataclass(frozen=True, slots=True)
class SlackFile:
    """A file that somebody uploaded."""

    id: str
    name: str
    content: bytes
    user: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """A message as it stands in a channel."""

    ts: str
    channel: str
    user: str
    text: str
    """The fallback: what a notification shows."""
    blocks: tuple[Mapping[str, Any], ...] = ()
    metadata: Mapping[str, Any] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """The rest of what was sent: `unfurl_links`, `parse`, `thread_ts`, …"""
    viewer: str | None = None
    """The only one who sees it, when it is ephemeral."""
    edits: int = 0
    files: tuple[SlackFile, ...] = ()

    @property
    def fallback(self) -> Reading:
        """Read the notification as Slack would render it."""
        names_linked = self.options.get("link_names") in (True, 1, "1", "true")
        parsed = self.options.get("parse") == "full" or names_linked
        return read_mrkdwn(self.text, verbatim=not parsed)

    @property
    def shown(self) -> Reading:
        """Read what the channel shows: the blocks, or the text where there are none."""
        if not self.blocks:
            return self.fallback
        return join(*(reading for block in self.blocks for reading in read_block(block)))

    @property
    def mentions(self) -> tuple[str, ...]:
        """Return whom the message would call, in the blocks or in the notification."""
        return self.shown.mentions + self.fallback.mentions

    @property
    def links(self) -> tuple[Link, ...]:
        """Return every link that can be clicked in the channel."""
        return self.shown.links

    @property
    def link(self) -> str | None:
        """Return where the headline (the first link) leads."""
        return self.links[0].url if self.links else None

    @property
    def headline(self) -> str | None:
        """Return the words of the first link."""
        return self.links[0].label if self.links else None

    @property
    def buttons(self) -> tuple[str, ...]:
        """Return the labels of the buttons that can be pressed."""
        return tuple(
            part["text"]["text"] for _, part in elements(self.blocks) if part.get("type") == "button"
        )


def elements(blocks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Return every part that can be pressed or chosen from, with the block it stands in."""
    for block in blocks:
        parts = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        yield from ((block, part) for part in parts if part and "action_id" in part)
