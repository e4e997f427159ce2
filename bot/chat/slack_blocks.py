"""An alert as Block Kit: values in, blocks and the text of the notification out."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from bot.chat import credits as words
from bot.chat.escaping import clean, fit, fit_runs, length, slack_link, slack_mrkdwn, tidy_runs, web_url
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
from bot.domain.message import AlertMessage, Text

Block = dict[str, Any]
_ZERO_WIDTH = "\u200b"


def alert_blocks(message: AlertMessage, *, pictures: bool = True) -> list[Block]:
    """Return the blocks of an alert, within Slack's limits and with everything from outside escaped.

    Without `pictures` there is nothing that Slack would have to download first.
    """
    section: Block = {"type": "section", "text": _mrkdwn(_told(message))}
    image = web_url(message.image_url, SLACK_IMAGE_URL) if pictures else None
    if image:
        section["accessory"] = _image(image, words.headline(message))
    icon = web_url(message.icon_url, SLACK_IMAGE_URL) if pictures else None
    by = [_image(icon, message.source)] if icon else []
    blocks = [section, {"type": "context", "elements": [*by, _mrkdwn(_credits(message))]}]
    reasons = " · ".join(part for part in (words.also_at(message), words.why(message)) if part)
    if reasons:
        blocks.append({"type": "context", "elements": [_mrkdwn(fit(reasons, REASON * 2, slack_mrkdwn))]})
    return blocks


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


def slack_runs(text: Text) -> str:
    """Return marked text as mrkdwn, the marked words bold."""
    runs = tidy_runs(text)
    rendered = ""
    for index, run in enumerate(runs):
        inner = slack_mrkdwn(run.text).strip()
        if not run.marked or not inner:
            rendered += slack_mrkdwn(run.text)
            continue
        before, after = run.text[: len(run.text) - len(run.text.lstrip())], run.text[len(run.text.rstrip()) :]
        following = after or (runs[index + 1].text if index + 1 < len(runs) else "")
        rendered += f"{before}{_joint((rendered + before)[-1:])}*{inner}*{_joint(following[:1])}{after}"
    return rendered


def _joint(neighbour: str) -> str:
    # Slack sees a * as a mark only beside a space or punctuation; in scripts without spaces this makes the gap.
    return _ZERO_WIDTH if neighbour.isalnum() or neighbour in {"_", "*"} else ""


def _mrkdwn(text: str) -> Block:
    # Without verbatim Slack would make links and mentions of bare addresses and names.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _image(url: str, described: str) -> Block:
    return {"type": "image", "image_url": url, "alt_text": fit(described, SLACK_ALT_TEXT, clean) or "picture"}
