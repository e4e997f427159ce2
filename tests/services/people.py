"""People in chats: who speaks where, and a platform that says what they see and may.

ann = somebody("Ann", "slack:T1/C1")
chats = platforms()                      # Slack and Discord, every channel open to everybody
context = office(store, clock, chats)    # what commands are given
texts(reply), pressed(reply, "Confirm")  # what an answer says, and what its button does

Whoever is not named in a fake's fields may do everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.commands.exchange import Action, Caller, Mention, Person, Reply, Rights
from bot.domain.message import AlertMessage, plain
from bot.domain.model import ChannelAddress, DeliveryId
from bot.errors import ChatError
from bot.ports import CheckResult, Desk, Store
from bot.services.commands.context import Context, Quotas
from tests.clock import FakeClock
from tests.services.fakes import Chat, Paper

ADMIN = Rights(moderator=True)
GUEST = Rights(member=False)


def somebody(name: str = "Ann", where: str = "slack:T1/C1", rights: Rights | None = None) -> Caller:
    """Return a person in a channel: a full member of a Slack team, a moderator of a Discord server."""
    channel = ChannelAddress.parse(where)
    usual = Rights(moderator=channel.platform == "discord")
    return Caller(Person(f"U-{name.lower()}", name), channel, rights or usual, channel.channel.lower())


@dataclass
class Platform(Chat):
    """A chat that also hears: it tells rights, what people see, and where newsbot can post."""

    hidden: dict[str, set[str]] = field(default_factory=dict)
    """Channels that only some people see: the names of these, by the channel as it is written."""
    elsewhere: dict[tuple[str, str], Rights] = field(default_factory=dict)
    """Rights by (name of a person, channel); who is not here has those of a full member, or of a moderator."""
    closed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Channels that newsbot cannot post to: why, and the remedy."""
    down: str = ""
    """Why the platform cannot be reached, if it cannot."""
    warned: str = ""
    """What is amiss with the token, though channels can be posted to."""
    uncalled: set[str] = field(default_factory=set)
    """Names of roles, groups and persons that nobody may mention."""
    messages: list[AlertMessage] = field(default_factory=list)

    async def serve(self, desk: Desk) -> None:
        raise NotImplementedError

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        self.messages.append(message)
        return await super().send(channel, message, delivery_id)

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        if self.down:
            return [CheckResult(self.platform, False, self.down, "Try again later")]
        token = CheckResult(self.platform, not self.warned, self.warned or "connected")
        return [token, *map(self._checked, channels)]

    def _checked(self, channel: ChannelAddress) -> CheckResult:
        if fault := self.closed.get(str(channel)):
            return CheckResult(str(channel), False, *fault)
        name = channel.channel.lower()
        return CheckResult(str(channel), True, f"#{name} can be posted to", facts={"name": name})

    async def visible(self, person: Person, channels: Sequence[ChannelAddress]) -> frozenset[ChannelAddress]:
        hidden = self.hidden
        return frozenset(one for one in channels if person.name in hidden.get(str(one), {person.name}))

    async def rights(self, person: Person, channel: ChannelAddress) -> Rights:
        if self.down:
            raise ChatError(f"{self.down}.")
        return self.elsewhere.get((person.name, str(channel)), Rights(moderator=self.platform == "discord"))

    async def may_mention(self, caller: Caller, channel: ChannelAddress, mention: Mention) -> bool:
        return mention.name not in self.uncalled


def platforms() -> dict[str, Platform]:
    """Return a Slack and a Discord on which everything is allowed."""
    return {name: Platform(name) for name in ("slack", "discord")}


def office(store: Store, clock: FakeClock, chats: Mapping[str, Platform], **parts: Any) -> Context:
    """Return what commands are given; people may ask as much as they like."""
    paper = Paper()
    chosen: dict[str, Any] = {
        "chats": chats,
        "listeners": chats,
        "fetcher": paper,
        "parser": paper,
        "sources": {"feed": paper},
        "quotas": Quotas(commands=1000),
    }
    return Context(store, clock, **chosen | parts)


def texts(reply: Reply) -> list[str]:
    """Return the lines of an answer."""
    return [plain(line.text) for line in reply.lines]


def said(reply: Reply) -> str:
    """Return an answer as one text."""
    return "\n".join(texts(reply))


def labels(reply: Reply) -> list[str]:
    """Return what stands on the buttons of an answer."""
    return [button.label for button in reply.buttons]


def pressed(reply: Reply, label: str) -> Action:
    """Return what a button of an answer does, as it comes back from the platform."""
    [action] = [button.action for button in reply.buttons if button.label == label]
    return Action.parse(str(action))
