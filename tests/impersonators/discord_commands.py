"""Registering application commands, and what Discord refuses of them.

https://docs.discord.com/developers/interactions/application-commands
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tests.impersonators.discord_call import Call, DiscordRefusal, refuse
from tests.impersonators.discord_objects import Json
from tests.impersonators.discord_rules import Fault, Faults, length

(
    SUB_COMMAND,
    SUB_COMMAND_GROUP,
    STRING,
    INTEGER,
    BOOLEAN,
    USER,
    CHANNEL,
    ROLE,
    MENTIONABLE,
    NUMBER,
    ATTACHMENT,
) = range(1, 12)
CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
MOST = {CHAT_INPUT: 100, USER_MENU: 15, MESSAGE_MENU: 15}
OPTIONS, CHOICES, TOTAL = 25, 25, 8000
_SCHEMA = "ApplicationCommandUpdateRequest"


def list_commands(call: Call) -> list[Json]:
    return _registered(call)


def get_command(call: Call) -> Json:
    return _command(call)


def put_commands(call: Call) -> list[Json]:
    """Replace all commands of a scope; one that keeps its name keeps its id."""
    wanted = call.body.get("items")
    if not isinstance(wanted, list):
        refuse([("", "BASE_TYPE_LIST", "Only iterables may be used in a ListType")])
        return []
    _check(call, wanted)
    known = {(item["type"], item["name"]): item for item in _registered(call)}
    made = [_stored(call, item, known.get((item.get("type", 1), item["name"]))) for item in wanted]
    call.world.commands[_scope(call)] = made
    return made


def post_command(call: Call) -> Json:
    """Register one command, in the place of the one with its name."""
    key = (call.body.get("type", 1), call.body.get("name"))
    others = [item for item in _registered(call) if (item["type"], item["name"]) != key]
    same = [item for item in _registered(call) if (item["type"], item["name"]) == key]
    _check(call, [call.body], others)
    made = _stored(call, call.body, same[0] if same else None)
    call.world.commands[_scope(call)] = [*others, made]
    return made


def delete_command(call: Call) -> None:
    gone = _command(call)
    call.world.commands[_scope(call)] = [item for item in _registered(call) if item["id"] != gone["id"]]


def _scope(call: Call) -> tuple[int, int]:
    if int(call.places["application_id"]) != call.bot.id:
        raise DiscordRefusal(403, 20012, "You are not authorized to perform this action on this application")
    return call.bot.id, call.guild().id if "guild_id" in call.places else 0


def _registered(call: Call) -> list[Json]:
    return call.world.commands.get(_scope(call), [])


def _command(call: Call) -> Json:
    found = [item for item in _registered(call) if item["id"] == call.places["command_id"]]
    if not found:
        raise DiscordRefusal(404, 10063, "Unknown application command")
    return found[0]


def _stored(call: Call, command: Json, old: Json | None) -> Json:
    permissions = command.get("default_member_permissions")
    stored = {
        "type": 1,
        "description": "",
        "options": [],
        "nsfw": False,
        "dm_permission": True,
        "contexts": None,
        "integration_types": [0],
        "name_localizations": None,
        "description_localizations": None,
        **command,
        "default_member_permissions": None if permissions is None else str(permissions),
        "id": old["id"] if old else str(call.world.new_id(call.at)),
        "application_id": str(call.bot.id),
        "version": str(call.world.new_id(call.at)),
    }
    guild = _scope(call)[1]
    return {**stored, "guild_id": str(guild)} if guild else stored


def _check(call: Call, wanted: Sequence[Json], others: Sequence[Json] = ()) -> None:
    single = "items" not in call.body
    faults: list[Fault] = []
    for index, command in enumerate(wanted):
        at = "" if single else str(index)
        faults += _command_faults(command, at)
        faults += [
            (_join(at, place), code, words) for place, code, words in call.schema.faults(_SCHEMA, command)
        ]
    counts = Counter((item.get("type", 1), item.get("name")) for item in (*wanted, *others))
    if any(count > 1 for count in counts.values()):
        faults.append(
            ("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        )
    refuse(faults)
    per_type = Counter(item.get("type", 1) for item in (*wanted, *others))
    for kind, most in MOST.items():
        if per_type[kind] > most:
            raise DiscordRefusal(400, 30032, f"Maximum number of application commands reached ({most}).")


def _join(at: str, place: str) -> str:
    return ".".join(part for part in (at, place) if part)


def _command_faults(command: Json, at: str) -> list[Fault]:
    kind = command.get("type", 1)
    name, description = str(command.get("name") or ""), str(command.get("description") or "")
    if kind != CHAT_INPUT:
        faults = [] if 1 <= length(name) <= 32 else [_bad_length(at, "name", 32)]
        if description or command.get("options"):
            words = "Context menu commands cannot have description or options"
            faults.append((_join(at, "description"), "CONTEXT_MENU_COMMAND_DESCRIPTION_NOT_EMPTY", words))
        return faults
    faults = [*_named(command, at), *_options(command.get("options") or [], at, 0)]
    if sum(map(length, _words(command))) > TOTAL:
        words = f"Command exceeds maximum size ({TOTAL})"
        faults.append((at, "APPLICATION_COMMAND_TOO_LARGE", words))
    return faults


def _bad_length(at: str, key: str, most: int) -> Fault:
    return _join(at, key), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length."


def _named(part: Json, at: str) -> Faults:
    name = str(part.get("name") or "")
    fits = all(char in "-_'" or unicodedata.category(char)[0] in "LNM" for char in name)
    if not 1 <= len(name) <= 32 or not fits or name != name.lower():
        words = "Command name is invalid"
        yield _join(at, "name"), "APPLICATION_COMMAND_INVALID_NAME", words
    if not 1 <= length(str(part.get("description") or "")) <= 100:
        yield _bad_length(at, "description", 100)


def _words(part: Json) -> Iterator[str]:
    yield from (str(part.get(key) or "") for key in ("name", "description"))
    for option in part.get("options") or ():
        yield from _words(option)
    for choice in part.get("choices") or ():
        yield from (str(choice.get("name")), str(choice.get("value")))


def _options(options: list[Json], at: str, depth: int) -> list[Fault]:
    faults: list[Fault] = []
    place = _join(at, "options")
    if len(options) > OPTIONS:
        faults.append((place, "BASE_TYPE_MAX_LENGTH", f"Must be {OPTIONS} or fewer in length."))
    names = [option.get("name") for option in options]
    if len(set(names)) != len(names):
        faults.append(
            (place, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
        )
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        words = "Required options must be placed before non-required options"
        faults.append((place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words))
    branches = [option.get("type") in {SUB_COMMAND, SUB_COMMAND_GROUP} for option in options]
    if any(branches) and not all(branches):
        words = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        faults.append((place, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words))
    for index, option in enumerate(options):
        faults += _option(option, f"{place}.{index}", depth)
    return faults


def _option(option: Json, at: str, depth: int) -> list[Fault]:
    kind = option.get("type")
    faults = list(_named(option, at))
    if kind in {SUB_COMMAND, SUB_COMMAND_GROUP}:
        inside = option.get("options") or []
        deepest = depth > (1 if kind == SUB_COMMAND else 0)
        mixed = kind == SUB_COMMAND_GROUP and any(item.get("type") != SUB_COMMAND for item in inside)
        if deepest or mixed:
            words = "Sub-command option type is invalid"
            faults.append((f"{at}.type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words))
        return faults + _options(inside, at, depth + 1)
    return faults + list(_choices(option, at)) + list(_bounds(option, at))


def _choices(option: Json, at: str) -> Faults:
    choices, kind = option.get("choices") or [], option.get("type")
    if len(choices) > CHOICES:
        yield f"{at}.choices", "BASE_TYPE_MAX_LENGTH", f"Must be {CHOICES} or fewer in length."
    if (choices or option.get("autocomplete")) and kind not in {STRING, INTEGER, NUMBER}:
        yield f"{at}.choices", "APPLICATION_COMMAND_OPTION_CHOICES_INVALID", "This type takes no choices"
    if choices and option.get("autocomplete"):
        yield f"{at}.choices", "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Choices exclude autocomplete"
    for index, choice in enumerate(choices):
        if not 1 <= length(str(choice.get("name") or "")) <= 100:
            yield _bad_length(f"{at}.choices.{index}", "name", 100)
        if not _fits(choice.get("value"), kind):
            yield _bad_length(f"{at}.choices.{index}", "value", 100)
    values = [choice.get("name") for choice in choices]
    if len(set(values)) != len(values):
        yield f"{at}.choices", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Name already exists"


def _fits(value: Any, kind: Any) -> bool:
    if kind == STRING:
        return isinstance(value, str) and 1 <= length(value) <= 100
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bounds(option: Json, at: str) -> Faults:
    least, most = option.get("min_length") or 0, option.get("max_length") or 6000
    if not 0 <= least <= most <= 6000:
        yield f"{at}.max_length", "NUMBER_TYPE_MAX", "int value should be between 1 and 6000."
    if option.get("channel_types") and option.get("type") != CHANNEL:
        yield f"{at}.channel_types", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Only channels have types"
