"""Forms as Slack's modals, and what was filled in.

https://docs.slack.dev/reference/views/modal-views
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.escaping import clean, fit
from bot.chat.limits import (
    SLACK_INPUT,
    SLACK_LABEL,
    SLACK_OPTION,
    SLACK_OPTIONS,
    SLACK_VIEW_METADATA,
    SLACK_VIEW_TITLE,
)
from bot.chat.slack_parts import Block
from bot.domain.commands.exchange import Action, Field, Form, Value
from bot.domain.model import ChannelAddress

ELEMENT = "value"
"""The action id of each field's element; its block is called like the field."""
CALLBACK = "form"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was opened: it comes back with the form, for Slack says only who filled it in."""

    action: Action
    channel: str
    channel_name: str = ""
    response_url: str = ""

    def __str__(self) -> str:
        row = [str(self.action), self.channel, self.channel_name, self.response_url]
        return json.dumps(row, ensure_ascii=False)

    @classmethod
    def parse(cls, written: str) -> Origin:
        action, channel, channel_name, response_url = map(str, json.loads(written))
        return cls(Action.parse(action), channel, channel_name, response_url)


def form_view(form: Form, origin: Origin) -> Block:
    """Return a form as a modal."""
    written = str(origin)
    if len(written) > SLACK_VIEW_METADATA:
        written = str(Origin(origin.action, origin.channel))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": _plain(form.title, SLACK_VIEW_TITLE),
        "submit": _plain(form.submit, SLACK_VIEW_TITLE),
        "close": _plain("Cancel", SLACK_VIEW_TITLE),
        "private_metadata": written,
        "blocks": [_input(field) for field in form.fields],
    }


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label, SLACK_LABEL),
        "optional": not field.required,
        "element": {"action_id": ELEMENT, **_element(field)},
    }
    return {**block, "hint": _plain(field.hint, SLACK_LABEL)} if field.hint else block


def _element(field: Field) -> Block:
    match field.kind:
        case "channels":
            places = {"include": ["public", "private"], "exclude_bot_users": True}
            return {"type": "multi_conversations_select", "filter": places}
        case "choice":
            return _menu(field)
        case "file":
            return {"type": "file_input", "max_files": 1}
        case kind:
            element: Block = {
                "type": "plain_text_input",
                "multiline": kind == "text",
                "max_length": SLACK_INPUT,
            }
            # An empty initial value is refused.
            return {**element, "initial_value": field.value[:SLACK_INPUT]} if field.value else element


def _menu(field: Field) -> Block:
    options = [
        {"text": _plain(label, SLACK_OPTION), "value": value}
        for value, label in field.choices[:SLACK_OPTIONS]
    ]
    chosen = [option for option in options if option["value"] == field.value]
    element: Block = {"type": "static_select", "options": options}
    return {**element, "initial_option": chosen[0]} if chosen else element


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": fit(text, limit, clean) or "…", "emoji": False}


def filled_in(state: Mapping[str, Any], team_id: str) -> dict[str, Value]:
    """Return what stands in the fields of a form, but for files; a menu without a choice is left out."""
    found: dict[str, Value] = {}
    for name, elements in state.items():
        value = _filled_in(elements.get(ELEMENT) or {}, team_id)
        if value is not None:
            found[name] = value
    return found


def _filled_in(element: Mapping[str, Any], team_id: str) -> Value | None:
    match element:
        case {"type": "plain_text_input"}:
            return str(element.get("value") or "").strip()
        case {"selected_conversations": [_, *_] as ids}:
            return tuple(ChannelAddress("slack", team_id, str(id)) for id in ids)
        case {"selected_option": {"value": str(chosen)}}:
            return chosen
        case _:
            return None


def handed_in(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the files of a form as Slack describes them, by field."""
    files = {name: (elements.get(ELEMENT) or {}).get("files") or [] for name, elements in state.items()}
    return {name: rows[0] for name, rows in files.items() if rows}
