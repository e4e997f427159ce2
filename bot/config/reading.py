"""Read config.toml and the environment, and either return a Config or say everything that is wrong with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.faults import Document, Fault, Place, explain, named
from bot.config.provenance import provenance
from bot.config.secrets import VARIABLE, Secrets, misplaced, read_secrets
from bot.config.settings import Config, Settings, StoreSettings
from bot.config.terms import glossary_of, term_faults
from bot.errors import ConfigError

DEFAULT_FILE = Path("config.toml")
PREFIX = "NEWSBOT__"
FEEDS: Place = ("feeds",)
SUBSCRIPTIONS: Place = ("subscriptions",)
WORKSPACES: Place = ("chat", "slack", "workspaces")
_UNIQUE = (
    (FEEDS, "name", "Names are unique."),
    (SUBSCRIPTIONS, "name", "Names are unique."),
    (WORKSPACES, "team", "One row for each workspace."),
)


def load(file: Path | None, environ: Mapping[str, str]) -> Config:
    """Read the settings from `file`, else from the file NEWSBOT_CONFIG names, else from config.toml if it is there.

    Variables such as NEWSBOT__POLLING__INTERVAL override the file. Raise ConfigError, one line per fault.
    """
    document = _document(file, environ)
    faults: list[Fault] = []
    data = document.data
    secrets, unread = read_secrets(environ, _credentials(data, FEEDS), _credentials(data, WORKSPACES))
    faults += [Fault(0, line) for line in unread]
    faults += _missing_credentials(document, environ)
    settings = _validated(document, faults)
    faults += [*term_faults(document), *_contradictions(document)]
    if faults or settings is None:
        raise ConfigError("\n".join(fault.text for fault in sorted(set(faults))))
    return _config(settings, document, secrets)


def _document(file: Path | None, environ: Mapping[str, str]) -> Document:
    asked = file or (Path(environ["NEWSBOT_CONFIG"]) if environ.get("NEWSBOT_CONFIG") else None)
    found = asked or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    text = _text(found) if found else ""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_not_toml(found, str(error))) from None
    overrides: dict[Place, tuple[str, str]] = {
        tuple(name.removeprefix(PREFIX).lower().split("__")): (name, value)
        for name, value in sorted(environ.items())
        if name.startswith(PREFIX) and value
    }
    return Document(found, text, data, overrides)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not text in UTF-8. Save it in that encoding.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"{file} cannot be read: {reason}. config.example.toml shows what it may hold."
        ) from None


def _not_toml(file: Path | None, message: str) -> str:
    place = re.search(r"\(at line (\d+), column (\d+)\)|\(at end of document\)", message)
    said = message[: place.start()].strip() if place else message
    line = f", line {place[1]}" if place and place[1] else ""
    if said.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate")):
        what = f"{file}{line}: here, or just before, something is set that stands further up already"
        return f"{what} ({said[:1].lower()}{said[1:]}). Keep one of the two; only [[double brackets]] repeat."
    return (
        f"{file}{line}: this is not TOML: {said[:1].lower()}{said[1:]}. Text needs quotes, lists need commas."
    )


def _validated(document: Document, faults: list[Fault]) -> Settings | None:
    hidden = dict(misplaced(document.file_data))
    faults += [
        document.fault(path, f"{named(path)} holds a secret, which has no place in this file: {home}.")
        for path, home in hidden.items()
    ]
    try:
        return Settings.model_validate(document.data, context=glossary_of(document.data))
    except ValidationError as error:
        faults += [
            explain(document, detail) for detail in error.errors() if tuple(detail["loc"]) not in hidden
        ]
        return None


def _rows(data: Mapping[str, Any], section: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield the rows of a list with their places; whatever is no row is found elsewhere."""
    rows: Any = data
    for part in section:
        rows = rows.get(part) if isinstance(rows, dict) else None
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield (*section, number), row


def _credentials(data: Mapping[str, Any], section: Place) -> list[str]:
    return [name for _, name in _named_credentials(data, section)]


def _named_credentials(data: Mapping[str, Any], section: Place) -> Iterator[tuple[Place, str]]:
    """Yield well-formed names only: a secret written here by mistake must not get into a message."""
    for place, row in _rows(data, section):
        name = row.get("credentials")
        if isinstance(name, str) and re.fullmatch(VARIABLE, name):
            yield (*place, "credentials"), name


def _missing_credentials(document: Document, environ: Mapping[str, str]) -> Iterator[Fault]:
    for section, ending, what in ((FEEDS, "", "user:password"), (WORKSPACES, "_BOT_TOKEN", "xoxb-…")):
        for place, name in _named_credentials(document.data, section):
            variable = name + ending
            if not environ.get(variable) and not environ.get(f"{variable}_FILE"):
                yield document.fault(place, f"{named(place)}: the environment has no {variable} ({what}).")


def _contradictions(document: Document) -> Iterator[Fault]:
    """Yield what is wrong between rows: a name given twice, a feed that is not there."""
    for section, key, rule in _UNIQUE:
        first: dict[str, Place] = {}
        for place, row in _rows(document.data, section):
            name = row.get(key)
            if isinstance(name, str) and first.setdefault(name, place) != place:
                line = document.line((*first[name], key))
                path = (*place, key)
                yield document.fault(path, f"{named(path)}: “{name}” is taken (line {line}). {rule}")
    known = [name for _, row in _rows(document.data, FEEDS) if isinstance(name := row.get("name"), str)]
    for place, row in _rows(document.data, SUBSCRIPTIONS):
        asked = row.get("feeds")
        for name in asked if isinstance(asked, list) else ():
            if isinstance(name, str) and name not in known:
                path = (*place, "feeds")
                yield document.fault(
                    path, f"{named(path)}: there is no feed “{name}” in this file.", name, known
                )


def _config(settings: Settings, document: Document, secrets: Secrets) -> Config:
    folder = document.file.resolve().parent if document.file else Path.cwd()
    store = settings.store
    if store.file:
        store = StoreSettings(url=f"sqlite:///{folder / store.file.expanduser()}")
    fields = {name: getattr(settings, name) for name in Settings.model_fields}
    told = provenance(settings, document)
    return Config(**fields | {"store": store}, file=document.file, secrets=secrets, provenance=told)
