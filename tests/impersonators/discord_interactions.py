"""Interactions: what a person did, the token by which a bot answers it, and the time it has for that.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.impersonators.discord_messages import DiscordMessage
from tests.impersonators.discord_objects import channel_json, member_json, message_json, user_json
from tests.impersonators.discord_world import PRIVATE, DiscordChannel, DiscordWorld, Event
from tests.impersonators.loopback import Now

COMMAND, COMPONENT, AUTOCOMPLETE, FORM = 2, 3, 4, 5
RESPOND_WITHIN_S = 3.0
TOKEN_LASTS = timedelta(minutes=15)


@dataclass(slots=True, eq=False)
class Interaction:
    """One thing that a person did, and what came of it."""

    id: int
    token: str
    type: int
    bot_id: int
    guild_id: int
    channel_id: int
    person_id: int
    at: datetime
    begun_s: float
    """By the computer's own clock, which tests cannot wind."""
    source: DiscordMessage | None = None
    """The message whose button was pressed, or from which the form was opened."""
    response: int | None = None
    """The type of the first response."""
    original_id: int | None = None
    """The message that `@original` stands for."""
    followups: list[int] = field(default_factory=list)
    form: Mapping[str, Any] | None = None
    choices: list[Mapping[str, Any]] | None = None
    touched: bool = False
    """Whether something was shown after a deferred response."""
    refused_late: bool = False
    opened_by: int = 0
    """The interaction that opened the form that is handed in."""


Cause = DiscordMessage | Interaction | None


@dataclass(slots=True)
class Interactions:
    """All interactions so far; tests may shorten the time that bots have."""

    world: DiscordWorld
    now: Now
    url: Callable[[], str]
    """Where files are fetched."""
    respond_within_s: float = RESPOND_WITHIN_S
    token_lasts: timedelta = TOKEN_LASTS
    all: list[Interaction] = field(default_factory=list)
    _copies: list[int] = field(default_factory=list)
    _late: int = 0

    def repeat_next(self, copies: int = 2) -> None:
        """Let the gateway tell of the next interaction several times."""
        self._copies.append(copies)

    def delay_next(self) -> None:
        """Let the gateway tell of the next interaction only when its time is up."""
        self._late += 1

    def begin(
        self, kind: int, who: tuple[int, int], channel: DiscordChannel, cause: Cause = None
    ) -> Interaction:
        """Note what a person did; `who` are the bot and the person, `cause` the message or what opened the form."""
        opened_by, source = (cause.id, cause.source) if isinstance(cause, Interaction) else (0, cause)
        at, begun_s = self.now(), time.monotonic()
        if self._late:
            self._late -= 1
            begun_s -= self.respond_within_s + 1
        number = self.world.new_id(at)
        token = f"interaction-{number}.not.a-secret"
        interaction = Interaction(
            number, token, kind, who[0], channel.guild_id, channel.id, who[1], at, begun_s, source
        )
        interaction.opened_by = opened_by
        self.all.append(interaction)
        return interaction

    def tell(self, interaction: Interaction, data: Mapping[str, Any]) -> None:
        """Let the gateway tell the bot of it, if it is still in the server."""
        copies = self._copies.pop(0) if self._copies else 1
        if interaction.guild_id and interaction.bot_id not in self.world.guilds[interaction.guild_id].members:
            return
        event = Event(
            "INTERACTION_CREATE",
            self._described(interaction, data),
            interaction.guild_id,
            bot_id=interaction.bot_id,
        )
        for _ in range(copies):
            self.world.emit(event)

    def named(self, interaction_id: int, token: str) -> Interaction | None:
        """Return the interaction with an id and a token."""
        return next((item for item in self.all if item.id == interaction_id and item.token == token), None)

    def of_token(self, bot_id: int, token: str) -> Interaction | None:
        """Return the interaction that a bot may still follow up with a token."""
        for item in self.all:
            if item.token == token and item.bot_id == bot_id and self.now() - item.at < self.token_lasts:
                return item
        return None

    def is_late(self, interaction: Interaction) -> bool:
        """Say whether the time for a first response is over, by either clock."""
        by_wall = time.monotonic() - interaction.begun_s
        by_platform = (self.now() - interaction.at).total_seconds()
        return max(by_wall, by_platform) > self.respond_within_s

    def _described(self, interaction: Interaction, data: Mapping[str, Any]) -> dict[str, Any]:
        described = {
            "id": str(interaction.id),
            "application_id": str(interaction.bot_id),
            "type": interaction.type,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": str(interaction.channel_id),
            "locale": "en-US",
            "entitlements": [],
            "attachment_size_limit": 10 * 2**20,
        }
        about = self._in_server(interaction) if interaction.guild_id else self._privately(interaction)
        if interaction.source:
            author = self.world.user(interaction.source.author_id)
            assert author is not None
            about["message"] = message_json(interaction.source, author)
        return described | about

    def _privately(self, interaction: Interaction) -> dict[str, Any]:
        user = user_json(self.world.people[interaction.person_id])
        return {
            "channel": {"id": str(interaction.channel_id), "type": PRIVATE, "recipients": [user]},
            "user": user,
            "app_permissions": "0",
            "authorizing_integration_owners": {"0": "0"},
            "context": 1,
        }

    def _in_server(self, interaction: Interaction) -> dict[str, Any]:
        guild = self.world.guilds[interaction.guild_id]
        channel = guild.channels[interaction.channel_id]
        person = self.world.people[interaction.person_id]
        granted = guild.permissions(person.id, channel)
        ours = guild.permissions(interaction.bot_id, channel)
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "channel": {**channel_json(channel), "permissions": str(granted)},
            "member": {**member_json(guild, person), "permissions": str(granted)},
            "app_permissions": str(ours),
            "guild_locale": "en-US",
            "authorizing_integration_owners": {"0": str(guild.id)},
            "context": 0,
        }
