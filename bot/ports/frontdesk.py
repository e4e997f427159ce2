"""What commands in chats need of the store besides the Registry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

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
from bot.ports.standing import FeedHealth, Usage, WorkspaceStatus


class Frontdesk(Protocol):
    """What commands in chats need besides the Registry. Every method is one transaction.

    Ids come from people: one that is not of the given workspace is NotFound, like one that never was.
    """

    async def hear(self, request: str, now: datetime) -> bool:
        """Say whether a request, by a name that no other has, is heard for the first time by any newsbot here.

        It is remembered for an hour.
        """

    async def save_draft(self, draft: Draft, workspace: WorkspaceId) -> DraftId:
        """Keep a draft of a workspace until it is taken or expires."""

    async def draft(self, id: DraftId, workspace: WorkspaceId, now: datetime) -> Draft:
        """Return a draft and leave it; raise NotFound for one that was taken or has expired."""

    async def take_draft(self, id: DraftId, workspace: WorkspaceId, now: datetime) -> Draft:
        """Return a draft to one caller only, however many ask at once; raise NotFound to the others."""

    async def mute(self, alert: DeliveryId, workspace: WorkspaceId, until: datetime, by: Person) -> Mute:
        """Have the channel of an alert hear nothing more of its story until then; raise NotFound.

        What is recorded or claimed meanwhile is held: “muted by NAME until TIME”. Muting again sets another time.
        """

    async def unmute(self, alert: DeliveryId, workspace: WorkspaceId) -> None:
        """End a mute, if there is one; raise NotFound for the alert. What was held stays held."""

    async def mutes(self, workspace: WorkspaceId, now: datetime) -> Sequence[Mute]:
        """List the mutes that hold in a workspace, the first to end first."""

    async def access(self, workspace: WorkspaceId) -> Access | None:
        """Return who may manage subscriptions, or None where the platform's default holds."""

    async def set_access(self, workspace: WorkspaceId, access: Access | None) -> None:
        """Choose who may manage subscriptions; None goes back to the platform's default."""

    async def set_buttons(self, channel: ChannelAddress, wanted: bool, now: datetime) -> None:
        """Choose whether a channel, made known if need be, has buttons under its alerts; at first it has none."""

    async def alert(self, id: DeliveryId, workspace: WorkspaceId, now: datetime) -> PostedAlert:
        """Return an alert; raise NotFound, also when its article is no longer stored."""

    async def alert_by_message(self, channel: ChannelAddress, receipt: str, now: datetime) -> PostedAlert:
        """Return the alert that a message in a channel is; raise NotFound as `alert` does."""

    async def alerts_of(self, story: StoryId, workspace: WorkspaceId, now: datetime) -> Sequence[PostedAlert]:
        """Return the alerts of a story, one for each channel of a workspace that has one, whatever their state."""

    async def trace(self, url_key: str, workspace: WorkspaceId, now: datetime) -> Trace | None:
        """Tell what became of the newest article under a canonical URL, its own or its original's.

        None when the workspace sees no such article.
        """

    async def requeue(
        self, id: DeliveryId, workspace: WorkspaceId, now: datetime, *, alike: bool = False
    ) -> Sequence[DeliveryId]:
        """Make a held delivery pending again, as if it had just been decided; return the ids.

        With `alike`, also those that its channel holds for the same reason and that are younger than 24 h. Raise
        NotFound, and UserError when it is not held.
        """

    async def usage(self, workspace: WorkspaceId) -> Usage:
        """Count what quotas limit."""

    async def status(self, workspace: WorkspaceId) -> WorkspaceStatus:
        """Say how things stand."""

    async def health(self, workspace: WorkspaceId, now: datetime, days: int = 7) -> Sequence[FeedHealth]:
        """List the feeds that a workspace follows, oldest first, with what they brought lately."""

    async def pause_place(
        self, platform: str, workspace: str, channel: str | None, reason: str, now: datetime
    ) -> Sequence[Subscription]:
        """Pause what is watched in a workspace or channel that newsbot has left; return the subscriptions.

        Ids are the platform's; an unknown place has none. Its pending deliveries are held with the reason. What
        somebody has paused stays as it was.
        """

    async def left_channels(self, platform: str, workspace: str) -> Sequence[str]:
        """List by the platform's ids the channels in which `pause_place` has paused what is watched, each by itself."""

    async def revive_place(
        self, platform: str, workspace: str, channel: str | None, now: datetime
    ) -> Sequence[Subscription]:
        """Resume just what `pause_place` has paused there; return the subscriptions.

        What it held is pending again, if younger than 24 h. Coming back to a workspace does not revive a channel
        that was left by itself; coming back to a channel does, however it was left.
        """
