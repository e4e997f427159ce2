"""The store, by topic."""

from __future__ import annotations

from typing import Protocol

from bot.ports.archive import Archive
from bot.ports.frontdesk import Frontdesk
from bot.ports.newsroom import Newsroom, Schedule
from bot.ports.outbox import Outbox
from bot.ports.registry import Registry
from bot.ports.upkeep import Upkeep


class Store(Protocol):
    """What newsbot remembers, by topic."""

    schedule: Schedule
    newsroom: Newsroom
    outbox: Outbox
    registry: Registry
    archive: Archive
    upkeep: Upkeep
    frontdesk: Frontdesk
