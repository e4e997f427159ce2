"""What exists on the imaginary Slack: teams, users, channels and the messages in them."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.impersonators.reading import Link, Reading, join
from tests.impersonators.slack_text import read_block, read_mrkdwn

BOT_SCOPES = (
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "groups:history",
    "groups:read",
    "team:read",
    "users:read",
)


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """A message as it stands in a channel."""

    ts: str
    channel: str
    user: str
    text: str
    """The fallback: what a notification shows."""
    blocks: tuple[Mapping[str, Any], ...] = ()
    metadata: Mapping[str, Any] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """The rest of what was sent: `unfurl_links`, `parse`, `thread_ts`, …"""

    @property
    def fallback(self) -> Reading:
        """Read the notification as Slack would render it."""
        names_linked = self.options.get("link_names") in (True, 1, "1", "true")
        parsed = self.options.get("parse") == "full" or names_linked
        return read_mrkdwn(self.text, verbatim=not parsed)

    @property
    def shown(self) -> Reading:
        """Read what the channel shows: the blocks, or the text where there are none."""
        if not self.blocks:
            return self.fallback
        return join(*(reading for block in self.blocks for reading in read_block(block)))

    @property
    def mentions(self) -> tuple[str, ...]:
        """Return whom the message would call, in the blocks or in the notification."""
        return self.shown.mentions + self.fallback.mentions

    @property
    def links(self) -> tuple[Link, ...]:
        """Return every link that can be clicked in the channel."""
        return self.shown.links

    @property
    def link(self) -> str | None:
        """Return where the headline (the first link) leads."""
        return self.links[0].url if self.links else None

    @property
    def headline(self) -> str | None:
        """Return the words of the first link."""
        return self.links[0].label if self.links else None


@dataclass(slots=True)
class SlackChannel:
    """A channel; tests may archive it or take the bot out while they run."""

    id: str
    name: str
    team_id: str
    is_member: bool = True
    is_archived: bool = False
    is_private: bool = False
    messages: list[SlackMessage] = field(default_factory=list)


@dataclass(slots=True)
class SlackUser:
    """A person, with the standing that decides what they may do."""

    id: str
    name: str
    is_admin: bool = False
    is_owner: bool = False
    tz_offset_s: int = 0


@dataclass(slots=True)
class Team:
    """A workspace with the bot installed; `token` is the bot's, `revoked` takes it back."""

    id: str
    name: str
    token: str
    scopes: tuple[str, ...] = BOT_SCOPES
    revoked: bool = False
    bot_name: str = "newsbot"
    channels: dict[str, SlackChannel] = field(default_factory=dict)
    users: dict[str, SlackUser] = field(default_factory=dict)

    @property
    def bot_user_id(self) -> str:
        """Return the user id under which the bot posts."""
        return f"U0{self.id}BOT"


@dataclass(slots=True)
class SlackWorld:
    """Every team, and how Slack counts."""

    teams: dict[str, Team] = field(default_factory=dict)
    unreachable_images: set[str] = field(default_factory=set)
    """Image URLs that Slack fails to download; it refuses the whole message then."""
    _counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def channel(self, channel_id: str) -> SlackChannel:
        """Return a channel of any team; raise KeyError."""
        return next(team.channels[channel_id] for team in self.teams.values() if channel_id in team.channels)

    def team_of_token(self, token: str) -> Team | None:
        """Return the team that a bot token belongs to."""
        return next((team for team in self.teams.values() if team.token == token), None)

    def new_ts(self, at_s: float) -> str:
        """Return a message time: seconds, and a counter that makes it unique."""
        return f"{int(at_s)}.{next(self._counter):06d}"

    def load(self, document: Iterable[Mapping[str, Any]]) -> None:
        """Add teams written as data: `{"id", "name", "token", "channels": [{"id", "name", …}], "users": […]}`."""
        for row in document:
            entry = dict(row)
            channels, users = entry.pop("channels", ()), entry.pop("users", ())
            team = Team(**entry)
            team.channels = {item["id"]: SlackChannel(team_id=team.id, **item) for item in channels}
            team.users = {item["id"]: SlackUser(**item) for item in users}
            self.teams[team.id] = team
