"""What every command starts from: the settings and the store, loaded only when they are wanted."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from bot.domain.query.glossary import names_in

if TYPE_CHECKING:
    from bot.config import Config
    from bot.ports import FileChanges, Store

T = TypeVar("T")

Place = tuple[str, str]
"""A workspace: its platform and what that calls it."""
CONSOLE: Place = ("console", "local")


@dataclass(frozen=True, slots=True)
class Session:
    """One invocation of the program."""

    config_file: Path | None = None

    def config(self, *, quiet: bool = True) -> Config:
        """Read the settings and set up the log; `quiet` leaves the terminal to the command's own words.

        Raise ConfigError.
        """
        from bot import telemetry
        from bot.config import load

        config = load(self.config_file, os.environ)
        level = "warning" if quiet and config.log.level == "info" else config.log.level
        telemetry.configure(level, config.log.format, secrets=config.secrets.values())
        return config

    @asynccontextmanager
    async def store(self, config: Config | None = None) -> AsyncIterator[Store]:
        """Open the store alone: `bot.wiring` would import every platform, and half a second, with it."""
        from bot.config import encryption_key
        from bot.stores import open_store

        config = config or self.config()
        async with open_store(config.store.url, encryption_key(config)) as store:
            yield store


async def declare(store: Store, config: Config) -> FileChanges:
    """Take over the rows of the config file, which no start may have read yet."""
    return await store.registry.apply_file(config.feed_rows, config.subscription_rows, now(), config.glossary)


async def terms_for(store: Store, config: Config, text: str, place: Place = CONSOLE) -> Mapping[str, str]:
    """Return the definitions that hold in a workspace, if a text uses any; the file's though no start has read it."""
    if not names_in(text):
        return {}
    here = await store.registry.workspace(*place, now())
    return config.glossary | {term.name: term.definition for term in await store.registry.terms(here.id)}


def session_of(context: typer.Context) -> Session:
    session = context.obj
    assert isinstance(session, Session)  # noqa: S101 - the callback of the whole program puts it there
    return session


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def now() -> datetime:
    return datetime.now(UTC)
