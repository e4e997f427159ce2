"""What an app manifest grants, as far as Slack takes it.

https://docs.slack.dev/reference/app-manifest
"""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
_FREE = frozenset({"app_uninstalled", "tokens_revoked"})
"""Events that need no scope."""


class BadManifest(ValueError):
    """What Slack lists when it does not take a manifest."""


def granted(manifest: Json) -> dict[str, Any]:
    """Return the fields of a Team that has this app; raise BadManifest."""
    faults = list(_faults(manifest))
    if faults:
        raise BadManifest("; ".join(faults))
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    commands = features.get("slash_commands", [])
    return {
        "scopes": tuple(manifest["oauth_config"]["scopes"]["bot"]),
        "bot_name": features.get("bot_user", {}).get("display_name", "newsbot"),
        "commands": tuple(command["command"] for command in commands),
        "escapes": any(command.get("should_escape") for command in commands),
        "shortcuts": {item["name"]: item["callback_id"] for item in features.get("shortcuts", [])},
        "events": tuple(settings.get("event_subscriptions", {}).get("bot_events", [])),
        "interactivity": bool(settings.get("interactivity", {}).get("is_enabled")),
    }


def _faults(manifest: Json) -> Iterator[str]:
    about, features = manifest.get("display_information", {}), manifest.get("features", {})
    settings = manifest.get("settings", {})
    scopes = set(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))
    yield from _long(about, {"name": 35, "description": 140}, "display_information")
    if not about.get("name"):
        yield "display_information.name is missing"
    if not scopes or "bot_user" not in features:
        yield "a bot user and its scopes are missing"
    for command in features.get("slash_commands", []):
        yield from _long(command, {"command": 32, "description": 2000, "usage_hint": 1000}, "slash_commands")
        if not str(command.get("command")).startswith("/") or not command.get("description"):
            yield f"slash_commands: {command} has no name or description"
    for shortcut in features.get("shortcuts", []):
        yield from _long(shortcut, {"name": 24, "callback_id": 255, "description": 150}, "shortcuts")
    if "commands" not in scopes and (features.get("slash_commands") or features.get("shortcuts")):
        yield "commands and shortcuts need the scope commands"
    yield from _events(settings, scopes)
    yield from _ways(settings, features)


def _long(row: Json, limits: Mapping[str, int], where: str) -> Iterator[str]:
    for name, limit in limits.items():
        if len(str(row.get(name, ""))) > limit:
            yield f"{where}.{name} is longer than {limit}"


def _events(settings: Json, scopes: set[str]) -> Iterator[str]:
    for name in settings.get("event_subscriptions", {}).get("bot_events", []):
        private, public = name.startswith("group_"), name.startswith("channel_")
        needs = (
            {"groups:read"} if private else {"channels:read"} if public else {"channels:read", "groups:read"}
        )
        if name not in _FREE and not needs & scopes:
            yield f"the event {name} needs {' or '.join(sorted(needs))}"


def _ways(settings: Json, features: Json) -> Iterator[str]:
    """Without Socket Mode every way to the app needs its address."""
    if settings.get("socket_mode_enabled"):
        return
    if settings.get("event_subscriptions", {}).get("bot_events") and not settings["event_subscriptions"].get(
        "request_url"
    ):
        yield "event_subscriptions.request_url is missing"
    if settings.get("interactivity", {}).get("is_enabled") and not settings["interactivity"].get(
        "request_url"
    ):
        yield "interactivity.request_url is missing"
    if any(not command.get("url") for command in features.get("slash_commands", [])):
        yield "slash_commands.url is missing"
