"""Forms: what a command asks for in a window of its own.

A platform lets a form be its first answer only, and only within seconds. So an adapter asks before it acknowledges:

    form_for(said)     the form itself, from what was said alone: show it
    asks_form(said)    the answer will hold a form (or refuse one): have the desk answer first, within FORM_WITHIN_S

Anything else is acknowledged at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.commands.exchange import Action, Call, Field, Form, Press
from bot.domain.model import Draft, DraftId, Mention, Subscription

FORM_WITHIN_S: Final = 2.0
"""How long a platform's adapter waits for a form before it says that newsbot is busy."""

KEEP: Final = "keep"
NOBODY: Final = "nobody"
"""What a form says of a mention: that it stays, or that it goes."""
SUBMIT: Final = "Show what it finds"
_QUERY_HINT = "Commas mean or: Kim Jong Un, summit. A minus leaves out: summit -golf"
_FEEDS_HINT = "Names of sources, separated by commas; empty for all"


def form_for(said: Call | Press) -> Form | None:
    """Return the form that a command opens, if nothing more need be known for it."""
    match said:
        case Call(command="subscribe") if not said.text("query"):
            return subscribe_form(said.text("feeds"))
        case Call(command="import") if not said.arguments.get("file"):
            return import_form()
        case _:
            return None


def asks_form(said: Call | Press) -> bool:
    """Say whether the answer holds a form that must first be filled with what is stored."""
    match said:
        case Call(command="edit"):
            return not any(said.arguments.get(name) for name in ("query", "feeds", "mention"))
        case Press():
            return said.action.verb in {"edit", "redraft"}
        case _:
            return False


def subscribe_form(feeds: str = "") -> Form:
    """Return the form of a new subscription; its channels, left empty, are the one that it was opened in."""
    fields = (
        _query(""),
        Field("in", "Channels", "channels", hint="Left empty: this one", required=False),
        _feeds(feeds),
    )
    return Form("Watch for words", Action("subscribe"), fields, SUBMIT)


def edit_form(subscription: Subscription) -> Form:
    """Return the form in which a subscription is changed."""
    fields = _fields(subscription.query, subscription.feeds_named, subscription.mention)
    action = Action("edit", (str(subscription.id),))
    return Form(f"Subscription {subscription.id}", action, fields, SUBMIT)


def redraft_form(id: DraftId, draft: Draft) -> Form:
    """Return the form in which a draft is corrected."""
    fields = _fields(draft.query, draft.feeds, draft.mention)
    return Form("Correct it", Action("redraft", (id,)), fields, SUBMIT)


def import_form() -> Form:
    """Return the form that takes a file."""
    hint = "Sources as OPML, or subscriptions as newsbot exports them"
    return Form("Import", Action("import"), (Field("file", "The file", "file", hint=hint),), "Import")


def _fields(query: str, feeds: Sequence[str], mention: Mention | None) -> tuple[Field, ...]:
    fields = (_query(query), _feeds(", ".join(feeds)))
    if mention is None:
        return fields
    choices = ((KEEP, f"@{(mention.name or mention.id).removeprefix('@')}"), (NOBODY, "Nobody"))
    return (*fields, Field("mention", "Each alert calls", "choice", KEEP, choices=choices))


def _query(value: str) -> Field:
    return Field("query", "What to watch for", "text", value, _QUERY_HINT)


def _feeds(value: str) -> Field:
    return Field("feeds", "Only these sources", value=value, hint=_FEEDS_HINT, required=False)
