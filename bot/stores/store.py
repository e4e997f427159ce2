"""The store: every topic over one database."""

from __future__ import annotations

from bot.ports import Archive, Frontdesk, Newsroom, Outbox, Registry, Schedule, Upkeep
from bot.stores.archive import SqlArchive
from bot.stores.database import Database
from bot.stores.frontdesk import SqlFrontdesk
from bot.stores.newsroom import SqlNewsroom
from bot.stores.outbox import SqlOutbox
from bot.stores.registry import SqlRegistry
from bot.stores.schedule import SqlSchedule
from bot.stores.upkeep import SqlUpkeep


class SqlStore:
    """What newsbot remembers, by topic."""

    def __init__(self, database: Database, key: str | None) -> None:
        self.schedule: Schedule = SqlSchedule(database)
        self.newsroom: Newsroom = SqlNewsroom(database)
        self.outbox: Outbox = SqlOutbox(database)
        self.registry: Registry = SqlRegistry(database, key)
        self.archive: Archive = SqlArchive(database)
        self.upkeep: Upkeep = SqlUpkeep(database)
        self.frontdesk: Frontdesk = SqlFrontdesk(database)
