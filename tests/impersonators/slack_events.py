"""What happens around the bot, and how it is told: people and channels come and go, tokens are taken back.

https://docs.slack.dev/reference/events
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.impersonators.slack_delivery import Envelope, Json
from tests.impersonators.slack_places import membership
from tests.impersonators.slack_world import SlackChannel, Team

if TYPE_CHECKING:
    from tests.impersonators.slack import SlackImpersonator


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody who may do everything in a team. Each act returns when the bot has been told, or could not be."""

    slack: "SlackImpersonator"
    team: Team

    async def invites(self, channel: str, user: str = "") -> None:
        """Bring the bot, or a person, into a channel."""
        place = self.team.channels[channel]
        if user:
            place.members.add(user)
        else:
            place.is_member = True
        await self._member("member_joined_channel", place, user)

    async def removes(self, channel: str, user: str = "") -> None:
        """Take the bot, or a person, out of a channel."""
        place = self.team.channels[channel]
        if user:
            place.members.discard(user)
            await self._member("member_left_channel", place, user)
            return
        place.is_member = False
        kind = "group_left" if place.is_private else "channel_left"
        await self._tell({"type": kind, "channel": place.id, "actor_id": "U0ADMIN"})
        await self._member("member_left_channel", place, "", knows=True)

    async def _member(self, event: str, place: SlackChannel, user: str, *, knows: bool = False) -> None:
        # The bot hears of those channels only in which it is.
        if place.is_member or knows:
            await self._tell(membership(event, self.team, user or self.team.bot_user_id, place))

    async def archives(self, channel: str) -> None:
        """Archive a channel; those who were in it are again when it comes back."""
        place = self.team.channels[channel]
        place.is_archived = True
        if self._knows(place):
            await self._tell({"type": self._kind(place, "archive"), "channel": place.id, "user": "U0ADMIN"})

    async def unarchives(self, channel: str) -> None:
        """Bring a channel back."""
        place = self.team.channels[channel]
        place.is_archived = False
        if self._knows(place):
            await self._tell({"type": self._kind(place, "unarchive"), "channel": place.id, "user": "U0ADMIN"})

    async def deletes(self, channel: str) -> None:
        """Delete a channel for good."""
        place = self.team.channels.pop(channel)
        if self._knows(place):
            await self._tell({"type": self._kind(place, "deleted"), "channel": place.id})

    async def renames(self, channel: str, name: str) -> None:
        """Give a channel another name."""
        place = self.team.channels[channel]
        place.name = name
        if self._knows(place):
            described = {"id": place.id, "name": name, "created": 0}
            await self._tell({"type": self._kind(place, "rename"), "channel": described})

    async def uninstalls(self) -> None:
        """Remove the app: its tokens end first, then it is told."""
        self.team.revoked = True
        await self._tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.team.bot_user_id]}})
        await self._tell({"type": "app_uninstalled"})

    def reinstalls(self, token: str = "") -> str:
        """Install the app again, with a new token or the old one; Slack sends nothing then."""
        self.team.revoked = False
        self.team.token = token or self.team.token
        return self.team.token

    async def revokes_app_token(self) -> None:
        """Take back the app's own token: its connections end."""
        self.team.app_token_revoked = True
        for connection in self.slack.sockets.of(self.team):
            await self.slack.sockets.disconnect("link_disabled", only=connection)
            await self.slack.sockets.close(only=connection)

    def _knows(self, place: SlackChannel) -> bool:
        return place.is_member or not place.is_private

    def _kind(self, place: SlackChannel, what: str) -> str:
        return f"{'group' if place.is_private else 'channel'}_{what}"

    async def _tell(self, event: Json) -> Envelope | None:
        return await self.slack.tell(self.team, event)
