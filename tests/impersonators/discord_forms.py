"""Filling in a form (Discord says: modal): which input a label names, and what is handed in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.impersonators.discord_commands import CHANNEL, MENTIONABLE, ROLE, USER
from tests.impersonators.discord_components import FILE_UPLOAD, INPUTS, LABEL, ROW, STRING_SELECT, TEXT_INPUT
from tests.impersonators.discord_objects import Json
from tests.impersonators.discord_options import PersonCannot, Resolved
from tests.impersonators.discord_rules import length

SELECTED = {5: USER, 6: ROLE, 7: MENTIONABLE, 8: CHANNEL}
"""Which kind of option the values of a menu are like."""
_RADIO, _CHECKBOX = 21, 23


def form_data(form: Mapping[str, Any], values: Mapping[str, Any], resolved: Resolved) -> Json:
    """Return the `data` of a submission; values are named by label or custom id, others keep what stands there."""
    unknown = set(values) - {name for part in form["components"] for name in _names(part)}
    if unknown:
        raise PersonCannot(f"“{form['title']}” has no field {', '.join(sorted(unknown))}")
    components = [_filled(part, values, resolved) for part in form["components"]]
    data: Json = {"custom_id": form["custom_id"], "components": components}
    return {**data, "resolved": resolved.data} if resolved.data else data


def fields_of(form: Mapping[str, Any]) -> list[str]:
    """Return the labels of a form's inputs."""
    return [next(_names(part)) for part in form["components"] if part["type"] in {ROW, LABEL}]


def _names(part: Mapping[str, Any]) -> Iterator[str]:
    if part["type"] == LABEL:
        yield part["label"]
    for item in _inputs(part):
        yield from (item[key] for key in ("label", "custom_id") if item.get(key))


def _inputs(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inside = [part["component"]] if part["type"] == LABEL else part.get("components") or []
    return [item for item in inside if item["type"] in INPUTS]


def _filled(part: Mapping[str, Any], values: Mapping[str, Any], resolved: Resolved) -> Json:
    given = next((values[name] for name in _names(part) if name in values), None)
    inputs = [_input(item, given, resolved) for item in _inputs(part)]
    if part["type"] == LABEL:
        return {"type": LABEL, "id": 1, "component": inputs[0]}
    return (
        {"type": part["type"], "id": 1, "components": inputs} if inputs else {"type": part["type"], "id": 1}
    )


def _input(item: Mapping[str, Any], given: Any, resolved: Resolved) -> Json:
    filled: Json = {"type": item["type"], "id": 2, "custom_id": item["custom_id"]}
    needed = item.get("required", True)
    if item["type"] == TEXT_INPUT:
        return {**filled, "value": _typed(item, given, needed=needed)}
    if item["type"] in {_RADIO, _CHECKBOX}:
        return {**filled, "value": given}
    chosen = _listed(given) if given is not None else _preset(item)
    least = item.get("min_values", 1)
    if (needed and len(chosen) < max(least, 1)) or len(chosen) > (item.get("max_values") or 1):
        raise PersonCannot(f"{item['custom_id']} cannot take {len(chosen)} values")
    return {**filled, "values": picked(item, chosen, resolved)}


def _typed(item: Mapping[str, Any], given: Any, *, needed: bool) -> str:
    text = str(item.get("value") or "") if given is None else str(given)
    if needed and not text:
        raise PersonCannot(f"{item['custom_id']} must be filled in")
    if text and not (item.get("min_length") or 0) <= length(text) <= (item.get("max_length") or 4000):
        raise PersonCannot(f"{item['custom_id']} is too short or too long: {text!r}")
    return text


def _listed(given: Any) -> list[Any]:
    is_file = isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], bytes)
    return list(given) if isinstance(given, list | tuple) and not is_file else [given]


def _preset(item: Mapping[str, Any]) -> list[Any]:
    chosen = [option["value"] for option in item.get("options") or () if option.get("default")]
    return chosen or [value["id"] for value in item.get("default_values") or ()]


def picked(menu: Mapping[str, Any], chosen: Sequence[Any], resolved: Resolved) -> list[str]:
    """Return the values of a menu for what was chosen: an option's label or value, or a thing of the server."""
    if menu["type"] == FILE_UPLOAD:
        return [resolved.attachment(file) for file in chosen]
    if menu["type"] in SELECTED:
        numbers = [str(resolved.value(SELECTED[menu["type"]], item)) for item in chosen]
        kinds = menu.get("channel_types")
        if kinds and any(resolved.guild.channels[int(item)].type not in kinds for item in numbers):
            raise PersonCannot(f"only channels of the types {kinds} can be chosen")
        return numbers
    assert menu["type"] == STRING_SELECT or menu.get("options")
    known = {
        name: option["value"] for option in menu["options"] for name in (option["label"], option["value"])
    }
    if not set(chosen) <= set(known):
        raise PersonCannot(
            f"there is no choice {sorted(set(chosen) - set(known))}; there are {sorted(known)}"
        )
    return [known[item] for item in chosen]
