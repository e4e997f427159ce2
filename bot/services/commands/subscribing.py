"""`subscribe` and `edit`: from what was typed or filled in to a draft, and the forms on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.commands.exchange import Call, Caller, Press, Reply, Submission, Value
from bot.domain.commands.forms import NOBODY, edit_form, redraft_form, subscribe_form
from bot.domain.commands.telling import quoted
from bot.domain.model import Draft, Origin, Subscription
from bot.errors import UserError
from bot.services.commands.arguments import channels_in, feeds_in, mention_in, shown_sources
from bot.services.commands.context import Context
from bot.services.commands.drafting import answer, draft_of
from bot.services.commands.meaning import meant, numbered
from bot.services.commands.rights import may_manage

# ---------------------------------------------------------------- new ones


async def subscribe(context: Context, call: Call) -> Reply:
    """Say what a new subscription would find; without a query, open its form."""
    if not call.text("query"):
        return Reply(form=subscribe_form(call.text("feeds")))
    return await _answer_new(context, call.caller, call.arguments)


async def subscribe_filled(context: Context, submission: Submission) -> Reply:
    """Take the form of a new subscription."""
    return await _answer_new(context, submission.caller, submission.values)


async def _answer_new(context: Context, caller: Caller, values: Mapping[str, Value]) -> Reply:
    draft = Draft(
        channels_in(values, "in", caller.channel),
        _text(values, "query"),
        caller.person,
        context.now,
        feeds_in(_text(values, "feeds")),
        mention_in(values),
    )
    return await answer(context, caller, draft)


# ---------------------------------------------------------------- drafts corrected


async def redraft(context: Context, press: Press) -> Reply:
    """Open the form in which a draft is corrected."""
    id, draft = await draft_of(context, press)
    await may_manage(context, press.caller, draft.channels)
    return Reply(
        form=redraft_form(id, replace(draft, feeds=await _shown(context, press.caller, draft.feeds)))
    )


async def redraft_filled(context: Context, submission: Submission) -> Reply:
    """Take a corrected draft; what is not in its form stays as it was."""
    caller, values = submission.caller, submission.values
    _, draft = await draft_of(context, Press(caller, submission.action))
    corrected = replace(_filled(draft, values), by=caller.person, created_at=context.now)
    return replace(await answer(context, caller, corrected), replaces=True)


# ---------------------------------------------------------------- changes


async def edit(context: Context, call: Call) -> Reply:
    """Say what a changed subscription would find; without anything to change, open its form."""
    current = await meant(context, call.caller, call.text("subscription"))
    await _may_edit(context, call.caller, current)
    given = {name: value for name, value in call.arguments.items() if value}
    if not given.keys() & {"query", "feeds", "mention"}:
        return await _edit_form(context, call.caller, current)
    draft = replace(
        _as_it_is(context, call.caller, current),
        query=call.text("query") or current.query,
        feeds=feeds_in(call.text("feeds")) if "feeds" in given else current.feeds_named,
        mention=mention_in(given) if "mention" in given else current.mention,
    )
    return await answer(context, call.caller, draft)


async def edit_pressed(context: Context, press: Press) -> Reply:
    """Open the form in which a subscription is changed."""
    current = await numbered(context, press.caller, press.action)
    await _may_edit(context, press.caller, current)
    return await _edit_form(context, press.caller, current)


async def _edit_form(context: Context, caller: Caller, current: Subscription) -> Reply:
    shown = await _shown(context, caller, current.feeds_named)
    return Reply(form=edit_form(replace(current, feeds_named=shown)))


async def _shown(context: Context, caller: Caller, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of sources as a form may hold them; none of them leads elsewhere when it comes back."""
    here = await context.workspace(caller.channel)
    return shown_sources(names, await context.store.registry.feeds(here.id)) if names else ()


async def edit_filled(context: Context, submission: Submission) -> Reply:
    """Take the form of a changed subscription."""
    caller, values = submission.caller, submission.values
    current = await numbered(context, caller, submission.action)
    await _may_edit(context, caller, current)
    draft = _filled(_as_it_is(context, caller, current), values)
    return await answer(context, caller, draft)


async def _may_edit(context: Context, caller: Caller, current: Subscription) -> None:
    await may_manage(context, caller, [current.channel.address])
    if current.origin is Origin.FILE:
        raise UserError(
            f"{quoted(current.title)} ({current.id}) stands in newsbot’s config file. Whoever runs newsbot changes it"
            f" there; here you can pause it: {context.command} pause {current.id}"
        )


def _as_it_is(context: Context, caller: Caller, current: Subscription) -> Draft:
    return Draft(
        (current.channel.address,),
        current.query,
        caller.person,
        context.now,
        current.feeds_named,
        current.mention,
        current.id,
    )


def _filled(draft: Draft, values: Mapping[str, Value]) -> Draft:
    """Return a draft as a form corrects it."""
    mention = None if _text(values, "mention") == NOBODY else draft.mention
    feeds = feeds_in(_text(values, "feeds"))
    return replace(draft, query=_text(values, "query"), feeds=feeds, mention=mention)


def _text(values: Mapping[str, Value], name: str) -> str:
    value = values.get(name, "")
    return value.strip() if isinstance(value, str) else ""
