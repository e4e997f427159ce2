"""Post a sample here: what an alert of a draft would look like."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.commands.exchange import Press, Reply, say
from bot.domain.commands.telling import quoted
from bot.domain.compose import compose
from bot.domain.message import Run
from bot.domain.model import (
    Alert,
    AlertMatch,
    Channel,
    ChannelAddress,
    ChannelId,
    DeliveryId,
    Draft,
    Subscription,
    SubscriptionId,
    WorkspaceId,
)
from bot.errors import UserError
from bot.services.commands.admitting import admit, scope
from bot.services.commands.context import Context
from bot.services.commands.drafting import draft_of, sample_channel
from bot.services.commands.naming import announced
from bot.services.commands.searching import lookup
from bot.services.lookup import Found


async def sample(context: Context, press: Press) -> Reply:
    """Post the newest article that a draft would have found, said to be a sample; nobody is called."""
    id, draft = await draft_of(context, press)
    caller = press.caller
    await admit(context, caller, draft)
    sources = await scope(context, caller, draft)
    looking = replace(await lookup(context, caller), feeds=sources.feeds)
    result = await looking.search(draft.query, 1, now=context.now)
    adapter = context.chats.get(caller.channel.platform)
    if not result.found or adapter is None:
        raise UserError("Nothing that is stored would have matched, so there is no sample to post.")
    channel = sample_channel(caller, draft)
    told = compose(_alert(draft, result.found[0], channel, await context.terms(caller)))
    unconfirmed = f"a sample for {quoted(draft.query)}, not yet confirmed"
    message = replace(told, headline=(Run("Sample: "), *told.headline), subscriptions=(unconfirmed,))
    await adapter.send(channel, message, DeliveryId(f"sample-{id}"))
    return say(
        "Posted a sample. Nothing is watched before you press Confirm.",
        announcement=announced(caller, "asked for a sample of", (Run(quoted(draft.query)),)),
        announced_in=(channel,),
    )


def _alert(draft: Draft, found: Found, channel: ChannelAddress, terms: dict[str, str]) -> Alert:
    """Return the alert that an article would have been, had the draft been a subscription."""
    place = Channel(ChannelId(0), WorkspaceId(0), channel)
    watcher = Subscription(SubscriptionId(0), place, draft.query, draft.created_at, terms=terms)
    match = AlertMatch(watcher, found.article.id, found.terms)
    return Alert(place, (found.article,), (match,))
