"""What Discord refuses of buttons, menus and forms.

https://docs.discord.com/developers/components/reference
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.impersonators.discord_messages import (
    BUTTON,
    COMPONENTS_V2,
    LINK_STYLE,
    SELECTS,
    parts_of,
)
from tests.impersonators.discord_rules import Fault, Faults, length

ROW, STRING_SELECT, TEXT_INPUT, LABEL, FILE_UPLOAD = 1, 3, 4, 18, 19
CHOOSERS = frozenset({21, 22, 23})
INPUTS = SELECTS | CHOOSERS | {TEXT_INPUT, FILE_UPLOAD}
ROWS, BUTTONS_IN_ROW, V2_PARTS, FORM_PARTS = 5, 5, 40, 5

Json = Mapping[str, Any]


def component_faults(body: Json) -> list[Fault]:
    """Return what Discord has against the components of a message."""
    components = body.get("components") or []
    faults: list[Fault] = []
    if int(body.get("flags") or 0) & COMPONENTS_V2:
        faults += _v2(body)
    elif any(part.get("type") != ROW for part in components):
        faults.append(("components", "UNION_TYPE_CHOICES", "Value of field 'type' must be one of (1,)."))
    elif len(components) > ROWS:
        faults.append(("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ROWS} in length."))
    faults += _rows(components)
    for part in parts_of(components, {BUTTON}):
        faults += _button(part)
    for part in parts_of(components, SELECTS):
        faults += _select(part)
    return faults + list(_custom_ids(components))


def _v2(body: Json) -> Faults:
    if body.get("content") or body.get("embeds"):
        yield (
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            "Cannot be used with components.",
        )
    if sum(1 for _ in _every(body.get("components"))) > V2_PARTS:
        yield "components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"At most {V2_PARTS} components."


def _every(components: Any) -> Iterator[Json]:
    for part in components or ():
        yield part
        yield from _every(part.get("components"))
        yield from _every([part[key] for key in ("component", "accessory") if part.get(key)])


def _rows(components: Any) -> Faults:
    for part in parts_of(components, {ROW}):
        inside = part.get("components") or []
        buttons = sum(item.get("type") == BUTTON for item in inside)
        if not inside or len(inside) > BUTTONS_IN_ROW or (len(inside) > 1 and buttons != len(inside)):
            yield "components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {BUTTONS_IN_ROW} in length."


def _button(part: Json) -> Faults:
    label, is_link = part.get("label") or "", part.get("style") == LINK_STYLE
    if length(label) > 80:
        yield "components", "BASE_TYPE_MAX_LENGTH", "Must be 80 or fewer in length."
    if not label and not part.get("emoji"):
        yield "components", "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji."
    if is_link and (not part.get("url") or part.get("custom_id") or length(part["url"]) > 512):
        yield "components", "BUTTON_COMPONENT_INVALID", "A link button must have a url and no custom id."
    if not is_link and not part.get("custom_id"):
        yield "components", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required"


def _select(part: Json) -> Faults:
    options = part.get("options") or []
    if part["type"] == STRING_SELECT and not 1 <= len(options) <= 25:
        yield "components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length."
    for option in options:
        texts = (option.get("label") or "", option.get("value") or "")
        if not all(1 <= length(text) <= 100 for text in texts):
            yield "components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
    values = [option.get("value") for option in options]
    if len(set(values)) != len(values):
        yield "components", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is used."
    if length(part.get("placeholder") or "") > 150:
        yield "components", "BASE_TYPE_MAX_LENGTH", "Must be 150 or fewer in length."


def _custom_ids(components: Any, at: str = "components") -> Faults:
    named = [part["custom_id"] for part in _every(components) if part.get("custom_id")]
    if any(length(name) > 100 for name in named):
        yield at, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
    if len(set(named)) != len(named):
        yield at, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"


def form_faults(form: Json, at: str) -> list[Fault]:
    """Return what Discord has against a form (it says: modal)."""
    components = form.get("components") or []
    faults = [
        *_text(form, "title", (1, 45), at),
        *_text(form, "custom_id", (1, 100), at),
        *_custom_ids(components, f"{at}.components"),
    ]
    if not 1 <= len(components) <= FORM_PARTS:
        words = f"Must be between 1 and {FORM_PARTS} in length."
        faults.append((f"{at}.components", "BASE_TYPE_BAD_LENGTH", words))
    for index, part in enumerate(components):
        faults += _form_part(part, f"{at}.components.{index}")
    return faults


def _form_part(part: Json, at: str) -> list[Fault]:
    inside = list(parts_of([part], INPUTS))
    if part.get("type") not in {ROW, LABEL, 10} or (part["type"] != 10 and len(inside) != 1):
        return [(at, "UNION_TYPE_CHOICES", "A form holds labels with one input each, or texts.")]
    faults: list[Fault] = []
    if part["type"] == LABEL:
        faults += [*_text(part, "label", (1, 45), at), *_text(part, "description", (0, 100), at)]
    for item in inside:
        faults += _input(item, part["type"], at)
    return faults


def _input(item: Json, parent: int, at: str) -> list[Fault]:
    if item["type"] in SELECTS:
        return [(at, code, words) for _, code, words in _select(item)]
    if item["type"] != TEXT_INPUT:
        return []
    label = _text(item, "label", (1 if parent == ROW else 0, 45), at)
    most = item.get("max_length") or 4000
    faults = [*label, *_text(item, "placeholder", (0, 100), at), *_text(item, "value", (0, most), at)]
    if not 1 <= most <= 4000 or not 0 <= (item.get("min_length") or 0) <= most:
        faults.append((f"{at}.max_length", "NUMBER_TYPE_MAX", "int value should be between 1 and 4000."))
    return faults


def _text(part: Json, key: str, bounds: tuple[int, int], at: str) -> Faults:
    least, most = bounds
    if not least <= length(part.get(key) or "") <= most:
        yield f"{at}.{key}", "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length."
