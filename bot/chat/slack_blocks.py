"""An alert as Block Kit: values in, blocks and the text of the notification out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from bot.chat import credits as words
from bot.chat.escaping import clean, fit, fit_runs, length, slack_link, slack_mrkdwn, web_url
from bot.chat.limits import (
    EXCERPT,
    HEADLINE,
    LINK,
    REASON,
    SLACK_ALT_TEXT,
    SLACK_CONTEXT,
    SLACK_IMAGE_URL,
    SLACK_SECTION,
    SLACK_TEXT,
)
from bot.chat.slack_parts import Block, button_row, mrkdwn, slack_runs
from bot.domain.commands.on_alerts import alert_buttons
from bot.domain.message import AlertMessage
from bot.domain.model import DeliveryId, Mention

MOST_CALLED = 20
"""Mentions of one alert, which has several subscriptions perhaps."""


def alert_blocks(
    message: AlertMessage, *, pictures: bool = True, alert: DeliveryId | None = None
) -> list[Block]:
    """Return the blocks of an alert, within Slack's limits and with everything from outside escaped.

    Without `pictures` there is nothing that Slack would have to download first. `alert` is what its buttons name.
    """
    section: Block = {"type": "section", "text": mrkdwn(_told(message))}
    image = web_url(message.image_url, SLACK_IMAGE_URL) if pictures else None
    if image:
        section["accessory"] = _image(image, words.headline(message))
    icon = web_url(message.icon_url, SLACK_IMAGE_URL) if pictures else None
    by = [_image(icon, message.source)] if icon else []
    blocks = [section, {"type": "context", "elements": [*by, mrkdwn(_credits(message))]}]
    reasons = " · ".join(part for part in (words.also_at(message), words.why(message)) if part)
    if reasons:
        blocks.append({"type": "context", "elements": [mrkdwn(fit(reasons, REASON * 2, slack_mrkdwn))]})
    if called := _called(message.mentions):
        blocks.append({"type": "section", "text": mrkdwn(called)})
    if message.buttons and alert:
        blocks.append(button_row(enumerate(alert_buttons(alert))))
    return blocks


def _called(mentions: Sequence[Mention]) -> str:
    """Return mentions as Slack reads them; an id that could be anything else is left out."""
    marks = {"person": "@", "group": "!subteam^"}
    calls = [f"<{marks[one.kind]}{one.id}>" for one in mentions if one.kind in marks and one.id.isalnum()]
    return " ".join(calls[:MOST_CALLED])


def alert_text(message: AlertMessage) -> str:
    """Return what a lock screen shows: the headline and who says so."""
    shown = (
        f"{words.headline(message)} ({words.source(message)})" if message.source else words.headline(message)
    )
    return fit(shown, SLACK_TEXT, slack_mrkdwn)


def _told(message: AlertMessage) -> str:
    headline = fit(words.headline(message), HEADLINE, slack_mrkdwn) or words.UNTITLED
    url = web_url(message.url, LINK)
    first = f"*{slack_link(url, headline) if url else headline}*"
    excerpt = fit_runs(message.excerpt, min(EXCERPT, SLACK_SECTION - length(first) - 1), slack_runs)
    return f"{first}\n{excerpt}" if excerpt else first


def _credits(message: AlertMessage) -> str:
    parts = (part for part in (words.source(message), *words.credits_line(message)) if part)
    shown = fit(" · ".join(parts), SLACK_CONTEXT // 2, slack_mrkdwn)
    return " · ".join(part for part in (shown, _date(message)) if part) or words.UNTITLED


def _date(message: AlertMessage) -> str:
    """Return a date that every reader sees in their own zone."""
    if message.published_at is None:
        return ""
    fallback = f"{message.published_at.astimezone(UTC):%d %b %Y %H:%M} UTC"
    seconds = int(message.published_at.timestamp())
    return f"<!date^{seconds}^{{date_short_pretty}} {{time}}|{fallback}>" if seconds > 0 else fallback


def _image(url: str, described: str) -> Block:
    return {"type": "image", "image_url": url, "alt_text": fit(described, SLACK_ALT_TEXT, clean) or "picture"}
