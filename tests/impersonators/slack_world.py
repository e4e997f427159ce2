"""What exists on the imaginary Slack: teams, people, channels and the messages in them."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.impersonators.slack_messages import SlackFile, SlackMessage
from tests.impersonators.slack_modals import SlackView
from tests.impersonators.slack_screen import Happening, Kind, Numbers, Screen

BOT_SCOPES = (
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:write",
    "team:read",
    "usergroups:read",
    "users:read",
)


@dataclass(slots=True)
class SlackChannel:
    """A channel; tests may archive it or take the bot out while they run (`slack_events` tells the bot)."""

    id: str
    name: str
    team_id: str
    is_member: bool = True
    """Whether the bot is in it."""
    is_archived: bool = False
    is_private: bool = False
    is_im: bool = False
    members: set[str] = field(default_factory=set)
    """The people in it, without the bot."""
    messages: list[SlackMessage] = field(default_factory=list)
    whispers: list[SlackMessage] = field(default_factory=list)
    """Ephemeral messages that still stand, of all viewers."""

    def texts(self) -> list[str]:
        """Return what everybody can read here, oldest first."""
        return [message.shown.text for message in self.messages]


@dataclass(slots=True)
class SlackUser:
    """A person, with the standing that decides what they may do."""

    id: str
    name: str
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    """A guest; Slack sets this for single-channel guests too."""
    is_ultra_restricted: bool = False
    """A guest of one channel."""
    deleted: bool = False
    tz_offset_s: int = 0


@dataclass(slots=True)
class UserGroup:
    """Some people under one handle: `<!subteam^S1>`."""

    id: str
    handle: str
    name: str = ""
    users: tuple[str, ...] = ()


@dataclass(slots=True)
class Team:
    """A workspace with the bot's app installed; `token` is the bot's, `revoked` takes it back."""

    id: str
    name: str
    token: str
    scopes: tuple[str, ...] = BOT_SCOPES
    revoked: bool = False
    bot_name: str = "newsbot"
    app_id: str = ""
    app_token: str = ""
    """For Socket Mode. Teams with the same one have the same app, whose connections serve them all."""
    app_token_revoked: bool = False
    signing_secret: str = ""
    request_url: str | None = None
    """Where Slack posts payloads; None: over Socket Mode."""
    commands: tuple[str, ...] | None = None
    """Which slash commands the app has; None: whichever is typed."""
    shortcuts: Mapping[str, str] = field(default_factory=dict)
    """Callback ids of the message shortcuts by their names; unknown names are callback ids themselves."""
    events: tuple[str, ...] | None = None
    """Which events the app subscribed to; None: all."""
    interactivity: bool = True
    """Whether buttons, windows and shortcuts reach the app at all."""
    has_groups: bool = True
    """Whether the workspace pays for user groups."""
    escapes: bool = True
    """Whether channels and people in a command's text arrive as `<#C1|name>` and `<@U1|name>`."""
    channels: dict[str, SlackChannel] = field(default_factory=dict)
    users: dict[str, SlackUser] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    files: dict[str, SlackFile] = field(default_factory=dict)
    modals: dict[str, list[SlackView]] = field(default_factory=dict)
    """By person: the windows open one over another."""

    def __post_init__(self) -> None:
        self.app_id = self.app_id or f"A0{self.id}"
        self.app_token = self.app_token or f"xapp-1-{self.id}-not-a-secret"
        self.signing_secret = self.signing_secret or f"signing-secret-of-{self.id}"

    @property
    def bot_user_id(self) -> str:
        """Return the user id under which the bot posts."""
        return f"U0{self.id}BOT"

    @property
    def domain(self) -> str:
        """Return the first part of the workspace's address."""
        return self.id.lower()

    def join(self, user: SlackUser) -> None:
        """Let a person join the team, and its public channels unless they are a guest."""
        self.users[user.id] = user
        for channel in self.channels.values():
            if not (channel.is_private or user.is_restricted or user.is_ultra_restricted):
                channel.members.add(user.id)

    def open(self, channel: SlackChannel, members: Iterable[str] | None = None) -> None:
        """Open a channel; full members are in every public one unless its members are named."""
        self.channels[channel.id] = channel
        guests = {user.id for user in self.users.values() if user.is_restricted or user.is_ultra_restricted}
        everybody = set() if channel.is_private else set(self.users) - guests
        channel.members = everybody if members is None else set(members)


