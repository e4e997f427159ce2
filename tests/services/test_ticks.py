"""Ticks: each finds in the store what is due, and rings for it."""

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from bot.ports import Retention
from bot.services.ticks import DELIVER_TOPIC, POLL_TOPIC
from tests.builders import entry


async def rung(queue, topic):
    """Take everything that waits in a topic."""
    taken = []
    while True:
        try:
            async with asyncio.timeout(0):
                async with queue.take(topic) as item:
                    taken.append(item)
        except TimeoutError:
            return taken


async def test_a_feed_whose_time_has_come_is_rung_for_once_per_lease(desk, clock):
    feed_id = await desk.follow()
    ticks = desk.ticks(lease=timedelta(minutes=5))
    assert list(await ticks.polls()) == [str(feed_id)]
    assert list(await ticks.polls()) == []
    clock.jump(300)
    assert list(await ticks.polls()) == [str(feed_id)]
    assert await rung(desk.queue, POLL_TOPIC) == [str(feed_id)]


async def test_two_processes_that_tick_share_the_feeds_out(desk):
    feeds = [await desk.follow(f"https://news.example/{number}") for number in range(20)]
    first, second = desk.ticks(batch=7), desk.ticks(batch=7)
    taken = await asyncio.gather(first.polls(), second.polls(), first.polls(), second.polls())
    assert sorted(int(item) for batch in taken for item in batch) == sorted(feeds)


async def test_a_delivery_is_rung_for_when_its_time_has_come(desk, clock):
    feed_id = await desk.follow()
    await desk.watch("kim")
    await desk.read(feed_id, entry("1", title="Kim meets Trump"))
    ticks = desk.ticks()
    assert list(await ticks.deliveries()) == []
    clock.jump(2)
    due = list(await ticks.deliveries())
    assert len(due) == 1
    assert await rung(desk.queue, DELIVER_TOPIC) == due


async def test_a_delivery_whose_bell_was_lost_is_rung_for_again(desk):
    feed_id = await desk.follow()
    await desk.watch("kim")
    await desk.read(feed_id, entry("1", title="Kim meets Trump"))
    desk.clock.jump(2)
    ticks = desk.ticks()
    first = list(await ticks.deliveries())
    await rung(desk.queue, DELIVER_TOPIC)
    assert list(await ticks.deliveries()) == first


async def test_upkeep_shows_that_the_program_lives(desk, clock):
    clock.jump(60)
    assert await desk.ticks().upkeep() == 0
    assert (await desk.store.upkeep.stats()).heartbeat_at == clock.now()


async def test_a_clock_that_was_set_back_keeps_nothing_waiting(desk, clock):
    feed_id = await desk.follow()
    ticks = desk.ticks(lease=timedelta(minutes=5))
    await ticks.upkeep()
    await ticks.polls()
    clock.jump(-3600)
    assert list(await ticks.polls()) == []
    with capture_logs() as logs:
        await ticks.upkeep()
    assert [(line["log_level"], line["by"]) for line in logs] == [("warning", "1 h")]
    clock.jump(300)
    assert list(await ticks.polls()) == [str(feed_id)]


async def test_clocks_that_differ_a_little_are_no_clock_set_back(desk, clock):
    await desk.ticks().upkeep()
    clock.jump(-240)
    with capture_logs() as logs:
        await desk.ticks().upkeep()
    assert logs == []


async def test_an_orderly_end_is_recorded(desk, clock):
    await desk.ticks().upkeep()
    clock.jump(5)
    await desk.ticks().rest()
    assert (await desk.store.upkeep.stats()).stopped_at == clock.now()


async def test_upkeep_deletes_what_is_past_its_time_a_batch_at_a_time(desk, clock):
    feed_id = await desk.follow()
    await desk.read(feed_id, *(entry(str(number), title=f"Report {number}") for number in range(10)))
    clock.jump(3601)
    ticks = desk.ticks(retention=Retention(articles_s=3600), batch=6)
    assert await ticks.upkeep() > 0
    assert (await desk.store.upkeep.stats()).articles == 4
    assert await ticks.upkeep() > 0
    assert (await desk.store.upkeep.stats()).articles == 0
    assert await ticks.upkeep() == 0
