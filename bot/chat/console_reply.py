"""Answers and forms as lines of a terminal: values in, rich text out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rich.text import Text as RichText

from bot.chat.console_choices import Offered, choice_lines
from bot.chat.console_text import HEADLINE, LONGEST_LINK, META, Line, marked_line
from bot.chat.escaping import clean, web_url
from bot.domain.commands.exchange import Field, Look, Reply
from bot.domain.commands.exchange import Line as SaidLine
from bot.domain.message import plain

STYLES: Final = {Look.TITLE: HEADLINE, Look.DIM: META}


def reply_lines(reply: Reply, offered: Offered, marks: tuple[str, str]) -> Iterator[Line]:
    """Yield an answer as it is printed; an announcement only where nothing else is said.

    Everybody who reads announcements at a terminal has just read the answer itself.
    """
    for line in reply.lines:
        yield from _line(line, marks)
    if reply.announcement and not reply.lines and (said := marked_line(reply.announcement, META, marks)):
        yield Line(said)
    yield from choice_lines(offered)


def said_lines(*texts: str) -> Iterator[Line]:
    """Yield plain sentences."""
    for text in texts:
        yield Line(RichText(clean(text)))


def field_lines(field: Field) -> Iterator[Line]:
    """Yield what helps to fill in a field."""
    if field.choices:
        yield Line(RichText(clean(", ".join(label for _, label in field.choices)), META))
    if field.hint:
        yield Line(RichText(clean(field.hint), META))


def _line(line: SaidLine, marks: tuple[str, str]) -> Iterator[Line]:
    url = web_url(line.url, LONGEST_LINK)
    if line.look is Look.CODE:
        for row in plain(line.text).splitlines():
            yield Line(RichText(f"   {_verbatim(row)}", no_wrap=True), whole=True)
    elif text := marked_line(line.text, STYLES.get(line.look, ""), marks, link=url):
        yield Line(text, indent=3 if line.look is Look.QUOTE else 1)
    if url:
        yield Line(RichText(f"   {url}", f"{META} link {url}"), indent=0, whole=True)


def _verbatim(row: str) -> str:
    """Return a line letter by letter, its blanks too, without what could steer the terminal."""
    return "".join(clean(part) if part.strip() else " " * len(part) for part in re.split(r"( +)", row))
