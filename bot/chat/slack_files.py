"""Files in Slack: what somebody handed in is fetched, what they asked for is handed out.

https://docs.slack.dev/messaging/working-with-files
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.chat.slack_errors import LIBRARY_ERRORS
from bot.chat.slack_patience import Wait, patiently
from bot.chat.slack_team import SlackTeam
from bot.domain.commands.exchange import Upload
from bot.errors import UserError

MOST_BYTES = 2_000_000
"""Of a file that is handed in: a list of 10,000 feeds."""
FETCH_S = 20.0
_CHUNK = 65_536


class SlackFiles:
    """Fetches and hands out files in one workspace."""

    def __init__(self, team: SlackTeam, session: aiohttp.ClientSession, wait: Wait) -> None:
        self._team, self._session, self._wait = team, session, wait

    async def fetch(self, file: Mapping[str, Any]) -> Upload:
        """Return a file that somebody put into a form; raise UserError.

        The token goes to Slack's own hosts only, and follows no redirect.
        """
        name, url = str(file.get("name") or "file"), str(file.get("url_private_download") or "")
        if int(file.get("size") or 0) > MOST_BYTES:
            raise _too_large(name)
        if not is_slacks(url, self._team.client.base_url):
            raise UserError(f"Slack gives no content for {name}. Save it on your computer and hand that in.")
        try:
            async with asyncio.timeout(FETCH_S):
                return Upload(name, await self._read(name, url))
        except LIBRARY_ERRORS as error:
            raise UserError(f"I could not get {name} from Slack. Try again in a moment.") from error

    async def _read(self, name: str, url: str) -> bytes:
        headers = {"Authorization": f"Bearer {self._team.workspace.bot_token}"}
        async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
            # To whom it shows no file Slack shows the page to sign in, with status 200.
            if answer.status != 200 or answer.content_type == "text/html":
                raise UserError(
                    f"Slack does not let me read {name}. An admin adds the scope files:read to the app."
                )
            content = b""
            async for chunk in answer.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > MOST_BYTES:
                    raise _too_large(name)
            return content

    async def hand_out(self, file: Upload, user_id: str, said: str) -> None:
        """Give a file to one person, in their own conversation with newsbot; raise one of LIBRARY_ERRORS."""
        client = self._team.client
        # Posting to a person opens that conversation without a right of its own, and says which it is.
        opened = await patiently(
            lambda: client.chat_postMessage(channel=user_id, text=said, unfurl_links=False),
            self._wait,
            tries=1,
        )
        place = str(opened["channel"])
        await patiently(
            lambda: client.files_upload_v2(channel=place, filename=file.name, content=file.content),
            self._wait,
            tries=1,
        )

    async def share(self, file: Upload, channel: str) -> None:
        """Put a file into a channel for everybody; raise one of LIBRARY_ERRORS."""
        await patiently(
            lambda: self._team.client.files_upload_v2(
                channel=channel, filename=file.name, content=file.content
            ),
            self._wait,
            tries=1,
        )


def is_slacks(url: str, base_url: str) -> bool:
    """Say whether an address is Slack's: one of its hosts, or that of the Slack which is configured."""
    parts, ours = urlsplit(url), urlsplit(base_url)
    if parts.scheme == ours.scheme and parts.netloc == ours.netloc:
        return True
    # slack-gov.com has hosts of its own.
    homes = {"slack.com", ours.hostname or "slack.com"}
    host = parts.netloc
    if parts.scheme != "https" or not re.fullmatch(r"[\w.-]+", host):
        return False
    return any(host == home or host.endswith(f".{home}") for home in homes)


def _too_large(name: str) -> UserError:
    return UserError(
        f"{name} is larger than {MOST_BYTES // 1_000_000} MB. Split it, and hand in one part at a time."
    )
