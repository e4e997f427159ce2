"""What a person types at a shell. `main` is the command `newsbot`.

session    settings and store, loaded only when wanted     output     lines for people, JSON for programs
arguments  what is typed, turned into values
running    run, demo                                       feeds      newsbot feeds …
checking   check                                           watching   newsbot subscriptions …
upkeep     status, migrate, backup, restore                terms      newsbot terms …
archive    search, preview                                 explaining  explain
talking    chat                                            inviting   slack-manifest, discord-invite

Exit codes: 0 good, 1 something failed or is not well, 2 the settings or the command cannot be read. Nothing heavy
is imported before a command needs it, so that `newsbot --help` stays quick.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot import __version__
from bot.cli import (
    archive,
    checking,
    explaining,
    feeds,
    inviting,
    running,
    talking,
    terms,
    upkeep,
    watching,
)
from bot.cli.session import Session
from bot.errors import ConfigError, NewsbotError

__all__ = ["application", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that was typed; say what went wrong in one line, and end with the right code."""
    try:
        application()(arguments)
    except ConfigError as error:
        _end(str(error), 2)
    except NewsbotError as error:
        _end(str(error), 1)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the program's own boundary: tracebacks too must pass the redactor
        _end_unexpectedly(error)


def application() -> typer.Typer:
    """Put the commands together."""
    app = typer.Typer(
        name="newsbot",
        help="Watch news feeds for keywords, and post each matching story once to Slack and Discord.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None if os.environ.get("NO_COLOR") or not sys.stdout.isatty() else "rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_everywhere)
    app.command("run")(running.start)
    app.command("chat")(talking.chat)
    app.command("demo")(running.demo)
    app.command("check")(checking.check)
    app.command("search")(archive.search)
    app.command("preview")(archive.preview)
    app.command("explain")(explaining.explain_query)
    app.command("slack-manifest")(inviting.slack_manifest)
    app.command("discord-invite")(inviting.discord_invite)
    app.command("status")(upkeep.status)
    app.command("migrate")(upkeep.migrate)
    app.command("backup")(upkeep.backup)
    app.command("restore")(upkeep.restore)
    app.add_typer(feeds.commands(), name="feeds")
    app.add_typer(watching.commands(), name="subscriptions")
    app.add_typer(terms.commands(), name="terms")
    return app


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"newsbot {__version__}")
        raise typer.Exit


def _everywhere(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", "-c", metavar="FILE", help="Settings; else NEWSBOT_CONFIG, else config.toml."
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback has done it all
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    context.obj = Session(config)


def _end(message: str, code: int) -> None:
    from bot.telemetry import redact

    typer.echo(redact(message), err=True)
    sys.exit(code)


def _end_unexpectedly(error: Exception) -> None:
    from bot import telemetry

    if not logging.getLogger().handlers:
        telemetry.configure(style="text")
    log = logging.getLogger(__name__)
    log.critical("newsbot failed by a mistake of its own; please report it", exc_info=error)
    sys.exit(1)
