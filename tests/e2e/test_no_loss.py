"""The promise, put to the proof: killed at any moment of its work, newsbot loses nothing.

`pytest -s` shows the table of kills; `python -m tests.e2e.no_loss` runs the same with other numbers.
"""

import sys
from collections import Counter

import pytest

from tests.e2e.no_loss import Trial, prove
from tests.e2e.ordeal import PHASES

LEAST_KILLS, LEAST_ARTICLES, LEAST_PER_PHASE = 30, 500, 5

pytestmark = pytest.mark.timeout(600)


async def test_nothing_is_lost_however_often_it_is_killed(tmp_path):
    outcome = await prove(Trial(), tmp_path)
    sys.stdout.write(f"\n{outcome.report}")
    phases = Counter(kill.death.phase for kill in outcome.kills)
    assert len(outcome.kills) >= LEAST_KILLS
    assert outcome.printed >= LEAST_ARTICLES
    assert min(phases[phase] for phase in PHASES) >= LEAST_PER_PHASE
    slack, discord = outcome.verdicts
    assert slack.missing == discord.missing == ()
    assert slack.strange == discord.strange == ()
    assert discord.doubles == 0
    assert slack.doubles <= sum(row.claimed["slack"] for row in outcome.rows)
    assert slack.unexplained == 0
    assert outcome.holds


# The proof is worth something only if it can fail: two mistakes that it must find out.


async def test_a_bot_that_settles_before_it_sends_is_found_out(tmp_path):
    outcome = await prove(
        Trial(kills=4, articles=60, phases=("send",), flaw="settles-before-sending"), tmp_path
    )
    assert any(verdict.missing for verdict in outcome.verdicts)
    assert not outcome.holds


async def test_a_bot_that_does_not_keep_its_nonce_is_found_out(tmp_path):
    outcome = await prove(Trial(kills=4, articles=60, phases=("settle",), flaw="forgets-the-nonce"), tmp_path)
    _, discord = outcome.verdicts
    assert discord.doubles > 0
    assert not outcome.holds
