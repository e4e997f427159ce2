"""Two Slack teams and two Discord servers over one store, and articles that have become alerts in their channels.

room = await newsroom(store, clock)
await room.watch("summit", "slack:T1/C1")          # as somebody in a chat
[id] = await room.publish(entry("1", title="…"))   # polled, matched, decided
await room.send(id)                                # posted
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.commands.exchange import Action, Call, Caller, Press, Reply, Submission
from bot.domain.model import (
    ChannelAddress,
    Claim,
    DeliveryId,
    Entry,
    FeedId,
    Held,
    Mute,
    Origin,
    Sent,
    Subscription,
    WorkspaceId,
)
from bot.ports import FeedRow, Store, SubscriptionRow
from bot.services.commands.context import Context
from bot.services.commands.desk import NewsDesk
from bot.services.commands.handlers import HANDLERS
from bot.services.poll import Poller
from bot.services.watchlist import Watchlist
from tests.clock import FakeClock
from tests.services.fakes import Paper
from tests.services.people import Platform, office, platforms, pressed, somebody

RSS = "https://news.example/rss"
WORKSPACES = ("slack:T1", "slack:T2", "discord:1", "discord:3")


@dataclass
class Room:
    """What tests of reading commands need at hand."""

    store: Store
    clock: FakeClock
    chats: dict[str, Platform]
    context: Context
    paper: Paper
    listed: dict[FeedId, list[Entry]] = field(default_factory=dict)

    @property
    def desk(self) -> NewsDesk:
        """Return a desk as after a restart."""
        return NewsDesk(self.context, HANDLERS)

    # ------------------------------------------------------------ declaring

    async def follow(self, url: str = RSS, **row: Any) -> FeedId:
        wanted = FeedRow("feed", url, **{"origin": Origin.CLI, "title": "News", **row})
        id = await self.store.registry.follow(wanted, self.clock.now())
        await self.read(id)
        return id

    async def watch(self, query: str, channel: str = "slack:T1/C1", **row: Any) -> Subscription:
        address = ChannelAddress.parse(channel)
        given = {"origin": Origin.CHAT, "created_by": "Ann", "channel_name": address.channel.lower(), **row}
        id = await self.store.registry.subscribe(SubscriptionRow(address, query, **given), self.clock.now())
        here = await self.here(channel)
        return await self.store.registry.subscription(id, here)

    async def here(self, channel: str = "slack:T1/C1") -> WorkspaceId:
        return (await self.context.workspace(ChannelAddress.parse(channel))).id

    # ------------------------------------------------------------ reading

    async def read(self, feed_id: FeedId, *entries: Entry) -> Sequence[DeliveryId]:
        """Print entries beside what is listed already, poll, and return the deliveries that came of it."""
        self.clock.jump(60)
        listed = self.listed.setdefault(feed_id, [])
        listed[:0] = entries
        self.paper.print(*listed)
        poller = Poller(
            schedule=self.store.schedule,
            newsroom=self.store.newsroom,
            watchlist=Watchlist(self.store.registry),
            fetcher=self.paper,
            parser=self.paper,
            sources=self.context.sources,
            clock=self.clock,
            spread=lambda: 0.0,
        )
        before = set(await self.store.outbox.due(self.clock.now(), 1000))
        await poller.poll(feed_id)
        self.clock.jump(10)
        after = await self.store.outbox.due(self.clock.now(), 1000)
        return [id for id in after if id not in before]

    async def publish(self, *entries: Entry) -> Sequence[DeliveryId]:
        """Have the first feed list new articles."""
        feed_id = next(iter(self.listed), None) or await self.follow()
        return await self.read(feed_id, *entries)

    async def send(self, id: DeliveryId, receipt: str = "m1") -> None:
        now = self.clock.now()
        await self.store.outbox.claim(id, Claim("c", now, now))
        await self.store.outbox.settle(Sent(id, receipt, now), "c")

    async def hold(self, id: DeliveryId, reason: str) -> None:
        now = self.clock.now()
        await self.store.outbox.claim(id, Claim("c", now, now))
        await self.store.outbox.settle(Held(id, reason), "c")

    # ------------------------------------------------------------ speaking

    async def run(self, command: str, by: Caller | None = None, **arguments: Any) -> Reply:
        return await self.desk.run(Call(by or somebody(), command, arguments))

    async def press(
        self, what: Reply | Action | str, label: str = "", by: Caller | None = None, **how: Any
    ) -> Reply:
        """Press a button of an answer by its label, or one that is written out."""
        action = pressed(what, label) if isinstance(what, Reply) else Action.parse(str(what))
        return await self.desk.press(Press(by or somebody(), action, **how))

    async def submit(self, verb: str, by: Caller | None = None, **values: Any) -> Reply:
        return await self.desk.submit(Submission(by or somebody(), Action(verb), values))

    async def complete(self, parameter: str, typed: str, by: Caller | None = None) -> list[str]:
        call = Call(by or somebody(), "sources remove")
        return [one.value for one in await self.desk.complete(call, parameter, typed)]

    # ------------------------------------------------------------ looking

    async def states(self) -> dict[str, int]:
        """Count all deliveries by state."""
        return dict((await self.store.upkeep.stats()).deliveries)

    async def all_mutes(self) -> list[Mute]:
        """Return what is muted anywhere."""
        found = [
            await self.store.frontdesk.mutes(await self.here(f"{one}/C1"), self.clock.now())
            for one in WORKSPACES
        ]
        return [mute for mutes in found for mute in mutes]


def newsroom(store: Store, clock: FakeClock, **parts: Any) -> Room:
    chats = platforms()
    paper = Paper()
    context = office(
        store, clock, chats, **{"fetcher": paper, "parser": paper, "sources": {"feed": paper}} | parts
    )
    return Room(store, clock, chats, context, paper)
