"""`newsbot run` and `newsbot demo`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import __version__
from bot.cli.arguments import AsJson
from bot.cli.feeds import NO_FEEDS
from bot.cli.output import log_above_prompt
from bot.cli.session import Session, run, session_of
from bot.cli.watching import NO_SUBSCRIPTIONS
from bot.errors import ConfigError, NewsbotError

if TYPE_CHECKING:
    from structlog.stdlib import BoundLogger

    from bot.config import Config
    from bot.domain.model import FeedState
    from bot.runtime import Roles
    from bot.wiring import Bot


TO_TYPE = "No subscriptions yet. Type for example:  subscribe Kim Jong Un, summit"
FIRST_ROUND_S = 60
"""How long the feeds may take to be asked once before newsbot says how far it got."""


def start(context: typer.Context) -> None:
    """Read the feeds and post alerts.

    Started in a terminal, it takes commands there, like newsbot chat.

    Ctrl-C or SIGTERM ends it in good order, a second one at once. SIGHUP reads feeds, subscriptions and terms of the
    config file again.
    """
    session = session_of(context)
    with suppress(asyncio.CancelledError):  # a second signal: at once
        run(_start(session, session.config(quiet=False)))


async def _start(session: Session, config: Config) -> None:
    from bot.chat.console_keyboard import terminal
    from bot.runtime import run_until_stopped
    from bot.wiring import open_bot

    keyboard = terminal()
    async with open_bot(config, keyboard=keyboard) as bot:
        await bot.declare()
        greeting = asyncio.create_task(_greet(bot, typing=keyboard is not None))  # once signals are heeded
        first_round = asyncio.create_task(_tell_of_first_round(bot))
        roles = _talkative(bot, greeting) if keyboard else bot.roles
        await run_until_stopped(roles, lambda: reload(session, bot))
        first_round.cancel()
        with suppress(asyncio.CancelledError, NewsbotError):
            await first_round
        await greeting


def _talkative(bot: Bot, greeting: asyncio.Task[None]) -> Roles:
    """Return the roles with a terminal that takes commands once newsbot has introduced itself."""
    roles, listeners = bot.roles, dict(bot.roles.listeners)
    if listen := listeners.get("console"):
        log_above_prompt(bot.chats["console"])

        async def afterwards() -> None:
            await asyncio.wait([greeting])
            await listen()

        listeners["console"] = afterwards
    return replace(roles, listeners=listeners)


async def _greet(bot: Bot, *, typing: bool) -> None:
    """Say what is watched; a bot with nothing to do says that, and how to change it."""
    feeds, subscriptions = await bot.store.registry.feeds(), await bot.store.registry.subscriptions()
    log = _log()
    log.info(
        "started",
        version=__version__,
        feeds=len(feeds),
        subscriptions=len(subscriptions),
        chats=sorted(bot.chats),
    )
    no_subscriptions = TO_TYPE if typing else NO_SUBSCRIPTIONS
    for line in (*(NO_FEEDS if not feeds else ()), *((no_subscriptions,) if not subscriptions else ())):
        typer.echo(line, err=True)
    unconnected = {
        str(s.channel.address) for s in subscriptions if s.channel.address.platform not in bot.chats
    }
    for channel in sorted(unconnected):
        log.warning("not connected to this channel's platform; see newsbot check", channel=channel)


async def _tell_of_first_round(bot: Bot) -> None:
    """Say once how many feeds can be read: alerts may be hours away, and silence tells nothing."""
    states: Sequence[FeedState] = ()
    for _ in range(FIRST_ROUND_S):
        await bot.clock.sleep(1)
        states = [followed.feed.state for followed in await bot.store.registry.feeds()]
        if all(state.polled_at or state.failures for state in states):
            break
    if not states:
        return
    log, failing = _log(), sum(1 for state in states if state.failures)
    read = sum(1 for state in states if state.polled_at and not state.failures)
    log.info("reading", feeds_read=read, articles=(await bot.store.upkeep.stats()).articles)
    if failing:
        log.warning("some feeds cannot be read; newsbot check says why, and what to do", failing=failing)


async def reload(session: Session, bot: Bot) -> None:
    """Take over the rows of the config file as it stands now; a file with faults changes nothing."""
    log = _log()
    try:
        changes = await bot.declare(session.config(quiet=False))
    except ConfigError as error:
        for line in str(error).splitlines():
            log.error("settings not taken over", fault=line)
    else:
        log.info("settings taken over", **asdict(changes))


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Go on until Ctrl-C.")] = False,
    as_json: AsJson = False,
    articles: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Articles of your own, through the same feeds.")
    ] = None,
) -> None:
    """See it work: no token, no internet.

    A little newsstand on this machine publishes feeds, newsbot watches them, and alerts appear here.

    FILE.json holds a list of articles, of which only "title" is needed: [{"title": "Leaders agree on a summit",
    "text": "It begins on Monday.", "link": "https://news.example/1", "author": "Ann Lee", "tags": ["World"],
    "feed": "meridian", "age": "3h", "alerts": ["diplomacy"]}]. "age" is how long ago it was published (null: no date),
    "alerts" are the channels (korea, diplomacy) that you expect to get it. docs/demo.md says more.
    """
    from bot.demo.command import run_demo

    raise typer.Exit(run_demo(keep=keep, as_json=as_json, articles=articles))


def _log() -> BoundLogger:
    import structlog

    log: BoundLogger = structlog.get_logger(__name__)
    return log
