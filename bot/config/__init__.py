"""What an operator sets: config.toml and the environment, read once into values that cannot change.

`load(file, environ)` reads both and raises ConfigError with one line for every fault. Secrets come from the
environment or from files that it names, never from config.toml.
"""

from bot.config.chat import (
    ChatSettings,
    ConsoleSettings,
    DiscordSettings,
    QuotaSettings,
    SlackSettings,
    SlackWorkspaceSettings,
)
from bot.config.keys import encryption_key
from bot.config.reading import DEFAULT_FILE, load
from bot.config.secrets import Secrets, SlackSecrets
from bot.config.settings import (
    AlertSettings,
    Config,
    DeliverySettings,
    FeedSettings,
    LogSettings,
    PollingSettings,
    QueueSettings,
    RetentionSettings,
    Settings,
    StoreSettings,
    SubscriptionSettings,
)

__all__ = [
    "DEFAULT_FILE",
    "AlertSettings",
    "ChatSettings",
    "Config",
    "ConsoleSettings",
    "DeliverySettings",
    "DiscordSettings",
    "FeedSettings",
    "LogSettings",
    "PollingSettings",
    "QueueSettings",
    "QuotaSettings",
    "RetentionSettings",
    "Secrets",
    "Settings",
    "SlackSecrets",
    "SlackSettings",
    "SlackWorkspaceSettings",
    "StoreSettings",
    "SubscriptionSettings",
    "encryption_key",
    "load",
]
