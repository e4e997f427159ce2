"""Slack's refusals in the program's terms."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.chat.trouble import TOKEN_PAUSE_S, Trouble, network_trouble, server_error, too_fast

NAME = "Slack"
DEFAULT_WAIT_S = 30.0
"""For a rate limit that names no time."""
LIBRARY_ERRORS = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that a call through slack_sdk may raise when Slack or the network fails."""
SCOPES_PAGE = "api.slack.com/apps → OAuth & Permissions → Bot Token Scopes"

_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "not_allowed_token_type",
    }
)
_RATE = frozenset({"ratelimited", "rate_limited"})
_PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack: “It's possible some aspect of the operation succeeded before the error was raised.”"""
_MESSAGE = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text"}
    | {"invalid_arguments", "invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large"}
)
_CHANNEL = {
    "not_in_channel": ("I'm not a member of {channel}", "Type /invite @{bot} there"),
    "channel_not_found": (
        "I can't find {channel}: it was deleted, or it is private and I'm not a member",
        "Type /invite @{bot} there, or move its subscriptions to another channel",
    ),
    "is_archived": ("{channel} is archived", "Unarchive it, or move its subscriptions to another channel"),
    "restricted_action": (
        "This workspace does not let me post in {channel}",
        "Ask an admin to allow apps to post there",
    ),
}


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error, 0 where there is none."""
    answer = getattr(error, "response", None)
    return int(getattr(answer, "status_code", None) or getattr(answer, "status", None) or 0)


def facts_of(error: Exception) -> dict[str, Any]:
    """Return the body of a refusal; empty when it was not JSON."""
    data = getattr(getattr(error, "response", None), "data", None)
    return data if isinstance(data, dict) else {}


def code_of(error: Exception) -> str:
    """Return Slack's own word for a refusal, or nothing."""
    return str(facts_of(error).get("error", ""))


def is_rate_limit(error: Exception) -> bool:
    """Say whether Slack only asks to wait."""
    return status_of(error) == 429 or code_of(error) in _RATE


def refuses_token(error: Exception) -> bool:
    """Say whether Slack will take this token never again."""
    return code_of(error) in _TOKEN


def may_pass(error: Exception) -> bool:
    """Say whether the same question may get an answer later."""
    return status_of(error) == 429 or status_of(error) >= 500 or code_of(error) in _RATE | _PASSING


def concerns_channel(error: Exception) -> bool:
    """Say whether a refusal is about the channel, so that its name is worth asking for."""
    return code_of(error) in _CHANNEL


def trouble_with(error: Exception, channel: str, bot: str, timeout_s: float) -> Trouble:
    """Say what an error of LIBRARY_ERRORS means for a channel."""
    if isinstance(error, SlackApiError):
        return _refusal(error, channel, bot)
    return network_trouble(NAME, error, timeout_s)


def _refusal(error: SlackApiError, channel: str, bot: str) -> Trouble:
    code, status = code_of(error), status_of(error)
    if status == 429 or code in _RATE:
        return too_fast(NAME, wait_s(error))
    if code in _CHANNEL:
        what, remedy = (words.format(channel=channel, bot=bot) for words in _CHANNEL[code])
        return Trouble(what, remedy, permanent=True)
    if code in _TOKEN or code == "missing_scope":
        return _token_trouble(code, str(facts_of(error).get("needed", "?")))
    if code in _MESSAGE:
        return Trouble(f"Slack refused the message ({code}{_details(error)})", permanent=True)
    if status >= 500 or code in _PASSING or not code:
        return server_error(NAME, status)
    return Trouble(f"Slack refused ({code})")


def _token_trouble(code: str, needed: str) -> Trouble:
    if code == "missing_scope":
        what, remedy = (
            f"The token lacks the scope {needed}",
            f"Add it at {SCOPES_PAGE}, then reinstall the app",
        )
    else:
        what = f"Slack refused the token ({code})"
        remedy = "Reinstall the app at api.slack.com/apps → OAuth & Permissions, and set SLACK_BOT_TOKEN"
    return Trouble(what, remedy, retry_after_s=TOKEN_PAUSE_S, everywhere=True)


def wait_s(error: Exception) -> float:
    """Return for how long a rate limit lasts."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    after = str(headers.get("Retry-After", ""))
    return float(after) if after.isdecimal() else DEFAULT_WAIT_S


def _details(error: Exception) -> str:
    details = facts_of(error).get("errors") or ()
    return f": {'; '.join(map(str, details))}"[:300] if details else ""


def blames_a_picture(error: Exception) -> bool:
    """Say whether Slack refused the blocks for the sake of a picture, which it downloads first."""
    return code_of(error) == "invalid_blocks" and any(
        word in _details(error) for word in ("image", "accessory")
    )
