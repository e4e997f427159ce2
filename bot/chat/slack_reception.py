"""Between Slack and the desk: what somebody did becomes a Call, Press or Submission, and the Reply is shown to them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import structlog

from bot.chat.slack_answers import BUSY, SlackAnswers
from bot.chat.slack_forms import Origin, filled_in, form_view, handed_in
from bot.chat.slack_patience import Wait
from bot.chat.slack_payloads import (
    Asked,
    Payload,
    asked_by_command,
    asked_by_form,
    asked_by_press,
    pressed_action,
)
from bot.chat.slack_people import SlackPeople
from bot.chat.slack_replies import complaint
from bot.chat.slack_team import SlackTeam
from bot.chat.slack_typing import arguments, nameless
from bot.domain.commands.exchange import Call, Caller, Press, Reply, Submission, Value, say
from bot.domain.commands.forms import asks_form, form_for
from bot.domain.commands.typed import Typed, read_typed
from bot.domain.model import Person
from bot.errors import NewsbotError
from bot.ports import Desk

log = structlog.get_logger(__name__)


class SlackReception:
    """Serves the people of one workspace. Each method takes a payload that has been acknowledged already."""

    def __init__(
        self, team: SlackTeam, session: aiohttp.ClientSession, wait: Wait, form_within_s: float
    ) -> None:
        self.team, self._form_within_s = team, form_within_s
        self.people = SlackPeople(team, wait)
        self.answers = SlackAnswers(team, session, wait)

    async def command(self, body: Payload, desk: Desk) -> None:
        """Carry out what was typed."""
        asked = asked_by_command(body)
        text = str(body.get("text") or "")
        try:
            typed = read_typed(text, str(body.get("command") or ""))
            said = Call(_unknown(asked), typed.command.name, arguments(typed, asked.team_id))
            form = form_for(said)
        except NewsbotError as error:
            await self.answers.show(asked, refusal(error))
            return
        if form:
            await self.answers.open(asked, form)
            return
        reply = await self._in_time(self._run(asked, typed, text, desk), hurry=asks_form(said))
        await self.answers.show(asked, reply)

    async def _run(self, asked: Asked, typed: Typed, text: str, desk: Desk) -> Reply:
        caller, names = await asyncio.gather(self._caller(asked), self.people.names(nameless(text)))
        return await desk.run(Call(caller, typed.command.name, arguments(typed, asked.team_id, names)))

    async def press(self, body: Payload, desk: Desk) -> None:
        """Do what a button stands for, or an entry of a message's menu."""
        asked, action = asked_by_press(body), pressed_action(body)

        async def run() -> Reply:
            return await desk.press(Press(await self._caller(asked), action, asked.message))

        hurry = asks_form(Press(_unknown(asked), action, asked.message))
        await self.answers.show(asked, await self._in_time(run(), hurry=hurry))

    async def submission(self, body: Payload, desk: Desk) -> FormAnswer:
        """Take a form; return the answer, which may belong into the form itself."""
        asked, view = asked_by_form(body), body["view"]

        async def run() -> Reply:
            state: Mapping[str, Any] = view["state"]["values"]
            values: dict[str, Value] = filled_in(state, asked.team_id)
            for name, file in handed_in(state).items():
                values[name] = await self.answers.files.fetch(file)
            action = Origin.parse(view["private_metadata"]).action
            return await desk.submit(Submission(await self._caller(asked), action, values))

        reply = await self._in_time(run())
        return FormAnswer(in_form(body, asked, reply), partial(self.answers.show, asked, reply))

    async def _in_time(self, answer: Coroutine[Any, Any, Reply], *, hurry: bool = False) -> Reply:
        """Wait for an answer; where it must hold a form, no longer than Slack lets one be opened."""
        try:
            async with asyncio.timeout(self._form_within_s if hurry else None):
                return await answer
        except TimeoutError:
            return say(BUSY)
        except NewsbotError as error:
            return refusal(error)

    async def _caller(self, asked: Asked) -> Caller:
        """Say who speaks, with what Slack says of them now; raise ChatError."""
        person, rights = await self.people.speaker(asked)
        name = asked.channel_name or await self._name(asked.channel)
        return Caller(person, asked.address, rights, name, asked.trigger)

    async def _name(self, channel: str) -> str:
        return "" if channel.startswith("D") else await self.people.channel_name(channel)


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """What Slack is answered when a form comes back."""

    in_form: Mapping[str, Any] | None
    """Keeps the form open: with a word below a field, or with other fields. None closes it."""
    show: Callable[[], Awaitable[None]]
    """Shows the answer in the channel, where it does not stand in the form."""


def in_form(body: Payload, asked: Asked, reply: Reply) -> Mapping[str, Any] | None:
    """Return how a form stays open for what it is answered, or None where it closes."""
    if reply.form:
        origin = Origin(reply.form.action, asked.channel, asked.channel_name, asked.response_url)
        return {"response_action": "update", "view": form_view(reply.form, origin)}
    fields = [block["block_id"] for block in body["view"]["blocks"] if block.get("type") == "input"]
    if not reply.refused or not fields:
        return None
    field = "query" if "query" in fields else fields[0]
    return {"response_action": "errors", "errors": {field: complaint(reply)}}


def refusal(error: NewsbotError) -> Reply:
    """Return an error as an answer."""
    return say(*str(error).splitlines(), refused=True)


def _unknown(asked: Asked) -> Caller:
    """Return a caller of whom nothing was asked yet: what needs no rights need not wait for them."""
    return Caller(Person(asked.user_id, asked.user_name), asked.address)
