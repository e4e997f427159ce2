"""The proof that nothing is lost, as a command.

    python -m tests.e2e.no_loss [--kills 30] [--articles 500] [--seed 1] [--folder DIR]

It kills the real bot again and again while feeds, Slack and Discord live on, then compares what the two platforms
received with what the feeds printed. Exit 0 when nothing is missing and nothing came twice that may not.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.e2e import verdict
from tests.e2e.mortal import Death, Flaw, Phase
from tests.e2e.ordeal import PHASES, Kill, Ordeal, Press, plan
from tests.e2e.verdict import PLATFORMS, Row, Verdict
from tests.e2e.world import world, write_config
from tests.impersonators.newsstand_apart import newsstand_apart
from tests.impersonators.process import apart

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """How hard to try."""

    kills: int = 30
    articles: int = 500
    seed: int = 1
    phases: tuple[Phase, ...] = PHASES
    flaw: Flaw | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial."""

    kills: tuple[Kill, ...]
    rows: tuple[Row, ...]
    verdicts: tuple[Verdict, ...]
    printed: int
    took_s: float

    @property
    def report(self) -> str:
        table = verdict.table(self.rows)
        return f"{table}\n\n{verdict.summary(self.verdicts, self.rows, self.printed, self.took_s)}\n"

    @property
    def holds(self) -> bool:
        """Whether nothing is missing, and only Slack shows doubles, all of them explained by a kill."""
        slack, discord = self.verdicts
        wrong = [*slack.missing, *discord.missing, *slack.strange, *discord.strange]
        claimed = sum(row.claimed["slack"] for row in self.rows)
        return not wrong and discord.doubles == slack.unexplained == 0 and slack.doubles <= claimed


async def prove(trial: Trial, folder: Path, tell: Tell = lambda _line: None) -> Outcome:
    """Run a trial with its files in a folder."""
    started = time.monotonic()
    async with apart(folder, world=world()) as platforms, newsstand_apart() as stand:
        press = Press(stand, random.Random(trial.seed))
        await press.open()
        config = write_config(folder, platforms, stand)
        trials = Ordeal(folder, platforms, stand, config, trial.flaw)
        await trials.declare()
        kills = await _kill(trials, press, plan(trial.seed, trial.kills, trial.phases), trial, tell)
        await press.edition(max(0, trial.articles - len(press.stories)))
        took_s = await trials.drain(trial.kills + 1)
        tell(f"the last life drained in {took_s:.0f} s")
        return Outcome(
            kills=tuple(kills),
            rows=tuple(verdict.rows(platforms.journal, kills)),
            verdicts=tuple(
                verdict.judge(name, platforms.journal, press.stories, kills) for name in PLATFORMS
            ),
            printed=len(press.stories),
            took_s=time.monotonic() - started,
        )


async def _kill(
    trials: Ordeal, press: Press, deaths: Sequence[tuple[int, Death]], trial: Trial, tell: Tell
) -> list[Kill]:
    """Live and die, while the press runs; an old claim that no life has taken over yet is not counted again."""
    kills: list[Kill] = []
    known: set[str] = set()
    printing = asyncio.create_task(press.run())
    try:
        for number, (seed, death) in enumerate(deaths, 1):
            press.quota = trial.articles * number // (len(deaths) + 1)
            kill = await trials.die(number, seed, death, frozenset(known))
            known |= {claim.claim for claim in kill.claimed}
            kills.append(kill)
            tell(f"kill {number} of {len(deaths)}: {death.phase}, {death.moment}, after {kill.took_s:.1f} s")
    finally:
        press.stopped.set()
        await printing
    return kills


def main() -> int:
    usual = Trial()
    parser = argparse.ArgumentParser(prog="tests.e2e.no_loss", description=__doc__)
    parser.add_argument("--kills", type=int, default=usual.kills)
    parser.add_argument("--articles", type=int, default=usual.articles)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--folder", type=Path, help="keep the database, the journal and the logs here")
    options = parser.parse_args()
    trial = Trial(options.kills, options.articles, options.seed)
    if options.folder:
        options.folder.mkdir(parents=True)
        outcome = asyncio.run(prove(trial, options.folder, _say))
    else:
        with tempfile.TemporaryDirectory() as folder:
            outcome = asyncio.run(prove(trial, Path(folder), _say))
    sys.stdout.write("\n" + outcome.report)
    sys.stdout.write("the promise holds\n" if outcome.holds else "THE PROMISE IS BROKEN\n")
    return 0 if outcome.holds else 1


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
