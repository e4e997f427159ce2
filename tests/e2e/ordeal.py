"""An ordeal: a world of feeds and channels that lives on while the bot is killed again and again.

Feeds, Slack and Discord are processes of their own. Every article belongs to one channel of each platform; every
third one is printed in two papers. A life is one process of `tests.e2e.mortal`.
"""

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config import load
from bot.wiring import open_store
from tests.e2e.mortal import Death, Flaw, Moment, Phase
from tests.e2e.world import PAPERS, TOPICS
from tests.impersonators.journal import accepted
from tests.impersonators.newsstand_apart import StandApart
from tests.impersonators.papers import Item
from tests.impersonators.process import DISCORD_TOKEN, REPOSITORY, SLACK_TOKEN, Apart

ARTICLE_URL = "https://paper.example/story/"
PHASES: tuple[Phase, ...] = ("fetch", "record", "claim", "send", "settle")
MOMENTS: tuple[Moment, ...] = ("before", "during", "after")
LATEST_CALL = {"fetch": 12, "record": 4, "claim": 20, "send": 20, "settle": 20}
EDITION_EVERY_S = 0.15
SLOW_EDITION_EVERY_S = 1.0
LONGEST_LIFE_S = 60.0
LONGEST_DRAIN_S = 180.0


@dataclass(frozen=True, slots=True)
class Story:
    """An article that one channel of each platform must get once."""

    number: int
    topic: str
    papers: tuple[str, ...]

    @property
    def item(self) -> Item:
        return Item(
            title=f"Report {self.number}: the {self.topic} question",
            url=f"{ARTICLE_URL}{self.number}",
            text=f"<p>Case {self.number} was opened today. What it says of the {self.topic} is told in full.</p>",
            published=datetime.now(UTC),
        )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that a dying process held."""

    platform: str
    delivery: str
    claim: str


@dataclass(frozen=True, slots=True)
class Kill:
    """What was known right after a process had killed itself."""

    number: int
    seed: int
    death: Death
    received: dict[str, int]
    """Messages in the channels of each platform."""
    claimed: frozenset[Claimed]
    """What this process had claimed and not settled."""
    took_s: float


def plan(seed: int, kills: int, phases: Sequence[Phase] = PHASES) -> list[tuple[int, Death]]:
    """Spread kills evenly over the phases, in a shuffled order; each follows from its own seed."""
    chosen = [phases[number % len(phases)] for number in range(kills)]
    random.Random(seed).shuffle(chosen)
    return [
        (seed * 1000 + number, _death(seed * 1000 + number, phase)) for number, phase in enumerate(chosen)
    ]


def _death(seed: int, phase: Phase) -> Death:
    dice = random.Random(seed)
    moment = dice.choice(MOMENTS)
    delay_ms = round(dice.uniform(0, 5), 2) if moment == "during" else 0.0
    return Death(phase, dice.randint(1, LATEST_CALL[phase]), moment, delay_ms)


# ---------------------------------------------------------------- printing


@dataclass
class Press:
    """Prints stories, a few at a time, for as long as anybody is killed."""

    stand: StandApart
    dice: random.Random
    stories: list[Story] = field(default_factory=list)
    quota: int = 0
    """How many stories are printed quickly before the press slows down."""
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self) -> None:
        """Give every paper one old item, so that it exists."""
        for path, kind in PAPERS.items():
            old = Item(
                "Old news", f"https://paper.example{path}", published=datetime.now(UTC) - timedelta(days=1)
            )
            await self.stand.print(path, old, kind=kind, title=path.strip("/"))

    async def edition(self, count: int = 2) -> None:
        for _ in range(count):
            number = len(self.stories) + 1
            papers = self.dice.sample(list(PAPERS), 2 if number % 3 == 0 else 1)
            story = Story(number, self.dice.choice(TOPICS), tuple(papers))
            self.stories.append(story)
            item = story.item
            for path in papers:
                await self.stand.print(path, item, kind=PAPERS[path], title=path.strip("/"))

    async def run(self) -> None:
        """Print until stopped; an edition that was begun comes out."""
        while not self.stopped.is_set():
            await self.edition()
            pause_s = EDITION_EVERY_S if len(self.stories) < self.quota else SLOW_EDITION_EVERY_S
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopped.wait(), pause_s)


# ---------------------------------------------------------------- lives


@dataclass(frozen=True, slots=True)
class Ordeal:
    """The folder with the bot's config and database, and the processes around it."""

    folder: Path
    platforms: Apart
    stand: StandApart
    config: Path
    flaw: Flaw | None = None

    @property
    def environment(self) -> dict[str, str]:
        tokens = {"SLACK_BOT_TOKEN": SLACK_TOKEN, "DISCORD_TOKEN": DISCORD_TOKEN}
        # A killed process could write nothing down; measuring it would only slow it.
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE_"))
        }
        return kept | tokens

    async def declare(self) -> None:
        """Follow the feeds and make the subscriptions, before anything is printed."""
        config = load(self.config, self.environment)
        async with open_store(config) as store:
            await store.registry.apply_file(config.feed_rows, config.subscription_rows, datetime.now(UTC))
        # RSS dates have whole seconds: what is printed from here on is younger than the subscriptions.
        await asyncio.sleep(1.1)

    async def live(self, number: int, death: Death | None) -> asyncio.subprocess.Process:
        """Start a life; what it logs is in `life-NN.log`."""
        arguments = ["--config", str(self.config)]
        arguments += ["--death", json.dumps(asdict(death))] if death else []
        arguments += ["--flaw", self.flaw] if self.flaw else []
        with (self.folder / f"life-{number:02}.log").open("wb") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.e2e.mortal", *arguments,
                cwd=REPOSITORY, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip

    async def die(self, number: int, seed: int, death: Death, known: frozenset[str]) -> Kill:
        """Live until the death that was chosen, and look at what it left behind beside the claims already known."""
        started = time.monotonic()
        process = await self.live(number, death)
        try:
            async with asyncio.timeout(LONGEST_LIFE_S):
                status = await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise AssertionError(f"life {number} never came to {death}: see {self._log(number)}") from None
        assert status == -signal.SIGKILL, f"life {number} ended with {status}: {self._log(number)}"
        took_s = time.monotonic() - started
        claimed = frozenset(claim for claim in self._claimed() if claim.claim not in known)
        return Kill(number, seed, death, self.received(), claimed, took_s)

    async def drain(self, number: int) -> float:
        """Live until everything printed has been read and nothing is left to send, then end in order."""
        started = time.monotonic()
        process = await self.live(number, None)
        try:
            await until(self._drained, LONGEST_DRAIN_S)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                status = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert status == 0, f"the last life ended with {status}: {self._log(number)}"
        return time.monotonic() - started

    def received(self) -> dict[str, int]:
        return {name: len(accepted(self.platforms.journal, name)) for name in ("slack", "discord")}

    async def _drained(self) -> bool:
        """Whether every paper was last found unchanged, and no delivery waits."""
        last = {seen["path"]: seen["status"] for seen in await self.stand.requests()}
        return all(last.get(path) == 304 for path in PAPERS) and not self._query(
            "SELECT 1 FROM deliveries WHERE state IN ('pending', 'claimed') LIMIT 1"
        )

    def _claimed(self) -> list[Claimed]:
        rows = self._query(
            "SELECT workspaces.platform, deliveries.id, deliveries.claim_id FROM deliveries"
            " JOIN channels ON channels.id = deliveries.channel_id"
            " JOIN workspaces ON workspaces.id = channels.workspace_id WHERE deliveries.state = 'claimed'"
        )
        return [Claimed(*row) for row in rows]

    def _query(self, statement: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.folder / "newsbot.db", timeout=30)) as connection:
            return connection.execute(statement).fetchall()

    def _log(self, number: int) -> str:
        text = (self.folder / f"life-{number:02}.log").read_text("utf-8", "replace")
        return text[-2000:] or "it logged nothing"


async def until(condition: Callable[[], Awaitable[bool]], deadline_s: float) -> None:
    """Return once a condition holds; raise TimeoutError."""
    async with asyncio.timeout(deadline_s):
        while not await condition():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.2)
