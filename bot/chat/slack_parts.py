"""Parts of Block Kit that alerts and answers have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.chat.escaping import clean, fit, slack_mrkdwn, tidy_runs
from bot.chat.limits import SLACK_BUTTON
from bot.domain.commands.exchange import Button, Tone
from bot.domain.message import Text

Block = dict[str, Any]
_ZERO_WIDTH = "\u200b"
_STYLES = {Tone.PRIMARY: "primary", Tone.DANGER: "danger"}


def mrkdwn(text: str) -> Block:
    # Without verbatim Slack would make links and mentions of bare addresses and names.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def context(texts: Sequence[str]) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def button_row(buttons: Iterable[tuple[int, Button]]) -> Block:
    """Return buttons side by side, numbered so that no two of a message are called alike."""
    return {"type": "actions", "elements": [_button(number, button) for number, button in buttons]}


def _button(number: int, button: Button) -> Block:
    shown: Block = {
        "type": "button",
        "action_id": f"{button.action.verb}:{number}",
        "text": {"type": "plain_text", "text": fit(button.label, SLACK_BUTTON, clean) or "…", "emoji": False},
        "value": str(button.action),
    }
    style = _STYLES.get(button.tone)
    return {**shown, "style": style} if style else shown


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
