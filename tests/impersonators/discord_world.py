"""What exists on the imaginary Discord: bots, servers, roles, channels and the messages in them."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.impersonators.discord_text import pings, read_embed, read_markdown
from tests.impersonators.reading import Link, Reading, join

DISCORD_EPOCH_MS = 1_420_070_400_000
ADMINISTRATOR = 1 << 3
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
EMBED_LINKS = 1 << 14
READ_MESSAGE_HISTORY = 1 << 16
USUAL = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | READ_MESSAGE_HISTORY
EVERYTHING = (1 << 53) - 1


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """A message as it stands in a channel, after folding."""

    id: int
    channel_id: int
    author_id: int
    at: datetime
    content: str = ""
    embeds: tuple[Mapping[str, Any], ...] = ()
    nonce: str | None = None
    allowed_mentions: Mapping[str, Any] | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    """Everything that was sent."""
    sent_times: int = 1
    """How often it was sent under the same nonce."""

    @property
    def pings(self) -> tuple[str, ...]:
        """Return whom it notified."""
        return pings(self.content, self.allowed_mentions)

    @property
    def shown(self) -> Reading:
        """Read what the channel shows: the content, then each embed from top to bottom."""
        content = [read_markdown(self.content)] if self.content else []
        return join(*content, *(reading for embed in self.embeds for reading in read_embed(embed)))

    @property
    def headline(self) -> str | None:
        """Return the title of the first embed, as shown."""
        return read_markdown(self.embeds[0]["title"]).text if self.embeds else None

    @property
    def link(self) -> str | None:
        """Return where the title of the first embed leads."""
        return self.embeds[0].get("url") if self.embeds else None

    @property
    def links(self) -> tuple[Link, ...]:
        """Return every link that can be clicked."""
        titled = (embed for embed in self.embeds if "url" in embed)
        return tuple(Link(embed["url"], embed.get("title", "")) for embed in titled) + self.shown.links


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A channel's exception for a role or a member."""

    target_id: int
    allow: int = 0
    deny: int = 0
    is_member: bool = False


@dataclass(slots=True)
class Role:
    """A role of a server; the one with the server's own id is @everyone."""

    id: int
    name: str
    permissions: int = USUAL


@dataclass(slots=True)
class DiscordChannel:
    """A text channel; tests may change its overwrites while they run."""

    id: int
    guild_id: int
    name: str
    type: int = 0
    overwrites: list[Overwrite] = field(default_factory=list)
    messages: list[DiscordMessage] = field(default_factory=list)


@dataclass(slots=True)
class Guild:
    """A server: its roles, who is in it with which roles, and its channels."""

    id: int
    name: str
    owner_id: int = 1
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    channels: dict[int, DiscordChannel] = field(default_factory=dict)

    def permissions(self, user_id: int, channel: DiscordChannel) -> int:
        """Compute what a member may do in a channel.

        https://docs.discord.com/developers/topics/permissions#permission-overwrites
        """
        role_ids = {self.id, *self.members[user_id]}
        granted = 0
        for role_id in role_ids:
            granted |= self.roles[role_id].permissions
        if granted & ADMINISTRATOR or user_id == self.owner_id:
            return EVERYTHING
        for group in (
            [item for item in channel.overwrites if item.target_id == self.id],
            [item for item in channel.overwrites if item.target_id in role_ids - {self.id}],
            [item for item in channel.overwrites if item.is_member and item.target_id == user_id],
        ):
            for item in group:
                granted &= ~item.deny
            for item in group:
                granted |= item.allow
        return granted


@dataclass(slots=True)
class DiscordBot:
    """An application with its bot user, known by its token."""

    id: int
    token: str
    name: str = "newsbot"
    revoked: bool = False


@dataclass(slots=True)
class DiscordWorld:
    """Every bot and every server, and how Discord numbers things."""

    bots: dict[int, DiscordBot] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    refused_urls: set[str] = field(default_factory=set)
    """Addresses that Discord finds ill-formed though they look well; it refuses the whole message then."""
    _counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def channel(self, channel_id: int) -> DiscordChannel:
        """Return a channel of any server; raise KeyError."""
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        raise KeyError(channel_id)

    def bot_of_token(self, token: str) -> DiscordBot | None:
        """Return the bot that a token belongs to, unless it was reset."""
        return next((bot for bot in self.bots.values() if bot.token == token and not bot.revoked), None)

    def new_id(self, at: datetime) -> int:
        """Return a snowflake: the time, and a counter that keeps the order."""
        return ((int(at.timestamp() * 1000) - DISCORD_EPOCH_MS) << 22) | (next(self._counter) & 0x3FFFFF)

    def add_guild(
        self, guild_id: int, name: str, *, permissions: int = USUAL, bots_join: bool = True
    ) -> Guild:
        """Open a server with its @everyone role; the bots that exist join it."""
        guild = Guild(guild_id, name)
        guild.roles[guild_id] = Role(guild_id, "@everyone", permissions)
        if bots_join:
            guild.members = {bot_id: [] for bot_id in self.bots}
        self.guilds[guild_id] = guild
        return guild

    def load(self, document: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Add what is written as data: `{"bots": [{"id", "token"}], "guilds": [{"id", "name", "channels": […]}]}`."""
        for row in document.get("bots", ()):
            bot = DiscordBot(**row)
            self.bots[bot.id] = bot
        for row in document.get("guilds", ()):
            guild = self.add_guild(row["id"], row["name"])
            for item in row.get("channels", ()):
                guild.channels[item["id"]] = DiscordChannel(item["id"], guild.id, item["name"])
