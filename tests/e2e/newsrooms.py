"""Newsrooms that share one newsbot: two Slack workspaces and two Discord servers, with people in them.

    async with newsrooms(house, slack, discord) as rooms:
        await rooms.quint.types("/news", "subscribe summit", channel="C1")
        await rooms.quint.presses("Confirm")

Slack's T1 (#world C1, #summits C2) has quint, T2 (#world C9) ada. Discord's 10 (#world 123, #summits 124) has ann, who
manages channels, and bob, who does not; 20 (#world 456) has cyd, who manages channels there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.chat.discord import DiscordChat
from bot.chat.slack_manifest import PATH, slack_manifest
from bot.config import Config, QuotaSettings, Secrets, SlackSecrets, SlackWorkspaceSettings
from bot.ports import ChatAdapter
from bot.runtime import attend
from bot.wiring import Bot, connected, open_bot
from tests.e2e.conftest import House, Running
from tests.impersonators import discord_people, slack_people
from tests.impersonators.discord import DiscordImpersonator
from tests.impersonators.discord_messages import DiscordMessage
from tests.impersonators.discord_world import MANAGE_CHANNELS, USUAL, Role
from tests.impersonators.slack import SlackImpersonator
from tests.impersonators.slack_manifest import granted
from tests.impersonators.slack_messages import SlackMessage
from tests.impersonators.slack_sight import Sight

EDITOR = 11
QUICK = {"identify_gap_s": 0.0, "ready_within_s": 0.05, "retry_s": 0.01}
"""How newsbot listens to the local Discord: without its real brother's pauses."""


def people(slack: SlackImpersonator, discord: DiscordImpersonator) -> None:
    """Let everybody join, and install the app by its own manifest: with those rights and no others."""
    slack.add_team("T2", name="Arts desk")
    for team in slack.world.teams.values():
        for name, value in granted(slack_manifest()).items():
            setattr(team, name, value)
    if "C2" not in slack.team("T1").channels:
        slack.add_channel("C2", name="summits")
    slack.add_channel("C9", name="world", team="T2")
    slack.add_user("U1", name="quint", team="T1")
    slack.add_user("U9", name="ada", team="T2")
    discord.add_guild(20, name="Arts desk")
    discord.add_channel(124, name="summits")
    discord.add_channel(456, name="world", guild=20)
    for guild in (10, 20):
        discord.admin.set_role(Role(EDITOR + guild, "editors", USUAL | MANAGE_CHANNELS), guild)
    discord.person("ann", guild=10, roles=[EDITOR + 10])
    discord.person("bob", guild=10)
    discord.person("cyd", guild=20, roles=[EDITOR + 20])


def settings(house: House, slack: SlackImpersonator, **quotas: int) -> Config:
    """Return what an operator of all four would have written."""
    names = {"T1": "DESK", "T2": "ARTS"}
    rows = tuple(SlackWorkspaceSettings(team=id, credentials=name) for id, name in names.items())
    keys = {
        name: SlackSecrets(
            bot_token=SecretStr(slack.world.teams[id].token),
            app_token=SecretStr(slack.world.teams[id].app_token),
            signing_secret=SecretStr(slack.world.teams[id].signing_secret),
        )
        for id, name in names.items()
    }
    chat = house.config.chat
    return house.config.model_copy(
        update={
            "chat": chat.model_copy(
                update={
                    "slack": chat.slack.model_copy(update={"workspaces": rows}),
                    "quotas": QuotaSettings(**{"commands": 1000} | quotas),
                }
            ),
            "secrets": Secrets(discord_token=house.config.secrets.discord_token, slack_workspaces=keys),
        }
    )


def quickened(chats: Mapping[str, ChatAdapter], **more: Any) -> Mapping[str, ChatAdapter]:
    """Return the platforms as they are wired, but with a Discord that does not pause before it begins."""
    found = chats["discord"]
    assert isinstance(found, DiscordChat)
    listening = replace(found._listener._listening, **QUICK | more)
    quick = DiscordChat(found._token, found._base_url, listening=listening)
    return {**chats, "discord": quick}


def told(sight: Sight) -> bool:
    """Say whether there is an answer for the one who asked; a line that everybody reads may come before or after."""
    return bool(sight.whispers or sight.modal or sight.failure)


