"""One request to the imaginary Discord's REST API, and how it is refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.impersonators import discord_rules as rules
from tests.impersonators.discord_interactions import Interactions
from tests.impersonators.discord_messages import Attached
from tests.impersonators.discord_objects import Json
from tests.impersonators.discord_schema import Schema
from tests.impersonators.discord_world import VIEW_CHANNEL, DiscordBot, DiscordChannel, DiscordWorld, Guild
from tests.impersonators.loopback import SentFile


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
    interactions: Interactions
    schema: Schema
    bot: DiscordBot
    places: Mapping[str, str]
    body: Json
    at: datetime
    url: str
    gateway: Json
    """What `GET /gateway/bot` answers."""
    files: Mapping[str, SentFile] = field(default_factory=dict)

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
        guild = self.guild_of(channel)
        granted = guild.permissions(self.bot.id, channel) if self.bot.id in guild.members else 0
        if not granted & VIEW_CHANNEL:
            raise DiscordRefusal(403, 50001, "Missing Access")
        if needed & ~granted:
            raise DiscordRefusal(403, 50013, "Missing Permissions")
        return channel

    def guild_of(self, channel: DiscordChannel) -> Guild:
        """Return the server that a channel is in."""
        return self.world.guilds[channel.guild_id]

    def attached(self, channel_id: int) -> tuple[Attached, ...]:
        """Keep the files that came with the request, and return them."""
        kept = []
        for file in self.files.values():
            number = self.world.new_id(self.at)
            address = f"{self.url}/attachments/{channel_id}/{number}/{file.name}"
            self.world.files[number] = Attached(number, file.name, file.content, address)
            kept.append(self.world.files[number])
        return tuple(kept)

    def validate(self, body: Json, schema: str) -> None:
        """Refuse a message body that Discord would refuse."""
        refused = rules.refused_urls(body, self.world.refused_urls)
        refuse([*rules.message_faults(body), *self.schema.faults(schema, body), *refused])


def refuse(faults: Iterable[rules.Fault]) -> None:
    """Refuse a body as `50035 Invalid Form Body`, if there is anything against it."""
    found = list(faults)
    if found:
        raise DiscordRefusal(400, 50035, "Invalid Form Body", errors=_error_tree(found))


def _error_tree(faults: list[rules.Fault]) -> Json:
    tree: Json = {}
    for place, code, message in faults:
        node = tree
        for key in place.split(".") if place else ():
            node = node.setdefault(key, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})
    return tree
