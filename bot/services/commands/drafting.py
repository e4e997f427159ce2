"""The answer to a wish to watch something: what it would find here, before anybody confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.commands.exchange import Action, Button, Caller, Line, Look, Press, Reply, Tone, line
from bot.domain.commands.telling import added, quoted, said
from bot.domain.model import ChannelAddress, Draft, DraftId, Subscription
from bot.domain.query import Query, describe
from bot.domain.wording import ago, count, listed
from bot.errors import NotFound, QueryError, UserError
from bot.services.advice import Adviser
from bot.services.commands.admitting import (
    Scope,
    admit,
    must_have_room,
    reachable,
    read_query,
    scope,
    twins,
)
from bot.services.commands.articles import advice, shown
from bot.services.commands.context import Context
from bot.services.commands.desk import unreadable
from bot.services.commands.naming import Names, at, called, names_of
from bot.services.commands.searching import lookup
from bot.services.lookup import Preview

DAYS = 7
SAMPLES = 2
LONGEST_PLACE = 60
"""Characters of a place that a button names; Slack's hold 75 in all."""
MOST_TERMS = 4
"""Terms of which the answer says how much each brings."""


async def show_draft(context: Context, press: Press) -> Reply:
    """Show what a draft would find, in place of the message whose button was pressed."""
    id, draft = await draft_of(context, press)
    return replace(await answer(context, press.caller, draft, id), replaces=True)


async def draft_of(context: Context, press: Press) -> tuple[DraftId, Draft]:
    """Return the draft that a button speaks of; raise NotFound."""
    id = DraftId(press.action.parts[0] if press.action.parts else "")
    here = await context.workspace(press.caller.channel)
    return id, await context.store.frontdesk.draft(id, here.id, context.now)


async def answer(context: Context, caller: Caller, draft: Draft, id: DraftId | None = None) -> Reply:
    """Say what a draft would find, and offer to confirm it; what is wrong with it can be corrected.

    A draft without an id is kept under a new one.
    """
    await admit(context, caller, draft)
    try:
        query = await read_query(context, caller, draft)
        sources = await scope(context, caller, draft)
    except (QueryError, NotFound) as error:
        return await _correctable(context, caller, draft, error)
    same = await twins(context, caller, draft, query)
    taken = {one.channel.address for one in same}
    left = tuple(channel for channel in draft.channels if channel not in taken)
    if not left:
        return already(caller, same)
    if draft.changes is None:
        here = await context.workspace(caller.channel)
        used = (await context.store.frontdesk.usage(here.id)).subscriptions
        must_have_room(context, used, len(left))
    if id is None or left != draft.channels:
        draft = replace(draft, channels=left)
        id = await keep(context, caller, draft)
    return await _proved(context, caller, (id, draft), (query, sources), same)


async def keep(context: Context, caller: Caller, draft: Draft) -> DraftId:
    """Keep a draft until it is confirmed, or for a day."""
    here = await context.workspace(caller.channel)
    return await context.store.frontdesk.save_draft(draft, here.id)


def already(caller: Caller, same: Sequence[Subscription]) -> Reply:
    """Say that the same is watched already, and what can be done with it."""
    names, lines, buttons = names_of(caller, same), [], []
    for one in same:
        where, paused = called(one.channel.address, names), "" if one.active else ", but paused"
        lines.append(
            line(f"{quoted(one.query)} is watched in {where} already{paused}: {one.id}, {added(one)}.")
        )
        if not one.active:
            buttons.append(Button(f"Resume {one.id}", Action("resume", (str(one.id),)), Tone.PRIMARY))
        buttons.append(Button(f"Edit {one.id}", Action("edit", (str(one.id),))))
    return Reply(tuple(lines), tuple(buttons[:10]))


# ---------------------------------------------------------------- what is said


async def _correctable(context: Context, caller: Caller, draft: Draft, error: UserError) -> Reply:
    """Say what is wrong with a draft, and offer its form, and the correction if there is one."""
    id = await keep(context, caller, draft)
    buttons = [Button("Edit", Action("redraft", (id,)), Tone.PRIMARY)]
    if not isinstance(error, QueryError):
        return Reply((line(str(error)),), tuple(buttons), refused=True)
    if error.suggestion:
        other = await keep(context, caller, replace(draft, query=error.suggestion))
        buttons.insert(0, Button("Use that", Action("draft", (other,)), Tone.PRIMARY))
    return replace(unreadable(error), buttons=tuple(buttons))


