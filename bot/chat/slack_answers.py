"""Showing answers in Slack: to one person by the response_url, to everybody, in a window, as a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.chat.slack_errors import LIBRARY_ERRORS, code_of
from bot.chat.slack_files import SlackFiles, is_slacks
from bot.chat.slack_forms import Origin, form_view
from bot.chat.slack_patience import TRIES, Wait, patiently
from bot.chat.slack_payloads import Asked
from bot.chat.slack_replies import announcement_blocks, reply_blocks, reply_text
from bot.chat.slack_team import SlackTeam
from bot.domain.commands.exchange import Form, Look, Reply, Upload, line, say
from bot.domain.message import Text, plain

log = structlog.get_logger(__name__)

Message = dict[str, Any]

BUSY = "newsbot is busy just now. Give it a moment, then try again."
_POSTED: Final[Message] = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}


class UrlRefused(SlackClientError):
    """A response_url was not taken: it was used five times, or half an hour has passed, or Slack is troubled."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        super().__init__(f"response_url: {response.status}")
        self.response = response


class SlackAnswers:
    """Answers people in one workspace."""

    def __init__(self, team: SlackTeam, session: aiohttp.ClientSession, wait: Wait) -> None:
        self._team, self._session, self._wait = team, session, wait
        self.files = SlackFiles(team, session, wait)

    async def show(self, asked: Asked, reply: Reply) -> None:
        """Show an answer, whatever it is made of; what cannot be shown is logged."""
        if reply.form:
            await self.open(asked, reply.form)
            return
        if reply.file:
            reply = await self._with_file(asked, reply, reply.file)
        if reply.lines or reply.buttons:
            await self._say(asked, reply)
        if plain(reply.announcement).strip():
            for channel in reply.announced_in or (asked.address,):
                if channel.workspace == asked.team_id:
                    await self._announce(asked, channel.channel, reply.announcement)

    async def open(self, asked: Asked, form: Form) -> None:
        """Open a window; say so when Slack lets it be opened no more."""
        origin = Origin(form.action, asked.channel, asked.channel_name, asked.response_url)
        try:
            await self._team.client.views_open(trigger_id=asked.trigger, view=form_view(form, origin))
        except LIBRARY_ERRORS as error:
            # Another process may have had the same press, and have opened the window.
            if code_of(error) == "exchanged_trigger_id":
                return
            reason = self._team.trouble(error).what
            log.warning("form not opened", channel=str(asked.address), reason=reason)
            await self._say(asked, say(BUSY))

    async def _say(self, asked: Asked, reply: Reply) -> None:
        message: Message = {"text": reply_text(reply), "blocks": reply_blocks(reply)}
        kind = "in_channel" if reply.shared else "ephemeral"
        payload = {
            **message,
            "response_type": kind,
            "replace_original": _replaces(asked, reply),
        }
        if await self._by_url(asked, payload):
            return
        client, channel, user = self._team.client, asked.channel, asked.user_id
        ways = [
            lambda: client.chat_postMessage(channel=channel, **message, **_POSTED),
            lambda: client.chat_postEphemeral(channel=channel, user=user, **message),
            lambda: client.chat_postMessage(channel=user, **message, **_POSTED),
        ]
        for way in ways if reply.shared else ways[1:]:
            try:
                await patiently(way, self._wait, tries=1)
            except LIBRARY_ERRORS as error:
                reason = self._team.trouble(error, channel).what
                log.warning("answer not shown", channel=str(asked.address), reason=reason)
            else:
                return

    async def _by_url(self, asked: Asked, payload: Message) -> bool:
        """Answer by the response_url, which works where newsbot is no member; say whether it was taken."""
        url = asked.response_url
        if not is_slacks(url, self._team.client.base_url):
            return False

        async def post() -> None:
            async with self._session.post(url, json=payload, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise UrlRefused(answer)

        # What everybody sees is not said twice after a lost answer.
        tries = 1 if payload["response_type"] == "in_channel" else TRIES
        try:
            await patiently(post, self._wait, tries=tries)
        except LIBRARY_ERRORS as error:
            log.info("response_url not taken", channel=str(asked.address), reason=str(error))
            return False
        return True

    async def _announce(self, asked: Asked, channel: str, text: Text) -> None:
        """Let everybody in a channel see what changed."""
        message: Message = {"text": reply_text(Reply((line(text),))), "blocks": announcement_blocks(text)}
        try:
            await patiently(
                lambda: self._team.client.chat_postMessage(channel=channel, **message, **_POSTED),
                self._wait,
                tries=1,
            )
        except LIBRARY_ERRORS as error:
            if channel == asked.channel and await self._by_url(
                asked, {**message, "response_type": "in_channel"}
            ):
                return
            log.warning("not announced", channel=channel, reason=self._team.trouble(error, channel).what)

    async def _with_file(self, asked: Asked, reply: Reply, file: Upload) -> Reply:
        """Hand out the file of an answer, and say where it is."""
        try:
            if reply.shared:
                await self.files.share(file, asked.channel)
                return reply
            await self.files.hand_out(file, asked.user_id, "Here is the file that you asked for.")
            where = line("The file is in your own conversation with newsbot, under Apps.", Look.DIM)
        except LIBRARY_ERRORS as error:
            where = line(str(self._team.trouble(error, asked.channel).error()))
        return replace(reply, lines=(*reply.lines, where))


def _replaces(asked: Asked, reply: Reply) -> bool:
    """Say whether an answer takes the place of the message: what everybody sees gives way to what everybody sees only."""
    return reply.replaces and bool(asked.message) and (asked.fleeting or reply.shared)