@dataclass(slots=True)
class Trigger:
    """What lets the bot open one window for one person, within seconds."""

    team: str
    user: str
    until_s: float
    """On the loop's clock: these three seconds are real."""
    channel: str = ""
    """Where the person acted."""
    used: bool = False
    modal: str | None = None
    """The window in which it arose; only then something may be pushed over it."""


@dataclass(slots=True)
class ResponseUrl:
    """What lets the bot answer one act of one person, five times within half an hour."""

    team: str
    channel: str
    user: str
    until_s: float
    """In seconds of the platform's clock."""
    uses: int = 0
    source: SlackMessage | None = None
    """The message whose button was pressed."""


@dataclass(slots=True)
class SlackWorld:
    """Every team, and how Slack counts."""

    teams: dict[str, Team] = field(default_factory=dict)
    unreachable_images: set[str] = field(default_factory=set)
    """Image URLs that Slack fails to download; it refuses the whole message then."""
    screen: Screen = field(default_factory=Screen)
    numbers: Numbers = field(default_factory=Numbers)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    uploads: dict[str, SlackFile] = field(default_factory=dict)
    """Files that the bot announced."""
    arrived: dict[str, SlackFile] = field(default_factory=dict)
    """Files whose content was posted but which stand nowhere yet."""
    tickets: dict[str, str] = field(default_factory=dict)
    """App tokens by the one-time tickets for a WebSocket."""
    events_due: list[tuple[Team, dict[str, Any]]] = field(default_factory=list)
    """What the bot must be told of after the method that is running."""
    _counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def channel(self, channel_id: str) -> SlackChannel:
        """Return a channel of any team; raise KeyError."""
        for team in self.teams.values():
            if channel_id in team.channels:
                return team.channels[channel_id]
        raise KeyError(channel_id)

    def team_of_token(self, token: str) -> Team | None:
        """Return the team that a bot token belongs to."""
        return next((team for team in self.teams.values() if team.token == token), None)

    def team_of_app_token(self, token: str) -> Team | None:
        """Return a team that has the app of an app-level token."""
        return next((team for team in self.teams.values() if team.app_token == token), None)

    def new_ts(self, at_s: float) -> str:
        """Return a message time: seconds, and a counter that makes it unique."""
        return f"{int(at_s)}.{next(self._counter):06d}"

    def post(self, message: SlackMessage) -> SlackMessage:
        """Put a message where it is seen."""
        channel = self.channel(message.channel)
        (channel.whispers if message.viewer else channel.messages).append(message)
        kind: Kind = "whispered" if message.viewer else "posted"
        self.screen.show(Happening(kind, channel.team_id, channel.id, message.viewer, message))
        return message

    def replace(self, old: SlackMessage, new: SlackMessage | None) -> None:
        """Put another message in the place of one that stands, or nothing."""
        channel = self.channel(old.channel)
        shelf = channel.whispers if old.viewer else channel.messages
        at = next(index for index, message in enumerate(shelf) if message.ts == old.ts)
        shelf[at : at + 1] = [new] if new else []
        kind: Kind = "edited" if new else "deleted"
        self.screen.show(Happening(kind, channel.team_id, channel.id, old.viewer, new or old))

    def load(self, document: Iterable[Mapping[str, Any]]) -> None:
        """Add teams written as data: `{"id", "name", "token", "channels": [{"id", "name", …}], "users": […]}`."""
        for row in document:
            entry = dict(row)
            channels, users, groups = (entry.pop(key, ()) for key in ("channels", "users", "groups"))
            team = Team(**entry)
            self.teams[team.id] = team
            for item in users:
                team.join(SlackUser(**item))
            for item in channels:
                more = dict(item)
                members = more.pop("members", None)
                team.open(SlackChannel(team_id=team.id, **more), members)
            team.groups = {item["id"]: UserGroup(**item) for item in groups}
