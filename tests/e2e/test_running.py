"""`newsbot run` as an operator runs it: a process of its own that heeds signals."""

import asyncio
import json
import signal
import sqlite3
import time
from collections.abc import Awaitable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.articles import article
from tests.impersonators import faults
from tests.impersonators.discord import DiscordImpersonator
from tests.impersonators.newsstand import Newsstand
from tests.impersonators.slack import SlackImpersonator
from tests.shell import Shell

PATIENCE_S = 60
DRAINED_WITHIN_S = 25
KIM = "Kim agrees to a second meeting"


def headlines(place):
    return [message.headline for message in place.messages]


async def asked_to_post(platform):
    """Wait until a platform was asked to post something."""
    while not any(request.posts for request in platform.requests):
        await platform.arrived(len(platform.requests) + 1)


@dataclass
class Office:
    """A folder with a config, the wire it reads, and the platforms it posts to."""

    shell: Shell
    stand: Newsstand
    slack: SlackImpersonator
    discord: DiscordImpersonator

    def configure(self, **channels: str) -> None:
        """Write a config with one subscription for each channel."""
        watching = "".join(
            f'[[subscriptions]]\nname = "{name}"\nquery = "Kim"\nchannel = "{channel}"\n'
            for name, channel in channels.items()
        )
        self.shell.config(
            f"""
            [polling]
            interval = "300ms"
            min_interval = "300ms"
            per_host_gap = "0s"
            allow_networks = ["127.0.0.0/8"]
            extra_ports = [{self.stand.port}]
            [alerts]
            gather = "0s"
            [log]
            format = "json"
            [chat]
            console.enabled = false
            slack.base_url = "{self.slack.base_url}"
            discord.base_url = "{self.discord.base_url}"
            discord.gateway_url = "{self.discord.gateway.url}"
            [[feeds]]
            name = "world"
            url = "{self.stand.url("/world.xml")}"
            {watching}
            """
        )

    @asynccontextmanager
    async def running(self):
        """Run newsbot until the block ends, having read its feed once."""
        token = self.slack.world.teams["T1"].token
        process = await self.shell.start(
            "run", SLACK_BOT_TOKEN=token, DISCORD_TOKEN=self.discord.world.bots[1000].token
        )
        bot = Process(process, asyncio.ensure_future(process.stdout.read()))
        try:
            await bot.unless_it_ends(self.stand.arrival(len(self.stand.requests) + 2))
            yield bot
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            await bot.output
            await bot.read_to_end()

    def publish(self, title: str = KIM, number: int = 1) -> None:
        self.stand.print("/world.xml", article(title, datetime.now(UTC), number=number))

    def states(self) -> dict[str, str]:
        """Say of each platform in which state its newest delivery is."""
        with closing(sqlite3.connect(self.shell.folder / "newsbot.db")) as database:
            return dict(
                database.execute(
                    "SELECT platform, state FROM deliveries JOIN channels ON channels.id = channel_id"
                    " JOIN workspaces ON workspaces.id = workspace_id ORDER BY deliveries.created_at"
                ).fetchall()
            )


