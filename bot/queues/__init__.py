"""Queues carry ids from those who find work to those who do it; the store remembers what they lose.

    memory.py   within one process

To add one: a class that fills `bot.ports.Queue`, one line below, one parameter in `tests/contracts/test_queue.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name
from types import MappingProxyType
from typing import Any

from bot.errors import ConfigError

QUEUES: Mapping[str, str] = MappingProxyType({"memory": "bot.queues.memory:MemoryQueue"})


def queue_class(kind: str) -> Any:
    """Return the class of a queue by its name here or as `module:Class`; import it only now."""
    path = QUEUES.get(kind, kind)
    if ":" not in path:
        known = ", ".join(sorted(QUEUES))
        raise ConfigError(f"{kind} is no queue. There is {known}, or module:Class of your own.")
    try:
        return resolve_name(path)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"The queue {path} cannot be loaded: {error}.") from error
