"""Filling in a modal as a person does: by the labels of its fields, within what the client allows."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.impersonators.slack_call import Call, Json
from tests.impersonators.slack_files import file_json
from tests.impersonators.slack_messages import SlackFile, elements
from tests.impersonators.slack_modals import SlackView
from tests.impersonators.slack_world import Team

Filled = Mapping[str, Any]
Upload = tuple[str, bytes]
_PLACES = ("conversations_select", "channels_select", "users_select")


class CannotSubmit(AssertionError):
    """What the client itself says before anything is sent."""


def fill(call: Call, view: SlackView, values: Filled) -> None:
    """Fill in fields, by label, block id or action id; texts, choices, channels, or (name, content) of a file."""
    unknown = set(values)
    for block, part in elements(view.view["blocks"]):
        if part["type"] in {"button", "overflow"}:
            continue
        names = {part["action_id"], block["block_id"], block.get("label", {}).get("text", "")} & unknown
        given = [values[name] for name in names]
        unknown -= names
        before = view.state.get(block["block_id"], {}).get(part["action_id"]) or _initial(part)
        state = _state(call, view, part, given[0]) if given else before
        view.state.setdefault(block["block_id"], {})[part["action_id"]] = state
    if unknown:
        raise KeyError(f"no field {sorted(unknown)} in {list(view.inputs)}")


def check(view: SlackView) -> None:
    """Hold what was filled in to what the client checks."""
    for block in view.inputs.values():
        part = block["element"]
        state = view.state[block["block_id"]][part["action_id"]]
        label, value = block["label"]["text"], next((state[key] for key in state if key != "type"), None)
        if not value and not block.get("optional"):
            raise CannotSubmit(f"“{label}” is required")
        if isinstance(value, str) and not _fits(part, value):
            raise CannotSubmit(f"“{label}” is too short or too long")


def _fits(part: Mapping[str, Any], value: str) -> bool:
    return int(part.get("min_length", 0)) <= len(value) <= int(part.get("max_length", 3000))


def _key(kind: str) -> str:
    """Return the key under which a kind of field keeps its value."""
    many = kind.startswith("multi_")
    kind = kind.removeprefix("multi_")
    if kind in _PLACES:
        return (
            f"selected_{kind.removesuffix('_select')}"
            if many
            else f"selected_{kind.removesuffix('s_select')}"
        )
    keys = {
        "static_select": "selected_options" if many else "selected_option",
        "radio_buttons": "selected_option",
        "checkboxes": "selected_options",
        "file_input": "files",
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
    }
    return keys.get(kind, "value")


def _initial(part: Mapping[str, Any]) -> Json:
    kind = str(part["type"])
    key = _key(kind)
    empty: Any = [] if key == "files" or key.endswith("s") else None
    return {"type": kind, key: part.get(f"initial_{key.removeprefix('selected_')}", empty)}


def _state(call: Call, view: SlackView, part: Mapping[str, Any], given: Any) -> Json:
    kind = str(part["type"])
    key = _key(kind)
    readers: Mapping[str, Callable[[Any], Any]] = {
        "selected_option": lambda value: option(part, value),
        "selected_options": lambda values: [option(part, value) for value in _many(values)],
        "selected_conversation": lambda value: _place(call.team, value),
        "selected_channel": lambda value: _place(call.team, value),
        "selected_conversations": lambda values: [_place(call.team, value) for value in _many(values)],
        "selected_channels": lambda values: [_place(call.team, value) for value in _many(values)],
        "selected_users": lambda values: list(_many(values)),
        "files": lambda values: list(_files(call, view, part, values)),
    }
    return {"type": kind, key: readers.get(key, lambda value: value)(given)}


def _many(values: Any) -> list[Any]:
    return [values] if isinstance(values, str) else list(values)


def option(part: Mapping[str, Any], wanted: str) -> Json:
    """Return an option of a menu, by its label or value."""
    for item in part["options"]:
        if wanted in (item["text"]["text"], item["value"]):
            return dict(item)
    raise KeyError(f"no option {wanted!r} in {[item['text']['text'] for item in part['options']]}")


def _place(team: Team, wanted: str) -> str:
    name = wanted.removeprefix("#")
    return next(item.id for item in team.channels.values() if name in (item.id, item.name))


def _files(call: Call, view: SlackView, part: Mapping[str, Any], given: Any) -> Iterator[Json]:
    uploads: list[Upload] = [given] if isinstance(given, tuple) else list(given)
    if len(uploads) > part.get("max_files", 10):
        raise CannotSubmit(f"no more than {part['max_files']} files")
    for name, content in uploads:
        kinds = part.get("filetypes")
        if kinds and name.rpartition(".")[2].lower() not in kinds:
            raise CannotSubmit(f"{name} is none of {kinds}")
        file = SlackFile(call.world.numbers.new("F"), name, content, view.user)
        call.team.files[file.id] = file
        yield file_json(file, call.team, call.address)
