"""How to connect newsbot to a chat platform, in words for whoever runs it."""

from __future__ import annotations

TOKENS = (("slack", "SLACK_BOT_TOKEN"), ("discord", "DISCORD_TOKEN"))


def connect(platform: str) -> str:
    """Say what to do about a platform that channels are on and newsbot is not."""
    token = dict(TOKENS).get(platform)
    if token:
        return f"Set {token} in the environment, leave chat.{platform}.enabled on, and start newsbot again"
    if platform == "console":
        return "Set chat.console.enabled to true, and start newsbot again"
    return "There is no such platform: correct the subscription's channel"
