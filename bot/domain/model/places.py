"""Places in a chat, and the ids by which the store knows everything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from bot.errors import AddressError

FeedId = NewType("FeedId", int)
WorkspaceId = NewType("WorkspaceId", int)
ChannelId = NewType("ChannelId", int)
SubscriptionId = NewType("SubscriptionId", int)
EntryId = NewType("EntryId", int)
StoryId = NewType("StoryId", int)
DeliveryId = NewType("DeliveryId", str)
"""At most 25 ASCII characters: it travels as Discord's nonce."""


class Origin(StrEnum):
    """Where a row was made; the file's rows belong to the file."""

    FILE = "file"
    CLI = "cli"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class ChannelAddress:
    """A place in a chat, written `platform:workspace/channel`, or `console:channel`."""

    platform: str
    workspace: str
    channel: str

    def __str__(self) -> str:
        if self.platform == "console":
            return f"console:{self.channel}"
        return f"{self.platform}:{self.workspace}/{self.channel}"

    @classmethod
    def parse(cls, text: str) -> ChannelAddress:
        """Read an address; raise AddressError when it has another form."""
        platform, _, place = text.strip().partition(":")
        workspace, _, channel = place.partition("/")
        if platform == "console":
            workspace, channel = "local", place
        if platform and workspace and channel and "/" not in channel:
            return cls(platform, workspace, channel)
        raise AddressError(
            f"“{text}” is not a channel. Write slack:TEAM/CHANNEL, discord:SERVER/CHANNEL or console:NAME."
        )


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Discord server, a Slack team or the console; it sees what it follows and nothing else."""

    id: WorkspaceId
    platform: str
    external_id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    id: ChannelId
    workspace_id: WorkspaceId
    address: ChannelAddress
    name: str = ""
    buttons: bool = False
    """Whether it wants buttons under its alerts."""
