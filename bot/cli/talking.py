"""`newsbot chat`: everything that can be typed in Slack and Discord, typed here."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import log_above_prompt
from bot.cli.running import reload
from bot.cli.session import Session, now, run, session_of
from bot.cli.upkeep import alive
from bot.domain.wording import ago
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.chat.console_keyboard import Keyboard
    from bot.config import Config


def chat(
    context: typer.Context,
    channel: Annotated[
        str | None,
        typer.Option(
            "--channel", metavar="NAME", help="Where what is typed belongs; else chat.console.channel."
        ),
    ] = None,
) -> None:
    """Give commands here, as in Slack and Discord.

    Type help to see them all. Needs no token. Alerts of console channels appear between the lines, unless another newsbot is running already.
    Ctrl-D or the end of a pipe ends it: newsbot chat < commands.txt
    """
    session = session_of(context)
    with suppress(asyncio.CancelledError, KeyboardInterrupt):  # at once
        run(_chat(session, _listening(session.config(), channel)))


async def _chat(session: Session, config: Config) -> None:
    from bot.chat.console_keyboard import standard_input

    keyboard = standard_input()
    if keyboard is None:
        raise UserError("There is nothing to read commands from: newsbot was started without an input.")
    async with session.store(config) as store:
        stats = await store.upkeep.stats()
    if stats.heartbeat_at and alive(stats, now()):
        if sys.stdin.isatty():
            seen = ago(stats.heartbeat_at, now())
            typer.echo(
                f"newsbot is running already (last sign of life {seen}): alerts appear there.", err=True
            )
        await _beside(config, keyboard)
    else:
        await _alone(session, config, keyboard)


async def _beside(config: Config, keyboard: Keyboard) -> None:
    """Take commands only: a newsbot that runs does the rest."""
    from bot.runtime import SystemClock
    from bot.wiring import console, open_bot

    terminal = {"console": console(config, SystemClock(), keyboard, closes=True)}
    async with open_bot(config, terminal) as bot:
        await bot.listeners["console"].serve(bot.console_desk)


async def _alone(session: Session, config: Config, keyboard: Keyboard) -> None:
    """Take commands, read feeds and post alerts, until the input ends."""
    from bot.runtime import SystemClock, run_until_stopped
    from bot.wiring import connected, console, open_bot

    ended, clock = asyncio.Event(), SystemClock()
    chats = connected(config, clock) | {"console": console(config, clock, keyboard, closes=True)}
    async with open_bot(config, chats, clock) as bot:
        await bot.declare()
        if keyboard.is_terminal and sys.stdout.isatty():
            log_above_prompt(chats["console"])
        listen = bot.roles.listeners["console"]

        async def until_the_end() -> None:
            await listen()
            ended.set()

        roles = replace(bot.roles, listeners={**bot.roles.listeners, "console": until_the_end})
        await run_until_stopped(roles, lambda: reload(session, bot), ended.wait())


def _listening(config: Config, channel: str | None) -> Config:
    """Return the settings with the terminal on, whatever they say of it."""
    from bot.config import ConsoleSettings

    try:
        terminal = ConsoleSettings(channel=(channel or config.chat.console.channel).removeprefix("#"))
    except ValueError:
        raise UserError(
            f"“{channel}” is not a channel of the terminal. Write a name: --channel world"
        ) from None
    return config.model_copy(update={"chat": config.chat.model_copy(update={"console": terminal})})