async def _proved(
    context: Context,
    caller: Caller,
    drafted: tuple[DraftId, Draft],
    meant: tuple[Query, Scope],
    same: Sequence[Subscription],
) -> Reply:
    (id, draft), (query, sources) = drafted, meant
    faults, heard = await reachable(context, draft.channels)
    names = {**names_of(caller, same), **heard}
    edit = Button("Edit", Action("redraft", (id,)))
    if faults:
        lines = [line(f"{fault}, then press Retry.") for fault in faults]
        return Reply(tuple(lines), (Button("Retry", Action("draft", (id,)), Tone.PRIMARY), edit))
    proof = await _proof(context, caller, draft, sources)
    said = (_title(draft, query, names), *_others(caller, same), *_limits(draft, sources), *proof)
    sample_in = sample_channel(caller, draft)
    there = f"in {called(sample_in, names)}"
    where = "here" if sample_in == caller.channel else there if len(there) <= LONGEST_PLACE else "there"
    confirm = Button("Confirm", Action("confirm", (id,)), Tone.PRIMARY)
    return Reply(said, (confirm, edit, Button(f"Post a sample {where}", Action("sample", (id,)))))


def sample_channel(caller: Caller, draft: Draft) -> ChannelAddress:
    """Return where a sample of a draft is posted: here, if it is about this channel."""
    return caller.channel if caller.channel in draft.channels else draft.channels[0]


def _title(draft: Draft, query: Query, names: Names) -> Line:
    where = listed([called(channel, names) for channel in draft.channels])
    if draft.changes is None:
        return line(f"Ready to watch {where} for {describe(query)}.", Look.TITLE)
    return line(f"Ready to change {draft.changes} in {where}, to watch for {describe(query)}.", Look.TITLE)


def _others(caller: Caller, same: Sequence[Subscription]) -> tuple[Line, ...]:
    return tuple(replace(one, look=Look.DIM) for one in already(caller, same).lines)


def _limits(draft: Draft, sources: Scope) -> tuple[Line, ...]:
    limits = [f"Only from {listed(sources.titles)}."] if sources.titles else []
    limits += [f"Each alert calls {at(draft.mention)}."] if draft.mention else []
    return (line(" ".join(limits)),) if limits else ()


async def _proof(context: Context, caller: Caller, draft: Draft, sources: Scope) -> tuple[Line, ...]:
    """Say how much it would bring, show the newest of it, and advise."""
    looking = replace(await lookup(context, caller), feeds=sources.feeds)
    preview = await looking.preview(draft.query, context.now, DAYS, SAMPLES)
    notes = await Adviser(looking).notes(draft.query, preview, context.now)
    life = f"{await _life(context, caller, sources)} {_pace(preview, context.now, len(draft.channels))}"
    return (
        line(life),
        line("Nothing published before now will be posted."),
        *((line("For example", Look.DIM),) if preview.samples else ()),
        *shown(preview.samples, context.now),
        *advice(notes),
    )


async def _life(context: Context, caller: Caller, sources: Scope) -> str:
    """Say how many sources are read, and when one last was."""
    here = await context.workspace(caller.channel)
    followed = await context.store.registry.feeds(here.id)
    feeds = {one.feed.id: one.feed for one in followed if not sources.feeds or one.feed.id in sources.feeds}
    if not feeds:
        return f"No source is read here yet: {context.command} sources add ADDRESS adds one."
    read = [feed.state.succeeded_at for feed in feeds.values() if feed.state.succeeded_at]
    last = f"last read {ago(max(read), context.now)}" if read else "not read yet"
    failing = sum(feed.state.failures > 0 for feed in feeds.values())
    rest = f" {failing} of them cannot be read now: {context.command} sources health." if failing else ""
    return f"{count(len(feeds), 'source')}, {last}.{rest}"


def _pace(preview: Preview, now: datetime, channels: int) -> str:
    """Say how many alerts that would have been lately: about 3 a day here, 2 from “Kim Jong Un”, 1 from “summit”."""
    days = (now - preview.since) / timedelta(days=1)
    if not preview.total:
        return f"No alert in the last {DAYS} days."
    per, unit = (1 / days, "day") if preview.total / days >= 1 else (7 / days, "week")
    here = "here" if channels == 1 else "in each channel"
    at_least = "About" if preview.complete else "At least"
    told = f"{at_least} {count(_rounded(preview.total * per), 'alert')} a {unit} {here}"
    if 1 < len(preview.terms) <= MOST_TERMS:
        each = [
            f"{_rounded(number * per):,} from {said(term, now)}" for term, number in preview.terms.items()
        ]
        told += f": {', '.join(each)}"
    return f"{told}."


def _rounded(number: float) -> int:
    """Round a number, but not to nothing what is something."""
    return max(round(number), 1 if number else 0)