@dataclass
class Process:
    """A running newsbot."""

    process: asyncio.subprocess.Process
    output: asyncio.Future[bytes]
    log: list[dict[str, object]] = field(default_factory=list)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    async def says(self, event: str) -> dict[str, object]:
        """Wait for a line of its log."""
        async with asyncio.timeout(PATIENCE_S):
            while told := await self._line():
                if told["event"] == event:
                    return told
        raise AssertionError(f"it ended without saying “{event}”")

    async def unless_it_ends(self, wanted: Awaitable[object]) -> None:
        """Wait for what a running newsbot brings about."""
        waiting = asyncio.ensure_future(wanted)
        ending = asyncio.ensure_future(self.process.wait())
        await asyncio.wait([waiting, ending], timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        came = waiting.done()
        waiting.cancel()
        ending.cancel()
        if not came:
            assert self.process.stderr is not None
            code = self.process.returncode
            told = await self.process.stderr.read() if code is not None else b"(still running)"
            raise AssertionError(f"exit code {code}: {told.decode()[-2000:]}")

    async def read_to_end(self) -> None:
        while await self._line():
            pass

    async def _line(self) -> dict[str, object] | None:
        assert self.process.stderr is not None
        line = await self.process.stderr.readline()
        if line:
            self.log.append(json.loads(line) if line.startswith(b"{") else {"event": line.decode().strip()})
        return self.log[-1] if line else None

    @property
    def troubles(self) -> list[dict[str, object]]:
        """Return what it logged as an error, or wrote outside its log."""
        return [told for told in self.log if told.get("level") not in {"debug", "info", "warning"}]

    async def ended(self) -> int:
        """Wait for its end; return the exit code."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()


@pytest.fixture
async def office(shell, slack, discord, tmp_path: Path):
    slack.add_channel("C2", name="summits")
    async with Newsstand() as stand:
        stand.print(
            "/world.xml", article("What was there before", datetime(2024, 1, 1, tzinfo=UTC), number=0)
        )
        made = Office(shell, stand, slack, discord)
        made.configure(world="slack:T1/C1", server="discord:10/123")
        yield made


async def test_it_posts_what_is_published_and_ends_in_order(office, slack, discord):
    async with office.running() as bot:
        office.publish()
        await asked_to_post(slack)
        await asked_to_post(discord)
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert headlines(slack) == headlines(discord) == [KIM]
    assert office.states() == {"slack": "sent", "discord": "sent"}
    assert bot.troubles == []


async def test_run_again_it_posts_nothing_again(office, slack, discord):
    for _ in range(2):
        async with office.running() as bot:
            if not slack.messages:
                office.publish()
            await asked_to_post(slack)
            await asked_to_post(discord)
            await office.stand.arrival(len(office.stand.requests) + 2)
            bot.signal(signal.SIGTERM)
            assert await bot.ended() == 0
    assert headlines(slack) == headlines(discord) == [KIM]


async def test_sigterm_finishes_what_is_in_hand_and_ends_though_a_platform_hangs(office, slack, discord):
    gate = asyncio.Event()
    slack.faults.next(faults.hang())
    discord.faults.next(faults.slow(gate=gate))
    async with office.running() as bot:
        office.publish()
        await asked_to_post(slack)
        await asked_to_post(discord)
        asked = time.monotonic()
        bot.signal(signal.SIGTERM)
        await bot.says("stopping: finishing what is in hand")
        gate.set()
        assert await bot.ended() == 0
        assert time.monotonic() - asked < DRAINED_WITHIN_S
    assert bot.troubles == []
    assert headlines(discord) == [KIM]
    assert office.states()["discord"] == "sent"
    assert office.states()["slack"] in {"claimed", "pending"}


async def test_a_second_sigterm_ends_it_at_once(office, slack):
    slack.faults.next(faults.hang())
    async with office.running() as bot:
        office.publish()
        await asked_to_post(slack)
        asked = time.monotonic()
        bot.signal(signal.SIGTERM)
        await bot.says("still finishing what is in hand; a second signal ends it at once")
        bot.signal(signal.SIGTERM)
        await bot.says("stopping at once")
        await bot.ended()
        assert time.monotonic() - asked < 10
    assert bot.troubles == []
    assert office.states()["slack"] in {"claimed", "pending"}


async def test_the_echo_of_a_signal_is_no_second_one(office, discord):
    """`timeout` sends SIGTERM to the process and to its group. Two kinds of signal here: equal ones may merge."""
    gate = asyncio.Event()
    discord.faults.next(faults.slow(gate=gate))
    async with office.running() as bot:
        office.publish()
        await asked_to_post(discord)
        bot.signal(signal.SIGTERM)
        bot.signal(signal.SIGINT)
        await bot.says("still finishing what is in hand; a second signal ends it at once")
        gate.set()
        assert await bot.ended() == 0
    assert bot.troubles == []
    assert headlines(discord) == [KIM]
    assert office.states()["discord"] == "sent"


async def test_sighup_takes_over_what_changed_in_the_file(office, slack, discord):
    async with office.running() as bot:
        office.configure(summits="slack:T1/C2", server="discord:10/123")
        bot.signal(signal.SIGHUP)
        told = await bot.says("settings taken over")
        assert (told["added"], told["retired"]) == (["summits"], ["world"])
        office.publish()
        await asked_to_post(slack)
        await asked_to_post(discord)
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert headlines(slack.channel("C2")) == headlines(discord) == [KIM]
    assert headlines(slack.channel("C1")) == []


async def test_sighup_with_a_broken_file_changes_nothing(office, slack):
    async with office.running() as bot:
        office.shell.config("[polling]\nintervall = 3\n")
        bot.signal(signal.SIGHUP)
        told = await bot.says("settings not taken over")
        assert "interval" in told["fault"]
        office.publish()
        await asked_to_post(slack)
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert headlines(slack.channel("C1")) == [KIM]
