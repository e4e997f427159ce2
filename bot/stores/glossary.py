"""Named terms: a workspace's own, and the config file's, which hold wherever a workspace does not say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import JSON, Connection, Row, bindparam, or_, select

from bot.domain.model import NamedTerm, Origin, Subscription, WorkspaceId
from bot.domain.query.glossary import names_in, used_terms
from bot.domain.query.naming import SIGNS
from bot.domain.redefining import redefine
from bot.errors import ConfigError, NotFound, UserError
from bot.ports import TermRow
from bot.stores.changes import Change, Declared
from bot.stores.database import OneOf
from bot.stores.rows import SUBSCRIPTIONS, read_subscription
from bot.stores.tables import channels, subscriptions, terms, workspaces

Glossary = Mapping[str, str]

_LISTED = (
    terms.c.name,
    terms.c.definition,
    terms.c.origin,
    terms.c.created_at,
    terms.c.updated_at,
    terms.c.created_by,
    terms.c.updated_by,
    terms.c.workspace_id,
)
_ACTIVE = terms.c.retired_at.is_(None)
_DEFAULT = terms.c.workspace_id.is_(None)
# Defaults first, so that a workspace's own definition of the same name comes over them.
_TERMS = (
    select(*_LISTED)
    .where(_ACTIVE, or_(_DEFAULT, OneOf(terms.c.workspace_id, bindparam("workspaces", type_=JSON))))
    .order_by(_DEFAULT.desc(), terms.c.name)
)
_USING = SUBSCRIPTIONS.where(
    subscriptions.c.retired_at.is_(None),
    or_(*(subscriptions.c.query.contains(sign, autoescape=True) for sign in SIGNS)),
).order_by(subscriptions.c.id)


# ---------------------------------------------------------------- reading


def list_terms(connection: Connection, workspace_id: WorkspaceId) -> list[NamedTerm]:
    """Return the terms that hold in a workspace, by name."""
    return sorted(_in_force(connection, [workspace_id])[workspace_id].values(), key=lambda term: term.name)


def glossaries(connection: Connection, asked: Iterable[WorkspaceId]) -> dict[WorkspaceId, dict[str, str]]:
    """Return for each workspace the definitions that hold there."""
    return {
        workspace_id: {name: term.definition for name, term in found.items()}
        for workspace_id, found in _in_force(connection, asked).items()
    }


def with_terms(connection: Connection, found: Sequence[Subscription]) -> list[Subscription]:
    """Give the subscriptions that use names the definitions that hold in their workspaces."""
    using = {one.id: one for one in found if names_in(one.query)}
    if not using:
        return list(found)
    known = glossaries(connection, {one.channel.workspace_id for one in using.values()})
    given = {
        id: replace(one, terms=used_terms(one.query, known[one.channel.workspace_id]))
        for id, one in using.items()
    }
    return [given.get(one.id, one) for one in found]


def _in_force(
    connection: Connection, asked: Iterable[WorkspaceId]
) -> dict[WorkspaceId, dict[str, NamedTerm]]:
    found: dict[WorkspaceId, dict[str, NamedTerm]] = {workspace_id: {} for workspace_id in asked}
    for row in connection.execute(_TERMS, {"workspaces": list(found)}):
        term = _read(row)
        for workspace_id in found if term.workspace_id is None else [term.workspace_id]:
            found[workspace_id][term.name] = term
    return found


def _read(row: Sequence[Any]) -> NamedTerm:
    name, definition, origin, *others = row
    return NamedTerm(name, definition, Origin(origin), *others)


# ---------------------------------------------------------------- a workspace's own


def set_term(change: Change, row: TermRow) -> Sequence[Subscription]:
    """Define a name in a workspace; return the subscriptions that mean something else now."""
    before = glossaries(change.connection, [row.workspace])[row.workspace]
    made = {"workspace_id": row.workspace, "name": row.name, "origin": row.origin, "created_by": row.by}
    _declare(change, _current(change, row.workspace, row.name), row.definition, made)
    return _settle(change, row.workspace, before)


def remove_term(change: Change, name: str, workspace_id: WorkspaceId) -> Sequence[Subscription]:
    """Take a workspace's definition back; return the subscriptions that mean something else now."""
    before = glossaries(change.connection, [workspace_id])[workspace_id]
    current = _current(change, workspace_id, name)
    if current is None or current.retired_at is not None:
        if name in before:
            raise UserError(f"@{name} is defined in the config file. Change or remove it there.")
        raise NotFound(f"There is no term @{name}. See `newsbot terms list`.")
    retire_term(change, current)
    return _settle(change, workspace_id, before)


