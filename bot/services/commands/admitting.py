"""What stands between a wish and a subscription: rights, mentions, twins, quotas, and whether newsbot can post there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.commands.exchange import Caller
from bot.domain.model import ChannelAddress, Draft, FeedId, Mention, Subscription, SubscriptionId
from bot.domain.query import Query, parse_query
from bot.domain.wording import count
from bot.errors import LimitError, NotFound, QueryError, UserError
from bot.ports import FollowedFeed, SubscriptionRow
from bot.services.commands.arguments import (
    EVERYONE,
    calls_everyone,
    find_source,
    shown_sources,
    source_title,
)
from bot.services.commands.context import Context
from bot.services.commands.naming import Names, at, names_of
from bot.services.commands.rights import may_manage


@dataclass(frozen=True, slots=True)
class Scope:
    """The sources that a draft is about."""

    feeds: frozenset[FeedId]
    """Empty for all."""
    titles: tuple[str, ...]
    stored: tuple[str, ...]
    """As the store is told of them."""


async def admit(context: Context, caller: Caller, draft: Draft) -> None:
    """Raise UserError when somebody may not have what a draft says: its channels, or its mention."""
    if not draft.channels:  # it keeps something else, say a question asked of every channel
        raise NotFound("There is nothing to confirm here. Give the command again.")
    await may_manage(context, caller, draft.channels)
    if draft.mention is not None:
        for channel in draft.channels:
            await may_mention(context, caller, channel, draft.mention)


async def may_mention(context: Context, caller: Caller, channel: ChannelAddress, mention: Mention) -> None:
    """Raise UserError for a mention that somebody could not make themselves, and for everyone."""
    if calls_everyone(mention, channel):
        raise UserError(EVERYONE)
    if mention.kind not in {"role", "group", "person"}:
        raise UserError("newsbot can call a role, a group or a person. Mention one of them.")
    listener = context.listeners.get(channel.platform)
    if listener is None or not await listener.may_mention(caller, channel, mention):
        raise UserError(
            f"You could not mention {at(mention)} in that channel yourself, so newsbot won’t do it for you."
            " Leave the mention out, or ask somebody who may."
        )


def must_have_room(context: Context, used: int, wanted: int) -> None:
    """Raise UserError when a workspace would have more subscriptions than it may."""
    if used + wanted > context.quotas.subscriptions:
        raise _no_room(context, used, wanted)


async def subscribe_all(context: Context, rows: Sequence[SubscriptionRow]) -> Sequence[SubscriptionId]:
    """Add subscriptions, all or none; raise UserError when others were faster and there is no room any more."""
    try:
        return await context.store.registry.subscribe_all(rows, context.now, context.quotas.subscriptions)
    except LimitError as error:
        raise _no_room(context, error.used, len(rows)) from error


def _no_room(context: Context, used: int, wanted: int) -> UserError:
    asked = "" if wanted == 1 else f" This would add {wanted}."
    limit = count(context.quotas.subscriptions, "subscription")
    return UserError(
        f"The limit here is {limit}, and {used} {'is' if used == 1 else 'are'} in use.{asked}"
        f" Remove some first ({context.command} subscriptions shows them), or ask whoever runs newsbot for more."
    )


async def read_query(context: Context, caller: Caller, draft: Draft) -> Query:
    """Read a draft's query with the terms that hold here; raise QueryError."""
    return parse_query(draft.query, await context.terms(caller))


async def twins(context: Context, caller: Caller, draft: Draft, query: Query) -> list[Subscription]:
    """Return the subscriptions of a draft's channels that ask for the same."""
    here = await context.workspace(caller.channel)
    found = await context.store.registry.subscriptions(here.id, paused=True)
    same: list[Subscription] = []
    for one in found:
        if one.channel.address in draft.channels and one.id != draft.changes:
            await asyncio.sleep(0)  # others have their turn, however many watch
            same += [one] if _asks(one, draft.query, query) else []
    return same


def _asks(one: Subscription, text: str, query: Query) -> bool:
    """Say whether a subscription asks for what a query does, however it is typed."""
    if one.query == text:
        return True
    try:
        return parse_query(one.query, one.terms).root == query.root
    except QueryError:  # it rests on a term that has gone
        return False


async def scope(context: Context, caller: Caller, draft: Draft) -> Scope:
    """Return the sources that a draft names; raise NotFound for one that is not read here."""
    here = await context.workspace(caller.channel)
    followed = list(await context.store.registry.feeds(here.id))
    if draft.changes is not None:
        current = await context.store.registry.subscription(draft.changes, here.id)
        if current.feeds_named == draft.feeds:  # perhaps by a name that only the command line knows
            return Scope(current.feeds, shown_sources(draft.feeds, followed), draft.feeds)
    return scope_of([find_source(name, followed, context.command) for name in draft.feeds], followed)


def scope_of(chosen: Sequence[FollowedFeed], followed: Sequence[FollowedFeed]) -> Scope:
    """Return what some of the sources that a workspace follows are called."""
    named = [one.name for one in followed]
    return Scope(
        frozenset(one.feed.id for one in chosen),
        tuple(map(source_title, chosen)),
        tuple(one.name if one.name and named.count(one.name) == 1 else one.feed.url for one in chosen),
    )


async def reachable(context: Context, channels: Sequence[ChannelAddress]) -> tuple[list[str], Names]:
    """Return what keeps newsbot from posting in channels, each with its remedy, and what the channels are called."""
    adapter = context.chats.get(channels[0].platform)
    if adapter is None:
        return [], {}
    results = await adapter.check(channels)
    told = {one.subject: one for one in results}
    found = [told.get(str(channel)) for channel in channels]
    # What is amiss with the platform as a whole counts where it kept a channel from being looked at.
    looked_at = results if None in found else [one for one in found if one]
    faults = [
        f"{one.detail.rstrip('.')}. {one.remedy}".strip().rstrip(".") for one in looked_at if not one.ok
    ]
    heard = {
        channel: one.facts["name"]
        for channel, one in zip(channels, found, strict=True)
        if one and "name" in one.facts
    }
    return faults, heard


async def names(
    context: Context, caller: Caller, channels: Sequence[ChannelAddress], known: Iterable[Subscription] = ()
) -> Names:
    """Return what channels are called; the platform is asked about those that nobody has named yet."""
    heard = names_of(caller, known)
    unheard = [channel for channel in channels if channel not in heard]
    return {**heard, **(await reachable(context, unheard))[1]} if unheard else heard
