"""Chat platforms: each takes an AlertMessage and posts exactly one message of its own kind.

    console.py   terminal           console_text
    discord.py   Discord            REST for alerts, the gateway for commands; its docstring is the map of discord_*
    slack.py     Slack              Web API for alerts, sockets or HTTP for commands; its docstring is the map of slack_*
    escaping.py  outside text made inert and cut to length     limits.py   every limit, with its source

To add a platform: one file here with `send` and `check`, one line below, one parameter in `tests/contracts/test_chat.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot import plugins

ADAPTERS: Mapping[str, str] = MappingProxyType(
    {
        "console": "bot.chat.console:ConsoleChat",
        "discord": "bot.chat.discord:DiscordChat",
        "slack": "bot.chat.slack:SlackChat",
    }
)


def adapter_class(platform: str) -> Any:
    """Return the class of a platform by its name here or as `module:Class`; import it only now."""
    return plugins.load(platform, ADAPTERS, "chat platform")
