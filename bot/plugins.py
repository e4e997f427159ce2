"""Adapters by name: a registry is a dict of "module:Class" strings, of which only the one asked for is imported."""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from bot.errors import ConfigError


def load(name: str, known: Mapping[str, str], noun: str) -> Any:
    """Return the class that a registry lists under a name, or one that is named as `module:Class`.

    Raise ConfigError; `noun` says there what was looked for.
    """
    path = known.get(name, name)
    if ":" not in path:
        names = ", ".join(sorted(known))
        raise ConfigError(f"{name} is no {noun}. There is {names}, or module:Class of your own.")
    try:
        return resolve_name(path)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"The {noun} {path} cannot be loaded: {error}.") from error
