"""What somebody typed after Slack's command, as they typed it: Slack escapes it, and links what looks like a link.

https://docs.slack.dev/interactivity/implementing-slash-commands#escaping
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.commands.definitions import Kind, Parameter
from bot.domain.commands.exchange import Value
from bot.domain.commands.typed import Typed
from bot.domain.model import ChannelAddress, Mention
from bot.errors import UserError

_ENTITY = re.compile(r"<([#@!]?)([^<>|]+)(?:\|([^<>]*))?>")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]+")
_ESCAPED = {"lt": "<", "gt": ">", "amp": "&"}
_EVERYBODY = frozenset({"here", "channel", "everyone"})
_NOBODY = frozenset({"nobody", "none", "-"})
_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


def nameless(text: str) -> frozenset[str]:
    """Return the ids of people and channels whose names Slack left out of a text."""
    found = (entity for entity in _ENTITY.finditer(text) if entity[1] in {"#", "@"} and not entity[3])
    return frozenset(entity[2] for entity in found)


def words(text: str, names: Mapping[str, str] = _NO_NAMES, *, address: bool = False) -> str:
    """Return a text as it stood in the field; `names` are by ids, an `address` is wanted whole."""

    def typed(entity: re.Match[str]) -> str:
        mark, target, label = entity[1], entity[2], entity[3] or ""
        if mark in {"#", "@"}:
            return f"{mark}{label or names.get(target, target)}"
        if mark == "!":
            return f"@{(label or target.partition('^')[2] or target).removeprefix('@')}"
        return target if not label or (address and not target.endswith(label)) else label

    return re.sub(r"&(lt|gt|amp);", lambda match: _ESCAPED[match[1]], _ENTITY.sub(typed, text))


def arguments(typed: Typed, team_id: str, names: Mapping[str, str] = _NO_NAMES) -> dict[str, Value]:
    """Return what was typed for each parameter, as values; raise UserError for what names no channel or person."""
    kinds = {parameter.name: parameter for parameter in typed.command.parameters}
    return {name: _value(kinds[name], text, team_id, names) for name, text in typed.values.items()}


def _value(parameter: Parameter, text: str, team_id: str, names: Mapping[str, str]) -> Value:
    match parameter.kind:
        case Kind.CHANNELS:
            return tuple(ChannelAddress("slack", team_id, id) for id in _channels(text))
        case Kind.MENTION:
            return _mention(text, names)
        case kind:
            return words(text, names, address=kind is Kind.URL)


def _channels(text: str) -> list[str]:
    ids: list[str] = []
    for part in re.split(r"[\s,]+", text.strip(" ,")):
        entity = _ENTITY.fullmatch(part)
        if entity and entity[1] == "#":
            ids.append(entity[2])
        elif _CHANNEL_ID.fullmatch(part):
            ids.append(part)
        else:
            raise UserError(
                f"“{words(part)}” is no channel that I can see. Type # and choose it from Slack’s list; "
                "to a private channel, invite newsbot first."
            )
    return list(dict.fromkeys(ids))


def _mention(text: str, names: Mapping[str, str]) -> Mention | str:
    """Return who is called; the word itself where it says that nobody is."""
    if text.strip().lower() in _NOBODY:
        return text.strip()
    entity = _ENTITY.fullmatch(text.strip())
    match (entity[1], *entity[2].split("^")) if entity else ():
        case ("@", id):
            return Mention("person", id, words(text, names).strip().removeprefix("@"))
        case ("!", "subteam", id):
            return Mention("group", id, words(text).strip().removeprefix("@"))
        case ("!", word) if word in _EVERYBODY:
            raise UserError(f"An alert never calls @{word}. Name a user group or a person.")
        case _:
            raise UserError(
                f"“{words(text)}” is no user group or person. Type @ and choose from Slack’s list."
            )
