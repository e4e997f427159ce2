"""What exists on the imaginary Discord: bots, people, servers, roles, channels and the messages in them."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.impersonators.discord_messages import Attached, DiscordMessage

DISCORD_EPOCH_MS = 1_420_070_400_000
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
SEND_MESSAGES_IN_THREADS = 1 << 38
USUAL = (
    VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | READ_MESSAGE_HISTORY | ATTACH_FILES
    | USE_APPLICATION_COMMANDS | CREATE_PUBLIC_THREADS | SEND_MESSAGES_IN_THREADS
)  # fmt: skip
"""What @everyone may do; Discord's own default grants MENTION_EVERYONE too."""
EVERYTHING = (1 << 53) - 1

TEXT, PRIVATE, CATEGORY, ANNOUNCEMENT, FORUM = 0, 1, 4, 5, 15
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
THREADS = frozenset({ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_MESSAGES = 1 << 9


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
    mentionable: bool = False


@dataclass(slots=True)
class DiscordChannel:
    """A channel or thread; tests may change its overwrites while they run."""

    id: int
    guild_id: int
    name: str
    type: int = TEXT
    overwrites: list[Overwrite] = field(default_factory=list)
    messages: list[DiscordMessage] = field(default_factory=list)
    whispers: list[DiscordMessage] = field(default_factory=list)
    """Ephemeral messages, each seen by one person only."""
    parent_id: int | None = None
    owner_id: int = 1
    archived: bool = False
    locked: bool = False
    tags: list[str] = field(default_factory=list)
    """Of a forum: tag n has the id n + 1."""
    needs_tag: bool = False
    made_at: datetime | None = None
    joined: set[int] = field(default_factory=set)
    """Who is in a thread; only they see a private one, besides those who manage threads."""

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS

    def shown(self) -> list[str]:
        """Return the words of its messages, oldest first, as everybody sees them."""
        return [message.text for message in self.messages]

    def find(self, message_id: int) -> DiscordMessage | None:
        """Return a message, also one that only one person sees."""
        return next((item for item in (*self.messages, *self.whispers) if item.id == message_id), None)

    def put(self, message: DiscordMessage) -> DiscordMessage:
        """Add a message, or put it in the place of the one with its id."""
        shelf = self.whispers if message.is_ephemeral else self.messages
        for index, item in enumerate(shelf):
            if item.id == message.id:
                shelf[index] = message
                return message
        shelf.append(message)
        return message

    def take_away(self, message_id: int) -> None:
        """Delete a message."""
        for shelf in (self.messages, self.whispers):
            shelf[:] = [item for item in shelf if item.id != message_id]


@dataclass(slots=True)
class Guild:
    """A server: its roles, who is in it with which roles, and its channels."""

    id: int
    name: str
    owner_id: int = 1
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    channels: dict[int, DiscordChannel] = field(default_factory=dict)
    """Threads too."""
    unavailable: bool = False

    def permissions(self, user_id: int, channel: DiscordChannel) -> int:
        """Compute what a member may do in a channel; in a thread the overwrites of its parent count.

        https://docs.discord.com/developers/topics/permissions#permission-overwrites
        """
        if channel.is_thread:
            channel = self.channels[channel.parent_id or 0]
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

    def notified(self, message: DiscordMessage, channel: DiscordChannel) -> tuple[str, ...]:
        """Return the mentions of a message that really notify somebody here."""
        if self.permissions(message.author_id, channel) & MENTION_EVERYONE:
            return message.pings
        open_roles = {f"<@&{role.id}>" for role in self.roles.values() if role.mentionable}
        closed = tuple(ping for ping in message.pings if ping[0] == "@" or ping.startswith("<@&"))
        return tuple(ping for ping in message.pings if ping not in closed or ping in open_roles)

    def sees(self, user_id: int, channel: DiscordChannel) -> bool:
        """Say whether somebody is here and may see a channel."""
        if user_id not in self.members:
            return False
        granted = self.permissions(user_id, channel)
        let_in = channel.type != PRIVATE_THREAD or user_id in channel.joined or bool(granted & MANAGE_THREADS)
        return let_in and bool(granted & VIEW_CHANNEL)


@dataclass(slots=True)
class DiscordBot:
    """An application with its bot user, known by its token."""

    id: int
    token: str
    name: str = "newsbot"
    revoked: bool = False
    privileged: int = 0
    """The privileged intents that it was granted in the developer portal."""


@dataclass(slots=True)
class DiscordPerson:
    """Somebody of flesh and blood."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the gateway tells the bots of a server."""

    name: str
    data: Mapping[str, Any]
    guild_id: int
    intent: int = 0
    """Who did not ask for this intent hears nothing of it; 0 goes to all."""
    bot_id: int = 0
    """The only bot that hears of it, even if it is no longer there."""
    channel: DiscordChannel | None = None
    """Only those who can see this channel hear of it."""


def unheard(_event: Event) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class DiscordWorld:
    """Every bot, person and server, and how Discord numbers things."""

    bots: dict[int, DiscordBot] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    people: dict[int, DiscordPerson] = field(default_factory=dict)
    refused_urls: set[str] = field(default_factory=set)
    """Addresses that Discord finds ill-formed though they look well; it refuses the whole message then."""
    files: dict[int, Attached] = field(default_factory=dict)
    """Every file that was uploaded, by its attachment's id."""
    commands: dict[tuple[int, int], list[dict[str, Any]]] = field(default_factory=dict)
    """The registered commands by bot and server; server 0 means everywhere."""
    letters: dict[int, DiscordChannel] = field(default_factory=dict)
    """What bots and a person say to each other outside every server, by the person."""
    emit: Callable[[Event], None] = unheard
    _counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def channel(self, channel_id: int) -> DiscordChannel:
        """Return a channel of any server, or of none; raise KeyError."""
        for letters in self.letters.values():
            if letters.id == channel_id:
                return letters
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        raise KeyError(channel_id)

    def user(self, user_id: int) -> DiscordBot | DiscordPerson | None:
        """Return a bot or a person."""
        return self.bots.get(user_id) or self.people.get(user_id)

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
