"""Secrets in the database: encrypted by a key that is kept elsewhere."""

from __future__ import annotations

from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, bindparam, insert, select, update

from bot.errors import ConfigError
from bot.stores.database import Database
from bot.stores.tables import credentials

_SECRET = select(credentials.c.secret).where(credentials.c.name == bindparam("name"))
_ANY = select(credentials.c.name, credentials.c.secret).limit(1)
_REPLACE = (
    update(credentials)
    .where(credentials.c.name == bindparam("of_name"))
    .values(secret=bindparam("new_secret"), updated_at=bindparam("at"))
)


class Secrets:
    """Encrypts and decrypts with one key, or with several separated by commas: the first encrypts."""

    def __init__(self, database: Database, key: str | None) -> None:
        self._database = database
        self._key = key

    async def save(self, name: str, secret: str, now: datetime) -> None:
        cipher = self._cipher()
        kept = cipher.encrypt(secret.encode()).decode()
        await self._database.write_through(_save, cipher, name, kept, now)

    async def read(self, name: str) -> str | None:
        kept = await self._database.read(_kept, name)
        return None if kept is None else _decrypted(self._cipher(), name, kept)

    def _cipher(self) -> MultiFernet:
        if not self._key:
            raise ConfigError("Secrets are kept encrypted, and no key is set. Set NEWSBOT_KEY.")
        try:
            return MultiFernet([Fernet(key.strip()) for key in self._key.split(",")])
        except ValueError as error:
            raise ConfigError(
                "NEWSBOT_KEY is not a key: it should be 32 random bytes in URL-safe base64 (44 characters)."
            ) from error


def _save(connection: Connection, cipher: MultiFernet, name: str, kept: str, now: datetime) -> None:
    """Keep a secret, unless the others were encrypted with another key: nobody could read both."""
    for other in connection.execute(_ANY):
        _decrypted(cipher, other.name, other.secret)
    replaced = connection.execute(_REPLACE, {"of_name": name, "new_secret": kept, "at": now})
    if replaced.rowcount == 0:
        connection.execute(insert(credentials), {"name": name, "secret": kept, "updated_at": now})


def _kept(connection: Connection, name: str) -> str | None:
    return connection.execute(_SECRET, {"name": name}).scalar()


def _decrypted(cipher: MultiFernet, name: str, kept: str) -> str:
    try:
        return cipher.decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise ConfigError(
            f"The stored secret “{name}” was encrypted with another key. "
            "Set NEWSBOT_KEY to the key that was in use then, or save the secret again after deleting it."
        ) from error
