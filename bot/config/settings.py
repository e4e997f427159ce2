"""Every setting, with its default. `config.example.toml` shows them all to a reader."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bot import __version__
from bot.config.chat import ChatSettings
from bot.config.secrets import VARIABLE, Secrets
from bot.config.sections import Name, Section
from bot.config.values import (
    ChannelName,
    Duration,
    FeedUrl,
    Network,
    QueryText,
    Size,
    SomeTime,
    SplitCommas,
    StoreUrl,
    WorkspaceName,
    read_duration,
)
from bot.domain.model import AlertRules, Origin, PollRules
from bot.domain.query.naming import read_name
from bot.ports import FeedRow, Retention, SubscriptionRow

Kind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$|^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")]
"""A name from a registry, or a third party's `module:Class`."""


class StoreSettings(Section):
    url: StoreUrl = "sqlite:///newsbot.db"
    """A relative path starts at the folder of config.toml; `load` makes it absolute."""

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None for a database server."""
        scheme, _, path = self.url.partition(":///")
        return Path(path) if scheme == "sqlite" and path else None


class QueueSettings(Section):
    kind: Kind = "memory"


class PollingSettings(Section):
    interval: SomeTime = read_duration("5m")
    min_interval: SomeTime = read_duration("1m")
    max_interval: SomeTime = read_duration("6h")
    jitter: float = Field(0.1, ge=0, le=1)
    timeout: SomeTime = read_duration("20s")
    max_bytes: Size = Field(5_000_000, ge=10_000)
    max_redirects: int = Field(5, ge=0, le=20)
    per_host_gap: Duration = read_duration("1s")
    per_host_in_flight: int = Field(1, ge=1, le=64)
    concurrency: int = Field(16, ge=1, le=1000)
    user_agent: str = Field("newsbot/{version}", min_length=1, pattern=r"^[\x20-\x7e]+$")
    contact: str = Field("", pattern=r"^[\x20-\x7e]*$")
    parse_timeout: SomeTime = read_duration("3s")
    parsers: int = Field(2, ge=1, le=64)
    allow_networks: Annotated[tuple[Network, ...], SplitCommas] = ()
    extra_ports: Annotated[tuple[Annotated[int, Field(ge=1, le=65535)], ...], SplitCommas] = ()

    @model_validator(mode="after")
    def _shortest_is_not_the_longest(self) -> Self:
        if self.min_interval > self.max_interval:
            raise PydanticCustomError(
                "said", "{sentence}", {"sentence": "min_interval is longer than max_interval."}
            )
        return self

    @property
    def rules(self) -> PollRules:
        return PollRules(self.interval, self.min_interval, self.max_interval, self.jitter)

    @property
    def full_user_agent(self) -> str:
        """What servers are told: who asks, and how the operator can be reached."""
        agent = self.user_agent.replace("{version}", __version__)
        return f"{agent} (+{self.contact})" if self.contact else agent


class AlertSettings(Section):
    max_age: SomeTime = AlertRules().max_age
    gather: Duration = AlertRules().gather
    flood_limit: int = Field(AlertRules().flood_limit, ge=1)

    @property
    def rules(self) -> AlertRules:
        return AlertRules(self.max_age, self.gather, self.flood_limit)


class DeliverySettings(Section):
    workers: int = Field(8, ge=1, le=64)
    claim: SomeTime = read_duration("2m")


class RetentionSettings(Section):
    articles: SomeTime = read_duration("90d")
    ids: SomeTime = read_duration("90d")
    deliveries: SomeTime = read_duration("90d")

    @property
    def rules(self) -> Retention:
        return Retention(
            self.articles.total_seconds(), self.ids.total_seconds(), self.deliveries.total_seconds()
        )


class LogSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "text", "json"] = "auto"
    """`auto` is text on a terminal and JSON elsewhere."""


class FeedSettings(Section):
    name: Name
    url: FeedUrl
    kind: Kind = "feed"
    title: str = ""
    interval: SomeTime | None = None
    credentials: Annotated[str, Field(pattern=VARIABLE)] | None = None
    """The name of an environment variable that holds `user:password`."""
    workspaces: Annotated[tuple[WorkspaceName, ...], SplitCommas] = ()

    @property
    def row(self) -> FeedRow:
        return FeedRow(
            kind=self.kind,
            url=self.url,
            origin=Origin.FILE,
            name=self.name,
            title=self.title,
            workspaces=self.workspaces,
            credentials=self.credentials,
            interval_s=self.interval.total_seconds() if self.interval else None,
        )


class SubscriptionSettings(Section):
    name: Name
    channel: ChannelName
    query: QueryText
    feeds: Annotated[tuple[str, ...], SplitCommas] = ()
    """Names of feeds in the same file."""

    @property
    def row(self) -> SubscriptionRow:
        return SubscriptionRow(self.channel, self.query, Origin.FILE, name=self.name, feeds=self.feeds)


class Settings(Section):
    """What config.toml may say."""

    store: StoreSettings = StoreSettings()
    queue: QueueSettings = QueueSettings()
    polling: PollingSettings = PollingSettings()
    alerts: AlertSettings = AlertSettings()
    delivery: DeliverySettings = DeliverySettings()
    retention: RetentionSettings = RetentionSettings()
    chat: ChatSettings = ChatSettings()
    log: LogSettings = LogSettings()
    terms: dict[str, str] = Field(default_factory=dict)
    """Definitions of named terms, by their names as written."""
    feeds: tuple[FeedSettings, ...] = ()
    subscriptions: tuple[SubscriptionSettings, ...] = ()


class Config(Settings):
    """The settings, where they came from, and the secrets of the environment."""

    file: Path | None = None
    """None when there is no config.toml."""
    secrets: Secrets = Secrets()
    provenance: Mapping[str, str] = {}
    """What the settings that people in chats feel say, and where that stands."""

    @property
    def feed_rows(self) -> tuple[FeedRow, ...]:
        return tuple(feed.row for feed in self.feeds)

    @property
    def glossary(self) -> dict[str, str]:
        """The terms' definitions by the names they are known by."""
        return {read_name(name): definition.strip() for name, definition in self.terms.items()}

    @property
    def subscription_rows(self) -> tuple[SubscriptionRow, ...]:
        return tuple(subscription.row for subscription in self.subscriptions)
