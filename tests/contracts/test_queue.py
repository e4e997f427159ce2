"""What every queue promises: see `bot.ports.Queue`."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import ConfigError
from bot.ports import Queue
from bot.queues import QUEUES, queue_class


@pytest.fixture(params=sorted(QUEUES))
def queue(request) -> Queue:
    made: Queue = queue_class(request.param)()
    return made


async def take(queue: Queue, topic: str = "poll") -> str:
    async with asyncio.timeout(5), queue.take(topic) as taken:
        return taken


async def is_empty(queue: Queue, topic: str = "poll") -> bool:
    taking = asyncio.ensure_future(take(queue, topic))
    for _ in range(20):
        await asyncio.sleep(0)
    if taking.done():
        return False
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    return True


async def test_put_rings_for_each_id(queue):
    await queue.put("poll", "1", "2", "3")
    assert [await take(queue) for _ in range(3)] == ["1", "2", "3"]


async def test_an_id_that_already_waits_is_not_added_again(queue):
    await queue.put("poll", "1", "1")
    await queue.put("poll", "1", "2")
    assert [await take(queue), await take(queue)] == ["1", "2"]
    assert await is_empty(queue)


async def test_an_id_that_was_taken_may_be_rung_for_again(queue):
    await queue.put("poll", "1")
    async with queue.take("poll"):
        await queue.put("poll", "1")
    assert await take(queue) == "1"


async def test_topics_do_not_mix(queue):
    await queue.put("poll", "feed")
    await queue.put("deliver", "delivery")
    assert await take(queue, "deliver") == "delivery"
    assert await take(queue, "poll") == "feed"


async def test_take_waits_for_an_id(queue):
    taking = asyncio.ensure_future(take(queue))
    await asyncio.sleep(0)
    assert not taking.done()
    await queue.put("poll", "1")
    assert await taking == "1"


async def test_an_id_goes_to_one_taker_only(queue):
    takers = [asyncio.ensure_future(take(queue)) for _ in range(3)]
    await queue.put("poll", "1", "2", "3")
    assert sorted(await asyncio.gather(*takers)) == ["1", "2", "3"]


async def test_leaving_the_block_without_an_error_acknowledges_the_id(queue):
    await queue.put("poll", "1")
    assert await take(queue) == "1"
    assert await is_empty(queue)


async def test_an_error_in_the_block_reaches_the_caller_and_leaves_the_queue_usable(queue):
    await queue.put("poll", "1")
    with pytest.raises(ValueError, match="broken"):
        async with queue.take("poll"):
            raise ValueError("broken")
    await queue.put("poll", "2")
    taken = await take(queue)
    assert (await take(queue) if taken == "1" else taken) == "2", "a queue may ring again for what failed"


async def test_a_taker_that_is_cancelled_takes_no_id_with_it(queue):
    cancelled, patient = asyncio.ensure_future(take(queue)), asyncio.ensure_future(take(queue))
    await asyncio.sleep(0)
    await queue.put("poll", "1")
    cancelled.cancel()
    await asyncio.sleep(0)
    assert await patient == "1"


def test_an_unknown_queue_is_refused_by_name():
    with pytest.raises(ConfigError, match="carrier_pigeon is no queue"):
        queue_class("carrier_pigeon")


def test_a_queue_that_cannot_be_imported_is_refused():
    with pytest.raises(ConfigError, match="cannot be loaded"):
        queue_class("no_such_module:Queue")
