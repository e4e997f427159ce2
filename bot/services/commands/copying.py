"""`copy`: have one channel watch what another does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.domain.commands.exchange import Call, Caller, Line, Look, Reply, line
from bot.domain.commands.telling import quoted
from bot.domain.message import Run
from bot.domain.model import ChannelAddress, Mention, Origin, Subscription
from bot.domain.query import Node, parse_query
from bot.domain.wording import count, listed
from bot.errors import QueryError, UserError
from bot.ports import FollowedFeed, SubscriptionRow
from bot.services.commands.admitting import (
    may_mention,
    must_have_room,
    reachable,
    scope_of,
    subscribe_all,
)
from bot.services.commands.arguments import channels_in
from bot.services.commands.context import Context
from bot.services.commands.meaning import watched
from bot.services.commands.naming import announced, called, names_of
from bot.services.commands.rights import may_manage, must_see


@dataclass(frozen=True, slots=True)
class _Copied:
    """A subscription of the one channel, and what becomes of it in the other."""

    one: Subscription
    row: SubscriptionRow | None = None
    but: str = ""
    """Why it is not copied, or not as it is; subscriptions for which that is the same are told of together."""


async def copy(context: Context, call: Call) -> Reply:
    """Add to a channel what another one watches; what it watches already, and what is paused, is left out."""
    caller = call.caller
    source, target = (_channel(call, name) for name in ("from", "to"))
    if source == target:
        raise UserError("Name two different channels, as in: copy #world #europe")
    await must_see(context, caller, [source])
    await may_manage(context, caller, [target])
    faults, heard = await reachable(context, [target])
    if faults:
        raise UserError("\n".join(f"{fault}, then give the command again." for fault in faults))
    found = await watched(context, caller)
    names = {**names_of(caller, found), **heard}
    here = await context.workspace(caller.channel)
    followed = await context.store.registry.feeds(here.id)
    there = await _asked_for([one for one in found if one.channel.address == target])
    copying = _Copying(context, caller, target, names.get(target, ""), there, followed)
    copied = [await copying.decide(one) for one in found if one.channel.address == source]
    if not copied:
        raise UserError(f"{called(source, names)} watches nothing that could be copied.")
    rows = [one.row for one in copied if one.row]
    must_have_room(context, (await context.store.frontdesk.usage(here.id)).subscriptions, len(rows))
    await subscribe_all(context, rows)
    number = count(len(rows), "subscription")
    told = line(f"Copied {number} from {called(source, names)} to {called(target, names)}.")
    # Where from is not announced: not everybody there may know of the other channel.
    announcement = announced(caller, "copied", (Run(f"{number} to this channel"),)) if rows else ()
    return Reply((told, *_buts(copied)), announcement=announcement, announced_in=(target,))


async def _asked_for(subscriptions: Sequence[Subscription]) -> frozenset[str | Node]:
    """Return each query as it was typed, and as it is understood where it can be."""
    asked: set[str | Node] = set()
    for one in subscriptions:
        await asyncio.sleep(0)
        asked.add(one.query)
        with suppress(QueryError):  # it rests on a term that has gone
            asked.add(parse_query(one.query, one.terms).root)
    return frozenset(asked)


def _channel(call: Call, name: str) -> ChannelAddress:
    if not call.arguments.get(name):
        raise UserError("copy needs two channels, as in: copy #world #europe")
    return channels_in(call.arguments, name, call.caller.channel)[0]


@dataclass(frozen=True, slots=True)
class _Copying:
    """Somebody copies to a channel, among everything that is watched where they can see it."""

    context: Context
    caller: Caller
    target: ChannelAddress
    name: str
    there: frozenset[str | Node]
    """What is watched there already: as it was typed, and as it is understood."""
    followed: Sequence[FollowedFeed]

    async def decide(self, one: Subscription) -> _Copied:
        """Say what becomes of a subscription."""
        if not one.active:
            return _Copied(one, but="paused, so not copied")
        await asyncio.sleep(0)  # others have their turn, however many are copied
        if {one.query, parse_query(one.query, one.terms).root} & self.there:
            return _Copied(one, but="watched there already")
        chosen = {other.feed.id: other for other in self.followed if other.feed.id in one.feeds}
        if one.feeds and not chosen:
            return _Copied(one, but="limited to sources that are not read here, so not copied")
        row = SubscriptionRow(
            self.target,
            one.query,
            Origin.CHAT,
            feeds=scope_of(tuple(chosen.values()), self.followed).stored,
            created_by=self.caller.person.name,
            created_by_id=self.caller.person.id,
            mention=one.mention,
            channel_name=self.name,
        )
        if one.mention is None or await self._may_mention(one.mention):
            return _Copied(one, row)
        return _Copied(
            one, replace(row, mention=None), "copied without the mention, which you could not make there"
        )

    async def _may_mention(self, mention: Mention) -> bool:
        try:
            await may_mention(self.context, self.caller, self.target, mention)
        except UserError:
            return False
        return True


def _buts(copied: Sequence[_Copied]) -> Iterator[Line]:
    """Tell of what was not copied, or not as it is, reason by reason."""
    for but in dict.fromkeys(one.but for one in copied if one.but):
        titles = [quoted(one.one.title) for one in copied if one.but == but]
        text = f"{listed(titles)}: {but}."
        yield line(text, Look.DIM)
