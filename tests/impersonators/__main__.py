"""Run both impersonators as a process of their own.

    python -m tests.impersonators --journal FILE [--world FILE.json] [--faults FILE.json] [--lifetime-s 900]

The first line on standard output is JSON with the addresses. It ends with SIGTERM, when its standard input (if that is
a pipe) closes, or after its lifetime. Faults may be ordered while it runs: POST them to `/control/faults`, DELETE to stop.
"""

import argparse
import asyncio
import json
import os
import signal
import stat
import sys
from pathlib import Path

from tests.impersonators.discord import DiscordImpersonator
from tests.impersonators.journal import Journal
from tests.impersonators.process import DEFAULT_WORLD
from tests.impersonators.slack import SlackImpersonator


def main() -> None:
    """Parse the options and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="tests.impersonators", description=__doc__)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--world", type=Path)
    parser.add_argument("--faults", type=Path)
    parser.add_argument("--lifetime-s", type=float, default=900.0)
    options = parser.parse_args()
    asyncio.run(serve(options))


async def serve(options: argparse.Namespace) -> None:
    """Serve Slack and Discord, writing to one journal."""
    journal = Journal(options.journal)
    world = json.loads(options.world.read_text("utf-8")) if options.world else DEFAULT_WORLD
    async with SlackImpersonator(journal=journal) as slack, DiscordImpersonator(journal=journal) as discord:
        slack.world.load(world.get("slack", ()))
        discord.world.load(world.get("discord", {}))
        if options.faults:
            faults = json.loads(options.faults.read_text("utf-8"))
            slack.faults.load(faults.get("slack", ()))
            discord.faults.load(faults.get("discord", ()))
        addresses = {"slack": slack.base_url, "discord": discord.base_url, "pid": os.getpid()}
        addresses["discord_gateway"] = discord.gateway.url
        sys.stdout.write(json.dumps(addresses) + "\n")
        sys.stdout.flush()
        await _until_told(options.lifetime_s)
    journal.close()


async def _until_told(lifetime_s: float) -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        loop.add_reader(0, lambda: told.set() if not os.read(0, 4096) else None)
    try:
        async with asyncio.timeout(lifetime_s):
            await told.wait()
    except TimeoutError:
        return


if __name__ == "__main__":
    main()
