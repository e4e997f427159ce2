"""What becomes of terms and subscriptions when the terms of their workspace change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.model import Subscription
from bot.domain.query import parse_query
from bot.domain.query.glossary import names_in, redefined, refuse_tangle, used_terms
from bot.errors import QueryError, UserError

MOST_NAMED = 5
"""Users of a term that a refusal names; it counts the others."""

_NO_MORE = "could not be read any more"

Terms = Mapping[str, str]


def redefine(before: Terms, after: Terms, subscriptions: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """Return the subscriptions that mean something else now, with their new terms.

    Raise UserError when a term is gone that is still used, when one rests on itself, or when what could be read
    before can be read no more.
    """
    refuse_tangle(after)
    changed = redefined(before, after)
    concerned = [one for one in subscriptions if names_in(one.query) & changed]
    _refuse_loss(before.keys() - after.keys(), after, concerned)
    for name in sorted(changed & after.keys()):
        own = before.get(name) != after[name]
        _refuse_unreadable(f"@{name} {'cannot be read' if own else _NO_MORE}", after[name], after)
    for one in concerned:
        if _fault(one.query, before) is None:
            _refuse_unreadable(f"The subscription “{one.title}” {_NO_MORE}", one.query, after)
    return tuple(replace(one, terms=used_terms(one.query, after)) for one in concerned)


def _refuse_loss(gone: Iterable[str], after: Terms, subscriptions: Sequence[Subscription]) -> None:
    for name in sorted(gone):
        users = [
            f"the subscription “{one.title}” in {one.channel.address}"
            for one in subscriptions
            if name in names_in(one.query)
        ]
        users += [f"the term @{user}" for user in sorted(after) if name in names_in(after[user])]
        if users:
            raise UserError(
                f"@{name} cannot go while it is used by {_listed(users)}. Change or remove that first."
            )


def _listed(users: Sequence[str]) -> str:
    named, others = users[:MOST_NAMED], len(users) - MOST_NAMED
    if others > 0:
        return f"{', '.join(named)} and {others:,} more"
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _refuse_unreadable(sentence: str, query: str, terms: Terms) -> None:
    if fault := _fault(query, terms):
        raise QueryError(f"{sentence}. {fault}", fault.position, fault.suggestion)


def _fault(query: str, terms: Terms) -> QueryError | None:
    try:
        parse_query(query, terms)
    except QueryError as error:
        return error
    return None
