"""What a reader sees, before any platform's markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model.people import Mention


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text; `marked` when it is words that a subscription asked for."""

    text: str
    marked: bool = False


Text = tuple[Run, ...]
"""Untrusted plain text in runs; every platform escapes it before it shows it."""


@dataclass(frozen=True, slots=True)
class AlertMessage:
    """One alert, platform-neutral. Every string comes from outside and is not yet escaped."""

    headline: Text
    source: str
    """Who publishes it: the feed's title, or the host of the link."""
    excerpt: Text = ()
    """The sentence in which the match stands, cut at word boundaries with …"""
    url: str | None = None
    """http or https; the original's when the alert came through a copy."""
    byline: str = ""
    tags: tuple[str, ...] = ()
    published_at: datetime | None = None
    also_at: tuple[str, ...] = ()
    """Names of the other sources that carry the story."""
    image_url: str | None = None
    icon_url: str | None = None
    reasons: tuple[str, ...] = ()
    """Why it matched, one per term: `the phrase “Kim Jong Un” (text)`."""
    subscriptions: tuple[str, ...] = ()
    """The titles of the subscriptions that asked for it."""
    updated: bool = False
    color_seed: int = 0
    """Equal for alerts of one subscription, so that a platform can give each its own calm colour."""
    mentions: tuple[Mention, ...] = ()
    """Whom it calls, each once: those of all its subscriptions."""
    buttons: bool = False
    """Whether its channel wants the buttons of `bot.domain.commands.on_alerts` below it."""

    @property
    def summary(self) -> str:
        """One line for a lock screen: the headline and who says so."""
        return f"{plain(self.headline)} ({self.source})"


def plain(text: Text) -> str:
    """Return the text without its marks."""
    return "".join(run.text for run in text)
