"""The keyword engine beside the oracle, as a command.

    python -m tests.oracle [--cases 100000] [--seed 1] [--jobs 2] [--kept 120] [--show 5]

A case is one random query about one random article. Per case: `evaluate` must say what the oracle says, with the same
reasons and places; a `QueryIndex` that some hundred queries come to and go from must say what `evaluate` says; and the
narrowing must not lose a match.
Exit 1 when anything differs; the first differences are shrunk and shown.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from random import Random

from tests.oracle.comparing import Engine, Shelf, Tally, try_round
from tests.oracle.failures import shrink, told
from tests.oracle.random_cases import make_round

BATCH = 40
"""Rounds tried in one go."""
HANDFUL = 16
"""Batches given out before it is asked whether that was enough."""
KINDS = ("missed", "alarms", "places", "lost", "unread")
HEADINGS = ("script", "cases", "true", "false", "share", "missed", "false alarms", "places", "lost", "unread")


@dataclass(frozen=True, slots=True)
class Trial:
    """How much to try."""

    cases: int = 100_000
    seed: int = 1
    jobs: int = 2
    show: int = 5
    kept: int = 120
    """Queries that are in an index at once."""


def run(trial: Trial, engine: Engine | None = None) -> Tally:
    """Try until there were enough cases; the same seed gives the same cases, whatever the number of jobs."""
    tally = Tally()
    attempt = partial(_attempt, trial, engine or Engine())
    with ProcessPoolExecutor(trial.jobs) as pool:
        spread = map if trial.jobs == 1 else pool.map
        for first in count(0, HANDFUL):
            for tried in spread(attempt, range(first, first + HANDFUL)):
                tally.take(tried)
                done = tally.of("true", "false")
                sys.stderr.write(f"\r{done:,} of {trial.cases:,} cases, {len(tally.wrong):,} wrong ")
                if done >= trial.cases:
                    return tally
    raise AssertionError


def _attempt(trial: Trial, engine: Engine, batch: int) -> Tally:
    tally = Tally()
    shelf = Shelf(engine, Random(f"{trial.seed}/shelf/{batch}"), trial.kept)
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        try_round(make_round(Random(f"{trial.seed}/{number}")), shelf, tally, engine)
    return tally


def table(tally: Tally) -> str:
    """Return the counts, a line for each script and one for all."""
    rows = [_row(name, tally, name) for name in sorted(tally.scripts())] + [_row("all", tally, None)]
    widths = [max(len(row[column]) for row in (HEADINGS, *rows)) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(line)
        )
        for line in (list(zip(row, widths, strict=True)) for row in (HEADINGS, *rows))
    )


def _row(heading: str, tally: Tally, script: str | None) -> tuple[str, ...]:
    true, false = tally.of("true", script=script), tally.of("false", script=script)
    cells = [f"{true + false:,}", f"{true:,}", f"{false:,}", f"{true / max(1, true + false):.0%}"]
    return heading, *cells, *(f"{tally.of(kind, script=script):,}" for kind in KINDS)


def _shown(tally: Tally, most: int) -> Iterator[str]:
    """Tell of the first differences, each case once."""
    firsts = {wrong.case: wrong for wrong in reversed(tally.wrong)}
    for wrong in list(reversed(firsts.values()))[:most]:
        yield told(shrink(wrong, Engine()))


def main() -> int:
    usual = Trial()
    parser = argparse.ArgumentParser(
        prog="tests.oracle", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=usual.cases)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--jobs", type=int, default=usual.jobs, help="processes")
    parser.add_argument(
        "--show", type=int, default=usual.show, help="how many differences to shrink and show"
    )
    trial = Trial(**vars(parser.parse_args()))
    started = time.monotonic()
    tally = run(trial)
    took_s = time.monotonic() - started
    sys.stderr.write("\n")
    refused = tally.of("refused")
    sys.stdout.write(
        f"{table(tally)}\n\nseed {trial.seed}, {took_s:.0f} s, {refused:,} queries refused by both\n"
    )
    for line in _shown(tally, trial.show):
        sys.stdout.write(f"\n{line}\n")
    sys.stdout.write("the two agree\n" if not tally.wrong else f"\n{len(tally.wrong):,} DIFFERENCES\n")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