def retire_term(change: Change, current: Row[Any]) -> None:
    change.retire(terms, current, {})


def _current(change: Change, workspace_id: WorkspaceId, name: str) -> Row[Any] | None:
    same = select(terms).where(terms.c.workspace_id == workspace_id, terms.c.name == name)
    return change.connection.execute(same).one_or_none()


def _declare(change: Change, current: Row[Any] | None, definition: str, made: Mapping[str, Any]) -> Declared:
    """Have a row say what a name stands for, since when and by whom."""
    wanted: dict[str, Any] = {"definition": definition}
    if current is None or current.retired_at is not None or current.definition != definition:
        wanted |= {"updated_at": change.now, "updated_by": made["created_by"]}
    return change.declare(terms, current, wanted, {**made, "created_at": change.now})


def _settle(change: Change, workspace_id: WorkspaceId, before: Glossary) -> Sequence[Subscription]:
    """Have every process read again the subscriptions that changed their meaning; raise UserError if any lost it."""
    after = glossaries(change.connection, [workspace_id])[workspace_id]
    using = _USING.where(channels.c.workspace_id == workspace_id)
    found = map(read_subscription, change.connection.execute(using))
    touched = redefine(before, after, found)
    for one in touched:
        change.update(subscriptions, one.id, {"revision": change.revision})
    return touched


# ---------------------------------------------------------------- the file's, for all workspaces


@dataclass(frozen=True, slots=True)
class DefaultTerm:
    """A row of the config file's."""

    name: str
    definition: str


def declare_default(change: Change, current: Row[Any] | None, row: DefaultTerm) -> Declared:
    made = {"workspace_id": None, "name": row.name, "origin": Origin.FILE, "created_by": ""}
    return _declare(change, current, row.definition, made)


def defaults(connection: Connection) -> dict[str, str]:
    """Return what holds wherever a workspace does not say otherwise."""
    return {row.name: row.definition for row in connection.execute(_TERMS, {"workspaces": []})}


def settle_defaults(change: Change, before: Glossary) -> Sequence[Subscription]:
    """Return the subscriptions that mean something else now; raise ConfigError if any, or a term, lost its meaning."""
    after = defaults(change.connection)
    if after == before:
        return ()
    touched: list[Subscription] = []
    for workspace_id, place in _concerned(change.connection):
        own = _own(change.connection, workspace_id)
        try:
            touched += _settle(change, workspace_id, {**before, **own})
        except UserError as error:
            raise ConfigError(f"The [terms] of the config file do not suit {place}: {error}") from error
    return touched


def _concerned(connection: Connection) -> list[tuple[WorkspaceId, str]]:
    """Return the workspaces whose subscriptions use names, or that have terms of their own."""
    asked = select(workspaces.c.id, workspaces.c.platform, workspaces.c.external_id).where(
        or_(
            workspaces.c.id.in_(_USING.with_only_columns(channels.c.workspace_id).order_by(None)),
            workspaces.c.id.in_(
                select(terms.c.workspace_id).where(_ACTIVE, terms.c.workspace_id.is_not(None))
            ),
        )
    )
    return [
        (row.id, row.platform if row.platform == "console" else f"{row.platform}:{row.external_id}")
        for row in connection.execute(asked.order_by(workspaces.c.id))
    ]


def _own(connection: Connection, workspace_id: WorkspaceId) -> dict[str, str]:
    found = _in_force(connection, [workspace_id])[workspace_id]
    return {name: term.definition for name, term in found.items() if term.workspace_id is not None}
