"""Discord's own OpenAPI document as a second judge of what is sent, where it is at hand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

# The document is Discord's and too large for this repository: it may lie beside the checkout.
DOCUMENT = Path(__file__).parents[3] / "shared" / "specs" / "discord-openapi.json"
MESSAGE_CREATE = "MessageCreateRequest"
MESSAGE_EDIT = "MessageEditRequestPartial"


def at_hand() -> bool:
    """Say whether the document is there to be asked."""
    return DOCUMENT.exists()


class Schema:
    """The document's rules for what is sent; without the document there are none."""

    def __init__(self) -> None:
        self._components: Mapping[str, Any] = {}
        self._validators: dict[str, Draft202012Validator] = {}

    def faults(self, name: str, body: Any) -> list[tuple[str, str, str]]:
        """Return what one of the document's schemas has against a body."""
        validator = self._validator(name)
        if validator is None:
            return []
        return [
            (".".join(map(str, error.absolute_path)), "SCHEMA", error.message[:200])
            for error in validator.iter_errors(_with_string_ids(body))
        ]

    def _validator(self, name: str) -> Draft202012Validator | None:
        if name not in self._validators and at_hand():
            self._components = self._components or json.loads(DOCUMENT.read_text("utf-8"))["components"]
            schema = {"$ref": f"#/components/schemas/{name}", "components": self._components}
            self._validators[name] = Draft202012Validator(schema)
        return self._validators.get(name)


def _with_string_ids(value: Any) -> Any:
    # The document knows ids as strings only; discord.py sends some as integers, which Discord takes.
    if isinstance(value, Mapping):
        return {key: _string_id(key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_string_ids(item) for item in value]
    return value


def _string_id(key: str, value: Any) -> Any:
    if key in {"components", "component", "accessory"}:
        return value  # the numbers of components are numbers
    if key == "allowed_mentions" and isinstance(value, Mapping):
        return {
            kind: [str(item) for item in ids] if isinstance(ids, list) else ids for kind, ids in value.items()
        }
    is_id = (key == "id" or key.endswith("_id")) and isinstance(value, int)
    return str(value) if is_id else _with_string_ids(value)
