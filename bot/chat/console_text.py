"""An alert as lines of a terminal: values in, rich text out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.text import Text as RichText

from bot.chat import credits as words
from bot.chat.escaping import clean, tidy_runs, web_url
from bot.domain.commands.telling import quoted
from bot.domain.message import AlertMessage, Text
from bot.domain.wording import ago

MARK = "bold yellow"
HEADLINE = "bold"
META = "dim"
LONGEST_LINK = 4000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an alert before it is wrapped."""

    text: RichText
    indent: int = 1
    whole: bool = False
    """An address is never wrapped: it must stay one piece to be clicked or copied."""


def alert_lines(
    message: AlertMessage, channel: str, now: datetime, *, marks: tuple[str, str]
) -> Iterator[Line]:
    """Yield an alert as it is printed; `marks` stand around matched words where there is no colour."""
    url = web_url(message.url, LONGEST_LINK)
    # Not `_meta`, which would make one space of the three.
    yield Line(
        RichText("   ".join(part for part in (f"#{clean(channel)}", _dated(message, now)) if part), META)
    )
    headline = marked_line(message.headline, HEADLINE, marks, link=url)
    yield Line(headline or RichText(clean(words.headline(message)), HEADLINE))
    if called := " ".join(f"@{mention.name or mention.id}" for mention in message.mentions):
        yield Line(RichText(clean(called), HEADLINE))
    if excerpt := marked_line(message.excerpt, "", marks):
        yield Line(excerpt, indent=3)
    if small := " · ".join(part for part in (*words.credits_line(message), words.also_at(message)) if part):
        yield Line(_meta(small))
    if url:
        yield Line(RichText(f" {url}", f"{META} link {url}"), indent=0, whole=True)
    if reason := " · ".join(part for part in (words.why(message), _asked_by(message)) if part):
        yield Line(_meta(reason))


def _dated(message: AlertMessage, now: datetime) -> str:
    age = ago(message.published_at, now) if message.published_at else ""
    return clean(" · ".join(part for part in (words.source(message), age) if part))


def _asked_by(message: AlertMessage) -> str:
    if not message.subscriptions:
        return ""
    noun = "subscription" if len(message.subscriptions) == 1 else "subscriptions"
    return f"{noun} {', '.join(map(quoted, message.subscriptions))}"


def _meta(text: str) -> RichText:
    return RichText(clean(text), META)


def marked_line(text: Text, style: str, marks: tuple[str, str], link: str | None = None) -> RichText | None:
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
