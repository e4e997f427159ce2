"""How Slack renders mrkdwn: which mentions, links and formatting a text comes alive with.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.impersonators.reading import Link, Reading, Style

_CONTROL = re.compile(r"<([^<>\n]+)>")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_AUTO_MENTION = re.compile(r"(?<!\w)@(?:here|channel|everyone)\b")
_AUTO_LINK = re.compile(r"https?://[^\s<>|]+")
_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_STYLES = {
    "code block": re.compile(r"```(.+?)```", re.DOTALL),
    "code": re.compile(r"(?<![\w`])`([^`\n]+)`(?![\w`])"),
    "bold": re.compile(r"(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"),
    "italic": re.compile(r"(?<![\w_])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"),
    "strike": re.compile(r"(?<![\w~])~([^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"),
    "quote": re.compile(r"^(?:&gt;|>)(.*)$", re.MULTILINE),
    "emoji": re.compile(_EMOJI),
}


def unescape(text: str) -> str:
    """Turn Slack's three entities back into characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_mrkdwn(text: str, *, verbatim: bool = True) -> Reading:
    """Render a text; without `verbatim` bare URLs and `@here` come alive too."""
    mentions: list[str] = []
    links: list[Link] = []

    def render(match: re.Match[str]) -> str:
        inner = match.group(1)
        target, _, label = inner.partition("|")
        if inner.startswith("!date^"):
            return label
        if inner[0] in "@#!":
            mentions.append(target)
            return f"@{label or target[1:]}"
        if not _SCHEME.match(inner):
            return match.group(0)
        links.append(Link(unescape(target), unescape(_plain(label or target))))
        return label or target

    styles = tuple(_styles(_CONTROL.sub(_label_only, text)))
    shown = _CONTROL.sub(render, text)
    if not verbatim:
        bare = _CONTROL.sub(" ", text)
        mentions += _AUTO_MENTION.findall(bare)
        links += [Link(unescape(url), unescape(url)) for url in _AUTO_LINK.findall(bare)]
    return Reading(unescape(_plain(shown)), tuple(mentions), tuple(links), styles)


def _label_only(match: re.Match[str]) -> str:
    target, _, label = match.group(1).partition("|")
    return label or target


def _styles(text: str) -> Iterator[Style]:
    for kind, pattern in _STYLES.items():
        for match in pattern.finditer(text):
            yield Style(kind, unescape(_plain(match.group(match.lastindex or 0))))


def _plain(text: str) -> str:
    for kind in ("code block", "code", "bold", "italic", "strike"):
        text = _STYLES[kind].sub(r"\1", text)
    return text


def read_text_object(part: Mapping[str, Any]) -> Reading:
    """Render a text object; plain text has nothing alive in it but emoji codes."""
    if part.get("type") == "mrkdwn":
        return read_mrkdwn(part["text"], verbatim=bool(part.get("verbatim")))
    emoji = _EMOJI.findall(part["text"]) if part.get("emoji", True) else []
    return Reading(part["text"], styles=tuple(Style("emoji", code) for code in emoji))


def read_block(block: Mapping[str, Any]) -> Iterator[Reading]:
    """Render the texts of a block in reading order; a button with an address counts as a link."""
    for part in _parts(block):
        if part.get("type") in {"mrkdwn", "plain_text"}:
            yield read_text_object(part)
        elif part.get("type") == "button":
            label = part["text"]["text"]
            links = (Link(part["url"], label),) if "url" in part else ()
            yield Reading(label, links=links)
        elif part.get("type") == "image":
            yield Reading(part.get("alt_text", ""))


def _parts(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if block["type"] == "image":
        yield block
    if "text" in block:
        yield block["text"]
    yield from block.get("fields", ())
    if "accessory" in block:
        yield block["accessory"]
    yield from block.get("elements", ())
