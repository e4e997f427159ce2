"""Local Slack and Discord: servers on 127.0.0.1 that the platforms' own client libraries connect to.

    slack.py     SlackImpersonator     Web API, Socket Mode, signed HTTP    slack_world, _methods, _socket, _people, …
    discord.py   DiscordImpersonator   REST API v10, gateway, interactions  discord_world, _routes, _gateway, _people, …
    faults.py    what goes wrong       `slack.faults.next(rate_limited(2), lost_reply())`
    loopback.py  the floor of both     records, journals, fails on demand
    journal.py   JSON lines            what was received and accepted, for a process that outlives the bot
    process.py   as a process apart    `python -m tests.impersonators --journal FILE`

They are stricter than the platforms where those are lenient or unclear, never laxer.
"""

from tests.impersonators.discord import DiscordImpersonator
from tests.impersonators.slack import SlackImpersonator

__all__ = ["DiscordImpersonator", "SlackImpersonator"]
