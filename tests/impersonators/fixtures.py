"""Fixtures `slack` and `discord`: a fresh platform for every test.

Discord's address is process-wide in discord.py, so all tests of a process share one port; each gets a new server on it.
"""

import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.clock import FakeClock
from tests.impersonators.discord import DiscordImpersonator
from tests.impersonators.slack import SlackImpersonator


@pytest.fixture(scope="session")
def discord_listener() -> Iterator[socket.socket]:
    """Hold the one port on which Discord is impersonated."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def platform_clock() -> FakeClock:
    """Wind the clock of the platforms: it dates messages, and decides how long a nonce folds."""
    return FakeClock()


@pytest.fixture
async def slack(platform_clock: FakeClock) -> AsyncIterator[SlackImpersonator]:
    """Serve a Slack with team T1 and its channel C1, #world."""
    async with SlackImpersonator(now=platform_clock.now) as server:
        server.add_team("T1")
        server.add_channel("C1", name="world")
        yield server


@pytest.fixture
async def discord(
    discord_listener: socket.socket, platform_clock: FakeClock
) -> AsyncIterator[DiscordImpersonator]:
    """Serve a Discord with bot 1000 in server 10 and its channel 123, #world."""
    server = DiscordImpersonator(now=platform_clock.now)
    server.add_bot(1000)
    server.add_guild(10)
    server.add_channel(123, name="world")
    await server.start(discord_listener)
    yield server
    await server.stop()
