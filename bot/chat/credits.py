"""The small print of an alert in words, the same on every platform and not yet escaped."""

from __future__ import annotations

from bot.chat.escaping import clean, fit
from bot.chat.limits import ALSO_AT, BYLINE, REASON, SOURCE, TAG
from bot.domain.message import AlertMessage, plain

UNTITLED = "Untitled article"


def headline(message: AlertMessage) -> str:
    """Return the headline; an article without one is called by its first words."""
    return _short(plain(message.headline), 400) or _short(plain(message.excerpt), 100) or UNTITLED


def source(message: AlertMessage) -> str:
    """Return who publishes it, and that it is told again because it changed."""
    name = _short(message.source, SOURCE)
    return f"{name} · updated" if message.updated else name


def credits_line(message: AlertMessage) -> tuple[str, ...]:
    """Return who wrote it and under which sections it stands."""
    byline = _short(message.byline, BYLINE)
    return (
        *((f"By {byline}",) if byline else ()),
        *(_short(tag, TAG) for tag in message.tags if tag.strip()),
    )


def also_at(message: AlertMessage) -> str:
    """Return which others carry the story, or nothing."""
    names = [_short(name, SOURCE) for name in message.also_at]
    if not names:
        return ""
    more = f" +{len(names) - ALSO_AT}" if len(names) > ALSO_AT else ""
    return f"also at {', '.join(names[:ALSO_AT])}{more}"


def why(message: AlertMessage) -> str:
    """Return what matched, or nothing."""
    return _short(f"matched {', '.join(message.reasons)}", REASON) if message.reasons else ""


def _short(text: str, limit: int) -> str:
    return fit(text, limit, clean)
