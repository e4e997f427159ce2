"""The chat platforms as the settings want them, each with its secrets and a way to hear people."""

from __future__ import annotations

import asyncio
import getpass
from typing import TYPE_CHECKING, Any

from bot.chat import adapter_class
from bot.config import Config
from bot.domain.model import ChannelAddress, Person
from bot.ports import ChatAdapter, Clock

if TYPE_CHECKING:
    from bot.chat.console_keyboard import Keyboard
    from bot.config.secrets import SlackSecrets


def connected(config: Config, clock: Clock, keyboard: Keyboard | None = None) -> dict[str, ChatAdapter]:
    """Build the platforms that are enabled and have what they need."""
    chats: dict[str, ChatAdapter] = {}
    if config.chat.console.enabled:
        chats["console"] = console(config, clock, keyboard)
    if config.chat.slack.enabled and (slack := _slack(config)):
        chats["slack"] = slack
    if config.chat.discord.enabled and config.secrets.discord_token:
        chats["discord"] = _discord(config, config.secrets.discord_token.get_secret_value())
    return chats


def console(
    config: Config, clock: Clock, keyboard: Keyboard | None = None, *, closes: bool = False
) -> ChatAdapter:
    """Build the terminal; with a keyboard it hears commands, and newsbot `closes` with the last of them."""
    from bot.chat.console import ConsoleListening
    from bot.chat.console_talk import Seat

    here = ChannelAddress("console", "local", config.chat.console.channel)
    listening = ConsoleListening(keyboard, Seat(_operator(), here, closes)) if keyboard else None
    chat: ChatAdapter = adapter_class("console")(clock, listening=listening)
    return chat


def _operator() -> Person:
    """Return whoever runs newsbot, by the name that the machine knows them under."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user that has only a number, as in a container
        name = "operator"
    return Person(name, name)


def _slack(config: Config) -> ChatAdapter | None:
    from bot.chat.slack_settings import SlackListening, SlackWorkspace

    def workspace(name: str, team: str, secrets: SlackSecrets) -> SlackWorkspace:
        clear = {field: value.get_secret_value() if value else "" for field, value in secrets}
        return SlackWorkspace(name, team_id=team, **clear)

    settings, several = config.chat.slack, config.secrets.slack_workspaces
    workspaces = [
        workspace(row.credentials, row.team, several[row.credentials]) for row in settings.workspaces
    ]
    if not workspaces and (only := config.secrets.slack):
        workspaces = [workspace("slack", "", only)]
    if not workspaces:
        return None
    listening = SlackListening(http=settings.mode == "http")
    chat: ChatAdapter = adapter_class("slack")(workspaces, settings.base_url, listening=listening)
    return chat


def _discord(config: Config, token: str) -> ChatAdapter:
    from bot.chat.discord_settings import DiscordListening

    settings = config.chat.discord
    listening = DiscordListening(
        gateway_url=settings.gateway_url,
        command=config.chat.command,
        shards=settings.shards,
        development_servers=settings.development_servers,
    )
    chat: ChatAdapter = adapter_class("discord")(token, settings.base_url, listening=listening)
    return chat


async def serve_http(address: str, port: int, slack: Any) -> None:
    """Take what Slack posts until cancelled."""
    from bot.chat.slack_manifest import PATH
    from bot.web.server import WebServer

    async with WebServer(address, port, {PATH: slack.hook}):
        await asyncio.Event().wait()
