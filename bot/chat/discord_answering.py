"""How an interaction is answered: acknowledged at once, then shown what the desk says.

An interaction takes one first response within 3 s, and edits and follow-ups for 15 minutes after it.
https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import discord
import structlog

from bot.chat.discord_errors import LIBRARY_ERRORS
from bot.chat.discord_forms import modal
from bot.chat.discord_replies import (
    NOTHING,
    announced,
    buttons_view,
    embeds_of,
    file_of,
    shown,
)
from bot.domain.commands.exchange import Form, Reply, say
from bot.domain.model import ChannelAddress

log = structlog.get_logger(__name__)

BUSY = "newsbot is busy. Try again in a few seconds."
BELOW = "Everybody sees the answer, below."
UNSHOWABLE = "Discord did not take newsbot’s answer. Its operator finds the reason in the log."
NOBODY = discord.AllowedMentions.none()
_DROPPED = MappingProxyType({10062: "it came too late", 40060: "it was answered already"})
"""Discord's codes for an interaction that is nothing to us any more; another newsbot may have answered it."""


class Answering:
    """One interaction and what is said to it."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction

    async def acknowledge(self) -> bool:
        """Respond for the time being; False when Discord wants no answer of ours, so that nothing must be done."""
        # What comes from a button may change its message; a command's answer is for its caller alone.
        pressed = self._interaction.message is not None
        try:
            await self._interaction.response.defer(ephemeral=not pressed, thinking=not pressed)
        except LIBRARY_ERRORS as error:
            self._unanswered(error)
            return False
        return True

    async def ask(self, form: Form) -> None:
        """Open a form, which only a first response can."""
        try:
            await self._interaction.response.send_modal(modal(form))
        except LIBRARY_ERRORS as error:
            self._unanswered(error)

    def _unanswered(self, error: Exception) -> None:
        reason = _DROPPED.get(_code(error), str(error)[:300])
        log.warning("discord interaction dropped", interaction=self._interaction.id, reason=reason)

    async def show(self, reply: Reply) -> None:
        """Show a reply to the one who asked, or to everybody, and announce what it changed."""
        if reply.form and self._interaction.response.is_done():
            reply = say(BUSY)  # its time is over
        if reply.form:
            await self.ask(reply.form)
            return
        try:
            await self._tell(reply)
        except LIBRARY_ERRORS as error:
            if _code(error) in _DROPPED:
                self._unanswered(error)
                return
            log.exception("discord did not take an answer", interaction=self._interaction.id)
            await self._excuse(error)
        await self._announce(reply)

    async def _tell(self, reply: Reply) -> None:
        response, message = self._interaction.response, self._interaction.message
        replaces = reply.replaces and message is not None and (message.flags.ephemeral or reply.shared)
        if not response.is_done():
            await (self._replace(reply) if replaces else self._respond(reply))
        elif replaces:
            await self._edit(reply)
        elif message is not None:
            await self._follow(reply)
        elif reply.shared:
            await self._interaction.edit_original_response(content=BELOW)
            await self._follow(reply)
        else:
            await self._edit(reply)

    async def _respond(self, reply: Reply) -> None:
        parts = _new(reply)
        await self._interaction.response.send_message(**parts, ephemeral=not reply.shared)

    async def _replace(self, reply: Reply) -> None:
        await self._interaction.response.edit_message(**_whole(reply))

    async def _edit(self, reply: Reply) -> None:
        await self._interaction.edit_original_response(**_whole(reply))

    async def _follow(self, reply: Reply) -> None:
        await self._interaction.followup.send(**_new(reply), ephemeral=not reply.shared)

    async def _excuse(self, error: Exception) -> None:
        """Say that the answer could not be shown, where Discord refused just what was in it."""
        if isinstance(error, discord.HTTPException) and error.status == 400:
            try:
                await self._interaction.followup.send(UNSHOWABLE, ephemeral=True)
            except LIBRARY_ERRORS:
                log.warning("discord interaction is over", interaction=self._interaction.id)

    async def _announce(self, reply: Reply) -> None:
        line = announced(reply.announcement)
        if not line:
            return
        for channel in _announced_in(reply.announced_in, self._interaction):
            try:
                await self._say_in(channel, line)
            except LIBRARY_ERRORS as error:
                log.warning("discord announcement failed", channel=channel, reason=str(error)[:300])

    async def _say_in(self, channel: int, line: str) -> None:
        if channel in _here(self._interaction):
            # An answer may be seen by everybody even where the bot itself may not post.
            await self._interaction.followup.send(line, allowed_mentions=NOBODY, ephemeral=False)
            return
        place = self._interaction.client.get_partial_messageable(channel)
        await place.send(line, allowed_mentions=NOBODY)


def _code(error: Exception) -> int:
    return error.code if isinstance(error, discord.HTTPException) else 0


def _here(interaction: discord.Interaction) -> set[int | None]:
    """Return what people take for the place they are in: in a forum's post, the forum too."""
    place = interaction.channel
    if isinstance(place, discord.Thread) and isinstance(place.parent, discord.ForumChannel):
        return {place.id, place.parent_id}
    return {interaction.channel_id}


def _announced_in(channels: Sequence[ChannelAddress], interaction: discord.Interaction) -> list[int]:
    if not channels:
        return [interaction.channel_id] if interaction.channel_id else []
    return [int(channel.channel) for channel in channels]


def _new(reply: Reply) -> dict[str, Any]:
    """Return what a new message takes."""
    text = shown(reply.lines)
    parts: dict[str, Any] = {"allowed_mentions": NOBODY}
    if text.content or not (text.embeds or reply.file):
        parts["content"] = text.content or NOTHING
    if text.embeds:
        parts["embeds"] = embeds_of(text)
    if view := buttons_view(reply.buttons):
        parts["view"] = view
    if reply.file:
        parts["file"] = file_of(reply.file)
    return parts


def _whole(reply: Reply) -> dict[str, Any]:
    """Return what takes the place of everything in a message."""
    parts = _new(reply)
    file = parts.pop("file", None)
    empty: dict[str, Any] = {"content": None, "embeds": [], "view": None}
    return {**empty, **parts, "attachments": [file] if file else []}
