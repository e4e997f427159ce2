"""What is typed at a terminal for the parts of commands and forms, turned into values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.domain.commands.definitions import Kind
from bot.domain.commands.exchange import Mention, Upload, Value
from bot.domain.commands.typed import Typed
from bot.domain.model import ChannelAddress
from bot.errors import UserError

LARGEST_FILE: Final = 20_000_000
_CHANNEL = re.compile(r"(?:console:)?#?([\w-]{1,80})")


def arguments(typed: Typed) -> dict[str, Value]:
    """Return the values of a command's parameters; raise UserError for what cannot be one."""
    kinds = {parameter.name: parameter.kind for parameter in typed.command.parameters}
    return {name: _value(kinds[name], text) for name, text in typed.values.items()}


def _value(kind: Kind, text: str) -> Value:
    match kind:
        case Kind.CHANNELS:
            return channels(text)
        case Kind.MENTION:
            name = text.removeprefix("@").strip()
            return Mention("person", name, name)
        case Kind.FILE:
            return upload(text)
        case _:
            return text


def channels(text: str) -> tuple[ChannelAddress, ...]:
    """Read `#world, #korea`; raise UserError for what is no name."""
    return tuple(_channel(word) for word in re.split(r"[\s,]+", text.strip()) if word)


def _channel(word: str) -> ChannelAddress:
    name = _CHANNEL.fullmatch(word)
    if name is None:
        raise UserError(
            f"“{word}” is not a channel of the terminal. Write a name with letters and digits: #world"
        )
    return ChannelAddress("console", "local", name[1])


def chosen(text: str, choices: Sequence[tuple[str, str]]) -> str:
    """Return the value of the choice that was typed, as its value or its label; raise UserError for another."""
    for value, label in choices:
        if text.lower() in {value.lower(), label.lower()}:
            return value
    raise UserError(f"“{text}” is none of these: {', '.join(label for _, label in choices)}.")


def upload(path: str) -> Upload:
    """Read a file; raise UserError when it cannot be."""
    file = Path(path.strip().strip("\"'")).expanduser()
    try:
        with file.open("rb") as source:
            content = source.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    if len(content) > LARGEST_FILE:
        raise UserError(f"{file} is larger than {LARGEST_FILE // 1_000_000} MB. Divide it.")
    return Upload(file.name, content)


def save(file: Upload) -> Path:
    """Write a file into the folder where newsbot was started, over none that is there, and return its name."""
    name = Path(re.sub(r"[^\w. -]", "-", Path(file.name).name) or "newsbot")
    for number in range(1, 1000):
        path = name if number == 1 else name.with_stem(f"{name.stem}-{number}")
        try:
            with path.open("xb") as target:
                target.write(file.content)
        except FileExistsError:
            continue
        except OSError as error:
            raise UserError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}.") from None
        return path
    raise UserError(f"There are a thousand files called {name} here. Move some away, then try again.")
