"""What Slack refuses in a message: Block Kit's rules, including those that slack_sdk's own models miss.

Lengths are counted in UTF-16 units, the stricter of the two ways in which Slack may count.
https://docs.slack.dev/reference/block-kit/blocks
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block

from tests.impersonators.slack_elements import (
    ACCESSORIES,
    FIELDS,
    PLAIN,
    PRESSED,
    Faults,
    Part,
    Rule,
    address,
    count,
    element,
    image,
    keys,
    length,
    string,
    text,
)

TEXT_LIMIT = 40_000
BLOCKS_LIMIT = 50
HIDDEN_TOTAL = 13_200
"""Undocumented; measured in slackapi/bolt-js#2509. Taken of the JSON, which is the strict reading."""
MARKDOWN_LIMIT = 12_000
"""Of all markdown blocks of a message together."""


def too_long_in_total(blocks: Sequence[Part]) -> bool:
    """Say whether the blocks exceed what Slack takes of all of them together."""
    return length(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > HIDDEN_TOTAL


def block_faults(blocks: Sequence[Part], *, most: int = BLOCKS_LIMIT, at: str = "/blocks") -> list[str]:
    """Return what Slack would list under `errors` of `invalid_blocks`; empty when it would take them."""
    found: list[str] = []
    if not 1 <= len(blocks) <= most:
        found.append(f"must have between 1 and {most} items [json-pointer:{at}]")
    for index, block in enumerate(blocks):
        found += _block(block, f"{at}/{index}")
    repeated = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {name!r} already exists" for name, times in repeated.items() if times > 1]
    marked = sum(length(str(block.get("text"))) for block in blocks if block.get("type") == "markdown")
    found += [f"no more than {MARKDOWN_LIMIT} characters of markdown"] if marked > MARKDOWN_LIMIT else []
    fields = [block.get("element") for block in blocks if block.get("type") == "input"]
    if at == "/blocks" and any(
        isinstance(field, dict) and field.get("type") == "file_input" for field in fields
    ):
        found.append(f"file_input is only for modals [json-pointer:{at}]")
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
    for name, times in actions.items():
        if times > 1:
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


def _section(block: Part, at: str) -> Faults:
    yield from keys(block, "text fields accessory expand", at)
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        yield f"missing required field: text [json-pointer:{at}]"
    if "text" in block:
        yield from text(block["text"], 3000, f"{at}/text")
    if len(fields) > 10:
        yield f"no more than 10 items allowed [json-pointer:{at}/fields]"
    for index, field in enumerate(fields):
        yield from text(field, 2000, f"{at}/fields/{index}")
    if "accessory" in block:
        yield from element(block["accessory"], f"{at}/accessory", ACCESSORIES)


def _header(block: Part, at: str) -> Faults:
    yield from keys(block, "text level", at)
    yield from text(block.get("text"), 150, f"{at}/text", PLAIN)


def _context(block: Part, at: str) -> Faults:
    yield from keys(block, "elements", at)
    elements = block.get("elements", [])
    yield from count(elements, 1, 10, f"{at}/elements")
    for index, part in enumerate(elements):
        place = f"{at}/elements/{index}"
        if part.get("type") == "image":
            yield from image(part, place)
        else:
            yield from text(part, 2000, place)


def _actions(block: Part, at: str) -> Faults:
    yield from keys(block, "elements", at)
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield f"no more than 25 items allowed [json-pointer:{at}/elements]"
    for index, part in enumerate(elements):
        yield from element(part, f"{at}/elements/{index}", PRESSED)


def _input(block: Part, at: str) -> Faults:
    yield from keys(block, "label element hint optional dispatch_action", at)
    yield from text(block.get("label"), 2000, f"{at}/label", PLAIN)
    if "hint" in block:
        yield from text(block["hint"], 2000, f"{at}/hint", PLAIN)
    yield from element(block.get("element"), f"{at}/element", FIELDS)


def _divider(block: Part, at: str) -> Faults:
    yield from keys(block, "", at)


def _markdown(block: Part, at: str) -> Faults:
    yield from keys(block, "text", at)
    yield from string(block, "text", MARKDOWN_LIMIT, at)


def _rich_text(block: Part, at: str) -> Faults:
    yield from keys(block, "elements", at)
    yield from count(block.get("elements"), 1, 100, f"{at}/elements")


def _image_block(block: Part, at: str) -> Faults:
    yield from keys(block, "image_url alt_text title", at)
    yield from address(block, "image_url", at)
    yield from string(block, "alt_text", 2000, at)
    if "title" in block:
        yield from text(block["title"], 2000, f"{at}/title", PLAIN)


_BLOCKS: Mapping[str, Rule] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "divider": _divider,
    "image": _image_block,
    "markdown": _markdown,
    "rich_text": _rich_text,
}


def image_urls(blocks: Sequence[Part]) -> list[str]:
    """Return the pictures that Slack downloads before it takes the message."""
    parts = [part for block in blocks for part in (block, *_children(block))]
    return [part["image_url"] for part in parts if part.get("type") == "image"]
