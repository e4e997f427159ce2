"""The key that encrypts what the store keeps secret."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from bot.config.settings import Config
from bot.errors import ConfigError


def encryption_key(config: Config) -> SecretStr | None:
    """Return NEWSBOT_KEY, else the key beside a SQLite file, made (mode 0600) when it is missing.

    32 random bytes, URL-safe base64. None for a database server without NEWSBOT_KEY.
    """
    if config.secrets.key:
        return config.secrets.key
    if config.store.file is None:
        return None
    file = key_file(config.store.file)
    try:
        if not file.parent.is_dir():
            raise ConfigError(
                f"There is no folder {file.parent} for the database. Make it, or change store.url."
            )
        return SecretStr(_made(file) if not file.exists() else file.read_text().strip())
    except OSError as error:
        raise ConfigError(
            f"{file}, which keeps the passwords of feeds safe, cannot be read or made: {error.strerror}. Give the"
            f" user that runs newsbot this file and its folder, {file.parent} (chown), or set NEWSBOT_KEY."
        ) from error


def key_file(database: Path) -> Path:
    return database.with_name(database.name + ".key")


def _made(file: Path) -> str:
    """Write a new key; if another process was faster, use its key."""
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as writing:
        writing.write(key + "\n")
    try:
        os.link(draft, file)  # fails when the name is taken, and never shows half a key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return file.read_text().strip()
