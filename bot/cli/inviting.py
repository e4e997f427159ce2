"""`newsbot slack-manifest` and `newsbot discord-invite`: what brings newsbot into a workspace with the least rights."""

from __future__ import annotations

import base64
import json
from typing import Annotated

import typer

from bot.cli.session import session_of
from bot.errors import UserError


def slack_manifest(
    context: typer.Context,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="https://HOST",
            help='For chat.slack.mode = "http": where Slack finds newsbot. Left out: Socket Mode.',
        ),
    ] = None,
) -> None:
    """Print the manifest of the Slack app.

    At api.slack.com/apps choose Create New App → From a manifest, and paste it under JSON. docs/slack.md goes on.
    """
    from bot.chat.slack_manifest import slack_manifest as manifest

    chat = session_of(context).config().chat
    if url is not None and not url.startswith("https://"):
        raise UserError(f"Slack posts to https addresses only, not to {url}.")
    typer.echo(json.dumps(manifest(f"/{chat.command}", url), indent=2))


def discord_invite(
    context: typer.Context,
    application: Annotated[
        str | None,
        typer.Argument(
            metavar="APPLICATION_ID", help="From the developer portal; else it is read from DISCORD_TOKEN."
        ),
    ] = None,
) -> None:
    """Print the link that adds newsbot to a Discord server."""
    from bot.chat.discord_invite import discord_invite as link

    id = application or _application(context)
    if not id.isdecimal():
        raise UserError(
            f"“{id}” is not the id of an application: it is a number, on its General Information page."
        )
    typer.echo(link(id))


def _application(context: typer.Context) -> str:
    """Return the id that stands at the beginning of the bot's token."""
    token = session_of(context).config().secrets.discord_token
    if token is None:
        raise UserError(
            "Set DISCORD_TOKEN, or give the application's id, which is on its General Information page:"
            " newsbot discord-invite 1234567890"
        )
    first = token.get_secret_value().partition(".")[0]
    try:
        return base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except ValueError:  # binascii.Error and UnicodeDecodeError are such
        raise UserError(
            "DISCORD_TOKEN does not tell its application. Give the id that stands on its General Information page:"
            " newsbot discord-invite 1234567890"
        ) from None
