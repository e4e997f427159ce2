"""Two Slack teams and two Discord servers over one store, where people manage what their channels watch.

reply = await room.run("subscribe", query="Kim")
reply = await room.press(reply, "Confirm")
[one] = await room.watched()
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bot.domain.commands.exchange import Action, Call, Caller, Choice, Press, Reply, Submission, Value
from bot.domain.model import ChannelAddress, Entry, FeedId, Origin, Subscription
from bot.ports import FeedRow, Store, SubscriptionRow
from bot.services.commands.context import Context
from bot.services.commands.desk import NewsDesk
from bot.services.commands.managing import MANAGING
from tests.builders import entry
from tests.clock import FakeClock
from tests.services.people import Platform, office, platforms, pressed, somebody
from tests.stocked import stock

HERE = "slack:T1/C1"


def address(written: str) -> ChannelAddress:
    return ChannelAddress.parse(written)


@dataclass
class Room:
    store: Store
    clock: FakeClock
    chats: dict[str, Platform] = field(default_factory=platforms)
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        return office(self.store, self.clock, self.chats, **self.parts)

    @property
    def desk(self) -> NewsDesk:
        """Return a desk as after a restart: nothing is remembered but by the store."""
        return NewsDesk(self.context, MANAGING)

    # ------------------------------------------------------------ speaking

    async def run(self, command: str, by: Caller | None = None, /, **arguments: Value) -> Reply:
        """Give a command; `in_`, `from_` and `to` are written as addresses."""
        values = {name.rstrip("_"): value for name, value in arguments.items()}
        for name in {"in", "from", "to"} & values.keys():
            written = values[name]
            if isinstance(written, str) and ":" in written:
                values[name] = tuple(map(address, written.split()))
        return await self.desk.run(Call(by or somebody(), command, values))

    async def press(self, what: Reply | str, label: str = "", by: Caller | None = None) -> Reply:
        """Press a button of an answer by its label, or one that is written out."""
        action = pressed(what, label) if isinstance(what, Reply) else Action.parse(what)
        return await self.desk.press(Press(by or somebody(), action))

    async def submit(self, what: Reply | str, by: Caller | None = None, /, **values: Value) -> Reply:
        """Fill in the form of an answer, or one that is written out; what is not given stays as it stood there."""
        if isinstance(what, str):
            return await self.desk.submit(Submission(by or somebody(), Action.parse(what), values))
        assert what.form is not None
        shown = {one.name: one.value for one in what.form.fields}
        action = Action.parse(str(what.form.action))
        return await self.desk.submit(Submission(by or somebody(), action, {**shown, **values}))

    async def complete(self, parameter: str, typed: str, by: Caller | None = None) -> list[Choice]:
        return list(await self.desk.complete(Call(by or somebody(), "pause"), parameter, typed))

    # ------------------------------------------------------------ what is there

    async def watch(self, query: str, channel: str = HERE, **row: Any) -> Subscription:
        """Declare a subscription as somebody would have in a chat."""
        place = address(channel)
        given: dict[str, Any] = {"origin": Origin.CHAT, "created_by": "Ann"}
        given["channel_name"] = place.channel.lower()
        wanted = SubscriptionRow(place, query, **{**given, **row})
        id = await self.store.registry.subscribe(wanted, self.clock.now())
        return await self.one(id, channel)

    async def declare(self, query: str, channel: str = HERE) -> Subscription:
        """Declare a subscription in the config file."""
        row = SubscriptionRow(address(channel), query, Origin.FILE, name=f"the {query}")
        await self.store.registry.apply_file([], [row], self.clock.now())
        return (await self.watched(channel))[-1]

    async def follow(self, url: str, name: str | None = None, title: str = "", **row: Any) -> FeedId:
        wanted = FeedRow("feed", url, **{"origin": Origin.CLI, "name": name, "title": title, **row})
        return await self.store.registry.follow(wanted, self.clock.now())

    async def stock(self, *headlines: str, **feed: str) -> FeedId:
        """Store articles of a feed, published just now."""
        entries: list[Entry] = [
            entry(
                title, title=title, url=f"https://news.example/{quote(title)}", published_at=self.clock.now()
            )
            for title in headlines
        ]
        return await stock(self.store, *entries, at=self.clock.now(), **feed)

    async def one(self, id: int, channel: str = HERE) -> Subscription:
        here = await self.context.workspace(address(channel))
        return await self.store.registry.subscription(id, here.id)  # type: ignore[arg-type]

    async def watched(self, channel: str | None = HERE) -> list[Subscription]:
        """Return what a channel, or everybody, watches, paused ones too."""
        place = address(channel) if channel else None
        return list(await self.store.registry.subscriptions(channel=place, paused=True))

    async def queries(self, channel: str | None = HERE) -> list[str]:
        return [one.query for one in await self.watched(channel)]
