"""Settings of the chat platforms, and of what people may do there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.config.secrets import VARIABLE
from bot.config.sections import Section
from bot.config.values import (
    BaseUrl,
    CommandName,
    GatewayUrl,
    HostAddress,
    SomeTime,
    SplitCommas,
    TeamId,
    read_duration,
)

Port = Annotated[int, Field(ge=1, le=65535)]
ServerId = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]


class QuotaSettings(Section):
    feeds: int = Field(100, ge=0)
    subscriptions: int = Field(200, ge=0)
    commands: int = Field(5, ge=1)
    within: SomeTime = read_duration("10s")


class ConsoleSettings(Section):
    enabled: bool = True
    channel: str = Field("world", min_length=1, max_length=80, pattern=r"^[\w-]+$")


class SlackWorkspaceSettings(Section):
    """One workspace of several, with credentials of its own."""

    team: TeamId
    credentials: Annotated[str, Field(pattern=VARIABLE)]
    """What the names of its variables begin with: DESK for DESK_BOT_TOKEN."""


class SlackSettings(Section):
    enabled: bool = True
    """With a token; without one nothing is sent to Slack in any case."""
    base_url: BaseUrl = "https://slack.com/api/"
    mode: Literal["socket", "http"] = "socket"
    address: HostAddress = "127.0.0.1"
    port: Port = 3000
    workspaces: tuple[SlackWorkspaceSettings, ...] = ()
    """Empty for the one whose tokens are SLACK_BOT_TOKEN and SLACK_APP_TOKEN."""


class DiscordSettings(Section):
    enabled: bool = True
    """With a token; without one nothing is sent to Discord in any case."""
    base_url: BaseUrl = "https://discord.com/api/v10/"
    gateway_url: GatewayUrl = "wss://gateway.discord.gg/"
    shards: int = Field(1, ge=1, le=1000)
    """Connections that share the servers out; Discord demands one for each 2,500."""
    development_servers: Annotated[tuple[ServerId, ...], SplitCommas] = ()
    """Where commands are registered; empty for everywhere."""


class ChatSettings(Section):
    command: CommandName = "news"
    quotas: QuotaSettings = QuotaSettings()
    console: ConsoleSettings = ConsoleSettings()
    slack: SlackSettings = SlackSettings()
    discord: DiscordSettings = DiscordSettings()
