"""What is remembered over restarts, clean-ups, restores and a database that others hold."""

import asyncio
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.domain.model import AlertRules
from bot.errors import StoreError
from bot.ports import Queue
from bot.runtime import working
from bot.stores import restore
from tests.e2e.articles import TEXT, article, copy_of
from tests.e2e.conftest import BLOG

DAY_S = 86_400


def headlines(place):
    return [message.headline for message in place.messages]


# ---------------------------------------------------------------- restarts


async def test_a_restart_on_the_same_database_sends_nothing_again(house, bot, wire, slack, discord, clock):
    wire.publish(article(at=clock))
    await bot.settle()
    async with house.open() as restarted:
        await restarted.settle()
        wire.publish(article("Kim, later", clock, number=2))
        await restarted.settle()
    assert headlines(slack) == headlines(discord) == ["Kim agrees to a second meeting", "Kim, later"]


async def test_what_was_on_its_way_goes_out_after_a_restart(house, bot, wire, slack, discord, clock):
    wire.publish(article("Kim, before", clock))
    await bot.poll()
    async with house.open() as restarted:
        await restarted.deliver()
    assert headlines(slack) == headlines(discord) == ["Kim, before"]


async def test_what_was_published_while_it_was_down_is_announced(house, bot, wire, slack, clock):
    wire.publish(article("Kim, while nobody looked", clock))
    clock.jump(3600)
    async with house.open() as restarted:
        await restarted.settle()
    assert headlines(slack) == ["Kim, while nobody looked"]


# ---------------------------------------------------------------- retention


async def prune(bot):
    while await bot.parts.roles.ticks.upkeep():
        pass


async def test_what_was_pruned_is_not_announced_again_though_it_is_still_listed(
    bot, wire, slack, discord, clock
):
    listed = [article("Kim, dated", clock), article("Kim, undated", number=2)]
    wire.publish(*listed)
    await bot.settle()
    clock.jump(91 * DAY_S)
    await prune(bot)
    stats = await bot.parts.store.upkeep.stats()
    assert (stats.articles, stats.deliveries["sent"]) == (0, 0)
    wire.publish(article("Kim, today", clock, number=3))
    await bot.settle()
    assert (
        sorted(headlines(slack)) == sorted(headlines(discord)) == ["Kim, dated", "Kim, today", "Kim, undated"]
    )


async def test_neither_is_an_edit_nor_a_new_id_nor_a_copy_of_what_was_pruned(bot, wire, slack, clock):
    old = article("Kim, dated", clock)
    wire.publish(old)
    await bot.settle()
    clock.jump(91 * DAY_S)
    await prune(bot)
    wire.replace(replace(old, text=TEXT + "<p>Kim spoke at length.</p>"))
    await bot.settle()
    wire.replace(replace(old, id="another"))
    await bot.settle()
    wire.publish(copy_of(old), paper=BLOG)
    await bot.settle()
    assert headlines(slack) == ["Kim, dated"]


async def test_an_alert_that_waits_keeps_its_article(bot, wire, slack, clock):
    wire.publish(article("Kim, at last", clock))
    await bot.poll()
    clock.jump(91 * DAY_S)
    await prune(bot)
    await bot.deliver()
    assert headlines(slack) == ["Kim, at last"]


# ---------------------------------------------------------------- backups


async def test_a_restore_announces_nothing_of_the_gap(house, wire, slack, discord, clock, tmp_path):
    async with house.open() as bot:
        await bot.follow("/world.xml")
        await bot.watch("Kim", "slack:T1/C1")
        await bot.poll()
        wire.publish(article("Kim, on its way at the backup", clock))
        await bot.poll()
        await bot.parts.store.upkeep.backup(str(tmp_path / "backup.db"))
        await bot.deliver()
        wire.publish(article("Kim, in the gap", clock, number=2))
        await bot.settle()
    clock.jump(3600)
    wire.publish(article("Kim, while it was down", clock, number=3))
    clock.jump(3600)
    await restore(house.config.store.url, str(tmp_path / "backup.db"), clock.now())
    async with house.open() as bot:
        await bot.settle()
        wire.publish(article("Kim, afterwards", clock, number=4))
        await bot.settle()
        assert await bot.states() == {"held": 1, "sent": 1}
    assert headlines(slack) == ["Kim, on its way at the backup", "Kim, in the gap", "Kim, afterwards"]


# ---------------------------------------------------------------- a database that others hold


@contextmanager
def locked(bot):
    """Write to the database from elsewhere, and be slow about it."""
    with closing(sqlite3.connect(bot.parts.config.store.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_it_waits_for_another_writer_and_goes_on(bot, wire, slack, discord, clock):
    wire.publish(article(at=clock))
    with locked(bot):
        settling = asyncio.ensure_future(bot.settle())
        done, _ = await asyncio.wait([settling], timeout=0.5)
        assert not done
    await settling
    assert len(slack.messages) == len(discord.messages) == 1


async def test_a_writer_that_takes_too_long_costs_time_and_no_alert(bot, wire, slack, discord, clock):
    wire.publish(article(at=clock))
    with locked(bot), pytest.raises(StoreError, match="locked"):
        await bot.poll()
    await bot.settle()
    assert len(slack.messages) == len(discord.messages) == 1


# ---------------------------------------------------------------- bells that nobody hears


@dataclass
class DeafQueue:
    """Loses the first rings for every id."""

    inner: Queue
    losses: int
    heard: dict[str, int] = field(default_factory=dict)

    async def put(self, topic, *ids):
        for item in ids:
            self.heard[topic + item] = self.heard.get(topic + item, 0) + 1
            if self.heard[topic + item] > self.losses:
                await self.inner.put(topic, item)

    def take(self, topic):
        return self.inner.take(topic)


async def test_a_lost_bell_is_rung_again_by_a_tick(bot, wire, slack, discord, clock):
    queue = DeafQueue(bot.parts.queue, losses=2)
    roles = bot.parts.roles
    ticks = replace(roles.ticks, queue=queue, lease=timedelta(0))
    at_once = replace(roles.poller, alert_rules=AlertRules(gather=timedelta(0)))
    wire.publish(article(at=clock))
    clock.jump(300)
    changed = {"ticks": ticks, "queue": queue, "poller": at_once, "listeners": {}}
    async with working(replace(roles, **changed, tick_s=0.05)):
        await slack.arrived(1)
        await discord.arrived(1)
    assert len(slack.messages) == len(discord.messages) == 1
