"""What Slack refuses in the parts of a block: texts, buttons, menus, fields.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

Part = Mapping[str, Any]
Faults = Iterator[str]
Rule = Callable[[Part, str], Faults]
PLAIN = ("plain_text",)


def length(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def keys(part: Part, allowed: str, at: str) -> Faults:
    """Refuse what does not belong."""
    for key in sorted(set(part) - {"type", "block_id"} - set(allowed.split())):
        yield f"invalid additional property: {key} [json-pointer:{at}]"


def text(part: Any, limit: int, at: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Faults:
    """Hold a text object to its kind and length."""
    if not isinstance(part, dict) or not isinstance(part.get("text"), str):
        yield f"must provide an object [json-pointer:{at}]"
        return
    kind = part.get("type")
    if kind not in kinds:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
    yield from keys(part, "text verbatim" if kind == "mrkdwn" else "text emoji", at)
    if not part["text"]:
        yield f"must be more than 0 characters [json-pointer:{at}/text]"
    if length(part["text"]) > limit:
        yield f"must be less than {limit + 1} characters [json-pointer:{at}/text]"


def string(part: Part, key: str, limit: int, at: str) -> Faults:
    """Hold a required string to its length."""
    value = part.get(key)
    if not isinstance(value, str) or not value:
        yield f"missing required field: {key} [json-pointer:{at}]"
    elif length(value) > limit:
        yield f"must be less than {limit + 1} characters [json-pointer:{at}/{key}]"


def count(items: Any, least: int, most: int, at: str) -> Faults:
    """Hold a list to its length."""
    if not isinstance(items, list) or not least <= len(items) <= most:
        yield f"must have between {least} and {most} items [json-pointer:{at}]"


def address(part: Part, key: str, at: str) -> Faults:
    """Hold a URL to its form."""
    yield from string(part, key, 3000, at)
    parts = urlsplit(str(part.get(key, "")))
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        yield f"must be a valid URL [json-pointer:{at}/{key}]"


def image(element: Part, at: str) -> Faults:
    yield from keys(element, "image_url alt_text", at)
    yield from address(element, "image_url", at)
    yield from string(element, "alt_text", 2000, at)


def _button(element: Part, at: str) -> Faults:
    yield from keys(element, "text action_id url value style confirm accessibility_label", at)
    yield from text(element.get("text"), 75, f"{at}/text", PLAIN)
    yield from string({"value": "-", **element}, "value", 2000, at)
    if "url" in element:
        yield from address(element, "url", at)


def _option(option: Any, at: str, kinds: tuple[str, ...] = PLAIN) -> Faults:
    if not isinstance(option, dict):
        yield f"must provide an object [json-pointer:{at}]"
        return
    yield from keys(option, "text value description url", at)
    yield from text(option.get("text"), 75, f"{at}/text", kinds)
    yield from string(option, "value", 150, at)
    if "description" in option:
        yield from text(option["description"], 75, f"{at}/description", kinds)


def _options(element: Part, at: str, most: int = 100, kinds: tuple[str, ...] = PLAIN) -> Faults:
    options = element.get("options")
    yield from count(options, 1, most, f"{at}/options")
    rows = options if isinstance(options, list) else []
    for index, option in enumerate(rows):
        yield from _option(option, f"{at}/options/{index}", kinds)
    chosen = (
        [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    )
    if any(option not in rows for option in chosen):
        yield f"initial option must be one of the options [json-pointer:{at}]"


_FIELD = "action_id placeholder focus_on_load confirm"


def _menu(element: Part, at: str) -> Faults:
    yield from keys(element, f"{_FIELD} options initial_option initial_options max_selected_items", at)
    yield from _options(element, at)


def _platform_menu(element: Part, at: str) -> Faults:
    what = str(element["type"]).removesuffix("_select").removeprefix("multi_")
    own = f"initial_{what} initial_{what[:-1]} max_selected_items response_url_enabled filter default_to_current_conversation"
    yield from keys(element, f"{_FIELD} {own}", at)


def _ticks(element: Part, at: str) -> Faults:
    yield from keys(element, "action_id options initial_option initial_options confirm focus_on_load", at)
    yield from _options(element, at, 10, ("plain_text", "mrkdwn"))


def _overflow(element: Part, at: str) -> Faults:
    yield from keys(element, "action_id options confirm", at)
    yield from _options(element, at, 5)


def _line(element: Part, at: str) -> Faults:
    own = "initial_value multiline min_length max_length dispatch_action_config is_decimal_allowed min_value max_value"
    yield from keys(element, f"{_FIELD} {own}", at)
    most = element.get("max_length", 3000)
    if not 0 <= element.get("min_length", 0) <= most <= 3000:
        yield f"must be between 0 and 3000 [json-pointer:{at}/max_length]"
    if length(str(element.get("initial_value", ""))) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}/initial_value]"


def _file(element: Part, at: str) -> Faults:
    yield from keys(element, "action_id filetypes max_files", at)
    if not 1 <= element.get("max_files", 10) <= 10:
        yield f"must be between 1 and 10 [json-pointer:{at}/max_files]"


def _moment(element: Part, at: str) -> Faults:
    own = "initial_date initial_time initial_date_time timezone"
    yield from keys(element, f"{_FIELD} {own}", at)


_PLATFORM = ("users_select", "conversations_select", "channels_select")
_MENUS: Mapping[str, Rule] = {
    "static_select": _menu,
    "multi_static_select": _menu,
    **dict.fromkeys((*_PLATFORM, *(f"multi_{name}" for name in _PLATFORM)), _platform_menu),
    "radio_buttons": _ticks,
    "checkboxes": _ticks,
    **dict.fromkeys(("datepicker", "timepicker", "datetimepicker"), _moment),
}
_LINES = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
FIELDS: Mapping[str, Rule] = {**_MENUS, **dict.fromkeys(_LINES, _line), "file_input": _file}
"""What may stand in an input block."""
PRESSED: Mapping[str, Rule] = {**_MENUS, "button": _button, "overflow": _overflow}
"""What may stand in an actions block."""
ACCESSORIES: Mapping[str, Rule] = {**PRESSED, "image": image}


def element(part: Any, at: str, allowed: Mapping[str, Rule]) -> Faults:
    """Hold an element to the rules of its kind, and to those that all have in common."""
    kind = part.get("type") if isinstance(part, dict) else None
    rule = allowed.get(str(kind))
    if rule is None:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    yield from rule(part, at)
    yield from string({"action_id": "-", **part}, "action_id", 255, at)
    if "placeholder" in part:
        yield from text(part["placeholder"], 150, f"{at}/placeholder", PLAIN)
    if "confirm" in part:
        yield from _confirm(part["confirm"], f"{at}/confirm")


def _confirm(part: Part, at: str) -> Faults:
    yield from keys(part, "title text confirm deny style", at)
    for name, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from text(
            part.get(name), limit, f"{at}/{name}", ("plain_text", "mrkdwn") if name == "text" else PLAIN
        )
