"""The desk: where every chat platform brings what people say, and whose answers are always in plain words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from secrets import token_hex
from typing import TypeVar

import structlog

from bot.domain.commands.exchange import (
    SILENCE,
    Call,
    Caller,
    Choice,
    Look,
    Press,
    Reply,
    Submission,
    line,
    say,
)
from bot.errors import NewsbotError, QueryError
from bot.services.commands.context import Context, Handlers
from bot.services.commands.quotas import Throttle

log = structlog.get_logger(__name__)

T = TypeVar("T", Call, Press, Submission)

MOST_CHOICES = 25
AROUND = 60
"""Characters of a query shown on either side of a fault."""


class NewsDesk:
    """Carries out commands, presses and forms, and turns whatever goes wrong into a Reply."""

    def __init__(self, context: Context, handlers: Handlers) -> None:
        self._context = context
        self._handlers = handlers
        self._throttle = Throttle(context.quotas.commands, timedelta(seconds=context.quotas.commands_s))

    async def run(self, call: Call) -> Reply:
        """Carry out a command."""
        function = self._handlers.commands.get(call.command)
        if function is None:
            return say(f"There is no command {call.command}. {self._context.command} help shows them all.")
        return await self._answered(call.caller, call.command, function, call)

    async def press(self, press: Press) -> Reply:
        """Do what a button or a menu entry stands for."""
        function = self._handlers.presses.get(press.action.verb)
        if function is None:
            return say("This button is of an older newsbot. Give the command again.")
        return await self._answered(press.caller, press.action.verb, function, press)

    async def submit(self, submission: Submission) -> Reply:
        """Take a form that came back filled in."""
        function = self._handlers.submissions.get(submission.action.verb)
        if function is None:
            return say("This form is of an older newsbot. Give the command again.")
        return await self._answered(submission.caller, submission.action.verb, function, submission)

    async def complete(self, call: Call, parameter: str, typed: str) -> Sequence[Choice]:
        """Offer completions; none when they cannot be had, since somebody is typing."""
        function = self._handlers.completions.get(parameter)
        if function is None:
            return ()
        try:
            return (await function(self._context, call.caller, typed))[:MOST_CHOICES]
        except NewsbotError as error:
            log.warning("no completions", parameter=parameter, reason=str(error))
        except Exception:
            # The boundary of what people say: a completion that fails must not disturb the chat.
            log.exception("completions broke", parameter=parameter)
        return ()

    async def gone(self, platform: str, workspace: str, channel: str | None, reason: str) -> None:
        """Pause what is watched in a place that newsbot was removed from, or that is no more."""
        await self._context.store.frontdesk.pause_place(
            platform, workspace, channel, reason, self._context.now
        )
        log.info("place left", platform=platform, workspace=workspace, channel=channel, reason=reason)

    async def back(self, platform: str, workspace: str, channel: str | None) -> None:
        """Revive what `gone` paused."""
        await self._context.store.frontdesk.revive_place(platform, workspace, channel, self._context.now)
        log.info("place entered", platform=platform, workspace=workspace, channel=channel)

    async def left(self, platform: str, workspace: str) -> Sequence[str]:
        """Return the channels of a workspace that `gone` was told of by themselves."""
        return await self._context.store.frontdesk.left_channels(platform, workspace)

    async def _answered(
        self, caller: Caller, what: str, function: Callable[[Context, T], Awaitable[Reply]], said: T
    ) -> Reply:
        where = caller.channel
        try:
            if not await self._first(caller):
                return SILENCE
            self._throttle.admit((where.platform, where.workspace, caller.person.id), self._context.now)
            return await function(self._context, said)
        except QueryError as error:
            return unreadable(error)
        except NewsbotError as error:
            return say(*str(error).splitlines(), refused=True)
        except Exception:
            # The boundary of what people say: one command must not end the connection to the chat.
            number = token_hex(4)
            log.exception("command broke", what=what, number=number, channel=str(where))
            return say(
                f"newsbot failed on this by a mistake of its own. Its operator finds it in the log under {number}."
            )

    async def _first(self, caller: Caller) -> bool:
        """Say whether no newsbot on this store has heard this before; what has no name cannot come twice."""
        if not caller.request:
            return True
        name = f"{caller.channel.platform}/{caller.request}"
        return await self._context.store.frontdesk.hear(name, self._context.now)


def unreadable(error: QueryError) -> Reply:
    """Show a query that cannot be read, the place of the fault, and what may have been meant."""
    lines = [line(f"I can’t read this query: {_continued(str(error))}")]
    if error.typed.strip():
        lines.append(line(_pointed_at(error.typed, error.position), Look.CODE))
    if error.suggestion:
        lines += [line("Did you mean"), line(error.suggestion, Look.CODE)]
    return Reply(tuple(lines), refused=True)


def _continued(sentence: str) -> str:
    """Return a sentence as it stands behind a colon; a word in capitals stays."""
    return sentence if sentence[1:2].isupper() else f"{sentence[:1].lower()}{sentence[1:]}"


def _pointed_at(typed: str, position: int) -> str:
    """Return what stands around a fault, and below it a mark."""
    start = max(position - AROUND, 0)
    before, after = ("…" if start else ""), ("…" if position + AROUND < len(typed) else "")
    part = typed[start : position + AROUND].replace("\n", " ")
    return f"{before}{part}{after}\n{' ' * (len(before) + position - start)}^"
