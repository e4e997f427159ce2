"""How channels, subscriptions and people are called in answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.commands.exchange import Caller
from bot.domain.commands.telling import quoted
from bot.domain.message import Run, Text
from bot.domain.model import ChannelAddress, Mention, Subscription

Names = Mapping[ChannelAddress, str]
"""Channels as their chats call them."""


def names_of(caller: Caller, subscriptions: Iterable[Subscription] = ()) -> Names:
    """Return the names of channels, as they were last heard."""
    known = {one.channel.address: one.channel.name for one in subscriptions if one.channel.name}
    return known | {caller.channel: caller.channel_name} if caller.channel_name else known


def called(channel: ChannelAddress, names: Names) -> str:
    """Return `#world`, or what its address calls it."""
    return f"#{names.get(channel, channel.channel).removeprefix('#')}"


def titled(subscription: Subscription) -> Text:
    """Return `“Kim Jong Un” (12)`."""
    return (Run(f"{quoted(subscription.title)} ({subscription.id})"),)


def at(mention: Mention) -> str:
    """Return `@desk`."""
    return f"@{(mention.name or mention.id).removeprefix('@')}"


def announced(caller: Caller, verb: str, what: Text, rest: str = "") -> Text:
    """Return the line with which a channel hears of a change: `Ann paused “Kim Jong Un” (12)`."""
    return (Run(f"{caller.person.name} {verb} "), *what, *((Run(rest),) if rest else ()))
