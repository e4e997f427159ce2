"""One call of one method by one installed bot, and how Slack refuses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.impersonators.slack_elements import length
from tests.impersonators.slack_messages import SlackMessage, elements
from tests.impersonators.slack_rules import TEXT_LIMIT, block_faults, image_urls, too_long_in_total
from tests.impersonators.slack_screen import Happening
from tests.impersonators.slack_world import SlackChannel, SlackWorld, Team

Json = dict[str, Any]
METADATA_LIMIT_BYTES = 8_000


class SlackRefusal(Exception):
    """An answer with `ok: false`."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.body: Json = {"ok": False, "error": error, **details}


@dataclass(frozen=True, slots=True)
class Call:
    """One method call by one installed bot."""

    world: SlackWorld
    team: Team
    args: Mapping[str, Any]
    at_s: float
    address: str = ""
    """`http://127.0.0.1:PORT` of this Slack."""

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

    def flag(self, name: str) -> bool:
        """Say whether an argument is set; forms carry it as a word."""
        return self.args.get(name) in (True, 1, "1", "true", "True")

    def require(self, *scopes: str) -> None:
        """Refuse a token that has none of the scopes."""
        if not set(scopes) & set(self.team.scopes):
            raise SlackRefusal("missing_scope", needed=scopes[0], provided=",".join(self.team.scopes))

    def channel(self, name: str = "channel") -> SlackChannel:
        """Return the channel that the call names by id or #name, as far as the bot may know of it."""
        wanted = str(self.argument(name)).removeprefix("#")
        for channel in self.team.channels.values():
            visible = channel.is_member or not channel.is_private
            if wanted in (channel.id, channel.name) and visible:
                return channel
        raise SlackRefusal("channel_not_found")

    def place(self, name: str = "channel") -> SlackChannel:
        """Return the channel in which the bot may write."""
        channel = self.channel(name)
        if channel.is_archived:
            raise SlackRefusal("is_archived")
        if not channel.is_member and "chat:write.public" not in self.team.scopes:
            raise SlackRefusal("not_in_channel")
        return channel

    def page(self, rows: list[Any]) -> tuple[list[Any], Json]:
        """Return one page of rows and the metadata that leads to the next."""
        start = int(self.args.get("cursor") or 0)
        end = start + int(self.args.get("limit") or 100)
        return rows[start:end], {"next_cursor": str(end) if end < len(rows) else ""}

    def text(self) -> str:
        """Return the text of a message."""
        text = str(self.args.get("text") or "")
        if not text and not self.args.get("blocks"):
            raise SlackRefusal("no_text")
        # Slack cuts such a text and warns; a bot that relies on this loses words, so here it is refused.
        if length(text) > TEXT_LIMIT:
            raise SlackRefusal("msg_too_long")
        return text

    def blocks(self) -> list[Json]:
        """Return the blocks of a message, after every rule was held to them."""
        blocks = self.structure("blocks", "invalid_blocks_format")
        if blocks is None:
            return []
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            raise SlackRefusal("invalid_blocks_format")
        faults = block_faults(blocks)
        if not faults:
            bad = self.world.unreachable_images & set(image_urls(blocks))
            faults = [f"downloading image failed [json-pointer:/blocks] ({url})" for url in sorted(bad)]
        if faults:
            messages = [f"[ERROR] {fault}" for fault in faults]
            raise SlackRefusal("invalid_blocks", errors=faults, response_metadata={"messages": messages})
        if too_long_in_total(list(blocks)):
            raise SlackRefusal("msg_blocks_too_long")
        return with_ids(blocks, self.world)

    def metadata(self) -> Json | None:
        """Return the metadata of a message, or None."""
        metadata = self.structure("metadata", "invalid_metadata_format")
        if metadata is None:
            return None
        if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
            raise SlackRefusal("invalid_metadata_format")
        if not isinstance(metadata["event_payload"], dict) or not metadata["event_type"]:
            raise SlackRefusal("invalid_metadata_format")
        if len(json.dumps(metadata)) > METADATA_LIMIT_BYTES:
            raise SlackRefusal("metadata_too_large")
        return metadata

    def tell(self, event: Json) -> None:
        """Let the bot know of an event once the call is answered."""
        self.world.events_due.append((self.team, event))

    def show(self, happening: Happening) -> None:
        """Change a screen."""
        self.world.screen.show(happening)


def with_ids(blocks: list[Json], world: SlackWorld) -> list[Json]:
    """Give ids to what can be pressed but has none, as Slack does."""
    return [_with_ids(block, world) for block in blocks]


def _with_ids(block: Json, world: SlackWorld) -> Json:
    named = dict(block)
    for key in {"accessory", "element"} & set(block):
        named[key] = _named(block[key], world)
    if "elements" in block:
        named["elements"] = [_named(part, world) for part in block["elements"]]
    return {"block_id": world.numbers.new("b"), **named} if any(elements([named])) else named


_STILL = frozenset(
    (
        "image",
        "mrkdwn",
        "plain_text",
        *(f"rich_text_{kind}" for kind in ("section", "list", "quote", "preformatted")),
    )
)


def _named(part: Json, world: SlackWorld) -> Json:
    return part if part["type"] in _STILL else {"action_id": world.numbers.new("a"), **part}


def message_json(message: SlackMessage, team: Team, *, metadata: bool = False) -> Json:
    """Return a message as Slack describes it; its metadata only to those who ask."""
    described: Json = {"type": "message", "user": message.user, "team": team.id, "ts": message.ts}
    if message.user == team.bot_user_id:
        described |= {"bot_id": f"B0{team.id}", "app_id": team.app_id}
    described["text"] = message.text
    if message.blocks:
        described["blocks"] = list(message.blocks)
    if message.files:
        described["files"] = [{"id": file.id, "name": file.name} for file in message.files]
    if message.edits:
        described["edited"] = {"user": message.user, "ts": message.ts}
    if metadata and message.metadata:
        described["metadata"] = message.metadata
    return described
