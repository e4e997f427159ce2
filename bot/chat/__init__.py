"""Chat platforms: each takes an AlertMessage and posts exactly one message of its own kind.

    console.py   terminal           console_text
    discord.py   Discord, REST      discord_embeds, discord_errors
    slack.py     Slack, Web API     slack_blocks, slack_errors
    escaping.py  outside text made inert and cut to length     limits.py   every limit, with its source

To add a platform: one file here with `send` and `check`, one line below, one parameter in `tests/contracts/test_chat.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name
from types import MappingProxyType
from typing import Any

from bot.errors import ConfigError

ADAPTERS: Mapping[str, str] = MappingProxyType(
    {
        "console": "bot.chat.console:ConsoleChat",
        "discord": "bot.chat.discord:DiscordChat",
        "slack": "bot.chat.slack:SlackChat",
    }
)


def adapter_class(platform: str) -> Any:
    """Return the class of a platform by its name here or as `module:Class`; import it only now."""
    path = ADAPTERS.get(platform, platform)
    if ":" not in path:
        known = ", ".join(sorted(ADAPTERS))
        raise ConfigError(f"{platform} is no chat platform. There are {known}, or module:Class of your own.")
    try:
        return resolve_name(path)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"The chat platform {path} cannot be loaded: {error}.") from error
