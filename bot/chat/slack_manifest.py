"""The manifest from which Slack makes the app: its name, commands, events, and the least rights that do.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from typing import Any

from bot.chat.slack_leaving import EVENTS
from bot.domain.commands.on_alerts import MENU

SCOPES = {
    "chat:write": "post alerts and answers",
    "commands": "hear the command and the entries of a message’s menu",
    "channels:read": "know public channels, and who is in them",
    "groups:read": "know the private channels that newsbot is invited to",
    "users:read": "tell members from guests and admins",
    "usergroups:read": "let a user group manage subscriptions, or be called by alerts",
    "files:read": "take a file in the form of import",
    "files:write": "hand out a file for export",
}
"""What newsbot asks for, and what for. It reads no messages."""
PATH = "/slack/events"
"""Where all requests of HTTP mode go."""
_SHORTCUTS = {
    "mute": "Post nothing more about this story for a day",
    "irrelevant": "Propose words that would have kept this alert away",
    "why": "Say which words brought this alert, and who watches for them",
}


def slack_manifest(command: str = "/news", http_url: str | None = None) -> dict[str, Any]:
    """Return the manifest; with `http_url`, https://news.example, Slack posts there in place of Socket Mode."""
    address = {"request_url": http_url.rstrip("/") + PATH} if http_url else {}
    typed: dict[str, Any] = {
        "command": "/" + command.strip().lstrip("/"),
        "description": "Watch for words in the news, search it, and more",
        "usage_hint": "subscribe Kim Jong Un, summit",
        # Channels and people arrive with their ids, so that a name cannot stand for another.
        "should_escape": True,
        **({"url": address["request_url"]} if address else {}),
    }
    return {
        "display_information": {
            "name": "newsbot",
            "description": "Watches the news for words, and posts each story once",
            "background_color": "#1d3557",
        },
        "features": {
            "bot_user": {"display_name": "newsbot", "always_online": False},
            "slash_commands": [typed],
            "shortcuts": [_shortcut(verb, label) for verb, label in MENU],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


def _shortcut(verb: str, label: str) -> dict[str, str]:
    return {"name": label, "type": "message", "callback_id": verb, "description": _SHORTCUTS[verb]}
