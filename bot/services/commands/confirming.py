"""Confirm: what the button below a drafted subscription does."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.commands.exchange import Action, Button, Caller, Look, Press, Reply, line
from bot.domain.commands.telling import quoted
from bot.domain.message import Run
from bot.domain.model import Draft, DraftId, Origin, Subscription, SubscriptionId
from bot.domain.query import describe
from bot.domain.wording import listed
from bot.ports import SubscriptionEdit, SubscriptionRow
from bot.services.commands.admitting import (
    Scope,
    admit,
    must_have_room,
    names,
    read_query,
    scope,
    subscribe_all,
    twins,
)
from bot.services.commands.context import Context
from bot.services.commands.drafting import already, draft_of
from bot.services.commands.naming import announced, called, titled


async def confirm(context: Context, press: Press) -> Reply:
    """Make a draft true: once, however often this is pressed."""
    id, draft = await draft_of(context, press)
    caller = press.caller
    await admit(context, caller, draft)
    query = await read_query(context, caller, draft)
    sources = await scope(context, caller, draft)
    if same := await twins(context, caller, draft, query):
        return replace(already(caller, same), replaces=True)
    if draft.changes is not None:
        reply = await _change(context, caller, (id, draft), sources, draft.changes)
    else:
        reply = await _make(context, caller, (id, draft), sources)
    heard = await names(context, caller, draft.channels)
    where = listed([called(channel, heard) for channel in draft.channels])
    told = (
        line(f"Watching {where} for {describe(query)}."),
        line("Nothing published before now will be posted.", Look.DIM),
    )
    return replace(reply, lines=told, replaces=True)


async def _make(context: Context, caller: Caller, drafted: tuple[DraftId, Draft], sources: Scope) -> Reply:
    """Add a subscription to each channel of a draft."""
    id, draft = drafted
    desk, registry = context.store.frontdesk, context.store.registry
    here = await context.workspace(caller.channel)
    must_have_room(context, (await desk.usage(here.id)).subscriptions, len(draft.channels))
    heard = await names(context, caller, draft.channels)
    await desk.take_draft(id, here.id, context.now)
    rows = [
        SubscriptionRow(
            channel,
            draft.query,
            Origin.CHAT,
            feeds=sources.stored,
            created_by=caller.person.name,
            created_by_id=caller.person.id,
            mention=draft.mention,
            channel_name=heard.get(channel, ""),
        )
        for channel in draft.channels
    ]
    made = [await registry.subscription(one, here.id) for one in await subscribe_all(context, rows)]
    what = titled(made[0]) if len(made) == 1 else (Run(quoted(draft.query)),)
    return Reply(
        buttons=_tending(made),
        announcement=announced(caller, "added", what),
        announced_in=draft.channels,
    )


async def _change(
    context: Context,
    caller: Caller,
    drafted: tuple[DraftId, Draft],
    sources: Scope,
    changes: SubscriptionId,
) -> Reply:
    """Have a subscription say what its draft says."""
    id, draft = drafted
    registry, here = context.store.registry, await context.workspace(caller.channel)
    before = await registry.subscription(changes, here.id)
    await context.store.frontdesk.take_draft(id, here.id, context.now)
    edit = SubscriptionEdit(draft.query, sources.stored, draft.mention)
    after = await registry.edit(changes, here.id, edit, caller.person, context.now)
    what = f" to {quoted(after.query)}" if after.query != before.query else ""
    return Reply(
        buttons=_tending([after]),
        announcement=announced(caller, "changed", titled(before), what),
        announced_in=draft.channels,
    )


def _tending(made: list[Subscription]) -> tuple[Button, ...]:
    if len(made) > 1:
        return ()
    [one] = made
    return (
        Button("Edit", Action("edit", (str(one.id),))),
        Button("Remove", Action("remove", (str(one.id),))),
    )
