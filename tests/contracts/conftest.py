"""Every backend of every port, for the contract suites. A new backend of the store is one entry in STORES."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.ports import Store
from bot.stores import open_store
from tests.contracts.desk import Desk

STORES: dict[str, Callable[[Path], str]] = {"sqlite": lambda folder: f"sqlite:///{folder}/newsbot.db"}
"""How to name a new, empty database of each kind."""


@pytest.fixture
def key() -> SecretStr:
    return SecretStr(Fernet.generate_key().decode())


@pytest.fixture(params=sorted(STORES))
def store_url(request, tmp_path) -> str:
    return STORES[request.param](tmp_path)


@pytest.fixture
async def store(store_url, key) -> AsyncIterator[Store]:
    async with open_store(store_url, key) as opened:
        yield opened


@pytest.fixture
def desk(store) -> Desk:
    return Desk(store)
