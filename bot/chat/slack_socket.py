"""Socket Mode: a WebSocket to Slack that is made again whenever it ends.

slack_sdk's own client goes on for ever with a token that was taken back, and with an address that is used up; so the
connection is kept here, and slack-bolt is given what comes over it.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.chat.slack_app import Errands
from bot.chat.slack_errors import LIBRARY_ERRORS, code_of, is_rate_limit, refuses_token, wait_s
from bot.chat.slack_patience import Wait, back_off_s
from bot.chat.slack_team import TO_HEAR

log = structlog.get_logger(__name__)

HEARTBEAT_S = 10.0
STEADY_S = 5.0
"""A connection that lasted so long was a good one: the next is made at once."""


class SocketLine:
    """One connection of one app."""

    def __init__(
        self, app: AsyncApp, app_token: str, session: aiohttp.ClientSession, errands: Errands
    ) -> None:
        self._app, self._token, self._session, self._errands = app, app_token, session, errands

    async def keep(self, wait: Wait, name: str) -> None:
        """Stay connected until cancelled, or until Slack refuses the app's token."""
        tries = 0
        while True:
            started_s = asyncio.get_running_loop().time()
            pause_s = None
            try:
                await self._connection()
            except LIBRARY_ERRORS as error:
                if refuses_token(error) or code_of(error) == "missing_scope":
                    log.error(
                        "Slack refused the app’s own token",
                        workspace=name,
                        reason=code_of(error),
                        remedy=TO_HEAR,
                    )
                    return
                pause_s = wait_s(error) if is_rate_limit(error) else back_off_s(tries)
                log.warning(
                    "Slack connection failed", workspace=name, reason=_reason(error), again_in_s=pause_s
                )
            except Exception:  # the connection's boundary: what it cannot read must not end it for good
                pause_s = back_off_s(tries)
                log.exception("Slack connection broke", workspace=name)
            steady = asyncio.get_running_loop().time() - started_s >= STEADY_S
            if pause_s is None:
                pause_s = 0.0 if steady or not tries else back_off_s(tries - 1)
            tries = 0 if steady else tries + 1
            await wait(pause_s)

    async def _connection(self) -> None:
        """Connect and listen until the connection ends, or Slack asks to make another."""
        client = self._app.client
        address = await client.apps_connections_open(app_token=self._token)
        async with self._session.ws_connect(
            str(address["url"]), heartbeat=HEARTBEAT_S, proxy=client.proxy, ssl=client.ssl or True
        ) as socket:
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return
                said = json.loads(message.data)
                if said.get("type") == "disconnect":
                    log.info("Slack asks for another connection", reason=said.get("reason"))
                    return
                if "envelope_id" in said:
                    self._errands.start(self._take(socket, said), "envelope")

    async def _take(self, socket: aiohttp.ClientWebSocketResponse, said: dict[str, Any]) -> None:
        """Give bolt an envelope, and acknowledge it."""
        request = SocketModeRequest.from_dict(said)
        if request is None:
            return
        response = await run_async_bolt_app(self._app, request)
        if response.status == 200:
            try:
                await socket.send_json({"envelope_id": request.envelope_id, **_payload(response)})
            except ConnectionError:
                log.warning("acknowledgement lost", type=request.type)


def _payload(response: BoltResponse) -> dict[str, Any]:
    return {"payload": json.loads(response.body)} if response.body else {}


def _reason(error: Exception) -> str:
    return code_of(error) or str(error) or type(error).__name__
