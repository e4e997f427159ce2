"""Queues carry ids from those who find work to those who do it; the store remembers what they lose.

    memory.py   within one process

To add one: a class that fills `bot.ports.Queue`, one line below, one parameter in `tests/contracts/test_queue.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot import plugins

QUEUES: Mapping[str, str] = MappingProxyType({"memory": "bot.queues.memory:MemoryQueue"})


def queue_class(kind: str) -> Any:
    """Return the class of a queue by its name here or as `module:Class`; import it only now."""
    return plugins.load(kind, QUEUES, "queue")
