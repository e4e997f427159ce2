"""How a payload reaches the bot and what becomes of it, over whichever way it goes."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Outcome = Literal["waiting", "acknowledged", "operation_timeout", "dispatch_failed"]
ACK_LIMIT_S = 3.0


@dataclass(slots=True)
class Envelope:
    """One payload on its way: sent once, or to several connections where a test asked for it."""

    id: str
    kind: str
    """slash_commands, interactive or events_api."""
    team: str
    payload: Json
    accepts_response: bool = False
    retry: int = 0
    outcome: Outcome = "waiting"
    answer: Json = field(default_factory=dict)
    """What came with the acknowledgement, where Slack takes something."""
    connections: list[int] = field(default_factory=list)
    """Which connections it was sent to."""
    acks: int = 0
    """How often it was acknowledged in time or late."""
    late_acks: int = 0
    """How often it was acknowledged when Slack had given it up; such an answer has no effect."""
    took_s: float | None = None
    """Until the first acknowledgement."""
    status: int | None = None
    """What the bot answered over HTTP."""

    @property
    def what(self) -> str:
        """Return what it is about: block_actions, the command, or the event."""
        return str(self.payload.get("command") or self.payload.get("event", self.payload).get("type"))
