"""The link by which somebody adds newsbot to their Discord server."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from urllib.parse import urlencode

AUTHORIZE = "https://discord.com/oauth2/authorize"
SCOPES = ("bot", "applications.commands")
# https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
BITS = MappingProxyType(
    {
        "View Channels": 1 << 10,
        "Send Messages": 1 << 11,
        "Embed Links": 1 << 14,
        "Send Messages in Threads": 1 << 38,
    }
)
"""All that newsbot needs, as Discord's settings call it. A forum's posts are Send Messages too."""


def discord_invite(application_id: str, permissions: Sequence[str] = tuple(BITS)) -> str:
    """Return the address at which newsbot is added to a server, with these permissions; raise KeyError for others."""
    granted = sum(BITS[name] for name in permissions)
    query = {"client_id": application_id, "permissions": str(granted), "scope": " ".join(SCOPES)}
    return f"{AUTHORIZE}?{urlencode(query)}"
