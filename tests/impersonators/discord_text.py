"""How Discord renders a text, and whom it would call.

https://docs.discord.com/developers/reference#message-formatting
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.impersonators.reading import Link, Reading, Style

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HIDDEN_FROM = 0xE000
"""Escaped characters are moved to a private range while the rest is read, so that they mean nothing."""

_MENTION = re.compile(r"<@!?\d+>|<@&\d+>|<#\d+>|@everyone|@here|</[^<>:\n]+:\d+>|<id:\w[\w-]*>")
_TOKEN = re.compile(r"<t:-?\d+(?::[tTdDfFR])?>|<a?:\w+:\d+>")
_MASKED = re.compile(r"\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\]\(<?(https?://[^\s()<>]+)>?[^)\n]*\)")
_BARE = re.compile(r"<?(https?://[^\s<>]+[^\s<>.,:;\"')\]])>?")
_STYLES = {
    "code block": re.compile(r"```(?:\w*\n)?(.+?)```", re.DOTALL),
    "code": re.compile(r"(?<!`)`([^`\n]+)`(?!`)"),
    "spoiler": re.compile(r"\|\|(.+?)\|\|", re.DOTALL),
    "bold": re.compile(r"\*\*(.+?)\*\*(?!\*)", re.DOTALL),
    "underline": re.compile(r"__(.+?)__(?!_)", re.DOTALL),
    "strike": re.compile(r"~~(.+?)~~(?!~)", re.DOTALL),
    "italic": re.compile(r"(?<![\w*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![*])|(?<![\w_])_([^_\n]+)_(?![\w_])"),
    "heading": re.compile(r"^#{1,3} +(.+)$", re.MULTILINE),
    "subtext": re.compile(r"^-# +(.+)$", re.MULTILINE),
    "quote": re.compile(r"^ *>(?:>>)? +(.+)$", re.MULTILINE),
    "list": re.compile(r"^ *(?:[-*+]|\d+\.) +(.+)$", re.MULTILINE),
    "emoji": re.compile(r":\w+:"),
}
_UNWRAPPED = ("code block", "code", "spoiler", "bold", "underline", "strike", "heading", "subtext", "quote")


def read_markdown(text: str) -> Reading:
    """Render a text as the client does where it supports markdown."""
    hidden = _ESCAPED.sub(lambda match: chr(_HIDDEN_FROM + ord(match.group(1))), text)
    links = [Link(_shown(url), _shown(label)) for label, url in _MASKED.findall(hidden)]
    without_masked = _MASKED.sub(r"\1", hidden)
    links += [Link(_shown(url), _shown(url)) for url in _BARE.findall(without_masked)]
    mentions = tuple(_MENTION.findall(hidden))
    styles = [Style("token", _shown(token)) for token in _TOKEN.findall(hidden)]
    without_tokens = _TOKEN.sub("", _BARE.sub("", without_masked))
    for kind, pattern in _STYLES.items():
        found = pattern.finditer(without_tokens)
        styles += [Style(kind, _shown(match.group(match.lastindex or 0))) for match in found]
    return Reading(_shown(_unwrap(without_masked)), mentions, tuple(links), tuple(styles))


def read_plain(text: str) -> Reading:
    """Show a text where Discord supports no markdown: author and footer of an embed."""
    return Reading(text)


def _unwrap(text: str) -> str:
    for kind in _UNWRAPPED:
        text = _STYLES[kind].sub(r"\1", text)
    return text


def _shown(text: str) -> str:
    return "".join(
        chr(ord(char) - _HIDDEN_FROM) if _HIDDEN_FROM <= ord(char) < _HIDDEN_FROM + 128 else char
        for char in text
    )


def pings(content: str, allowed_mentions: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return whom a message would notify; escapes do not protect here, only `allowed_mentions` does.

    Embeds never notify anybody.
    """
    return tuple(mention for mention in _PINGING.findall(content) if _allowed(mention, allowed_mentions))


_PINGING = re.compile(r"<@!?\d+>|<@&\d+>|@everyone|@here")


def _allowed(mention: str, allowed: Mapping[str, Any] | None) -> bool:
    if allowed is None:
        return True
    kind = "everyone" if mention[0] == "@" else "roles" if mention.startswith("<@&") else "users"
    target = re.sub(r"\D", "", mention)
    return kind in allowed.get("parse", ()) or target in map(str, allowed.get(kind, ()))


_EMBED_PARTS: tuple[tuple[str, str, Callable[[str], Reading]], ...] = (
    ("author", "name", read_plain),
    ("", "title", read_markdown),
    ("", "description", read_markdown),
    ("fields", "", read_markdown),
    ("footer", "text", read_plain),
)


def read_embed(embed: Mapping[str, Any]) -> list[Reading]:
    """Render an embed from top to bottom; what is absent is left out."""
    readings: list[Reading] = []
    for part, key, read in _EMBED_PARTS:
        if part == "fields":
            texts = [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
        else:
            holder = embed.get(part, {}) if part else embed
            texts = [holder[key]] if key in holder else []
        readings += [read(text) for text in texts]
    return readings
