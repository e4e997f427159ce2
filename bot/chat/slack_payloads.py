"""What Slack says that somebody did: who, where, with what, and how it can be answered. All ids come from here.

https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.slack_forms import Origin
from bot.domain.commands.exchange import Action
from bot.domain.model import ChannelAddress

Payload = Mapping[str, Any]
_NAMELESS = frozenset({"privategroup", "directmessage"})
"""What Slack says in place of the name of a private place."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody's command, press or form, and the ways in which it can be answered."""

    team_id: str
    user_id: str
    user_name: str
    channel: str
    channel_name: str = ""
    """Without #; empty where Slack hides it."""
    trigger: str = ""
    """Opens one window within three seconds."""
    response_url: str = ""
    message: str = ""
    """The ts of the message whose button or menu was used."""
    fleeting: bool = False
    """The message was for this person's eyes only."""
    form: bool = False
    """By a form, which may have been open for hours."""

    @property
    def address(self) -> ChannelAddress:
        return ChannelAddress("slack", self.team_id, self.channel)


def asked_by_command(body: Payload) -> Asked:
    """Read a slash command."""
    return Asked(
        team_id=_text(body, "team_id"),
        user_id=_text(body, "user_id"),
        user_name=_text(body, "user_name"),
        channel=_text(body, "channel_id"),
        channel_name=_name(_text(body, "channel_name")),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
    )


def asked_by_press(body: Payload) -> Asked:
    """Read a pressed button, or a shortcut chosen on a message."""
    container, channel = body.get("container") or {}, body.get("channel") or {}
    return Asked(
        team_id=_text(body.get("team") or {}, "id"),
        user_id=_text(body["user"], "id"),
        user_name=_text(body["user"], "name"),
        channel=_text(channel, "id") or _text(container, "channel_id"),
        channel_name=_name(_text(channel, "name")),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        message=_text(body, "message_ts") or _text(container, "message_ts"),
        fleeting=bool(container.get("is_ephemeral")),
    )


def asked_by_form(body: Payload) -> Asked:
    """Read who filled in a form, and where it was opened."""
    origin = Origin.parse(body["view"]["private_metadata"])
    return Asked(
        team_id=_text(body.get("team") or {}, "id"),
        user_id=_text(body["user"], "id"),
        user_name=_text(body["user"], "name"),
        channel=origin.channel,
        channel_name=origin.channel_name,
        trigger=_text(body, "trigger_id"),
        response_url=origin.response_url,
        form=True,
    )


def pressed_action(body: Payload) -> Action:
    """Return what a pressed button does, or the entry of a message's menu."""
    if "actions" not in body:
        return Action(_text(body, "callback_id"))
    return Action.parse(_text(body["actions"][0], "value"))


def once(body: Payload) -> str:
    """Return what is the same however often Slack brings one event, and differs from every other."""
    return _text(body, "event_id") or _text(body, "trigger_id")


def _text(row: Payload, key: str) -> str:
    return str(row.get(key) or "")


def _name(told: str) -> str:
    return "" if told in _NAMELESS else told
