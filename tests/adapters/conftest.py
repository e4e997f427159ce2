"""A SQLite database in a folder of its own, for what is particular to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.stores import migrate
from bot.stores.sqlite import SQLite


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "newsbot.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[SQLite]:
    await migrate(url)
    async with SQLite(url) as opened:
        yield opened


def scalar(connection: Connection, statement: str) -> Any:
    """Return the one value that a statement asks for."""
    return connection.execute(text(statement)).scalar()
