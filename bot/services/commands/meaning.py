"""Which subscription somebody means, among those that they can see; and completions while they type."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from bot.domain.commands.exchange import Action, Caller, Choice
from bot.domain.commands.telling import quoted
from bot.domain.model import Subscription
from bot.errors import NotFound, UserError
from bot.services.commands.arguments import number_in, source_title
from bot.services.commands.context import Context
from bot.services.commands.naming import called, names_of
from bot.services.commands.rights import visible

MOST_NAMED = 5
LONGEST_CHOICE = 100
"""Characters that platforms show of a completion, and take of its value."""


async def watched(context: Context, caller: Caller) -> list[Subscription]:
    """Return the subscriptions, paused ones too, of the channels that somebody can see, those of this one first."""
    here = await context.workspace(caller.channel)
    found = await context.store.registry.subscriptions(here.id, paused=True)
    seen = await visible(context, caller, [one.channel.address for one in found])
    shown = [one for one in found if one.channel.address in seen]
    return sorted(shown, key=lambda one: one.channel.address != caller.channel)


async def meant(context: Context, caller: Caller, typed: str) -> Subscription:
    """Return the subscription that a number, name or query stands for; raise NotFound, or UserError for several."""
    found = await watched(context, caller)
    number = number_in(typed)
    chosen = [one for one in found if one.id == number] or _alike(found, typed, caller)
    if not chosen:
        raise NotFound(
            f"Nothing called {quoted(typed)} is watched in the channels that you can see."
            f" {context.command} subscriptions shows what is watched here."
        )
    if len(chosen) > 1:
        names = names_of(caller, found)
        several = [
            f"{one.id}: {quoted(one.title)} in {called(one.channel.address, names)}"
            for one in chosen[:MOST_NAMED]
        ]
        raise UserError("\n".join([f"{quoted(typed)} could be several. Give the number:", *several]))
    return chosen[0]


async def numbered(context: Context, caller: Caller, action: Action) -> Subscription:
    """Return the subscription that a button or form is about; raise NotFound for one that somebody cannot see."""
    here = await context.workspace(caller.channel)
    number = number_in(action.parts[0] if action.parts else "")
    if number is not None:
        with suppress(NotFound):
            found = await context.store.registry.subscription(number, here.id)
            if await visible(context, caller, [found.channel.address]):
                return found
    raise NotFound("That subscription is no longer there.")


def _alike(found: Sequence[Subscription], typed: str, caller: Caller) -> list[Subscription]:
    """Return those that say just this, else those that contain it; of this channel, if there are any."""
    wanted = typed.strip().casefold()
    same = [one for one in found if wanted in {one.title.casefold(), one.query.casefold()}]
    like = same or [one for one in found if wanted in one.title.casefold() or wanted in one.query.casefold()]
    return [one for one in like if one.channel.address == caller.channel] or like


async def complete_subscription(context: Context, caller: Caller, typed: str) -> list[Choice]:
    """Offer the subscriptions that contain what was typed."""
    found = await watched(context, caller)
    names, wanted = names_of(caller, found), typed.strip().casefold()
    offered = []
    for one in found:
        where = called(one.channel.address, names)
        label = f"{one.id} · {one.title} · {where}" + ("" if one.active else " · paused")
        if wanted in label.casefold():
            offered.append(Choice(str(one.id), _short(label)))
    return offered


async def complete_feeds(context: Context, caller: Caller, typed: str) -> list[Choice]:
    """Offer the sources whose names go on with what was typed after the last comma."""
    here = await context.workspace(caller.channel)
    before, comma, last = typed.rpartition(",")
    given = {part.strip().casefold() for part in before.split(",")}
    titles = dict.fromkeys(source_title(one) for one in await context.store.registry.feeds(here.id))
    offered = [
        f"{before}{comma} {title}".strip()
        for title in titles
        if last.strip().casefold() in title.casefold() and title.casefold() not in given and "," not in title
    ]
    return [Choice(value, value) for value in offered if len(value) <= LONGEST_CHOICE]


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_CHOICE else label[: LONGEST_CHOICE - 1] + "…"
