"""What somebody did on Discord, as newsbot's own Call, Press or Submission; every id is Discord's, none was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import discord

from bot.chat.discord_commands import MESSAGE_MENU, SUB_COMMAND, SUB_COMMAND_GROUP, more_names
from bot.domain.commands.definitions import Kind, Parameter, command_named
from bot.domain.commands.exchange import Action, Call, Caller, Press, Rights, Submission, Upload, Value
from bot.domain.commands.on_alerts import MENU
from bot.domain.model import ChannelAddress, Mention, Person

Json = Mapping[str, Any]
Said = Call | Press | Submission

PLATFORM = "discord"
LABEL = 18
NO_FILES: Mapping[str, Json] = MappingProxyType({})
_VERBS = {label: verb for verb, label in MENU}


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said, and the files that came with it, which have yet to be fetched."""

    said: Said
    files: Mapping[str, Json] = field(default_factory=lambda: NO_FILES)
    """Discord's description of each, by the name of the parameter or field."""


@dataclass(frozen=True, slots=True)
class Typing:
    """An option that somebody is typing."""

    call: Call
    parameter: str
    typed: str


def caller_of(interaction: discord.Interaction) -> Caller | None:
    """Return who did something and where, or None when it was in no channel of a server."""
    member, place = interaction.user, interaction.channel
    if interaction.guild_id is None or not isinstance(member, discord.Member) or place is None:
        return None
    address = ChannelAddress(PLATFORM, str(interaction.guild_id), str(_where(interaction)))
    rights = rights_of(member, interaction.permissions)
    name = getattr(place, "name", "") or ""
    person = Person(str(member.id), member.display_name)
    return Caller(person, address, rights, name, request=str(interaction.id))


def _where(interaction: discord.Interaction) -> int:
    """Return the channel that is meant: of the first message of a forum's post, which is an alert, the forum."""
    place, message = interaction.channel, interaction.message
    assert place is not None  # noqa: S101 - caller_of has looked
    target = message.id if message else _target(interaction)
    if (
        isinstance(place, discord.Thread)
        and target == place.id
        and isinstance(place.parent, discord.ForumChannel)
    ):
        return place.parent.id
    return place.id


def _target(interaction: discord.Interaction) -> int:
    """Return the message whose menu was opened, or 0."""
    return int(_data(interaction).get("target_id") or 0)


def rights_of(member: discord.Member, granted: discord.Permissions) -> Rights:
    """Return what somebody with these permissions in a channel may do there."""
    moderates = granted.manage_channels or granted.manage_guild or granted.administrator
    roles = frozenset(str(role.id) for role in member.roles if not role.is_default())
    whole = member.guild_permissions
    everywhere = whole.manage_channels or whole.manage_guild or whole.administrator
    return Rights(member=True, moderator=moderates, groups=roles, only_here=moderates and not everywhere)


def _data(interaction: discord.Interaction) -> Json:
    return interaction.data or {}


# ---------------------------------------------------------------- commands


def read_command(interaction: discord.Interaction, caller: Caller) -> Heard:
    """Read a typed command, or an entry that was chosen in a message's menu."""
    data = _data(interaction)
    if data.get("type") == MESSAGE_MENU:
        verb = _VERBS.get(str(data["name"]), "")
        return Heard(Press(caller, Action(verb), str(data["target_id"])))
    name, options = _named(data)
    return _read_call(caller, name, options, data.get("resolved") or {})


def read_typing(interaction: discord.Interaction, caller: Caller) -> Typing:
    """Read a command that is still being typed."""
    name, options = _named(_data(interaction))
    focused = next(
        (option for option in options.values() if option.get("focused")), {"name": "", "value": ""}
    )
    others = {key: option for key, option in options.items() if option is not focused}
    call = _read_call(caller, name, others, {}).said
    assert isinstance(call, Call)  # noqa: S101 - the line above made it
    return Typing(call, str(focused["name"]), str(focused["value"]))


def _named(data: Json) -> tuple[str, Mapping[str, Json]]:
    """Return a command's whole name without newsbot's own, and its options."""
    words, options = [], list(data.get("options") or ())
    while options and options[0]["type"] in {SUB_COMMAND, SUB_COMMAND_GROUP}:
        words.append(str(options[0]["name"]))
        options = list(options[0].get("options") or ())
    return " ".join(words), {str(option["name"]): option for option in options}


def _read_call(caller: Caller, name: str, options: Mapping[str, Json], resolved: Json) -> Heard:
    command = command_named(name)
    arguments: dict[str, Value] = {}
    files: dict[str, Json] = {}
    for parameter in command.parameters if command else ():
        given = [options[key]["value"] for key in (parameter.name, *more_names(parameter)) if key in options]
        if not given:
            continue
        if parameter.kind is Kind.FILE:
            files[parameter.name] = resolved["attachments"][given[0]]
        arguments[parameter.name] = _value(parameter, given, caller, resolved)
    return Heard(Call(caller, name, arguments), files)


def _value(parameter: Parameter, given: list[Any], caller: Caller, resolved: Json) -> Value:
    match parameter.kind:
        case Kind.CHANNELS:
            return _channels(caller, given)
        case Kind.MENTION:
            return _mention(str(given[0]), resolved)
        case Kind.FILE:
            return _unfetched(resolved["attachments"][given[0]])
    return str(given[0])


def _channels(caller: Caller, ids: list[Any]) -> tuple[ChannelAddress, ...]:
    unique = dict.fromkeys(str(id) for id in ids)
    return tuple(ChannelAddress(PLATFORM, caller.channel.workspace, id) for id in unique)


def _mention(id: str, resolved: Json) -> Mention:
    role = (resolved.get("roles") or {}).get(id)
    if role is not None:
        return Mention("role", id, str(role.get("name") or ""))
    user = (resolved.get("users") or {}).get(id) or {}
    member = (resolved.get("members") or {}).get(id) or {}
    name = member.get("nick") or user.get("global_name") or user.get("username") or ""
    return Mention("person", id, str(name))


def _unfetched(file: Json) -> Upload:
    return Upload(str(file.get("filename") or "file"), b"")


# ---------------------------------------------------------------- buttons and forms


def read_press(interaction: discord.Interaction, caller: Caller) -> Heard:
    """Read the press of a button."""
    message = interaction.message
    action = Action.parse(str(_data(interaction)["custom_id"]))
    return Heard(Press(caller, action, str(message.id) if message else ""))


def read_form(interaction: discord.Interaction, caller: Caller) -> Heard:
    """Read a form that was handed in."""
    data = _data(interaction)
    resolved = data.get("resolved") or {}
    values: dict[str, Value] = {}
    files: dict[str, Json] = {}
    for item in _inputs(data):
        name, chosen = str(item["custom_id"]), list(item.get("values") or ())
        match item["type"]:
            case 4:  # a text
                values[name] = str(item.get("value") or "")
            case 8:  # channels
                values[name] = _channels(caller, chosen)
            case 19:  # a file
                for id in chosen[:1]:
                    files[name] = resolved["attachments"][id]
                    values[name] = _unfetched(files[name])
            case _:
                values[name] = str(chosen[0]) if chosen else ""
    return Heard(Submission(caller, Action.parse(str(data["custom_id"])), values), files)


def _inputs(data: Json) -> Iterator[Json]:
    """Yield the inputs of a form; every one of ours has a label round it."""
    for part in data.get("components") or ():
        if part["type"] == LABEL:
            yield part["component"]
