"""What Slack's events say of coming and going: of newsbot, of channels, of the app.

https://docs.slack.dev/reference/events
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.slack_payloads import Payload

TAKEN_BACK = "the app’s token was taken back"
_GONE = {
    "channel_left": "newsbot was removed from the channel",
    "group_left": "newsbot was removed from the channel",
    "channel_archive": "the channel was archived",
    "group_archive": "the channel was archived",
    "channel_deleted": "the channel was deleted",
    "group_deleted": "the channel was deleted",
}
_MEMBERS = {"member_left_channel": _GONE["channel_left"], "member_joined_channel": ""}
"""Of anybody: they count where it is newsbot."""
_BACK = frozenset({"channel_unarchive", "group_unarchive"})
EVENTS = (
    "app_uninstalled",
    "tokens_revoked",
    *_MEMBERS,
    *_GONE,
    *sorted(_BACK),
)
"""What the app must hear of."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A place was left, or entered again."""

    channel: str | None
    """None: the whole workspace."""
    reason: str = ""
    """Why it was left; empty when it was entered."""


def passage(body: Payload) -> Passage | None:
    """Return what an event says of coming and going, or None when it is about others."""
    event = body.get("event") or {}
    channel = str(event.get("channel") or "")
    kind = str(event.get("type"))
    if kind == "app_uninstalled":
        return Passage(None, "the app was uninstalled")
    if kind == "tokens_revoked" and (event.get("tokens") or {}).get("bot"):
        return Passage(None, TAKEN_BACK)
    ours = kind in _MEMBERS and event.get("user") == _bot(body)
    if kind in _GONE or ours:
        return Passage(channel, {**_GONE, **_MEMBERS}[kind])
    return Passage(channel) if kind in _BACK else None


def _bot(body: Payload) -> str:
    """Return under which user id newsbot is in the workspace of an event."""
    return next(
        (str(row.get("user_id")) for row in body.get("authorizations") or () if row.get("is_bot")), ""
    )
