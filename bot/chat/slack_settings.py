"""What the Slack adapter must be told: its workspaces, and how it listens in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.commands.forms import FORM_WITHIN_S

DEFAULT_URL = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackWorkspace:
    """One Slack workspace that has the app, with the app's credentials there."""

    name: str
    """How the operator calls it, in logs and in the lines of `newsbot check`."""
    bot_token: str = field(repr=False)
    team_id: str = ""
    """T…; left out, Slack is asked whose token it is."""
    app_token: str = field(default="", repr=False)
    """xapp-…, for Socket Mode; workspaces with one app share it. Without it newsbot posts and hears nothing."""
    signing_secret: str = field(default="", repr=False)
    """For HTTP mode; workspaces with one app share it."""

    @property
    def listens(self) -> bool:
        """Say whether commands can be heard there, one way or the other."""
        return bool(self.app_token or self.signing_secret)


@dataclass(frozen=True, slots=True)
class SlackListening:
    """How commands reach newsbot."""

    http: bool = False
    """Over signed requests to an address of ours (`SlackChat.hook`), in place of Socket Mode."""
    connections: int = 2
    """WebSockets for each app, so that one may be renewed while the other hears. Slack allows ten, of all processes."""
    form_within_s: float = FORM_WITHIN_S
    """How long the desk may take for a form that it fills first: what opens it is good for three seconds."""
    form_answer_s: float = 1.0
    """How long a form that was filled in stays open for an answer that belongs into it."""
    drain_s: float = 2.0
    """How long answers in hand may take when newsbot ends."""
