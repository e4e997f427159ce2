"""slack-bolt's part: every payload is acknowledged at once, and handed on once, however often it comes."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack_payloads import Payload, once
from bot.chat.slack_reception import FormAnswer

log = structlog.get_logger(__name__)

REMEMBERED = 10_000
"""Payloads by which another of the same is known; Slack repeats events for about six minutes."""
_ANYTHING = re.compile("")

T = TypeVar("T")


class Receiver(Protocol):
    """What is done with payloads after they are acknowledged."""

    async def command(self, body: Payload) -> None: ...

    async def press(self, body: Payload) -> None: ...

    async def submission(self, body: Payload) -> FormAnswer | None: ...

    async def event(self, body: Payload) -> None: ...


class Errands:
    """Work that goes on after the acknowledgement; one that fails does not disturb the others."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], what: str) -> None:
        """Begin some work; whatever it raises is logged."""
        _ = self.begin(work, what)

    def begin(self, work: Coroutine[Any, Any, T], what: str) -> asyncio.Task[T | None]:
        """Begin some work whose outcome matters: None when it failed."""
        task = asyncio.create_task(_guarded(work, what))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def stop(self, drain_s: float) -> None:
        """Let work in hand finish within `drain_s`, then cancel it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=drain_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _guarded(work: Coroutine[Any, Any, T], what: str) -> T | None:
    try:
        return await work
    except Exception:  # the boundary of what people do: one payload must not end the connection
        log.exception("Slack payload failed", what=what)
        return None


class Once:
    """Says of each payload whether it is the first of its kind: two connections may bring the same."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def first(self, body: Payload) -> bool:
        """Say whether this has not come before, and remember it."""
        name = once(body)
        if name and name in self._seen:
            log.info("Slack said it again", what=name)
            return False
        self._seen[name] = None
        while len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return True


def bolt_app(receiver: Receiver, errands: Errands, base_url: str, form_answer_s: float) -> AsyncApp:
    """Return an app that hears everything; whose workspace it is, the receiver decides by the team's id."""
    quiet = logging.getLogger("slack_bolt.newsbot")
    quiet.setLevel(logging.ERROR)  # it warns of SLACK_BOT_TOKEN in the environment, which is ours
    app = AsyncApp(
        name="newsbot",
        logger=quiet,
        # A client without a token: nothing is asked before a payload is acknowledged.
        client=AsyncWebClient(base_url=base_url, retry_handlers=[]),
        authorize=_anybody,
        signing_secret="",
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
    )
    seen = Once()

    async def command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        if seen.first(body):
            errands.start(receiver.command(body), "command")

    async def press(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        if seen.first(body):
            errands.start(receiver.press(body), "press")

    async def submission(ack: AsyncAck, body: dict[str, Any]) -> None:
        if not seen.first(body):
            await ack()
            return
        answering = errands.begin(receiver.submission(body), "form")
        await asyncio.wait({answering}, timeout=form_answer_s)
        answer = answering.result() if answering.done() else None
        in_form = answer.in_form if answer else None
        await ack(**(in_form or {}))
        if in_form is None:
            errands.start(_show(answering), "form")

    async def event(body: dict[str, Any]) -> None:
        if seen.first(body):
            errands.start(receiver.event(body), "event")

    app.command(_ANYTHING)(command)
    app.action(_ANYTHING)(press)
    app.shortcut(_ANYTHING)(press)
    app.view_submission(_ANYTHING)(submission)
    app.event(_ANYTHING)(event)
    return app


async def _anybody(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


async def _show(answering: asyncio.Task[FormAnswer | None]) -> None:
    answer = await answering
    if answer:
        await answer.show()
