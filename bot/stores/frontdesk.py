"""What commands in chats need besides the Registry, each topic in a file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.model import (
    Access,
    ChannelAddress,
    DeliveryId,
    Draft,
    DraftId,
    Mute,
    Person,
    PostedAlert,
    StoryId,
    Subscription,
    Trace,
    WorkspaceId,
)
from bot.ports import FeedHealth, Usage, WorkspaceStatus
from bot.stores.absences import Place, left_channels, pause_place, revive_place
from bot.stores.access import read_access, set_access
from bot.stores.changes import Change, set_buttons
from bot.stores.database import Database
from bot.stores.drafts import read_draft, save_draft, take_draft
from bot.stores.mutes import list_mutes, mute, unmute
from bot.stores.outgoing import requeue
from bot.stores.requests import hear
from bot.stores.standing import health, status, usage
from bot.stores.tracing import alert_by_id, alert_by_message, alerts_of_story, trace


class SqlFrontdesk:
    """What people choose survives a power cut from the moment they are told so."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hear(self, request: str, now: datetime) -> bool:
        return await self._database.write(hear, request, now)

    # ------------------------------------------------------------ drafts and choices

    async def save_draft(self, draft: Draft, workspace: WorkspaceId) -> DraftId:
        return await self._database.write_through(save_draft, draft, workspace)

    async def draft(self, id: DraftId, workspace: WorkspaceId, now: datetime) -> Draft:
        return await self._database.read(read_draft, id, workspace, now)

    async def take_draft(self, id: DraftId, workspace: WorkspaceId, now: datetime) -> Draft:
        return await self._database.write_through(take_draft, id, workspace, now)

    async def mute(self, alert: DeliveryId, workspace: WorkspaceId, until: datetime, by: Person) -> Mute:
        return await self._database.write_through(mute, alert, workspace, until, by)

    async def unmute(self, alert: DeliveryId, workspace: WorkspaceId) -> None:
        await self._database.write_through(unmute, alert, workspace)

    async def mutes(self, workspace: WorkspaceId, now: datetime) -> Sequence[Mute]:
        return await self._database.read(list_mutes, workspace, now)

    async def access(self, workspace: WorkspaceId) -> Access | None:
        return await self._database.read(read_access, workspace)

    async def set_access(self, workspace: WorkspaceId, access: Access | None) -> None:
        await self._database.write_through(set_access, workspace, access)

    async def set_buttons(self, channel: ChannelAddress, wanted: bool, now: datetime) -> None:
        await self._database.write_through(lambda c: set_buttons(Change(c, now), channel, wanted))

    # ------------------------------------------------------------ what became of things

    async def alert(self, id: DeliveryId, workspace: WorkspaceId, now: datetime) -> PostedAlert:
        return await self._database.read(alert_by_id, id, workspace, now)

    async def alert_by_message(self, channel: ChannelAddress, receipt: str, now: datetime) -> PostedAlert:
        return await self._database.read(alert_by_message, channel, receipt, now)

    async def alerts_of(self, story: StoryId, workspace: WorkspaceId, now: datetime) -> Sequence[PostedAlert]:
        return await self._database.read(alerts_of_story, story, workspace, now)

    async def trace(self, url_key: str, workspace: WorkspaceId, now: datetime) -> Trace | None:
        return await self._database.read(trace, url_key, workspace, now)

    async def requeue(
        self, id: DeliveryId, workspace: WorkspaceId, now: datetime, *, alike: bool = False
    ) -> Sequence[DeliveryId]:
        return await self._database.write_through(requeue, id, workspace, now, alike)

    # ------------------------------------------------------------ how things stand

    async def usage(self, workspace: WorkspaceId) -> Usage:
        return await self._database.read(usage, workspace)

    async def status(self, workspace: WorkspaceId) -> WorkspaceStatus:
        return await self._database.read(status, workspace)

    async def health(self, workspace: WorkspaceId, now: datetime, days: int = 7) -> Sequence[FeedHealth]:
        return await self._database.read(health, workspace, now, days)

    # ------------------------------------------------------------ leaving and coming back

    async def pause_place(
        self, platform: str, workspace: str, channel: str | None, reason: str, now: datetime
    ) -> Sequence[Subscription]:
        place = Place(platform, workspace, channel)
        return await self._database.write_through(lambda c: pause_place(Change(c, now), place, reason))

    async def left_channels(self, platform: str, workspace: str) -> Sequence[str]:
        return await self._database.read(left_channels, Place(platform, workspace))

    async def revive_place(
        self, platform: str, workspace: str, channel: str | None, now: datetime
    ) -> Sequence[Subscription]:
        place = Place(platform, workspace, channel)
        return await self._database.write_through(lambda c: revive_place(Change(c, now), place))
