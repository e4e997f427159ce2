"""Named terms at work: what a poll decides and a channel gets while somebody defines them anew."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.model import Origin
from bot.ports import Newsroom, TermRow
from bot.services.watchlist import Watchlist
from tests.builders import entry


async def define(desk, name, definition):
    workspace = await desk.store.registry.workspace("slack", "T1", desk.clock.now())
    row = TermRow(workspace.id, name, definition, Origin.CHAT)
    return await desk.store.registry.set_term(row, desk.clock.now())


@dataclass
class Meanwhile:
    """A newsroom in which somebody defines a term anew just before the first decision is written."""

    desk: object
    inner: Newsroom
    definitions: list[str] = field(default_factory=lambda: ["Trump"])

    def __getattr__(self, name):
        return getattr(self.inner, name)

    async def record_poll(self, outcome):
        if self.definitions:
            await define(self.desk, "leader", self.definitions.pop())
        return await self.inner.record_poll(outcome)


async def test_a_running_poller_judges_by_a_definition_as_soon_as_it_is_made(desk):
    feed_id = await desk.follow()
    await define(desk, "leader", "Kim")
    await desk.watch("@leader AND summit")
    poller = desk.poller(watchlist=Watchlist(desk.store.registry))
    desk.paper.print(entry("1", title="Kim at the summit"), entry("2", title="Trump at the summit"))
    assert (await poller.poll(feed_id)).matched == 1
    await define(desk, "leader", "Trump")
    desk.paper.print(entry("3", title="Trump at a summit"), entry("4", title="Kim at a summit"))
    assert (await poller.poll(feed_id)).matched == 1
    for delivery_id in await desk.waiting():
        await desk.deliverer().deliver(delivery_id)
    assert desk.chat.headlines == ["Kim at the summit", "Trump at a summit"]


async def test_an_article_that_is_judged_while_its_term_changes_is_judged_again(desk):
    feed_id = await desk.follow()
    await define(desk, "leader", "Kim")
    await desk.watch("@leader")
    desk.paper.print(entry("1", title="Kim travels"), entry("2", title="Trump travels"))
    report = await desk.poller(newsroom=Meanwhile(desk, desk.store.newsroom)).poll(feed_id)
    assert report.matched == 1
    (delivery_id,) = await desk.waiting()
    await desk.deliverer().deliver(delivery_id)
    assert desk.chat.headlines == ["Trump travels"]
