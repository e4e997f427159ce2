"""Discord's own OpenAPI document as a second judge of what is sent, where it is at hand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

# The document is Discord's and too large for this repository: it may lie beside the checkout.
DOCUMENT = Path(__file__).parents[3] / "shared" / "specs" / "discord-openapi.json"
_MESSAGE_CREATE = "MessageCreateRequest"


def at_hand() -> bool:
    """Say whether the document is there to be asked."""
    return DOCUMENT.exists()


class MessageSchema:
    """The document's rules for new messages; without the document there are none."""

    def __init__(self) -> None:
        self._validator: Draft202012Validator | None = None
        if at_hand():
            components = json.loads(DOCUMENT.read_text("utf-8"))["components"]
            schema = {"$ref": f"#/components/schemas/{_MESSAGE_CREATE}", "components": components}
            self._validator = Draft202012Validator(schema)

    def faults(self, body: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Return what the document has against a message body."""
        if self._validator is None:
            return []
        return [
            (".".join(map(str, error.absolute_path)), "SCHEMA", error.message[:200])
            for error in self._validator.iter_errors(_with_string_ids(body))
        ]


def _with_string_ids(value: Any) -> Any:
    # The document knows ids as strings only; discord.py sends some as integers, which Discord takes.
    if isinstance(value, Mapping):
        return {key: _string_id(key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_string_ids(item) for item in value]
    return value


def _string_id(key: str, value: Any) -> Any:
    is_id = (key == "id" or key.endswith("_id")) and isinstance(value, int)
    return str(value) if is_id else _with_string_ids(value)
