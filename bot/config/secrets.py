"""Secrets, from the environment or from files that it names (`…_FILE`), never from config.toml."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.telemetry import TOKENS

FROM_ENVIRONMENT = {
    "slack_bot_token": "SLACK_BOT_TOKEN",
    "slack_app_token": "SLACK_APP_TOKEN",
    "slack_signing_secret": "SLACK_SIGNING_SECRET",
    "discord_token": "DISCORD_TOKEN",
    "key": "NEWSBOT_KEY",
}
KEY_BYTES = 32
VARIABLE = r"^[A-Z_][A-Z0-9_]*$"
"""How an environment variable is called."""
_SECRET_NAME = re.compile(r"token|secret|password|passwd|api_?key|signing|^key$", re.IGNORECASE)


class SlackSecrets(BaseModel):
    """What one Slack workspace gave."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bot_token: SecretStr
    app_token: SecretStr | None = None
    """Opens Socket Mode."""
    signing_secret: SecretStr | None = None
    """Proves over HTTP that it is Slack who asks."""


class Secrets(BaseModel):
    """What nobody may read in a log: printing this prints stars."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_workspaces: Mapping[str, SlackSecrets] = {}
    """By what the names of their variables begin with."""
    discord_token: SecretStr | None = None
    key: SecretStr | None = None
    """Encrypts the passwords of feeds that are kept in the database."""
    feeds: Mapping[str, SecretStr] = {}
    """`user:password` by the name of its environment variable."""

    @property
    def slack(self) -> SlackSecrets | None:
        """Those of the only Slack workspace, if it has a token."""
        if self.slack_bot_token is None:
            return None
        return SlackSecrets(
            bot_token=self.slack_bot_token,
            app_token=self.slack_app_token,
            signing_secret=self.slack_signing_secret,
        )

    def values(self) -> tuple[str, ...]:
        """Return every secret in the clear, so that telemetry can keep them out of the log."""
        single = [getattr(self, name) for name in FROM_ENVIRONMENT]
        several = [value for one in self.slack_workspaces.values() for _, value in one]
        clear = [secret.get_secret_value() for secret in (*single, *several, *self.feeds.values()) if secret]
        parts = {part for value in clear for part in (value, value.partition(":")[2], *value.split(","))}
        return tuple(sorted(parts - {""}))


def read_secrets(
    environ: Mapping[str, str], credentials: Iterable[str], workspaces: Iterable[str] = ()
) -> tuple[Secrets, list[str]]:
    """Return the secrets of an environment, and a line for each that is named but cannot be read.

    `credentials` are those of feeds, `workspaces` what the variables of Slack's begin with.
    """
    faults: list[str] = []
    found = {field: _read(name, environ, faults) for field, name in FROM_ENVIRONMENT.items()}
    if found["key"] and not all(map(_is_key, found["key"].get_secret_value().split(","))):
        faults.append(
            "NEWSBOT_KEY is not a key: it should be 32 random bytes in URL-safe base64 (44 characters)."
        )
    feeds = {name: secret for name in credentials if (secret := _read(name, environ, faults))}
    slack = {name: _slack(name, environ, faults) for name in dict.fromkeys(workspaces)}
    known = {name: one for name, one in slack.items() if one}
    return Secrets(**found, feeds=feeds, slack_workspaces=known), faults


def _slack(name: str, environ: Mapping[str, str], faults: list[str]) -> SlackSecrets | None:
    """Return a workspace's own secrets; what belongs to the app may be that of the whole environment."""
    token = _read(f"{name}_BOT_TOKEN", environ, faults)
    app, signing = (
        _read(f"{name}_{what}", environ, faults) or _read(f"SLACK_{what}", environ, [])
        for what in ("APP_TOKEN", "SIGNING_SECRET")
    )
    return SlackSecrets(bot_token=token, app_token=app, signing_secret=signing) if token else None


def misplaced(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the place of every secret in the data of a config file, and where it belongs."""
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    for key, value in items:
        here = (*path, key)
        if isinstance(value, str) and _is_secret(here, value):
            yield here, _home(here)
        elif isinstance(value, dict | list):
            yield from misplaced(value, here)


def _is_secret(path: tuple[str | int, ...], value: str) -> bool:
    if path == ("store", "url"):
        return bool(urlsplit(value).password)
    named = path[0] != "terms" and _SECRET_NAME.search(str(path[-1]))  # “secret-service” may well name a term
    return bool(value and (TOKENS.search(value) or named))


def _home(path: tuple[str | int, ...]) -> str:
    words = " ".join(str(part) for part in path).lower()
    slack = (
        "SLACK_SIGNING_SECRET"
        if "sign" in words
        else "SLACK_APP_TOKEN"
        if "app" in words
        else "SLACK_BOT_TOKEN"
    )
    for platform, name in (("slack", slack), ("discord", "DISCORD_TOKEN")):
        if platform in words:
            return f"set {name} in the environment, or {name}_FILE to a file that holds it"
    if path == ("store", "url"):
        return "set NEWSBOT__STORE__URL in the environment"
    if path[0] == "feeds":
        return 'put user:password into an environment variable and write credentials = "ITS_NAME" here'
    return "set it in the environment: " + ", ".join(FROM_ENVIRONMENT.values())


def _read(name: str, environ: Mapping[str, str], faults: list[str]) -> SecretStr | None:
    value, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if value and file:
        faults.append(f"{name} and {name}_FILE are both set in the environment. Keep one of them.")
    if file and not value:
        try:
            value = Path(file).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{name}_FILE names {file}, which cannot be read: {_reason(error)}.")
        else:
            if not value:
                faults.append(f"{name}_FILE names {file}, which is empty.")
    return SecretStr(value) if value else None


def _is_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text.strip())) == KEY_BYTES
    except ValueError:
        return False


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else "it is not text"
