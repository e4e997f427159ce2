"""What Slack refuses in a message: Block Kit's rules, including those that slack_sdk's own models miss.

Lengths are counted in UTF-16 units, the stricter of the two ways in which Slack may count.
https://docs.slack.dev/reference/block-kit/blocks
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block

TEXT_LIMIT = 40_000
BLOCKS_LIMIT = 50
HIDDEN_TOTAL = 13_200
"""Undocumented; measured in slackapi/bolt-js#2509. Taken of the JSON, which is the strict reading."""

Part = Mapping[str, Any]
Faults = Iterator[str]


def length(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def too_long_in_total(blocks: Sequence[Part]) -> bool:
    """Say whether the blocks exceed what Slack takes of all of them together."""
    return length(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > HIDDEN_TOTAL


def block_faults(blocks: Sequence[Part]) -> list[str]:
    """Return what Slack would list under `errors` of `invalid_blocks`; empty when it would take them."""
    found: list[str] = []
    if not 1 <= len(blocks) <= BLOCKS_LIMIT:
        found.append(f"must have between 1 and {BLOCKS_LIMIT} items [json-pointer:/blocks]")
    for index, block in enumerate(blocks):
        found += _block(block, f"/blocks/{index}")
    repeated = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {name!r} already exists" for name, count in repeated.items() if count > 1]
    return found


def _block(block: Part, at: str) -> Faults:
    rule = _BLOCKS.get(str(block.get("type")))
    if rule is None:
        yield f"unsupported type: {block.get('type')} [json-pointer:{at}/type]"
        return
    own = list(rule(block, at))
    yield from own
    if not own:
        yield from _library(block, at)
    if not 0 < length(str(block.get("block_id", "x"))) <= 255:
        yield f"must be less than 256 characters [json-pointer:{at}/block_id]"
    actions = Counter(part["action_id"] for part in _children(block) if "action_id" in part)
    for name, count in actions.items():
        if count > 1:
            yield f"action_id {name!r} already exists [json-pointer:{at}/elements]"


def _library(block: Part, at: str) -> Faults:
    """Ask slack_sdk's models about a block and every part of it."""
    try:
        parsed = Block.parse(dict(block))
        for part in _objects(parsed):
            part.validate_json()
    except (SlackObjectFormationError, TypeError, KeyError, AttributeError) as error:
        yield f"{error} [json-pointer:{at}]"


def _objects(part: object) -> Iterator[JsonObject]:
    if isinstance(part, (list, tuple)):
        for item in part:
            yield from _objects(item)
    elif isinstance(part, JsonObject):
        yield part
        for name in part.attributes:
            yield from _objects(getattr(part, name, None))


def _children(block: Part) -> list[Part]:
    return [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]


def _keys(part: Part, allowed: str, at: str) -> Faults:
    for key in sorted(set(part) - {"type", "block_id"} - set(allowed.split())):
        yield f"invalid additional property: {key} [json-pointer:{at}]"


def _text(part: Any, limit: int, at: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Faults:
    if not isinstance(part, dict) or not isinstance(part.get("text"), str):
        yield f"must provide an object [json-pointer:{at}]"
        return
    kind = part.get("type")
    if kind not in kinds:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
    yield from _keys(part, "text verbatim" if kind == "mrkdwn" else "text emoji", at)
    if not part["text"]:
        yield f"must be more than 0 characters [json-pointer:{at}/text]"
    if length(part["text"]) > limit:
        yield f"must be less than {limit + 1} characters [json-pointer:{at}/text]"


def _string(part: Part, key: str, limit: int, at: str) -> Faults:
    value = part.get(key)
    if not isinstance(value, str) or not value:
        yield f"missing required field: {key} [json-pointer:{at}]"
    elif length(value) > limit:
        yield f"must be less than {limit + 1} characters [json-pointer:{at}/{key}]"


def _address(part: Part, key: str, at: str) -> Faults:
    yield from _string(part, key, 3000, at)
    parts = urlsplit(str(part.get(key, "")))
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        yield f"must be a valid URL [json-pointer:{at}/{key}]"


def _section(block: Part, at: str) -> Faults:
    yield from _keys(block, "text fields accessory expand", at)
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        yield f"missing required field: text [json-pointer:{at}]"
    if "text" in block:
        yield from _text(block["text"], 3000, f"{at}/text")
    if len(fields) > 10:
        yield f"no more than 10 items allowed [json-pointer:{at}/fields]"
    for index, field in enumerate(fields):
        yield from _text(field, 2000, f"{at}/fields/{index}")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory")


def _header(block: Part, at: str) -> Faults:
    yield from _keys(block, "text level", at)
    yield from _text(block.get("text"), 150, f"{at}/text", ("plain_text",))


def _context(block: Part, at: str) -> Faults:
    yield from _keys(block, "elements", at)
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 10:
        yield f"must have between 1 and 10 items [json-pointer:{at}/elements]"
    for index, element in enumerate(elements):
        place = f"{at}/elements/{index}"
        if element.get("type") == "image":
            yield from _image_element(element, place)
        else:
            yield from _text(element, 2000, place)


def _actions(block: Part, at: str) -> Faults:
    yield from _keys(block, "elements", at)
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield f"no more than 25 items allowed [json-pointer:{at}/elements]"
    for index, element in enumerate(elements):
        yield from _element(element, f"{at}/elements/{index}")


def _divider(block: Part, at: str) -> Faults:
    yield from _keys(block, "", at)


def _image_block(block: Part, at: str) -> Faults:
    yield from _keys(block, "image_url alt_text title", at)
    yield from _address(block, "image_url", at)
    yield from _string(block, "alt_text", 2000, at)
    if "title" in block:
        yield from _text(block["title"], 2000, f"{at}/title", ("plain_text",))


def _image_element(element: Part, at: str) -> Faults:
    yield from _keys(element, "image_url alt_text", at)
    yield from _address(element, "image_url", at)
    yield from _string(element, "alt_text", 2000, at)


def _button(element: Part, at: str) -> Faults:
    yield from _keys(element, "text action_id url value style confirm accessibility_label", at)
    yield from _text(element.get("text"), 75, f"{at}/text", ("plain_text",))
    yield from _string({"action_id": "-", **element}, "action_id", 255, at)
    yield from _string({"value": "-", **element}, "value", 2000, at)
    if "url" in element:
        yield from _address(element, "url", at)


def _element(element: Any, at: str) -> Faults:
    rule = {"image": _image_element, "button": _button}.get(str(element.get("type")), _other_element)
    yield from rule(element, at)


def _other_element(element: Part, at: str) -> Faults:
    kinds = ("select", "overflow", "picker", "buttons", "checkboxes", "_input")
    if not str(element.get("type")).endswith(kinds):
        yield f"unsupported type: {element.get('type')} [json-pointer:{at}/type]"


_BLOCKS: Mapping[str, Callable[[Part, str], Faults]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image_block,
}


def image_urls(blocks: Sequence[Part]) -> list[str]:
    """Return the pictures that Slack downloads before it takes the message."""
    parts = [part for block in blocks for part in (block, *_children(block))]
    return [part["image_url"] for part in parts if part.get("type") == "image"]
