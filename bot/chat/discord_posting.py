"""Posting alerts: a message in a channel or thread, a post of its own in a forum."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import discord

from bot.chat import credits as words
from bot.chat.discord_embeds import alert_embed
from bot.chat.discord_errors import blames_a_picture
from bot.chat.discord_recent import Recent
from bot.chat.discord_replies import buttons_view
from bot.chat.escaping import clean, fit
from bot.chat.limits import DISCORD_THREAD_NAME
from bot.chat.trouble import Trouble
from bot.domain.commands.on_alerts import alert_buttons
from bot.domain.message import AlertMessage
from bot.domain.model import ChannelAddress, DeliveryId, Mention

_NO_MESSAGES_HERE = 50008
"""Discord's code for a message to what is no channel for messages: a forum takes posts only."""
MOST_UNSURE = 1000
MOST_CALLED = 50
"""Mentions of one alert; more than a text of Discord could hold."""
_CALLS = MappingProxyType({"role": "<@&{id}>", "person": "<@{id}>"})
_ELSEWHERE = "Choose a text channel, thread or forum"


class Unpostable(Exception):
    """A place that takes no alert, whatever is tried."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.what)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Alert:
    """What is to be posted, and where."""

    channel: ChannelAddress
    message: AlertMessage
    delivery: DeliveryId

    @property
    def title(self) -> str:
        return fit(words.headline(self.message), DISCORD_THREAD_NAME, clean)


class DiscordPosting:
    """Posts alerts and remembers which channels are forums.

    In channels Discord folds a re-send by its nonce; a forum's posts have none, so after an answer was lost
    the next attempt looks for the post first.
    """

    def __init__(self) -> None:
        self._forums: set[str] = set()
        self._unsure: Recent[DeliveryId, None] = Recent(MOST_UNSURE)

    async def post(self, client: discord.Client, alert: Alert) -> str:
        """Post an alert and return the id of its message; without pictures, if Discord refuses those."""
        try:
            return await self._post(client, alert, pictures=True)
        except discord.HTTPException as error:
            if not blames_a_picture(error):
                raise
            return await self._post(client, alert, pictures=False)

    async def _post(self, client: discord.Client, alert: Alert, *, pictures: bool) -> str:
        if alert.channel.channel not in self._forums:
            try:
                return await self._send(client, alert, pictures=pictures)
            except discord.HTTPException as error:
                if error.code != _NO_MESSAGES_HERE:
                    raise
        place = await client.fetch_channel(int(alert.channel.channel))
        if not isinstance(place, discord.ForumChannel):
            raise Unpostable(Trouble(f"#{place} is no channel for messages", _ELSEWHERE, permanent=True))
        self._forums.add(alert.channel.channel)
        if alert.delivery in self._unsure and client.user:
            found = await _posted(place, alert, client.user.id)
            if found:
                return found
        return await self._post_in(place, alert, pictures=pictures)

    async def _send(self, client: discord.Client, alert: Alert, *, pictures: bool) -> str:
        place = client.get_partial_messageable(int(alert.channel.channel))
        sent = await place.send(**_parts(alert, pictures=pictures), nonce=alert.delivery)
        return str(sent.id)

    async def _post_in(self, forum: discord.ForumChannel, alert: Alert, *, pictures: bool) -> str:
        self._unsure.put(alert.delivery, None)
        try:
            posted = await forum.create_thread(
                name=alert.title, applied_tags=_tags(forum), **_parts(alert, pictures=pictures)
            )
        except discord.HTTPException:
            self._unsure.drop(alert.delivery)  # a refusal leaves nothing behind
            raise
        self._unsure.drop(alert.delivery)
        return str(posted.message.id)


def _tags(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """Return what a post must be tagged with: nothing, or where the forum demands a tag, its first."""
    if not forum.flags.require_tag:
        return []
    usable = [tag for tag in forum.available_tags if not tag.moderated]
    if not usable:
        what = f"#{forum.name} demands a tag, but has none that I may use"
        raise Unpostable(Trouble(what, "Add a tag to the forum, or demand none", permanent=True))
    return usable[:1]


async def _posted(forum: discord.ForumChannel, alert: Alert, me: int) -> str | None:
    """Return the post that an alert already has, if its answer was lost."""
    open_now = await forum.guild.active_threads()
    mine = [thread for thread in open_now if (thread.parent_id, thread.owner_id) == (forum.id, me)]
    # A post and its first message have one id.
    return next((str(thread.id) for thread in mine if thread.name == alert.title), None)


# ---------------------------------------------------------------- what is posted


def _parts(alert: Alert, *, pictures: bool) -> dict[str, Any]:
    mentions = _mentions(alert)
    parts: dict[str, Any] = {
        "embed": discord.Embed.from_dict(alert_embed(alert.message, pictures=pictures)),
        "allowed_mentions": _allowed(mentions),
    }
    if mentions:
        parts["content"] = " ".join(_called(mention) for mention in mentions)
    if alert.message.buttons and (view := buttons_view(alert_buttons(alert.delivery))):
        parts["view"] = view
    return parts


def _mentions(alert: Alert) -> tuple[Mention, ...]:
    """Return whom an alert calls; everyone, whose role has the server's own id, is never called."""
    valid = (
        mention
        for mention in alert.message.mentions
        if mention.kind in _CALLS and mention.id.isdecimal() and mention.id != alert.channel.workspace
    )
    return tuple(valid)[:MOST_CALLED]


def _called(mention: Mention) -> str:
    return _CALLS[mention.kind].format(id=mention.id)


def _allowed(mentions: tuple[Mention, ...]) -> discord.AllowedMentions:
    """Let a message call these and nobody else, whatever is written in it."""
    if not mentions:
        return discord.AllowedMentions.none()
    people = [discord.Object(int(mention.id)) for mention in mentions if mention.kind == "person"]
    roles = [discord.Object(int(mention.id)) for mention in mentions if mention.kind == "role"]
    return discord.AllowedMentions(everyone=False, users=people, roles=roles, replied_user=False)
