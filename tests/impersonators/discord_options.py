"""What a person types into a command, as Discord's client checks it and hands it on: typed options and resolved data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.impersonators.discord_commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    USER,
)
from tests.impersonators.discord_messages import Attached
from tests.impersonators.discord_objects import (
    Json,
    attachment_json,
    channel_json,
    member_json,
    role_json,
    user_json,
)
from tests.impersonators.discord_rules import length
from tests.impersonators.discord_world import DiscordChannel, DiscordPerson, DiscordWorld, Guild, Role
from tests.impersonators.loopback import Now

_PLAIN: Mapping[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
}
_CDN = "/attachments/0"


class PersonCannot(AssertionError):
    """Discord's client would not let a person do this."""


@dataclass(slots=True)
class Resolved:
    """The things that values stand for, in Discord's words; a person can only name what they can see."""

    world: DiscordWorld
    guild: Guild
    person: DiscordPerson
    now: Now
    url: str
    data: dict[str, dict[str, Json]] = field(default_factory=dict)

    def value(self, kind: int, given: Any) -> Any:
        """Return what an option of a type carries for what was given."""
        if kind in _PLAIN:
            wrong_bool = isinstance(given, bool) and kind != BOOLEAN
            if not isinstance(given, _PLAIN[kind]) or wrong_bool:
                raise PersonCannot(f"an option of type {kind} cannot take {given!r}")
            return given
        match kind:
            case 6:
                return self.user(given)
            case 7:
                return self.channel(given)
            case 8:
                return self.role(given)
            case 9:
                return self.role(given) if _number(given) in self.guild.roles else self.user(given)
        if kind == ATTACHMENT:
            return self.attachment(given)
        raise PersonCannot(f"there is no option of type {kind}")

    def _add(self, shelf: str, number: int, described: Json) -> str:
        self.data.setdefault(shelf, {})[str(number)] = described
        return str(number)

    def user(self, given: Any) -> str:
        """Name somebody of this server."""
        user = self.world.user(_number(given))
        if user is None or user.id not in self.guild.members:
            raise PersonCannot(f"{self.person.name} finds nobody {given!r} in {self.guild.name}")
        member = {key: item for key, item in member_json(self.guild, user).items() if key not in _NOT_PARTIAL}
        self._add("members", user.id, {**member, "permissions": "0"})
        return self._add("users", user.id, user_json(user))

    def channel(self, given: Any) -> str:
        """Name a channel of this server that the person sees."""
        channel = self.guild.channels.get(_number(given))
        if channel is None or not self.guild.sees(self.person.id, channel):
            raise PersonCannot(f"{self.person.name} sees no channel {given!r} in {self.guild.name}")
        granted = self.guild.permissions(self.person.id, channel)
        described = {**channel_json(channel), "permissions": str(granted)}
        described.pop("permission_overwrites", None)
        return self._add("channels", channel.id, described)

    def role(self, given: Any) -> str:
        """Name a role of this server."""
        role = self.guild.roles.get(_number(given))
        if role is None:
            raise PersonCannot(f"{self.guild.name} has no role {given!r}")
        return self._add("roles", role.id, role_json(role, list(self.guild.roles).index(role.id)))

    def attachment(self, given: tuple[str, bytes]) -> str:
        """Hand in a file: its name and content."""
        name, content = given
        number = self.world.new_id(self.now())
        self.world.files[number] = Attached(number, name, content, f"{self.url}{_CDN}/{number}/{name}")
        return self._add("attachments", number, attachment_json(self.world.files[number]))


_NOT_PARTIAL = frozenset({"user", "deaf", "mute"})


def _number(given: Any) -> int:
    """Return the id of a thing, or the number that was given."""
    if isinstance(given, int | str):
        return int(given)
    thing = given if isinstance(given, DiscordChannel | Role | DiscordPerson) else given.user
    return int(thing.id)


def find_command(registered: Sequence[Json], typed: str) -> tuple[Json, list[Json]]:
    """Return the registered command that words name, and the sub-commands that lead to it; raise KeyError."""
    name, *rest = typed.split()
    command = next((item for item in registered if item["type"] == 1 and item["name"] == name), None)
    if command is None:
        raise KeyError(typed)
    path, level = [], command
    for word in rest:
        level = next((item for item in level.get("options") or () if item["name"] == word), {})
        if level.get("type") not in {1, 2}:
            raise KeyError(typed)
        path.append(level)
    if any(item.get("type") in {1, 2} for item in level.get("options") or ()):
        raise KeyError(typed)
    return command, path


def command_data(
    command: Json, path: list[Json], values: Mapping[str, Any], resolved: Resolved, focus: str | None = None
) -> Json:
    """Return the `data` of an interaction: every option typed, nested as the command is; `focus` is being typed."""
    declared = {option["name"]: option for option in (path[-1] if path else command).get("options") or ()}
    unknown = sorted(set(values) - set(declared))
    if unknown:
        raise PersonCannot(
            f"/{command['name']} has no option {', '.join(unknown)}; it has {sorted(declared)}"
        )
    missing = [name for name, option in declared.items() if option.get("required") and name not in values]
    if missing and not focus:
        raise PersonCannot(f"/{command['name']} needs {', '.join(missing)}")
    options = [
        _option(declared[name], given, resolved, focused=name == focus) for name, given in values.items()
    ]
    for level in reversed(path):
        options = [{"name": level["name"], "type": level["type"], "options": options}]
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"], "options": options}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    if resolved.data and not focus:  # Discord resolves nothing while somebody is still typing
        data["resolved"] = resolved.data
    return data


def _option(option: Json, given: Any, resolved: Resolved, *, focused: bool) -> Json:
    described = {"name": option["name"], "type": option["type"]}
    if focused:
        return {**described, "value": given, "focused": True}
    value = resolved.value(option["type"], given)
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        raise PersonCannot(f"{option['name']} is one of {choices}, not {value!r}")
    if option["type"] == STRING and not _fits(option, value):
        raise PersonCannot(f"{option['name']} is too short or too long: {value!r}")
    kinds = option.get("channel_types")
    if option["type"] == CHANNEL and kinds and resolved.guild.channels[int(value)].type not in kinds:
        raise PersonCannot(f"{option['name']} takes channels of the types {kinds} only")
    return {**described, "value": value}


def _fits(option: Json, value: str) -> bool:
    return int(option.get("min_length") or 0) <= length(value) <= int(option.get("max_length") or 6000)


__all__ = ["MENTIONABLE", "ROLE", "USER", "PersonCannot", "Resolved", "command_data", "find_command"]
