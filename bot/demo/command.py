"""`newsbot demo`, as the command line calls it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bot import telemetry
from bot.chat.console import ConsoleChat
from bot.demo.articles import Edition
from bot.demo.own import read_articles
from bot.demo.run import Programme, demo, full_programme
from bot.demo.summary import ForPeople, ForPrograms
from bot.demo.witness import Reporter
from bot.runtime import SystemClock

INTERRUPTED = 130


def run_demo(*, keep: bool = False, as_json: bool = False, articles: Path | None = None) -> int:
    """Play the demo on standard output and return the exit code: 0 when all is as published, else 1.

    Raise UserError when the file of articles cannot be used. The files that it works with are deleted, unless
    something was not as published.
    """
    programme = _programme(articles, keep=keep)
    folder = Path(tempfile.mkdtemp(prefix="newsbot-demo-"))
    right = True
    try:
        with (folder / "newsbot.log").open("w", encoding="utf-8") as log:
            telemetry.configure("info", "text", stream=log)
            right = asyncio.run(_play(programme, folder, as_json=as_json))
    except (asyncio.CancelledError, KeyboardInterrupt):  # the second Ctrl-C
        return INTERRUPTED
    finally:
        if right:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if right else 1


def _programme(articles: Path | None, *, keep: bool) -> Programme:
    plain = full_programme(keep=keep)
    if articles is None:
        return plain
    return full_programme(Edition(read_articles(articles, plain.articles)), keep=keep)


async def _play(programme: Programme, folder: Path, *, as_json: bool) -> bool:
    if as_json:
        data = ForPrograms(sys.stdout, folder)
        result = await demo(programme, Reporter(data.alert), data, folder)
    else:
        people = ForPeople(sys.stdout, folder, os.environ)
        result = await demo(programme, ConsoleChat(SystemClock(), sys.stdout), people, folder)
    return not result.differences
