"""An alert as lines of a terminal: values in, rich text out."""

from __future__ import annotations

from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text as RichText

from bot.chat import credits as words
from bot.chat.escaping import clean, tidy_runs, web_url
from bot.domain.message import AlertMessage, Text
from bot.domain.wording import ago

MARK = "bold yellow"
HEADLINE = "bold"
META = "dim"
LONGEST_LINK = 4000


def alert_lines(
    message: AlertMessage, channel: str, now: datetime, *, marks: tuple[str, str]
) -> RenderableType:
    """Return an alert as it is printed; `marks` stand around matched words where there is no colour."""
    url = web_url(message.url, LONGEST_LINK)
    lines: list[RenderableType] = [
        _meta("   ".join((f"#{clean(channel)}", _dated(message, now)))),
        _runs(message.headline, HEADLINE, marks, link=url)
        or RichText(clean(words.headline(message)), HEADLINE),
    ]
    if excerpt := _runs(message.excerpt, "", marks):
        lines.append(Padding(excerpt, (0, 0, 0, 2)))
    if small := " · ".join(part for part in (*words.credits_line(message), words.also_at(message)) if part):
        lines.append(_meta(small))
    if url:
        lines.append(RichText(url, f"{META} link {url}", no_wrap=True, overflow="ignore"))
    if reason := " · ".join(part for part in (words.why(message), _asked_by(message)) if part):
        lines.append(_meta(reason))
    return Padding(Group(*lines), (0, 0, 1, 1))


def _dated(message: AlertMessage, now: datetime) -> str:
    age = ago(message.published_at, now) if message.published_at else ""
    return " · ".join(part for part in (words.source(message), age) if part)


def _asked_by(message: AlertMessage) -> str:
    if not message.subscriptions:
        return ""
    noun = "subscription" if len(message.subscriptions) == 1 else "subscriptions"
    return f"{noun} {', '.join(f'“{title}”' for title in message.subscriptions)}"


def _meta(text: str) -> RichText:
    return RichText(clean(text), META)


def _runs(text: Text, style: str, marks: tuple[str, str], link: str | None = None) -> RichText | None:
    """Return marked text, or None when it is empty; the first and last space of a mark stay outside it."""
    line = RichText(style=f"{style} link {link}".strip() if link else style)
    before, after = marks
    for run in tidy_runs(text):
        inner = run.text.strip()
        if not run.marked or not inner:
            line.append(run.text)
            continue
        lead, trail = run.text[: len(run.text) - len(run.text.lstrip())], run.text[len(run.text.rstrip()) :]
        line.append(lead).append(f"{before}{inner}{after}", MARK).append(trail)
    return line if line.plain.strip() else None
