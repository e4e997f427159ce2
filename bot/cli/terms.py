"""`newsbot terms …`: names for parts of queries, so that `@kim` says how a whole name may be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.text import Text

from bot.cli.archive import notes_as_data, show_notes
from bot.cli.arguments import AsJson, query, workspace
from bot.cli.output import DIM, STRONG, Output
from bot.cli.session import CONSOLE, Place, Session, declare, now, run, session_of
from bot.domain.model import NamedTerm, Origin, Subscription, WorkspaceId
from bot.domain.query import Note, Query, describe, lint, parse_query
from bot.domain.query.glossary import names_in, refuse_tangle
from bot.domain.query.naming import read_name
from bot.domain.wording import ago, count
from bot.ports import Store, TermRow

NO_TERMS = "No terms yet. For example:  newsbot terms set kim '\"Kim Jong Un\", 김정은, 金正恩'"

InWorkspace = Annotated[
    str, typer.Option("--workspace", metavar="WORKSPACE", help="Whose terms: slack:T1, discord:1 or console.")
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="For @kim: kim.")]


def commands() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="Names for parts of queries, as in: @kim AND summit.")
    app.command("list")(list_all)
    app.command("set")(define)
    app.command("remove")(remove)
    return app


# ---------------------------------------------------------------- list


def list_all(context: typer.Context, place: InWorkspace = "console", as_json: AsJson = False) -> None:
    """List the terms of a workspace, the config file's included."""
    run(_list(session_of(context), workspace(place), as_json))


async def _list(session: Session, place: Place, as_json: bool) -> None:
    config = session.config()
    async with session.store(config) as store:
        here = await store.registry.workspace(*place, now())
        known = await store.registry.terms(here.id)
        watching = [
            one for one in await store.registry.subscriptions() if one.channel.workspace_id == here.id
        ]
    waiting = {
        name: text for name, text in config.glossary.items() if name not in {term.name for term in known}
    }
    output = Output.standard()
    if as_json:
        output.json(
            [_as_data(term, watching) for term in known] + [_waiting_as_data(*one) for one in waiting.items()]
        )
    elif known or waiting:
        _show(output, known, waiting, watching)
    else:
        output.line(NO_TERMS)


def _show(
    output: Output, known: Sequence[NamedTerm], waiting: Mapping[str, str], watching: Sequence[Subscription]
) -> None:
    at = now()
    rows: list[tuple[str | Text, ...]] = [
        (
            f"@{term.name}",
            Text(f"{term.origin}, {ago(term.updated_at, at)}", DIM),
            Text(_use(_users(term.name, watching)), DIM),
            term.definition,
        )
        for term in known
    ]
    rows += [
        (f"@{name}", Text("from the next start on", DIM), "", definition)
        for name, definition in waiting.items()
    ]
    output.rows(rows)


def _users(name: str, watching: Sequence[Subscription]) -> list[Subscription]:
    return [one for one in watching if name in one.terms]


def _use(users: Sequence[Subscription]) -> str:
    return f"in {count(len(users), 'subscription')}" if users else "not used"


def _as_data(term: NamedTerm, watching: Sequence[Subscription]) -> dict[str, object]:
    return {
        "name": term.name,
        "definition": term.definition,
        "origin": term.origin,
        "default": term.workspace_id is None,
        "created_at": term.created_at,
        "created_by": term.created_by,
        "updated_at": term.updated_at,
        "updated_by": term.updated_by,
        "subscriptions": [one.id for one in _users(term.name, watching)],
    }


def _waiting_as_data(name: str, definition: str) -> dict[str, object]:
    return {
        "name": name,
        "definition": definition,
        "origin": Origin.FILE,
        "default": True,
        "subscriptions": [],
    }


# ---------------------------------------------------------------- set and remove


@dataclass(frozen=True, slots=True)
class _Change:
    """What became of a name in a workspace."""

    name: str
    place: str
    after: Query | None
    before: Query | None
    touched: Sequence[Subscription]
    notes: Sequence[Note] = ()


def define(
    context: typer.Context,
    name: Name,
    definition: Annotated[
        list[str], typer.Argument(metavar="DEFINITION", help="Any query: '\"Kim Jong Un\", 김정은, 金正恩'.")
    ],
    place: InWorkspace = "console",
    as_json: AsJson = False,
) -> None:
    """Define a name, or define it anew. A newsbot that is running notices by itself."""
    change = run(_set(session_of(context), workspace(place), read_name(name), " ".join(definition).strip()))
    _report(Output.standard(), change, as_json=as_json)


async def _set(session: Session, place: Place, name: str, definition: str) -> _Change:
    config = session.config()
    async with session.store(config) as store:
        if names_in(definition):  # they may stand in a config file that no start has read yet
            await declare(store, config)
        here = await store.registry.workspace(*place, now())
        before = await _definitions(store, here.id)
        after = {**before, name: definition}
        refuse_tangle(after)
        others = {known: text for known, text in before.items() if known != name}
        means, notes = query(definition, others), lint(definition, others)
        row = TermRow(here.id, name, definition, Origin.CLI, "cli")
        touched = await store.registry.set_term(row, now())
    return _Change(name, _called(place), means, _meaning(name, before), touched, notes)


def remove(
    context: typer.Context, name: Name, place: InWorkspace = "console", as_json: AsJson = False
) -> None:
    """Remove a definition that nothing uses; where the config file has one too, that holds again."""
    change = run(_remove(session_of(context), workspace(place), read_name(name)))
    _report(Output.standard(), change, as_json=as_json)


async def _remove(session: Session, place: Place, name: str) -> _Change:
    async with session.store() as store:
        here = await store.registry.workspace(*place, now())
        before = await _definitions(store, here.id)
        touched = await store.registry.remove_term(name, here.id, now())
        after = await _definitions(store, here.id)
    return _Change(name, _called(place), _meaning(name, after), _meaning(name, before), touched)


async def _definitions(store: Store, workspace_id: WorkspaceId) -> dict[str, str]:
    return {term.name: term.definition for term in await store.registry.terms(workspace_id)}


def _meaning(name: str, terms: Mapping[str, str]) -> Query | None:
    return parse_query(terms[name], terms) if name in terms else None


def _called(place: Place) -> str:
    return place[0] if place == CONSOLE else ":".join(place)


def _report(output: Output, change: _Change, *, as_json: bool) -> None:
    if as_json:
        output.json(_change_as_data(change))
        return
    name, after, before = Text(f"@{change.name}", STRONG), change.after, change.before
    if after:
        output.line(name, f" in {change.place} means {describe(after)}.", indent=1)
    else:
        output.line(name, f" is no longer defined in {change.place}.", indent=1)
    if after and before and before.root != after.root:
        output.line(f"Before, it meant {describe(before)}.", indent=3)
    if change.touched:
        verb = "follows" if len(change.touched) == 1 else "follow"
        output.line(f"{count(len(change.touched), 'subscription')} {verb} at once:", indent=3)
        output.rows(
            [
                (str(one.id), str(one.channel.address), one.name or "", Text(one.query, DIM))
                for one in change.touched
            ],
            indent=5,
        )
    show_notes(output, change.notes)


def _change_as_data(change: _Change) -> dict[str, object]:
    return {
        "name": change.name,
        "workspace": change.place,
        "definition": change.after and change.after.text,
        "means": change.after and describe(change.after),
        "meant": change.before and describe(change.before),
        "subscriptions": [
            {"id": one.id, "channel": str(one.channel.address), "name": one.name, "query": one.query}
            for one in change.touched
        ],
        "notes": notes_as_data(change.notes),
    }
