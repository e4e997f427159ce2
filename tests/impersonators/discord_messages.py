"""A message on the imaginary Discord, as it stands in a channel and as a person reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.impersonators.discord_text import pings, read_embed, read_markdown
from tests.impersonators.reading import Link, Reading, join

CROSSPOSTED = 1 << 0
EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

BUTTON = 2
TEXT_DISPLAY = 10
LINK_STYLE = 5
SELECTS = frozenset({3, 5, 6, 7, 8})

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file in a message, or one that a person hands in."""

    id: int
    name: str
    content: bytes
    url: str


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """A message as it stands in a channel, after folding."""

    id: int
    channel_id: int
    author_id: int
    at: datetime
    content: str = ""
    embeds: tuple[Json, ...] = ()
    nonce: str | None = None
    allowed_mentions: Json | None = None
    body: Json = field(default_factory=dict)
    """Everything that was sent."""
    sent_times: int = 1
    """How often it was sent under the same nonce."""
    components: tuple[Json, ...] = ()
    flags: int = 0
    attachments: tuple[Attached, ...] = ()
    edits: int = 0
    shown_to: int | None = None
    """The only person who sees it, where it is ephemeral."""
    interaction: Json | None = None
    """What it answers, as Discord says it in `interaction_metadata`."""

    @property
    def pings(self) -> tuple[str, ...]:
        """Return whom it notified."""
        return pings(self.content, self.allowed_mentions)

    @property
    def shown(self) -> Reading:
        """Read what the channel shows: the content, then each embed from top to bottom, then texts among components."""
        content = [read_markdown(self.content)] if self.content else []
        texts = [read_markdown(part["content"]) for part in parts_of(self.components, {TEXT_DISPLAY})]
        return join(*content, *(reading for embed in self.embeds for reading in read_embed(embed)), *texts)

    @property
    def text(self) -> str:
        """Return the visible words."""
        return self.shown.text

    @property
    def headline(self) -> str | None:
        """Return the title of the first embed, as shown."""
        return read_markdown(self.embeds[0]["title"]).text if self.embeds else None

    @property
    def link(self) -> str | None:
        """Return where the title of the first embed leads."""
        return self.embeds[0].get("url") if self.embeds else None

    @property
    def links(self) -> tuple[Link, ...]:
        """Return every link that can be clicked."""
        titled = (embed for embed in self.embeds if "url" in embed)
        return tuple(Link(embed["url"], embed.get("title", "")) for embed in titled) + self.shown.links

    @property
    def buttons(self) -> tuple[str, ...]:
        """Return the words on the buttons that can be pressed; links and disabled ones are left out."""
        return tuple(label_of(part) for part in self.pressable())

    @property
    def is_ephemeral(self) -> bool:
        return self.shown_to is not None

    @property
    def is_loading(self) -> bool:
        """Say whether it still only shows that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def is_crossposted(self) -> bool:
        return bool(self.flags & CROSSPOSTED)

    def pressable(self) -> Iterator[Json]:
        """Yield the buttons that do something when they are pressed."""
        for part in parts_of(self.components, {BUTTON}):
            if part.get("style") != LINK_STYLE and not part.get("disabled"):
                yield part


def label_of(button: Json) -> str:
    """Return what a button shows."""
    emoji = (button.get("emoji") or {}).get("name") or ""
    return f"{emoji} {button.get('label') or ''}".strip()


def parts_of(components: Any, kinds: frozenset[int] | set[int]) -> Iterator[Json]:
    """Yield the components of some types, at any depth and in order."""
    for part in components or ():
        if part.get("type") in kinds:
            yield part
        yield from parts_of(part.get("components"), kinds)
        inner = [part[key] for key in ("component", "accessory") if part.get(key)]
        yield from parts_of(inner, kinds)
