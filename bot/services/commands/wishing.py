"""Subscriptions that a file asks for: each is checked as if it had been typed, then all of them are made."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot.domain.commands.exchange import Caller
from bot.domain.model import ChannelAddress, Mention, Origin
from bot.domain.query import Node, parse_query
from bot.domain.wishes import Fault, Wish
from bot.domain.wording import count, listed
from bot.errors import NewsbotError, QueryError, UserError
from bot.ports import FollowedFeed, SubscriptionRow
from bot.services.commands.admitting import (
    may_mention,
    must_have_room,
    names,
    scope_of,
    subscribe_all,
)
from bot.services.commands.arguments import find_source
from bot.services.commands.context import Context
from bot.services.commands.meaning import watched
from bot.services.commands.naming import Names, called, names_of
from bot.services.commands.rights import may_manage

_LINKED = re.compile(r"<#(\w+)(?:\|[^>]*)?>")
_ID = re.compile(r"[CDG][A-Z0-9]{7,}|\d{15,20}")
MOST_ASKED = 100
"""Channels and mentions of one file of which the platform is asked; it has rate limits, which alerts need too."""
_KINDS = frozenset({"role", "group", "person"})


@dataclass(slots=True)
class Wishing:
    """What becomes of the rows of a file."""

    context: Context
    caller: Caller
    faults: list[Fault] = field(default_factory=list)
    added: list[ChannelAddress] = field(default_factory=list)
    """The channel of each subscription that was made."""
    known: int = 0
    names: Names = field(default_factory=dict)
    _terms: Mapping[str, str] = field(default_factory=dict)
    _followed: Sequence[FollowedFeed] = ()
    _watched: set[tuple[ChannelAddress, Node]] = field(default_factory=set)
    """What is watched where, and what of the file is to be."""
    _refusals: dict[ChannelAddress, str] = field(default_factory=dict)
    """Of every channel that was asked about, why somebody may not manage it, or nothing."""
    _called: dict[tuple[ChannelAddress, Mention], str] = field(default_factory=dict)
    """Of every mention in a channel, why somebody could not make it, or nothing."""

    async def take(self, wishes: Sequence[Wish]) -> None:
        """Check every row, and make those subscriptions that are in order; raise UserError when they are too many."""
        await self._look_round()
        ready: list[tuple[Wish, SubscriptionRow]] = []
        for wish in wishes:
            await asyncio.sleep(0)
            try:
                row, root = await self._row(wish)
            except NewsbotError as error:
                self.faults.append(Fault(wish.place, " ".join(str(error).split())))
                continue
            if (row.channel, root) in self._watched:
                self.known += 1
            else:
                self._watched.add((row.channel, root))
                ready.append((wish, row))
        await self._make(ready)

    def told(self) -> str:
        """Say what was done."""
        where = listed([called(one, self.names) for one in dict.fromkeys(self.added)])
        known = ""
        if self.known:
            known = (
                f" {count(self.known, 'subscription')} {'was' if self.known == 1 else 'were'} there already."
            )
        return f"Added {count(len(self.added), 'subscription')}{f' in {where}' if where else ''}.{known}"

    async def _look_round(self) -> None:
        here, registry = await self.context.workspace(self.caller.channel), self.context.store.registry
        self.names = names_of(self.caller, await watched(self.context, self.caller))
        self._terms = await self.context.terms(self.caller)
        self._followed = await registry.feeds(here.id)
        for one in await registry.subscriptions(here.id, paused=True):
            await asyncio.sleep(0)
            with suppress(QueryError):
                self._watched.add((one.channel.address, parse_query(one.query, one.terms).root))

    async def _make(self, ready: Sequence[tuple[Wish, SubscriptionRow]]) -> None:
        if not ready:
            return
        here = await self.context.workspace(self.caller.channel)
        usage = await self.context.store.frontdesk.usage(here.id)
        must_have_room(self.context, usage.subscriptions, len(ready))
        channels = list(dict.fromkeys(row.channel for _, row in ready))
        self.names = {**await names(self.context, self.caller, channels), **self.names}
        for wish, row in ready:
            named = replace(row, channel_name=self.names.get(row.channel, ""))
            try:
                await subscribe_all(self.context, [named])
            except NewsbotError as error:
                self.faults.append(Fault(wish.place, str(error)))
            else:
                self.added.append(row.channel)

    # ------------------------------------------------------------ one row

    async def _row(self, wish: Wish) -> tuple[SubscriptionRow, Node]:
        channel = await self._channel(wish.channel)
        root = parse_query(wish.query, self._terms).root
        mention = _mention(wish.mention)
        if mention is not None:
            await self._may_mention(channel, mention)
        sources = [find_source(name, list(self._followed), self.context.command) for name in wish.feeds]
        row = SubscriptionRow(
            channel,
            wish.query,
            Origin.CHAT,
            feeds=scope_of(sources, self._followed).stored,
            created_by=self.caller.person.name,
            created_by_id=self.caller.person.id,
            mention=mention,
        )
        return row, root

    async def _channel(self, typed: str) -> ChannelAddress:
        """Return the channel that a row names, if somebody may manage it; raise UserError."""
        channel = self._named(typed)
        if channel not in self._refusals:
            self._may_ask()
            try:
                await may_manage(self.context, self.caller, [channel])
                self._refusals[channel] = ""
            except UserError as error:
                self._refusals[channel] = str(error)
        if self._refusals[channel]:
            raise UserError(self._refusals[channel])
        return channel

    async def _may_mention(self, channel: ChannelAddress, mention: Mention) -> None:
        """Raise UserError for a mention that somebody could not make."""
        called = (channel, mention)
        if called not in self._called:
            self._may_ask()
            try:
                await may_mention(self.context, self.caller, channel, mention)
                self._called[called] = ""
            except UserError as error:
                self._called[called] = str(error)
        if self._called[called]:
            raise UserError(self._called[called])

    def _may_ask(self) -> None:
        if len(self._refusals) + len(self._called) >= MOST_ASKED:
            raise UserError(
                f"Of one file {MOST_ASKED} channels and mentions are looked up. Import it in parts."
            )

    def _named(self, typed: str) -> ChannelAddress:
        here = self.caller.channel
        if not typed:
            return here
        if linked := _LINKED.fullmatch(typed) or _ID.fullmatch(typed):
            return ChannelAddress(here.platform, here.workspace, linked[linked.lastindex or 0])
        if ":" in typed:
            return ChannelAddress.parse(typed)
        name = typed.removeprefix("#").casefold()
        found = [one for one, known in self.names.items() if known.removeprefix("#").casefold() == name]
        if len(found) != 1:
            raise UserError(
                f"newsbot knows no channel “{typed}” yet, or several. Write its address, such as {here},"
                " or nothing for this one."
            )
        return found[0]


def _mention(typed: str) -> Mention | None:
    """Read whom a row calls, as it was exported; raise UserError."""
    if not typed:
        return None
    kind, _, rest = typed.partition(":")
    id, _, name = rest.partition(":")
    if kind not in _KINDS or not id:
        raise UserError(f"“{typed[:80]}” mentions nobody. Write role:ID, group:ID or person:ID.")
    return Mention(kind, id, name)
