"""A bot without a will of its own, led by hand: for tests of the local Slack itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from tests.impersonators.slack import SlackImpersonator
from tests.impersonators.slack_delivery import Json
from tests.impersonators.slack_modals import SlackView
from tests.impersonators.slack_sight import Sight


def plain(text: str) -> Json:
    """Return a plain text."""
    return {"type": "plain_text", "text": text}


def options(*labels: str) -> list[Json]:
    """Return options of a menu whose values are their labels in small letters."""
    return [{"text": plain(label), "value": label.lower()} for label in labels]


def field(kind: str, label: str = "Words", *, optional: bool = False, **more: Any) -> Json:
    """Return an input block with an element of a kind."""
    element = {"type": kind, "action_id": "value", **more}
    return {"type": "input", "label": plain(label), "optional": optional, "element": element}


def view(*blocks: Json, **more: Any) -> Json:
    """Return a window, with one line to fill in unless blocks are given."""
    frame = {"type": "modal", "title": plain("Subscribe"), "submit": plain("OK"), "callback_id": "form"}
    return {**frame, "blocks": list(blocks) or [field("plain_text_input")], **more}


def anything(_sight: Sight) -> bool:
    """Wait for nothing."""
    return True


class Hand:
    """Acknowledges every payload at once, with what a test wants."""

    def __init__(
        self, slack: SlackImpersonator, client: AsyncWebClient, socket: aiohttp.ClientWebSocketResponse
    ) -> None:
        self.slack, self.client, self._socket = slack, client, socket

    async def answers(self, act: Any, payload: Json | None = None) -> tuple[Json, Sight]:
        """Let somebody act; take what arrives, acknowledge it, and return it and what they then see."""
        acting = asyncio.ensure_future(act)
        frame = await self._socket.receive_json()
        ack = {"envelope_id": frame["envelope_id"]}
        await self._socket.send_json(ack | ({"payload": payload} if payload else {}))
        return frame["payload"], await acting

    async def trigger(self) -> str:
        """Return a trigger that U1 brought about."""
        payload, _ = await self.answers(self.slack.person("U1").types("/news", until=anything))
        return str(payload["trigger_id"])

    async def opens(self, *blocks: Json, **more: Any) -> SlackView | None:
        """Open a window before U1."""
        await self.client.views_open(trigger_id=await self.trigger(), view=view(*blocks, **more))
        return self.slack.person("U1").modal


@asynccontextmanager
async def hand(slack: SlackImpersonator) -> AsyncIterator[Hand]:
    """Connect as the bot of the first team."""
    team = slack.team()
    client = AsyncWebClient(token=team.token, base_url=slack.base_url)
    url = (await client.apps_connections_open(app_token=team.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        yield Hand(slack, client, socket)
