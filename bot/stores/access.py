"""Who may manage the subscriptions of a workspace."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.domain.model import Access, Managers, Person, WorkspaceId
from bot.stores.rows import mention_values, read_mention
from bot.stores.tables import access

_CHOSEN = select(access).where(access.c.workspace_id == bindparam("workspace_id"))
_FORGET = delete(access).where(access.c.workspace_id == bindparam("of_workspace"))


def read_access(connection: Connection, workspace: WorkspaceId) -> Access | None:
    row = connection.execute(_CHOSEN, {"workspace_id": workspace}).one_or_none()
    if row is None:
        return None
    by = Person(row.chosen_by_id, row.chosen_by)
    groups = tuple(group for group in map(read_mention, row.groups) if group is not None)
    return Access(Managers(row.managers), by, row.chosen_at, groups)


def set_access(connection: Connection, workspace: WorkspaceId, chosen: Access | None) -> None:
    connection.execute(_FORGET, {"of_workspace": workspace})
    if chosen is None:
        return
    values = {
        "workspace_id": workspace,
        "managers": chosen.managers,
        "groups": [mention_values(group) for group in chosen.groups],
        "chosen_by": chosen.by.name,
        "chosen_by_id": chosen.by.id,
        "chosen_at": chosen.at,
    }
    connection.execute(insert(access), values)
