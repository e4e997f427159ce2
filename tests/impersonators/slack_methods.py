"""Slack's Web API methods as functions over the imaginary Slack.

https://docs.slack.dev/reference/methods
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.impersonators.slack_rules import TEXT_LIMIT, block_faults, image_urls, length, too_long_in_total
from tests.impersonators.slack_world import SlackChannel, SlackMessage, SlackWorld, Team

Json = dict[str, Any]
METADATA_LIMIT_BYTES = 8_000


class SlackRefusal(Exception):
    """An answer with `ok: false`."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.body: Json = {"ok": False, "error": error, **details}


@dataclass(frozen=True, slots=True)
class Call:
    """One method call by one installed bot."""

    world: SlackWorld
    team: Team
    args: Mapping[str, Any]
    at_s: float

    def argument(self, name: str) -> Any:
        """Return a required argument; forms carry structures as JSON text."""
        value = self.args.get(name)
        if value in (None, ""):
            raise SlackRefusal("invalid_arguments", response_metadata={"messages": [f"missing {name}"]})
        return value

    def structure(self, name: str, refusal: str) -> Any:
        """Return an argument that is a structure, or None when absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise SlackRefusal(refusal) from error

    def require(self, *scopes: str) -> None:
        """Refuse a token that has none of the scopes."""
        if not set(scopes) & set(self.team.scopes):
            raise SlackRefusal("missing_scope", needed=scopes[0], provided=",".join(self.team.scopes))

    def channel(self) -> SlackChannel:
        """Return the channel that the call names by id or #name, as far as the bot may know of it."""
        wanted = str(self.argument("channel")).removeprefix("#")
        for channel in self.team.channels.values():
            visible = channel.is_member or not channel.is_private
            if wanted in (channel.id, channel.name) and visible:
                return channel
        raise SlackRefusal("channel_not_found")


def auth_test(call: Call) -> Json:
    team = call.team
    return {
        "ok": True,
        "url": f"https://{team.id.lower()}.slack.com/",
        "team": team.name,
        "user": team.bot_name,
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": f"B0{team.id}",
        "is_enterprise_install": False,
    }


def chat_post_message(call: Call) -> Json:
    call.require("chat:write")
    channel = call.channel()
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if not channel.is_member and "chat:write.public" not in call.team.scopes:
        raise SlackRefusal("not_in_channel")
    message = SlackMessage(
        ts=call.world.new_ts(call.at_s),
        channel=channel.id,
        user=call.team.bot_user_id,
        text=_text(call),
        blocks=tuple(_blocks(call)),
        metadata=_metadata(call),
        options={key: value for key, value in call.args.items() if key not in _CONTENT},
    )
    channel.messages.append(message)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message_json(message, call.team)}


_CONTENT = frozenset({"token", "channel", "text", "blocks", "metadata"})


def _text(call: Call) -> str:
    text = str(call.args.get("text") or "")
    if not text and not call.args.get("blocks"):
        raise SlackRefusal("no_text")
    # Slack cuts such a text and warns; a bot that relies on this loses words, so here it is refused.
    if length(text) > TEXT_LIMIT:
        raise SlackRefusal("msg_too_long")
    return text


def _blocks(call: Call) -> list[Json]:
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is None:
        return []
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackRefusal("invalid_blocks_format")
    faults = block_faults(blocks)
    if not faults:
        bad = call.world.unreachable_images & set(image_urls(blocks))
        faults = [f"downloading image failed [json-pointer:/blocks] ({url})" for url in sorted(bad)]
    if faults:
        messages = [f"[ERROR] {fault}" for fault in faults]
        raise SlackRefusal("invalid_blocks", errors=faults, response_metadata={"messages": messages})
    if too_long_in_total(list(blocks)):
        raise SlackRefusal("msg_blocks_too_long")
    return blocks


def _metadata(call: Call) -> Json | None:
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise SlackRefusal("invalid_metadata_format")
    if not isinstance(metadata["event_payload"], dict) or not metadata["event_type"]:
        raise SlackRefusal("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_LIMIT_BYTES:
        raise SlackRefusal("metadata_too_large")
    return metadata


def conversations_info(call: Call) -> Json:
    call.require("channels:read", "groups:read")
    channel = call.channel()
    return {
        "ok": True,
        "channel": {
            "id": channel.id,
            "name": channel.name,
            "is_channel": True,
            "is_member": channel.is_member,
            "is_archived": channel.is_archived,
            "is_private": channel.is_private,
            "context_team_id": channel.team_id,
        },
    }


def conversations_history(call: Call) -> Json:
    call.require("channels:history", "groups:history")
    channel = call.channel()
    if not channel.is_member:
        raise SlackRefusal("not_in_channel")
    newest_first = [message for message in reversed(channel.messages) if _in_window(message, call.args)]
    start = int(call.args.get("cursor") or 0)
    end = start + int(call.args.get("limit") or 100)
    more = end < len(newest_first)
    with_metadata = call.args.get("include_all_metadata") in (True, 1, "1", "true")
    return {
        "ok": True,
        "messages": [
            message_json(item, call.team, metadata=with_metadata) for item in newest_first[start:end]
        ],
        "has_more": more,
        "response_metadata": {"next_cursor": str(end) if more else ""},
    }


def _in_window(message: SlackMessage, args: Mapping[str, Any]) -> bool:
    at, oldest, latest = float(message.ts), float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    if args.get("inclusive") in (True, 1, "1", "true"):
        return oldest <= at <= latest
    return oldest < at < latest


def users_info(call: Call) -> Json:
    call.require("users:read")
    user = call.team.users.get(str(call.argument("user")))
    if user is None:
        raise SlackRefusal("user_not_found")
    standing = {"is_admin": user.is_admin, "is_owner": user.is_owner, "tz_offset": user.tz_offset_s}
    return {"ok": True, "user": {"id": user.id, "team_id": call.team.id, "name": user.name, **standing}}


def team_info(call: Call) -> Json:
    call.require("team:read")
    return {"ok": True, "team": {"id": call.team.id, "name": call.team.name, "domain": call.team.id.lower()}}


def message_json(message: SlackMessage, team: Team, *, metadata: bool = False) -> Json:
    """Return a message as Slack describes it; its metadata only to those who ask."""
    described: Json = {
        "type": "message",
        "user": message.user,
        "bot_id": f"B0{team.id}",
        "team": team.id,
        "ts": message.ts,
        "text": message.text,
    }
    if message.blocks:
        described["blocks"] = list(message.blocks)
    if metadata and message.metadata:
        described["metadata"] = message.metadata
    return described


METHODS: Mapping[str, Callable[[Call], Json]] = {
    "auth.test": auth_test,
    "chat.postMessage": chat_post_message,
    "conversations.info": conversations_info,
    "conversations.history": conversations_history,
    "users.info": users_info,
    "team.info": team_info,
}
