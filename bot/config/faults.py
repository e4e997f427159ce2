"""What is wrong with a configuration, in the words of the person who wrote it, with the line where it stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.config.lines import line_of
from bot.config.settings import Settings
from bot.config.values import shown

Place = tuple[str | int, ...]

_SENTENCES = {
    "int_type": "should be a whole number, not {input}",
    "int_parsing": "should be a whole number, not {input}",
    "int_from_float": "should be a whole number, not {input}",
    "float_type": "should be a number, not {input}",
    "float_parsing": "should be a number, not {input}",
    "bool_type": "should be true or false, not {input}",
    "bool_parsing": "should be true or false, not {input}",
    "string_type": "should be text in quotes, not {input}",
    "dict_type": "should be a section, not {input}",
    "tuple_type": "should be a list in [brackets], not {input}",
    "literal_error": "should be {expected}, not {input}",
    "greater_than": "should be more than nothing",
    "greater_than_equal": "should be at least {ge}, not {input}",
    "less_than_equal": "should be at most {le}, not {input}",
    "string_too_short": "should not be empty",
    "string_too_long": "should have at most {max_length} characters",
    "model_type": "should be a section, not {input}",
    "said": "{sentence}",
}
_PATTERNS = {
    "kind": 'should be a name such as "feed", or "module:Class", not {input}',
    "credentials": 'should be the name of an environment variable, like "NYT_LOGIN"; the secret itself stays out of this file',
    "development_servers": "should be ids of Discord servers: numbers in quotes, not {input}",
    "channel": "should be a name of letters, digits, _ and -, not {input}",
    "user_agent": "should be plain ASCII text without line breaks",
    "contact": "should be an address, like https://example.org/newsbot or an e-mail address",
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    line: int
    """0 for what stands in the environment."""
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What the file says, and what the environment puts over it."""

    file: Path | None
    text: str
    file_data: Mapping[str, Any]
    overrides: Mapping[Place, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    """Name and value of an environment variable, by the place that it sets."""

    @property
    def data(self) -> dict[str, Any]:
        """File and environment together."""
        data = _copied(self.file_data)
        for place, (_, value) in self.overrides.items():
            section = data
            for part in place[:-1]:
                inner = section.setdefault(str(part), {})
                section = inner if isinstance(inner, dict) else {}
            section[str(place[-1])] = value
        return data

    def line(self, place: Place) -> int:
        """Return the line of a setting in the file, 0 when it is not there."""
        return line_of(self.text, place) or 0

    def fault(self, place: Place, sentence: str, typed: str = "", known: Iterable[str] = ()) -> Fault:
        """Say what is wrong at a place; a known word near to the one that was typed is suggested."""
        variable, asked = self._variable(place)
        near = difflib.get_close_matches(typed, list(known), 1) if typed else []
        if near and variable:
            meant = near[0].split(".") if "." in near[0] else [*map(str, place[:-1]), near[0]]
            near = ["__".join(["NEWSBOT", *meant, *map(str, asked[len(place) :])]).upper()]
        sentence += f" Did you mean {near[0]}?" if near else ""
        if variable:
            return Fault(0, f"{variable} in the environment: {sentence}")
        line = self.line(place)
        return Fault(line, f"{self.file or 'config.toml'}{f', line {line}' if line else ''}: {sentence}")

    def _variable(self, place: Place) -> tuple[str, Place]:
        """Return the variable that set this place, what holds it or what is in it, and what it set."""
        return next(
            (
                (name, asked)
                for asked, (name, _) in self.overrides.items()
                if asked[: len(place)] == place or place[: len(asked)] == asked
            ),
            ("", ()),
        )


def explain(document: Document, detail: ErrorDetails) -> Fault:
    """Return one of pydantic's findings in the user's words."""
    place = detail["loc"]
    name = named(place)
    if detail["type"] == "extra_forbidden":
        kind = "section" if isinstance(detail["input"], dict) else "setting"
        known = _alternatives(place)
        typed = known[0] if len(known) == 1 else str(place[-1])
        return document.fault(place, f"{name} is not a {kind}.", typed, known)
    if detail["type"] == "tuple_type" and isinstance(detail["input"], dict):
        return document.fault(place, f"{name}: write [[{name}]], in double brackets, above each of them.")
    if detail["type"] == "missing":
        return document.fault(place, f"{name} is missing.")
    said = _sentence(detail)
    return document.fault(place, f"{name} {said}." if said.startswith("should") else f"{name}: {said}")


def named(place: Place) -> str:
    """Write a place as `feeds[2].url`; rows are counted from 1, as readers do."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _sentence(detail: ErrorDetails) -> str:
    values = {
        name: f"{value:g}" if isinstance(value, float) else value
        for name, value in detail.get("ctx", {}).items()
    }
    values["input"] = shown(detail["input"])
    name = next(str(part) for part in reversed(detail["loc"]) if isinstance(part, str))
    if detail["type"] == "string_pattern_mismatch":
        return _PATTERNS[name].format(**values)
    sentence = _SENTENCES.get(detail["type"])
    return sentence.format(**values) if sentence else f"cannot be read: {detail['msg']}"


def _alternatives(place: Place) -> Sequence[str]:
    """Return the names that exist where an unknown one was found; if it exists elsewhere only, that place."""
    wrong = str(place[-1])
    model = _model_at(place[:-1])
    here = list(model.model_fields) if model else []
    elsewhere = [path for path in _all_names(Settings) if path.rpartition(".")[2] == wrong]
    return elsewhere if len(elsewhere) == 1 else here


def _model_at(place: Sequence[str | int]) -> type[BaseModel] | None:
    model: type[BaseModel] | None = Settings
    for part in place:
        if isinstance(part, str):
            model = (
                _model_in(model.model_fields[part].annotation)
                if model and part in model.model_fields
                else None
            )
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner))), None)


def _all_names(model: type[BaseModel], above: str = "") -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield above + name
        if inner := _model_in(info.annotation):
            yield from _all_names(inner, f"{above}{name}.")


def _copied(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in data.items()}
