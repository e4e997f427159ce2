"""What Slack refuses in a modal.

https://docs.slack.dev/reference/views/modal-views
"""

import json
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.views import View

from tests.impersonators.slack_elements import PLAIN, Faults, Part, keys, length, text
from tests.impersonators.slack_rules import block_faults

BLOCKS_LIMIT = 100
MOST_BYTES = 250_000
_KEYS = (
    "title submit close blocks private_metadata callback_id external_id clear_on_close notify_on_close"
    " submit_disabled"
)


def view_length(view: Part) -> int:
    """Return the size of a view in bytes."""
    return len(json.dumps(view, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def view_faults(view: Any) -> list[str]:
    """Return what Slack would list in `response_metadata.messages`; empty when it would open the view."""
    if not isinstance(view, dict) or view.get("type") != "modal":
        return ["must be a view of the type modal [json-pointer:/view]"]
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["missing required field: blocks [json-pointer:/view]"]
    found = [*_frame(view), *block_faults(blocks, most=BLOCKS_LIMIT, at="/view/blocks")]
    return found or list(_library(view))


def _frame(view: Part) -> Faults:
    at = "/view"
    yield from keys(view, _KEYS, at)
    yield from text(view.get("title"), 24, f"{at}/title", PLAIN)
    for name in ("submit", "close"):
        if name in view:
            yield from text(view[name], 24, f"{at}/{name}", PLAIN)
    if "submit" not in view and any(block.get("type") == "input" for block in view["blocks"]):
        yield f"missing required field: submit [json-pointer:{at}]"
    for name, limit in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if length(str(view.get(name) or "")) > limit:
            yield f"must be less than {limit + 1} characters [json-pointer:{at}/{name}]"


def _library(view: Part) -> Faults:
    try:
        View(**view).validate_json()
    except (SlackObjectFormationError, TypeError) as error:
        yield f"{error} [json-pointer:/view]"
