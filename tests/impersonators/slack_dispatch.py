"""Bringing payloads to the bot: once what people do, several times what happens."""

import asyncio
from dataclasses import dataclass, field

from tests.impersonators.slack_call import Call
from tests.impersonators.slack_delivery import Envelope, Json
from tests.impersonators.slack_http import Postman
from tests.impersonators.slack_payloads import event
from tests.impersonators.slack_socket import Sockets
from tests.impersonators.slack_world import SlackWorld, Team


@dataclass(slots=True)
class Dispatch:
    """Chooses the way to the bot of a team, and keeps every envelope."""

    world: SlackWorld
    sockets: Sockets
    postman: Postman
    envelopes: list[Envelope] = field(default_factory=list)
    retry_gaps_s: tuple[float, ...] = (0.0, 0.05, 0.1)
    """Slack waits nothing, a minute and five minutes; here nobody does."""

    async def deliver(
        self, team: Team, kind: str, payload: Json, *, accepts: bool = False, retry: int = 0
    ) -> Envelope:
        """Bring a payload to the bot, once; return what became of it."""
        envelope = Envelope(self.world.numbers.new("E"), kind, team.id, payload, accepts, retry)
        self.envelopes.append(envelope)
        if kind == "interactive" and not team.interactivity:
            envelope.outcome = "dispatch_failed"
            return envelope
        way = self.postman if team.request_url else self.sockets
        await way.deliver(team, envelope)
        self.world.screen.ring()
        return envelope

    async def tell(self, call: Call, what: Json) -> Envelope | None:
        """Tell the bot of an event, and three times more where it does not answer; None if it never subscribed."""
        team = call.team
        if not _subscribed(team, what):
            return None
        payload = event(call, what)
        envelope = await self.deliver(team, "events_api", payload)
        for number, gap_s in enumerate(self.retry_gaps_s, start=1):
            if envelope.outcome == "acknowledged":
                break
            await asyncio.sleep(gap_s)
            envelope = await self.deliver(team, "events_api", payload, retry=number)
        return envelope


def _subscribed(team: Team, what: Json) -> bool:
    if team.events is not None and what["type"] not in team.events:
        return False
    if "channel" not in what:
        return True
    private = what["type"].startswith("group_") or what.get("channel_type") == "G"
    return ("groups:read" if private else "channels:read") in team.scopes