class Listening(slack_people.Person):
    """Somebody in Slack who waits for the answer that is meant for them."""

    async def types(self, command: str, text: str = "", **more: Any) -> Sight:
        return await slack_people.Person.types(self, command, text, **{"until": told} | more)

    async def presses(self, label: str, **more: Any) -> Sight:
        return await slack_people.Person.presses(self, label, **{"until": told} | more)


@dataclass
class Newsrooms(Running):
    """The running bot, and everybody who talks to it."""

    slack: SlackImpersonator
    discord: DiscordImpersonator

    @property
    def quint(self) -> Listening:
        return self._in_slack("U1", "T1")

    @property
    def ada(self) -> Listening:
        return self._in_slack("U9", "T2")

    @property
    def ann(self) -> discord_people.Person:
        return self.discord.person("ann", guild=10)

    @property
    def bob(self) -> discord_people.Person:
        return self.discord.person("bob", guild=10)

    @property
    def cyd(self) -> discord_people.Person:
        return self.discord.person("cyd", guild=20)

    async def until(self, condition: Callable[[], object], within_s: float = 30.0) -> None:
        """Wait for something in either chat, or of the bot."""
        met = await self.discord.changes.until(lambda: bool(condition()), within_s)
        assert met, f"it did not happen within {within_s} s"

    def _in_slack(self, user: str, team: str) -> Listening:
        person = self.slack.person(user, team=team)
        return Listening(person.slack, person.team, person.user)

    def headlines(self) -> dict[str, list[str]]:
        """Return the headlines that stand in each channel that has any."""
        found: dict[str, list[str]] = {}
        messages: list[SlackMessage | DiscordMessage] = [*self.slack.messages, *self.discord.messages]
        for message in messages:
            channel = message.channel if isinstance(message, SlackMessage) else str(message.channel_id)
            if message.headline:
                found.setdefault(channel, []).append(message.headline)
        return found


@asynccontextmanager
async def newsrooms(
    house: House,
    slack: SlackImpersonator,
    discord: DiscordImpersonator,
    *,
    config: Config | None = None,
    sockets: int = 4,
    **listening: Any,
) -> AsyncIterator[Newsrooms]:
    """Open the bot and let it listen everywhere until the end of the block; again means: after a restart.

    It listens to Slack over two sockets for each app.
    """
    chosen = config or settings(house, slack)
    chats = quickened(connected(chosen, house.clock), **listening)
    async with (
        open_bot(chosen, chats, house.clock) as parts,
        heard(parts, slack, discord, sockets=sockets, shards=listening.get("shards", 1)),
    ):
        yield Newsrooms(parts, house.wire, house.clock, slack, discord)


@asynccontextmanager
async def heard(
    parts: Bot, slack: SlackImpersonator, discord: DiscordImpersonator, *, sockets: int, shards: int
) -> AsyncIterator[None]:
    """Run the listening roles as `newsbot run` does; begin when every platform is connected."""
    before, met = len(slack.sockets.connections), len(discord.gateway.connected)
    tasks = [
        asyncio.create_task(attend(name, listen, parts.clock))
        for name, listen in parts.roles.listeners.items()
    ]
    try:
        await _slack_connected(parts, slack, before + sockets)
        await discord.gateway.until_connected(met + shards)
        await discord.gateway.until(lambda: bool(discord.world.commands))
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _slack_connected(parts: Bot, slack: SlackImpersonator, count: int) -> None:
    """Wait for the sockets, or for the address where Slack posts."""
    settings = parts.config.chat.slack
    if settings.mode == "socket":
        await slack.sockets.connected(count)
        return
    url = f"http://{settings.address}:{settings.port}{PATH}"
    async with asyncio.timeout(20):
        while not await _answers(url):  # noqa: ASYNC110 - a port has no bell
            await asyncio.sleep(0.05)


async def _answers(url: str) -> bool:
    """Say whether whoever posts without a signature is refused, not put off."""
    try:
        async with aiohttp.ClientSession() as session, session.post(url, data=b"") as answer:
            return answer.status == 401
    except aiohttp.ClientConnectorError:
        return False
