"""`terms list`, `terms set` and `terms remove`: names for parts of queries, and what a change of them touches."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

from bot.domain.commands.exchange import Button, Call, Caller, Choice, Line, Look, Press, Reply, line
from bot.domain.commands.paging import Pages
from bot.domain.commands.telling import place, quoted
from bot.domain.message import Run
from bot.domain.model import NamedTerm, Origin, Subscription
from bot.domain.query import describe, lint, parse_query
from bot.domain.query.glossary import names_in, refuse_tangle
from bot.domain.query.naming import read_name
from bot.domain.redefining import redefine
from bot.domain.wording import count, listed
from bot.errors import NotFound, QueryError, UserError
from bot.ports import TermRow
from bot.services.commands.articles import advice
from bot.services.commands.context import Context
from bot.services.commands.meaning import watched
from bot.services.commands.rights import may_edit

PAGE = 10
MOST_TERMS = 500
"""Of a workspace; every command reads them all."""
MOST_NAMED = 5

Terms = Mapping[str, str]


# ---------------------------------------------------------------- list


async def list_terms(context: Context, call: Call) -> Reply:
    """List the names that queries may use here."""
    return await _list(context, call.caller, Pages("terms", ""))


async def turn_terms(context: Context, press: Press) -> Reply:
    """Show other terms in place of those that were shown."""
    return await _list(context, press.caller, Pages.parse(press.action), replaces=True)


async def _list(context: Context, caller: Caller, pages: Pages, *, replaces: bool = False) -> Reply:
    here = await context.workspace(caller.channel)
    terms = await context.store.registry.terms(here.id)
    if not terms:
        example = f'{context.command} terms set kim "Kim Jong Un", 김정은, 金正恩'
        return Reply((line("No terms yet. For example:"), line(example, Look.CODE)), replaces=replaces)
    mine = await watched(context, caller)
    start = pages.cursor or 0
    shown = [_term(one, mine) for one in terms[start : start + PAGE]]
    buttons: tuple[Button, ...] = (Button("Back", pages.newer()),) if pages.way else ()
    if start + PAGE < len(terms):
        buttons += (Button("More", pages.older(start + PAGE)),)
    return Reply((line(count(len(terms), "term"), Look.TITLE), *shown), buttons, replaces=replaces)


def _term(term: NamedTerm, mine: Sequence[Subscription]) -> Line:
    users = sum(1 for one in mine if term.name in one.terms)
    use = f"in {count(users, 'subscription')}" if users else "not used"
    by = (
        "declared in newsbot’s config file"
        if term.origin is Origin.FILE
        else f"by {term.updated_by or 'whoever runs newsbot'}"
    )
    return line((Run(f"@{term.name}", marked=True), Run(f" = {term.definition} · {use} · {by}")))


# ---------------------------------------------------------------- set


async def set_term(context: Context, call: Call) -> Reply:
    """Define a name, or define it anew."""
    caller = call.caller
    await may_edit(context, caller)
    name, definition = read_name(call.text("name")), call.text("query")
    here, before = await context.workspace(caller.channel), await context.terms(caller)
    if name not in before and len(before) >= MOST_TERMS:
        raise UserError(
            f"The limit here is {count(MOST_TERMS, 'term')}, and {len(before):,} are in use. Remove some first:"
            f" {context.command} terms list shows them."
        )
    after = {**before, name: definition}
    refuse_tangle(after)
    others = {known: text for known, text in before.items() if known != name}
    means, notes = parse_query(definition, others), lint(definition, others)
    mine = await watched(context, caller)
    await asyncio.to_thread(redefine, before, after, mine)
    try:
        row = TermRow(here.id, name, definition, Origin.CHAT, caller.person.name)
        touched = await context.store.registry.set_term(row, context.now)
    except UserError:
        raise UserError(
            f"@{name} cannot mean that: a subscription in a channel that you can’t see could not be read any more."
            " Give the new meaning another name."
        ) from None
    lines = [line(f"@{name} means {describe(means)}.", Look.TITLE)]
    if (old := _meaning(name, before)) and old != describe(means):
        lines.append(line(f"Before, it meant {old}."))
    lines += [*_touched(touched, mine), *advice(notes)]
    announcement = (
        Run(f"{caller.person.name} set "),
        Run(f"@{name}", marked=True),
        Run(f" to {quoted(definition)}"),
    )
    return Reply(tuple(lines), announcement=announcement)


def _touched(touched: Sequence[Subscription], mine: Sequence[Subscription]) -> Sequence[Line]:
    """Name the subscriptions that mean something else now, and count those that somebody cannot see."""
    if not touched:
        return []
    seen = {one.id for one in mine}
    verb = "follows" if len(touched) == 1 else "follow"
    told = f"{count(len(touched), 'subscription')} {verb} at once: {_named(touched, seen)}."
    return [line(told)]


def _named(users: Sequence[Subscription], seen: Collection[int]) -> str:
    known = [f"{quoted(one.title)} in {place(one.channel)}" for one in users if one.id in seen]
    hidden = len(users) - len(known)
    rest = [f"{hidden} in channels that you can’t see"] if hidden else []
    more = [f"{len(known) - MOST_NAMED} more"] if len(known) > MOST_NAMED else []
    return listed([*known[:MOST_NAMED], *more, *rest])


def _meaning(name: str, terms: Terms) -> str:
    """Say what a name means; nothing when it has no meaning, or none that can be read."""
    try:
        return describe(parse_query(terms[name], terms)) if name in terms else ""
    except QueryError:
        return ""


# ---------------------------------------------------------------- remove


async def remove_term(context: Context, call: Call) -> Reply:
    """Take a name away that nothing uses."""
    caller = call.caller
    await may_edit(context, caller)
    name = read_name(call.text("name"))
    here = await context.workspace(caller.channel)
    try:
        touched = await context.store.registry.remove_term(name, here.id, context.now)
    except NotFound:
        raise NotFound(f"There is no term @{name} here. {context.command} terms list shows them.") from None
    except UserError:
        raise await _refusal(context, caller, name) from None
    mine = await watched(context, caller)
    default = _meaning(name, await context.terms(caller))
    said = (
        f"@{name} means {default} again, as newsbot’s config file has it." if default else f"@{name} is gone."
    )
    announcement = (Run(f"{caller.person.name} removed "), Run(f"@{name}", marked=True))
    return Reply((line(said), *_touched(touched, mine)), announcement=announcement)


async def _refusal(context: Context, caller: Caller, name: str) -> UserError:
    """Say why a term cannot go, in what somebody can see."""
    here = await context.workspace(caller.channel)
    terms = await context.store.registry.terms(here.id)
    if any(one.name == name and one.workspace_id is None for one in terms):
        return UserError(
            f"@{name} is declared in newsbot’s config file. Only whoever runs newsbot can remove it."
        )
    every = await context.store.registry.subscriptions(here.id, paused=True)
    users = [one for one in every if name in names_in(one.query)]
    seen = {one.id for one in await watched(context, caller)}
    named = [_named(users, seen)] if users else []
    named += [f"@{one.name}" for one in terms if name in names_in(one.definition)]
    return UserError(f"@{name} cannot go while it is used: {listed(named)}. Change that first.")


async def complete_name(context: Context, caller: Caller, typed: str) -> list[Choice]:
    """Offer the names that begin with what was typed."""
    wanted = typed.strip().lstrip("@$").casefold()
    terms = await context.terms(caller)
    return [
        Choice(name, f"@{name} = {terms[name]}"[:100]) for name in sorted(terms) if name.startswith(wanted)
    ]
