"""Commands as a line of text, the way Slack and the console send them.

    subscribe Kim Jong Un, summit --in #world --feeds BBC,Reuters --mention @desk

Options stand at the end only; phones make — of --, which is accepted. A line that begins with no command is a search.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.domain.commands.definitions import Command, Kind, command_named
from bot.errors import UserError

_OPTION = re.compile(r"(?:^|\s)(?:--|—|–)([A-Za-z]+)(?:\s+|=|$)")
_DEFAULTS = {"sources": "sources list", "terms": "terms list"}


@dataclass(frozen=True, slots=True)
class Typed:
    """A command and what was typed for each of its parameters, as text."""

    command: Command
    values: Mapping[str, str] = field(default_factory=dict)
    searched: bool = False
    """True when no command was typed and the words are searched for."""


def read_typed(text: str, prefix: str = "") -> Typed:
    """Read a line; raise UserError for an option that the command does not have, or a missing part.

    `prefix` is what a command begins with, for the examples that are given then: `/news`.
    """
    text = text.strip()
    if not text:
        return Typed(_known("help"))
    command, rest = _command(text)
    if command is None:
        return Typed(_known("search"), {"query": text}, searched=True)
    usage = f"{prefix} {command.examples[0]}".strip()
    main, options = _options(command, rest, usage)
    if main and not command.parameters:
        # “status quo” asks for no status.
        return Typed(_known("search"), {"query": text}, searched=True)
    values = {**_positional(command, main), **options}
    _check_required(command, values, usage)
    return Typed(command, values)


def example(prefix: str, line: str, platform: str) -> str:
    """Return how a line is given on a platform: Discord has a field for every part.

    /news copy #world #europe        /news copy from: #world to: #europe
    """
    if platform != "discord":
        return f"{prefix} {line}".strip()
    typed = read_typed(line)
    fields = (f"{name}: {value}" for name, value in typed.values.items())
    return " ".join((prefix, typed.command.name, *fields))


def _known(name: str) -> Command:
    command = command_named(name)
    assert command is not None  # noqa: S101 - the name stands in this file
    return command


def _command(text: str) -> tuple[Command | None, str]:
    """Return the command that a line begins with, and the rest of the line."""
    first, _, rest = re.sub(r"\s+", " ", text, count=1).partition(" ")
    second, _, after = rest.strip().partition(" ")
    if command := command_named(f"{first} {second}".lower()):
        return command, after
    if command := command_named(first.lower()):
        return command, rest
    return (None, text) if rest else (command_named(_DEFAULTS.get(first.lower(), "")), "")


def _options(command: Command, text: str, usage: str) -> tuple[str, dict[str, str]]:
    """Part what stands before the first option from the options."""
    found = list(_OPTION.finditer(text))
    if not found:
        return text.strip(), {}
    known = [parameter.name for parameter in command.parameters]
    values: dict[str, str] = {}
    for number, option in enumerate(found):
        name = option[1].lower()
        if name not in known:
            raise UserError(_unknown_option(command, name, known))
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        values[name] = text[option.end() : end].strip()
        if not values[name]:
            raise UserError(f"--{name} needs a value, as in: {usage}")
    return text[: found[0].start()].strip(), values


def _unknown_option(command: Command, name: str, known: list[str]) -> str:
    if not known:
        return f"{command.name} takes no options."
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean --{close[0]}?" if close else f"It takes {', '.join(f'--{one}' for one in known)}."
    return f"{command.name} has no option --{name}. {hint}"


def _positional(command: Command, text: str) -> dict[str, str]:
    """Give what stands before the options to the parameters: single words first, the rest to the last one."""
    if not text:
        return {}
    takers = [parameter for parameter in command.parameters if parameter.required] or [command.parameters[0]]
    values: dict[str, str] = {}
    for parameter in takers[:-1]:
        word, _, text = text.partition(" ")
        values[parameter.name], text = word, text.strip()
    if text:
        values[takers[-1].name] = text
    return values


def _check_required(command: Command, values: Mapping[str, str], usage: str) -> None:
    for parameter in command.parameters:
        if parameter.required and parameter.name not in values and parameter.kind is not Kind.FILE:
            raise UserError(f"{command.name} needs {_said(parameter.summary)}, for example: {usage}")


def _said(summary: str) -> str:
    wanted = summary.partition(":")[0]  # what follows is an example, and an example follows anyway
    return f"more: {wanted[:1].lower()}{wanted[1:]}"
