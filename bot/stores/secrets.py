"""Secrets in the database: encrypted by a key that is kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, and_, bindparam, insert, select, update

from bot.domain.model import WorkspaceId
from bot.errors import ConfigError
from bot.stores.database import Database
from bot.stores.tables import credentials

_NAMED = and_(
    credentials.c.workspace_id.is_not_distinct_from(bindparam("of_workspace")),
    credentials.c.name == bindparam("of_name"),
)
_SECRET = select(credentials.c.secret).where(_NAMED)
_ANY = select(credentials.c.name, credentials.c.secret).limit(1)
_REPLACE = (
    update(credentials).where(_NAMED).values(secret=bindparam("new_secret"), updated_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose secret, and by which name."""

    name: str
    workspace_id: WorkspaceId | None = None
    """None for the operator's own."""

    @property
    def named(self) -> dict[str, Any]:
        return {"of_workspace": self.workspace_id, "of_name": self.name}


class Secrets:
    """Encrypts and decrypts with one key, or with several separated by commas: the first encrypts."""

    def __init__(self, database: Database, key: str | None) -> None:
        self._database = database
        self._key = key

    async def save(self, owner: Owner, secret: str, now: datetime) -> None:
        cipher = self._cipher()
        kept = cipher.encrypt(secret.encode()).decode()
        await self._database.write_through(_save, cipher, owner, {"new_secret": kept, "at": now})

    async def read(self, owner: Owner) -> str | None:
        kept = await self._database.read(_kept, owner)
        return None if kept is None else _decrypted(self._cipher(), owner.name, kept)

    def _cipher(self) -> MultiFernet:
        if not self._key:
            raise ConfigError("Secrets are kept encrypted, and no key is set. Set NEWSBOT_KEY.")
        try:
            return MultiFernet([Fernet(key.strip()) for key in self._key.split(",")])
        except ValueError as error:
            raise ConfigError(
                "NEWSBOT_KEY is not a key: it should be 32 random bytes in URL-safe base64 (44 characters)."
            ) from error


def _save(connection: Connection, cipher: MultiFernet, owner: Owner, values: dict[str, Any]) -> None:
    """Keep a secret, unless the others were encrypted with another key: nobody could read both."""
    for other in connection.execute(_ANY):
        _decrypted(cipher, other.name, other.secret)
    if connection.execute(_REPLACE, owner.named | values).rowcount == 0:
        row = {"workspace_id": owner.workspace_id, "name": owner.name}
        row |= {"secret": values["new_secret"], "updated_at": values["at"]}
        connection.execute(insert(credentials), row)


def _kept(connection: Connection, owner: Owner) -> str | None:
    return connection.execute(_SECRET, owner.named).scalar()


def _decrypted(cipher: MultiFernet, name: str, kept: str) -> str:
    try:
        return cipher.decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise ConfigError(
            f"The stored secret “{name}” was encrypted with another key. "
            "Set NEWSBOT_KEY to the key that was in use then, or save the secret again after deleting it."
        ) from error
