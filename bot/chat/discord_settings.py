"""Where Discord is, and how newsbot listens to it."""

from __future__ import annotations

from dataclasses import dataclass

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.errors import ConfigError

DEFAULT_URL = "https://discord.com/api/v10"
DEFAULT_GATEWAY = "wss://gateway.discord.gg/"


@dataclass(frozen=True, slots=True)
class DiscordListening:
    """How a DiscordChat hears what people say."""

    gateway_url: str = DEFAULT_GATEWAY
    command: str = "news"
    """What people type after the slash; lower case, at most 32 characters."""
    shards: int = 1
    """Over how many connections the servers are shared out; Discord demands one for each 2,500."""
    shard_ids: tuple[int, ...] = ()
    """Those that this process serves, counted from 0; empty for all."""
    development_servers: tuple[str, ...] = ()
    """Ids of the servers in which commands are registered, where they change at once; empty for everywhere."""
    identify_gap_s: float = 5.0
    """Between two shards that introduce themselves: what Discord grants a bot that it has granted nothing else."""
    ready_within_s: float = 2.0
    """How long further servers are waited for after the connection is made."""
    retry_s: float = 1.0
    """Before the first attempt to connect anew after a failure; each one after waits twice as long."""
    form_within_s: float = 2.0
    """How long an answer that may open a form is waited for; Discord takes a first answer within 3 s only."""


_addresses: dict[str, str] = {}
"""Where this process finds Discord: discord.py has one address per process, so this is state of the module too."""


def point_at(base_url: str) -> None:
    """Set the address of Discord's API for this process; raise ConfigError when it is already another."""
    Route.BASE = _only("API", base_url.rstrip("/"))
    # We do not speak: no warnings about missing voice libraries.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def point_gateway_at(gateway_url: str) -> None:
    """Set the address of Discord's gateway for this process; raise ConfigError when it is already another."""
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(_only("gateway", gateway_url))


def _only(what: str, address: str) -> str:
    known = _addresses.setdefault(what, address)
    if known != address:
        raise ConfigError(
            f"This process already talks to Discord’s {what} at {known}; it cannot also use {address}."
        )
    return address
