"""A Reply as Discord shows it: values in, text, embeds and buttons out, within every limit."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import discord
from discord import ui

from bot.chat.discord_embeds import discord_runs
from bot.chat.escaping import clean, discord_markdown, fit, fit_runs, length, web_url
from bot.chat.limits import (
    DISCORD_BUTTON,
    DISCORD_CONTENT,
    DISCORD_CUSTOM_ID,
    DISCORD_DESCRIPTION,
    DISCORD_EMBED_TOTAL,
    DISCORD_ROW,
    DISCORD_ROWS,
    DISCORD_URL,
)
from bot.domain.commands.exchange import Button, Line, Look, Tone, Upload
from bot.domain.message import Text, plain

LINE = 1000
"""Characters of one line before its markup: none that is worth reading is longer."""
CODE = 1800
"""Characters of what is shown letter by letter; with its fence it fits into a message."""
MORE = 40
"""Kept free for the words that say how much was left out."""
NOTHING = "Done."
_ZERO_WIDTH = "\u200b"
_STYLES = MappingProxyType(
    {
        Tone.PLAIN: discord.ButtonStyle.secondary,
        Tone.PRIMARY: discord.ButtonStyle.primary,
        Tone.DANGER: discord.ButtonStyle.danger,
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reply looks like; short ones are text, long ones embeds, which hold more."""

    content: str = ""
    embeds: tuple[str, ...] = ()
    """The description of each."""


def shown(lines: Sequence[Line]) -> Shown:
    """Return the text of a reply."""
    parts = _parts(lines)
    whole = "\n".join(parts)
    if length(whole) <= DISCORD_CONTENT:
        return Shown(whole if whole.strip() else "")
    return Shown(embeds=_packed(parts))


def embeds_of(text: Shown) -> list[discord.Embed]:
    return [discord.Embed(description=description) for description in text.embeds]


def file_of(upload: Upload) -> discord.File:
    """Return a file to be sent."""
    return discord.File(io.BytesIO(upload.content), upload.name)


def announced(text: Text) -> str:
    """Return a line that everybody in a channel sees."""
    return fit_runs(text, DISCORD_CONTENT, discord_runs)


# ---------------------------------------------------------------- text


def _parts(lines: Iterable[Line]) -> list[str]:
    """Return each line in Discord's markdown; neighbouring lines of code share a block."""
    parts: list[str] = []
    code: list[str] = []
    for line in lines:
        if line.look is Look.CODE:
            code.append(_letters(plain(line.text)))
            continue
        parts += _fenced(code)
        code = []
        parts.append(_line(line))
    return parts + _fenced(code)


def _fenced(code: Sequence[str]) -> list[str]:
    if not code:
        return []
    joined = "\n".join(code)
    whole = joined if length(joined) <= CODE else f"{joined[: CODE // 2]}…"
    # Only three backticks in a row, or one before the fence, would end the block.
    safe = whole.replace("```", f"`{_ZERO_WIDTH}`{_ZERO_WIDTH}`")
    return [f"```\n{safe}{_ZERO_WIDTH if safe.endswith('`') else ''}\n```"]


def _letters(text: str) -> str:
    """Return text for a block of code: without what is invisible, with every space and line break."""
    return "\n".join(re.sub(r"[^ ]+", lambda word: clean(word[0]), row) for row in text.split("\n"))


def _line(line: Line) -> str:
    text = _styled(line)
    if not text:
        return ""
    url = web_url(line.url, DISCORD_URL // 2)
    if url:
        text = f"[{text}](<{url.replace('(', '%28').replace(')', '%29')}>)"
    match line.look:
        case Look.TITLE:
            return f"**{text}**"
        case Look.DIM:
            return f"-# {text}"
        case Look.QUOTE:
            return f"> {text}"
        case _:
            return text


def _styled(line: Line) -> str:
    if line.look is Look.TITLE:  # bold as a whole, so its marks are not shown
        return fit(plain(line.text), LINE, discord_markdown)
    return fit_runs(line.text, LINE, discord_runs)


def _packed(parts: Sequence[str]) -> tuple[str, ...]:
    """Fill embeds with whole lines; say how many found no room."""
    pages, room = [""], DISCORD_EMBED_TOTAL - MORE
    for number, part in enumerate(parts):
        cost = length(part) + 1
        if cost > room:
            pages[-1] += f"\n-# … and {len(parts) - number} more lines"
            break
        room -= cost
        if length(pages[-1]) + cost > DISCORD_DESCRIPTION - MORE:
            pages.append(part)
        else:
            pages[-1] += f"\n{part}" if pages[-1] else part
    return tuple(page.strip("\n") for page in pages)


# ---------------------------------------------------------------- buttons


def buttons_view(buttons: Sequence[Button]) -> ui.View | None:
    """Return buttons that are known by their actions alone, so that they work after any restart."""
    rows = _rows(buttons)
    if not rows:
        return None
    view = ui.View(timeout=None)
    for row, inside in enumerate(rows):
        for button in inside:
            view.add_item(_button(button, row))
    # discord.py remembers every view that is not over, for ever; ours need not be remembered.
    view.stop()
    return view


def _button(button: Button, row: int) -> ui.Button[ui.View]:
    label = fit(button.label, DISCORD_BUTTON, clean) or "…"
    return ui.Button(label=label, custom_id=str(button.action), style=_STYLES[button.tone], row=row)


def _rows(buttons: Iterable[Button]) -> list[list[Button]]:
    """Put buttons into rows as they wish, the others after them; what finds no place is left out."""
    unique = {str(button.action): button for button in buttons}
    usable = [button for action, button in unique.items() if length(action) <= DISCORD_CUSTOM_ID]
    wished = sorted({button.row for button in usable if button.row is not None})
    rows: list[list[Button]] = []
    for wish in (*wished, None):
        alike = [button for button in usable if button.row == wish]
        rows += [alike[start : start + DISCORD_ROW] for start in range(0, len(alike), DISCORD_ROW)]
    return rows[:DISCORD_ROWS]
