"""Many callers, one transaction."""

from __future__ import annotations

import asyncio

import pytest

from bot.stores.gathering import Gathered


class Work:
    """Records its rounds and finishes each when told to."""

    def __init__(self):
        self.rounds: list[list[int]] = []
        self.go_on = asyncio.Semaphore(0)

    async def __call__(self, items):
        self.rounds.append(list(items))
        await self.go_on.acquire()
        if 13 in items:
            raise ValueError("unlucky")
        return [item * 10 for item in items]


@pytest.fixture
def work():
    return Work()


async def turns(count=5):
    for _ in range(count):
        await asyncio.sleep(0)


async def test_callers_of_one_moment_share_a_round_and_get_their_own_answers(work):
    gathered = Gathered(work)
    work.go_on.release()
    assert await asyncio.gather(*map(gathered, [1, 2, 3])) == [10, 20, 30]
    assert work.rounds == [[1, 2, 3]]


async def test_callers_that_come_while_a_round_is_under_way_share_the_next(work):
    gathered = Gathered(work)
    callers = [asyncio.ensure_future(gathered(1))]
    await turns()
    for item in (2, 3):
        callers.append(asyncio.ensure_future(gathered(item)))
        await turns()
    assert work.rounds == [[1]]
    work.go_on.release()
    work.go_on.release()
    assert await asyncio.gather(*callers) == [10, 20, 30]
    assert work.rounds == [[1], [2, 3]]


async def test_a_round_that_fails_is_tried_again_one_by_one_so_that_only_the_guilty_fails(work):
    gathered = Gathered(work)
    for _ in range(4):
        work.go_on.release()
    callers = asyncio.gather(*map(gathered, [1, 13, 2]), return_exceptions=True)
    one, unlucky, two = await callers
    assert (one, str(unlucky), two) == (10, "unlucky", 20)
    assert work.rounds == [[1, 13, 2], [1], [13], [2]]


async def test_an_error_of_one_caller_alone_is_not_tried_again(work):
    work.go_on.release()
    with pytest.raises(ValueError, match="unlucky"):
        await Gathered(work)(13)
    assert work.rounds == [[13]]


async def test_a_caller_that_is_cancelled_takes_nobody_along(work):
    gathered = Gathered(work)
    impatient, patient = asyncio.ensure_future(gathered(1)), asyncio.ensure_future(gathered(2))
    await turns()
    impatient.cancel()
    await turns()
    work.go_on.release()
    assert await patient == 20
    assert work.rounds == [[1, 2]]
