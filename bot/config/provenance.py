"""Where each setting that people in chats feel comes from: the file, the environment, or newsbot itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from bot.config.faults import Document, Place

SHOWN: tuple[Place, ...] = (
    ("polling", "interval"),
    ("alerts", "max_age"),
    ("alerts", "gather"),
    ("alerts", "flood_limit"),
    ("retention", "articles"),
    ("chat", "quotas", "feeds"),
    ("chat", "quotas", "subscriptions"),
    ("chat", "quotas", "commands"),
    ("chat", "quotas", "within"),
)
"""What anybody in any chat may know of the settings: addresses, folders and networks are the operator's."""

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def provenance(settings: BaseModel, document: Document) -> Mapping[str, str]:
    """Return by its name what each shown setting says, and who says so: `5m (default)`, `2m (config.toml, line 14)`."""
    return dict(_told(settings, document))


def _told(settings: BaseModel, document: Document) -> Iterator[tuple[str, str]]:
    for place in SHOWN:
        value: Any = settings
        for part in place:
            value = getattr(value, str(part))
        yield ".".join(map(str, place)), f"{_written(value)} ({_origin(place, document)})"


def _origin(place: Place, document: Document) -> str:
    if place in document.overrides:
        return f"{document.overrides[place][0]} in the environment"
    data: Any = document.file_data
    for part in place:
        data = data.get(part) if isinstance(data, Mapping) else None
    if data is None or document.file is None:
        return "default"
    return f"{document.file.name}, line {document.line(place)}"


def _written(value: Any) -> str:
    """Write a value as it would stand in config.toml."""
    if not isinstance(value, timedelta):
        return str(value)
    seconds = value.total_seconds()
    size, unit = next(
        ((size, unit) for size, unit in _UNITS if seconds and seconds % size == 0), (0.001, "ms")
    )
    return f"{seconds / size:g}{unit}"
