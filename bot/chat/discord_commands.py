"""The commands as Discord registers them: one command with sub-commands, and the entries of the message menu.

https://docs.discord.com/developers/interactions/application-commands
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from bot.domain.commands.definitions import COMMANDS, Command, Kind, Parameter
from bot.domain.commands.on_alerts import MENU

Json = dict[str, Any]

SUB_COMMAND, SUB_COMMAND_GROUP, STRING, CHANNEL, MENTIONABLE, ATTACHMENT = 1, 2, 3, 7, 9, 11
CHAT_INPUT, MESSAGE_MENU, ENTRY_POINT = 1, 3, 4
IN_SERVERS: Final = 0
"""Both the context and the kind of installation that newsbot is for: a server, not a person."""
CHANNEL_TYPES: Final = (0, 5, 10, 11, 12, 15)
"""Text, announcements, the three kinds of threads, forums: where newsbot can post."""
MORE_CHANNELS: Final = 2
"""An option of Discord takes one channel, so a parameter of several gets so many options more: in, in2, in3."""

_SUMMARY = "Watch the news for words, and search it"
_TYPES: Mapping[Kind, int] = MappingProxyType(
    {Kind.CHANNELS: CHANNEL, Kind.MENTION: MENTIONABLE, Kind.FILE: ATTACHMENT}
)
"""Everything else is a string."""


def registration(name: str, *, everywhere: bool, commands: Sequence[Command] = COMMANDS) -> list[Json]:
    """Return all that newsbot registers: the command under a name, and the entries of the message menu.

    Where commands are registered for one server, Discord takes no word about where they are shown.
    """
    command = {
        "type": CHAT_INPUT,
        "name": name,
        "description": _SUMMARY,
        "options": _sub_commands(commands),
    }
    menu = [{"type": MESSAGE_MENU, "name": label} for _, label in MENU]
    shown = {"contexts": [IN_SERVERS], "integration_types": [IN_SERVERS]} if everywhere else {}
    return [{**item, **shown} for item in (command, *menu)]


def _sub_commands(commands: Iterable[Command]) -> list[Json]:
    options: list[Json] = []
    groups: dict[str, Json] = {}
    for command in commands:
        word = command.name.rpartition(" ")[2]
        described = {
            "type": SUB_COMMAND,
            "name": word,
            "description": command.summary,
            "options": _options(command.parameters),
        }
        if command.group is None:
            options.append(described)
            continue
        if command.group not in groups:
            groups[command.group] = {"type": SUB_COMMAND_GROUP, "name": command.group, "options": []}
            options.append(groups[command.group])
        groups[command.group]["options"].append(described)
    for group in groups.values():
        words = ", ".join(item["name"] for item in group["options"])
        group["description"] = f"{group['name']}: {words}"
    return options


def _options(parameters: Iterable[Parameter]) -> list[Json]:
    # Discord wants those that are required first.
    ordered = sorted(parameters, key=lambda parameter: not parameter.required)
    return [option for parameter in ordered for option in _option(parameter)]


def _option(parameter: Parameter) -> list[Json]:
    option: Json = {
        "type": _TYPES.get(parameter.kind, STRING),
        "name": parameter.name,
        "description": parameter.summary,
        "required": parameter.required,
    }
    if parameter.choices:
        option["choices"] = [{"name": choice, "value": choice} for choice in parameter.choices]
    if parameter.completes:
        option["autocomplete"] = True
    if parameter.kind is not Kind.CHANNELS:
        return [option]
    option["channel_types"] = list(CHANNEL_TYPES)
    more = [{**option, "name": name, "description": "One more channel"} for name in more_names(parameter)]
    return [option, *more]


def more_names(parameter: Parameter) -> tuple[str, ...]:
    """Return the names of the further options of a parameter that takes several channels."""
    if parameter.kind is not Kind.CHANNELS or parameter.required:
        return ()
    return tuple(f"{parameter.name}{number}" for number in range(2, 2 + MORE_CHANNELS))


# ---------------------------------------------------------------- what is registered already


def is_registered(present: Sequence[Mapping[str, Any]], wanted: Sequence[Json]) -> bool:
    """Say whether what Discord has is what newsbot wants; what Discord adds of its own does not count."""
    ours = [item for item in present if item.get("type", CHAT_INPUT) != ENTRY_POINT]
    everywhere = any("contexts" in item for item in wanted)
    return _settled(ours, everywhere=everywhere) == _settled(wanted, everywhere=everywhere)


def kept(present: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Return what must stay registered beside ours: Discord refuses to lose an app's entry point."""
    return [dict(item) for item in present if item.get("type") == ENTRY_POINT]


def _settled(commands: Iterable[Mapping[str, Any]], *, everywhere: bool) -> list[Json]:
    settled = [_settle_command(item, everywhere=everywhere) for item in commands]
    return sorted(settled, key=lambda item: (item["type"], item["name"]))


def _settle_command(command: Mapping[str, Any], *, everywhere: bool) -> Json:
    return {
        "type": command.get("type", CHAT_INPUT),
        "name": command.get("name"),
        "description": command.get("description") or "",
        "options": [_settle_option(option) for option in command.get("options") or ()],
        "contexts": command.get("contexts") if everywhere else None,
        "rights": command.get("default_member_permissions"),
    }


def _settle_option(option: Mapping[str, Any]) -> Json:
    return {
        "type": option.get("type"),
        "name": option.get("name"),
        "description": option.get("description") or "",
        "required": bool(option.get("required")),
        "autocomplete": bool(option.get("autocomplete")),
        "choices": [(choice.get("name"), choice.get("value")) for choice in option.get("choices") or ()],
        "channel_types": sorted(option.get("channel_types") or ()),
        "options": [_settle_option(inner) for inner in option.get("options") or ()],
    }
