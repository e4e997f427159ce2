"""Discord's REST routes as functions over the imaginary Discord.

https://docs.discord.com/developers/reference
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tests.impersonators import discord_rules as rules
from tests.impersonators.discord_objects import (
    application_json,
    channel_json,
    guild_json,
    member_json,
    message_json,
    user_json,
)
from tests.impersonators.discord_schema import MessageSchema
from tests.impersonators.discord_world import (
    EMBED_LINKS,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    DiscordBot,
    DiscordChannel,
    DiscordMessage,
    DiscordWorld,
    Guild,
)

Json = dict[str, Any]
NONCE_WINDOW = timedelta(minutes=5)
"""Discord says “in the past few minutes”."""


class DiscordRefusal(Exception):
    """An answer with an error status and Discord's own error code."""

    def __init__(self, status: int, code: int, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code, **details}


@dataclass(frozen=True, slots=True)
class Call:
    """One request by one bot."""

    world: DiscordWorld
    schema: MessageSchema
    bot: DiscordBot
    places: Mapping[str, str]
    body: Json
    at: datetime
    url: str

    def guild(self) -> Guild:
        """Return the server that the path names."""
        guild = self.world.guilds.get(int(self.places["guild_id"]))
        if guild is None:
            raise DiscordRefusal(404, 10004, "Unknown Guild")
        if self.bot.id not in guild.members:
            raise DiscordRefusal(403, 50001, "Missing Access")
        return guild

    def channel(self, needed: int = VIEW_CHANNEL) -> DiscordChannel:
        """Return the channel that the path names, if the bot has these permissions there."""
        try:
            channel = self.world.channel(int(self.places["channel_id"]))
        except KeyError as error:
            raise DiscordRefusal(404, 10003, "Unknown Channel") from error
        guild = self.world.guilds[channel.guild_id]
        granted = guild.permissions(self.bot.id, channel) if self.bot.id in guild.members else 0
        if not granted & VIEW_CHANNEL:
            raise DiscordRefusal(403, 50001, "Missing Access")
        if needed & ~granted:
            raise DiscordRefusal(403, 50013, "Missing Permissions")
        return channel

    def validate(self) -> None:
        """Refuse a message body that Discord would refuse."""
        refused = rules.refused_urls(self.body, self.world.refused_urls)
        faults = [*rules.message_faults(self.body), *self.schema.faults(self.body), *refused]
        if faults:
            raise DiscordRefusal(400, 50035, "Invalid Form Body", errors=_error_tree(faults))


def _error_tree(faults: list[rules.Fault]) -> Json:
    tree: Json = {}
    for place, code, message in faults:
        node = tree
        for key in place.split("."):
            node = node.setdefault(key, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})
    return tree


def me(call: Call) -> Json:
    return user_json(call.bot)


def my_application(call: Call) -> Json:
    return application_json(call.bot)


def gateway(call: Call) -> Json:
    return {"url": call.url.replace("http://", "ws://", 1)}


def gateway_for_bots(call: Call) -> Json:
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return {**gateway(call), "shards": 1, "session_start_limit": limit}


def get_channel(call: Call) -> Json:
    return channel_json(call.channel())


def get_guild(call: Call) -> Json:
    return guild_json(call.guild())


def get_guild_channels(call: Call) -> list[Json]:
    # Discord lists the channels that a bot cannot see too.
    return [channel_json(channel) for channel in call.guild().channels.values()]


def get_member(call: Call) -> Json:
    guild = call.guild()
    user_id = int(call.places["user_id"])
    bot = call.world.bots.get(user_id)
    if bot is None or user_id not in guild.members:
        raise DiscordRefusal(404, 10007, "Unknown Member")
    return member_json(guild, bot)


def create_message(call: Call) -> Json:
    call.validate()
    if rules.is_empty(call.body):
        raise DiscordRefusal(400, 50006, "Cannot send an empty message")
    needed = SEND_MESSAGES | (EMBED_LINKS if call.body.get("embeds") else 0)
    channel = call.channel(VIEW_CHANNEL | needed)
    first = _sent_under_nonce(call)
    if first:
        return {**message_json(first, call.bot), "_folded": True}
    message = _message(call, channel)
    channel.messages.append(message)
    return message_json(message, call.bot)


def _message(call: Call, channel: DiscordChannel) -> DiscordMessage:
    nonce = call.body.get("nonce")
    return DiscordMessage(
        id=call.world.new_id(call.at),
        channel_id=channel.id,
        author_id=call.bot.id,
        at=call.at,
        content=call.body.get("content") or "",
        embeds=tuple(call.body.get("embeds") or ()),
        nonce=None if nonce is None else str(nonce),
        allowed_mentions=call.body.get("allowed_mentions"),
        body=call.body,
    )


def _sent_under_nonce(call: Call) -> DiscordMessage | None:
    """Return the message that a repeated nonce stands for, counting the repetition.

    The documentation makes the nonce unique per author, not per channel: one nonce in two channels loses a message.
    """
    nonce = call.body.get("nonce")
    if nonce is None or not call.body.get("enforce_nonce"):
        return None
    for guild in call.world.guilds.values():
        for channel in guild.channels.values():
            for index, message in enumerate(channel.messages):
                same = message.author_id == call.bot.id and message.nonce == str(nonce)
                if same and call.at - message.at <= NONCE_WINDOW:
                    channel.messages[index] = replace(message, sent_times=message.sent_times + 1)
                    return message
    return None


def edit_message(call: Call) -> Json:
    call.validate()
    channel = call.channel()
    wanted = int(call.places["message_id"])
    index = next((place for place, item in enumerate(channel.messages) if item.id == wanted), None)
    if index is None:
        raise DiscordRefusal(404, 10008, "Unknown Message")
    message = channel.messages[index]
    if message.author_id != call.bot.id:
        raise DiscordRefusal(403, 50005, "Cannot edit a message authored by another user")
    content, embeds = call.body.get("content", message.content), call.body.get("embeds", message.embeds)
    edited = replace(message, content=content or "", embeds=tuple(embeds or ()))
    channel.messages[index] = edited
    return message_json(edited, call.bot)


Route = tuple[str, str, Callable[[Call], Json | list[Json]]]
ROUTES: tuple[Route, ...] = (
    ("GET", "/users/@me", me),
    ("GET", "/oauth2/applications/@me", my_application),
    ("GET", "/gateway", gateway),
    ("GET", "/gateway/bot", gateway_for_bots),
    ("GET", "/channels/{channel_id}", get_channel),
    ("GET", "/guilds/{guild_id}", get_guild),
    ("GET", "/guilds/{guild_id}/channels", get_guild_channels),
    ("GET", "/guilds/{guild_id}/members/{user_id}", get_member),
    ("POST", "/channels/{channel_id}/messages", create_message),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}", edit_message),
)


def find_route(method: str, path: str) -> tuple[str, Mapping[str, str]] | None:
    """Return the operation (`POST /channels/{channel_id}/messages`) and the named parts of a path, or None."""
    for verb, template, _ in ROUTES:
        match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>\\d+)", template), path)
        if verb == method and match:
            return f"{verb} {template}", match.groupdict()
    return None


def handler_of(operation: str) -> Callable[[Call], Json | list[Json]] | None:
    """Return what performs an operation."""
    return next((handler for verb, template, handler in ROUTES if f"{verb} {template}" == operation), None)
