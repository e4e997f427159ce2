"""Both impersonators as a separate process, so that they live on while the bot is killed.

    async with apart(tmp_path) as platforms:
        env = {"SLACK_URL": platforms.slack_url, …}
        ...
        assert accepted(platforms.journal, "discord") == …

The process ends with the block, and also when its parent dies.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.impersonators.loopback import CONTROL_PATH

REPOSITORY = Path(__file__).parents[2]
SLACK_TOKEN = "xoxb-T1-not-a-secret"
DISCORD_TOKEN = "bot-1000.not.a-secret"

DEFAULT_WORLD: Mapping[str, Any] = {
    "slack": [
        {
            "id": "T1",
            "name": "Foreign desk",
            "token": SLACK_TOKEN,
            "channels": [{"id": "C1", "name": "world"}, {"id": "C2", "name": "summits"}],
        }
    ],
    "discord": {
        "bots": [{"id": 1000, "token": DISCORD_TOKEN}],
        "guilds": [
            {
                "id": 10,
                "name": "Foreign desk",
                "channels": [{"id": 123, "name": "world"}, {"id": 124, "name": "summits"}],
            }
        ],
    },
}
"""The world of a process that is given no other."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A running process of impersonators: its addresses and its journal."""

    slack_url: str
    """For `AsyncWebClient(base_url=…)`."""
    discord_url: str
    """For `discord.http.Route.BASE`."""
    discord_gateway: str
    """For `DiscordWebSocket.DEFAULT_GATEWAY`."""
    journal: Path
    pid: int

    async def order_faults(self, platform: str, faults: Sequence[Mapping[str, Any]]) -> None:
        """Let a platform fail from now on, as `FaultPlan.load` describes."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._control(platform), json=faults) as answer,
        ):
            answer.raise_for_status()

    async def behave(self, platform: str) -> None:
        """Cancel every fault of a platform."""
        async with aiohttp.ClientSession() as session, session.delete(self._control(platform)) as answer:
            answer.raise_for_status()

    def _control(self, platform: str) -> str:
        url = self.slack_url if platform == "slack" else self.discord_url
        return url.split("/api/")[0] + CONTROL_PATH


@asynccontextmanager
async def apart(
    directory: Path, *, world: Mapping[str, Any] = DEFAULT_WORLD, faults: Mapping[str, Any] | None = None
) -> AsyncIterator[Apart]:
    """Start the process with its files in a directory, and end it afterwards; it also ends if its parent dies."""
    journal, world_file, faults_file = (
        directory / name for name in ("journal.jsonl", "world.json", "faults.json")
    )
    world_file.write_text(json.dumps(world), "utf-8")
    faults_file.write_text(json.dumps(faults or {}), "utf-8")
    arguments = ["--journal", journal, "--world", world_file, "--faults", faults_file]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.impersonators",
        *map(str, arguments),
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        addresses = json.loads(await _first_line(process))
        slack, discord, gateway = (addresses[name] for name in ("slack", "discord", "discord_gateway"))
        yield Apart(slack, discord, gateway, journal, addresses["pid"])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _first_line(process: asyncio.subprocess.Process) -> bytes:
    if process.stdout is None:
        raise RuntimeError("the process has no output to read")
    return await process.stdout.readline()
