"""Stories of which a channel wants to hear nothing more for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, Connection, and_, bindparam, delete, insert, select

from bot.domain.model import ChannelId, DeliveryId, Mute, Person, StoryId, WorkspaceId
from bot.domain.wording import day
from bot.stores.database import OneOf
from bot.stores.outgoing import delivery_of
from bot.stores.rows import CHANNEL, read_channel
from bot.stores.tables import channels, deliveries, mutes, workspaces

MUTE = (mutes.c.until, mutes.c.muted_by, mutes.c.muted_by_id)
OF_DELIVERY = and_(
    mutes.c.story_id == deliveries.c.story_id,
    mutes.c.channel_id == deliveries.c.channel_id,
    mutes.c.until > bindparam("now"),
)
"""Joins the mute, if one holds, that concerns a delivery."""

_HOLDING = (
    select(*CHANNEL, mutes.c.story_id, *MUTE)
    .join_from(mutes, channels, channels.c.id == mutes.c.channel_id)
    .join(workspaces, workspaces.c.id == channels.c.workspace_id)
    .where(mutes.c.until > bindparam("now"))
)
_IN_WORKSPACE = _HOLDING.where(channels.c.workspace_id == bindparam("workspace_id")).order_by(mutes.c.until)
_OF_STORY = _IN_WORKSPACE.where(mutes.c.story_id == bindparam("story_id"))
_OF_STORIES = select(mutes.c.story_id, mutes.c.channel_id, mutes.c.until, mutes.c.muted_by).where(
    OneOf(mutes.c.story_id, bindparam("stories", type_=JSON))
)
_END = delete(mutes).where(
    mutes.c.story_id == bindparam("of_story"), mutes.c.channel_id == bindparam("of_channel")
)

Muted = Mapping[tuple[StoryId, ChannelId], tuple[datetime, str]]
"""Until when, and by whom."""


def mute(
    connection: Connection, alert: DeliveryId, workspace: WorkspaceId, until: datetime, by: Person
) -> Mute:
    muted = delivery_of(connection, alert, workspace)
    unmute(connection, alert, workspace)
    values = {"story_id": muted.story_id, "channel_id": muted.channel.id, "until": until}
    connection.execute(insert(mutes), values | {"muted_by": by.name, "muted_by_id": by.id})
    return Mute(muted.channel, muted.story_id, until, by)


def unmute(connection: Connection, alert: DeliveryId, workspace: WorkspaceId) -> None:
    muted = delivery_of(connection, alert, workspace)
    connection.execute(_END, {"of_story": muted.story_id, "of_channel": muted.channel.id})


def list_mutes(
    connection: Connection, workspace: WorkspaceId, now: datetime, story: StoryId | None = None
) -> Sequence[Mute]:
    """Return the mutes that hold in a workspace, perhaps only those of a story."""
    asked = {"now": now, "workspace_id": workspace, "story_id": story}
    rows = connection.execute(_IN_WORKSPACE if story is None else _OF_STORY, asked)
    return [
        Mute(read_channel(row), row.story_id, row.until, Person(row.muted_by_id, row.muted_by))
        for row in rows
    ]


def muted_among(connection: Connection, stories: Iterable[StoryId]) -> Muted:
    """Return the mutes of some stories, ended ones too."""
    concerned = sorted(stories)
    rows = connection.execute(_OF_STORIES, {"stories": concerned}) if concerned else ()
    return {(story_id, channel_id): (until, by) for story_id, channel_id, until, by in rows}


def reason(until: datetime, by: str) -> str:
    """Say why a delivery is held."""
    return f"muted by {by} until {until:%H:%M} UTC on {day(until)}"
