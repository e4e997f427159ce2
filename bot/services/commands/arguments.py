"""What was typed or filled in, read leniently: what cannot be used is said in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from bot.domain.commands.exchange import Value
from bot.domain.model import ChannelAddress, Mention, SubscriptionId
from bot.domain.urls import host_name
from bot.errors import NotFound, UserError
from bot.ports import FollowedFeed
from bot.telemetry import redact

_NOBODY = frozenset({"none", "nobody", "-"})
_EVERY_SOURCE = frozenset({"all", "any", "-"})
_LONGEST_ID = 18
"""Digits; no store counts further."""


def channels_in(
    values: Mapping[str, Value], name: str, default: ChannelAddress
) -> tuple[ChannelAddress, ...]:
    """Return the channels that a parameter names, each once; raise UserError for what is none."""
    value = values.get(name)
    if not value:
        return (default,)
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(value))
    shown = value if isinstance(value, str) else name
    raise UserError(
        f"newsbot knows no channel “{shown}”. Choose it from the list that opens when you type #."
    )


def mention_in(values: Mapping[str, Value], name: str = "mention") -> Mention | None:
    """Return whom a parameter names, or None for nobody; raise UserError for what is neither."""
    value = values.get(name)
    if isinstance(value, Mention):
        return None if value.id.lower() in _NOBODY else value
    if not value or (isinstance(value, str) and value.strip().lower() in _NOBODY):
        return None
    shown = value if isinstance(value, str) else name
    if isinstance(value, str) and is_everyone(value):
        raise UserError(EVERYONE)
    raise UserError(
        f"newsbot knows nobody called “{shown}” here. Choose from the list that opens when you type @."
    )


EVERYONE = "newsbot never calls everyone. Mention a role, a group or a person."


def is_everyone(name: str) -> bool:
    """Say whether a mention would call everybody."""
    return name.strip().lstrip("@<!").rstrip(">").lower() in {"everyone", "here", "channel", "all"}


def calls_everyone(mention: Mention, channel: ChannelAddress) -> bool:
    """Say whether a mention in a channel is one of everybody; on Discord that is a role with the server's id."""
    return is_everyone(mention.name) or is_everyone(mention.id) or mention.id == channel.workspace


def feeds_in(text: str) -> tuple[str, ...]:
    """Return the names of sources that somebody has listed; none when all are meant."""
    names = (part.strip() for part in text.replace("\n", ",").split(","))
    found = tuple(dict.fromkeys(name for name in names if name))
    return () if len(found) == 1 and found[0].lower() in _EVERY_SOURCE else found


def number_in(text: str) -> SubscriptionId | None:
    """Return the number that a subscription is called by, or None."""
    digits = text.strip().lstrip("#")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > _LONGEST_ID:
        return None
    return SubscriptionId(int(digits))


def source_title(followed: FollowedFeed) -> str:
    """Return a source's name as people read it."""
    return followed.feed.title or followed.name or host_name(followed.feed.url)


def shown_sources(names: Sequence[str], followed: Sequence[FollowedFeed]) -> tuple[str, ...]:
    """Return sources as they may be shown: a source without a name is known by its address, which may hold a secret."""
    titles = {one.feed.url: source_title(one) for one in followed}
    return tuple(name if redact(name) == name else titles.get(name, redact(name)) for name in names)


def find_source(name: str, followed: list[FollowedFeed], command: str) -> FollowedFeed:
    """Return the source that somebody means by a name or address; raise NotFound, with what may have been meant.

    `command` is how commands begin here.
    """
    wanted = name.casefold()
    for one in followed:
        if wanted in _called(one):
            return one
    titles = {source_title(one).casefold(): source_title(one) for one in followed}
    close = [*(title for title in titles if wanted in title), *get_close_matches(wanted, titles, n=1)]
    meant = titles[close[0]] if close else ""
    hint = f"Did you mean {meant}?" if meant else f"{command} sources list shows what is read here."
    raise NotFound(f"No source here is called “{name}”. {hint}")


def _called(followed: FollowedFeed) -> set[str]:
    feed = followed.feed
    names = {followed.name or feed.url, feed.title or feed.url, feed.url, host_name(feed.url)}
    return {name.casefold() for name in names}
