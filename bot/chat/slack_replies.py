"""A Reply as Block Kit: values in, blocks and the text of the notification out.

https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.chat.escaping import clean, fit, fit_runs, length, slack_entities, slack_link, slack_mrkdwn, web_url
from bot.chat.limits import (
    LINK,
    SLACK_BLOCKS,
    SLACK_BLOCKS_TOTAL,
    SLACK_BUTTONS_IN_A_ROW,
    SLACK_CONTEXT,
    SLACK_SECTION,
    SLACK_TEXT,
)
from bot.chat.slack_parts import Block, button_row, context, mrkdwn, slack_runs
from bot.domain.commands.exchange import Button, Line, Look, Reply
from bot.domain.message import Text, plain

_LINE = 1500
"""Characters of one line, escaped; two fit into a section."""
_COLUMNS = 130
"""Of what is shown letter by letter in several lines."""
_TABLE = SLACK_CONTEXT - 100
"""Characters of such lines together, escaped."""
_MOST_ROWS = 40
"""Of buttons."""
_ROOM = 1500
"""Kept free of SLACK_BLOCKS_TOTAL: for buttons to come, and because Slack's count is not known."""
_MORE = "… and more than fits here. Ask for less at once."


def reply_blocks(reply: Reply) -> list[Block]:
    """Return the blocks of an answer, within Slack's limits and with everything from outside escaped."""
    rows = list(_rows(reply.buttons))[:_MOST_ROWS]
    said = list(_said(reply.lines))
    kept = _within(said, SLACK_BLOCKS - len(rows), SLACK_BLOCKS_TOTAL - _ROOM - _size(rows))
    return [*kept, *rows]


def reply_text(reply: Reply) -> str:
    """Return what a notification shows of an answer: its first line."""
    first = next((plain(line.text) for line in reply.lines if plain(line.text).strip()), "newsbot")
    return fit(first, SLACK_TEXT, slack_mrkdwn) or "newsbot"


def complaint(reply: Reply, most: int = 400) -> str:
    """Return a refusal in one paragraph, plain, for under the field of a form."""
    told = (plain(line.text) for line in reply.lines)
    # A query with a mark under the fault needs letters of one width.
    return (
        fit(" ".join(text.strip() for text in told if "\n" not in text), most, clean)
        or "This cannot be used."
    )


def announcement_blocks(text: Text) -> list[Block]:
    """Return a line that everybody in a channel sees."""
    return [context([fit_runs(text, SLACK_CONTEXT, slack_runs) or "newsbot"])]


def _said(lines: Iterable[Line]) -> Iterator[Block]:
    """Set lines in sections, and dim ones in context blocks; neighbours of a kind share a block."""
    for dim, group in groupby(lines, lambda line: line.look is Look.DIM):
        limit = SLACK_CONTEXT if dim else SLACK_SECTION
        for text in _joined((_shown(line) for line in group), limit):
            yield context([text]) if dim else {"type": "section", "text": mrkdwn(text)}


def _joined(shown: Iterable[str], limit: int) -> Iterator[str]:
    """Join lines to texts of at most `limit` characters."""
    text = ""
    for line in filter(None, shown):
        longer = f"{text}\n{line}" if text else line
        if text and length(longer) > limit:
            yield text
            longer = line
        text = longer
    if text:
        yield text


def _shown(line: Line) -> str:
    """Return one line as mrkdwn."""
    if line.look is Look.CODE:
        return _code(plain(line.text))
    url = web_url(line.url, LINK)
    room = SLACK_CONTEXT - 20 - (length(slack_entities(url)) if url else 0)
    text = fit_runs(line.text, min(_LINE, room), slack_runs)
    if url:
        text = slack_link(url, text or fit(url, min(_LINE, room), slack_entities))
    match line.look:
        case Look.TITLE if text:
            return text if "*" in text else f"*{text}*"
        case Look.QUOTE if text:
            return f">{text}"
        case _:
            return text


def _code(text: str) -> str:
    """Return a query or link letter by letter; what has several lines keeps its columns."""
    rows = text.split("\n")
    if len(rows) == 1:
        shown = fit(text, _LINE, _letters)
        return f"`{shown}`" if shown else ""
    return f"```{_table(_letters(_in_columns(row)) for row in rows)}```"


def _table(rows: Iterable[str]) -> str:
    """Return the first rows that fit, and … where there are more."""
    kept: list[str] = []
    room = _TABLE
    for row in rows:
        room -= length(row) + 1
        if room < 0:
            return "\n".join([*kept, "…"])
        kept.append(row)
    return "\n".join(kept)


def _in_columns(row: str) -> str:
    return " ".join(clean(part) for part in row[:_COLUMNS].split(" "))


def _letters(text: str) -> str:
    return slack_entities(text.replace("`", "ˋ"))


def _within(blocks: Sequence[Block], most: int, room: int) -> list[Block]:
    """Return the first blocks that fit, and a word where there were more."""
    kept: list[Block] = []
    for number, block in enumerate(blocks, start=1):
        room -= _size([block])
        last = number == len(blocks)
        if room < 0 or (len(kept) + 1 >= most and not last):
            return [*kept, context([_MORE])]
        kept.append(block)
    return kept


def _size(blocks: Sequence[Block]) -> int:
    return length(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _rows(buttons: Sequence[Button]) -> Iterator[Block]:
    """Set buttons side by side as they ask for, five to a row."""
    for _row, group in groupby(enumerate(buttons), lambda pair: pair[1].row):
        numbered = list(group)
        for start in range(0, len(numbered), SLACK_BUTTONS_IN_A_ROW):
            part = numbered[start : start + SLACK_BUTTONS_IN_A_ROW]
            yield button_row(part)
