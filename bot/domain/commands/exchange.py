"""What people say to newsbot in a chat, and what it answers: the same on every platform.

Call        a command that was typed           Reply    what is answered: lines, buttons, perhaps a form
Press       a button or menu entry was chosen   Action   what a button does, in at most 90 characters
Submission  a form was filled in                Form     a few fields in a window of their own
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.message import Run, Text
from bot.domain.model import ChannelAddress, Mention, Person

__all__ = [
    "MAX_ACTION",
    "SILENCE",
    "Action",
    "Button",
    "Call",
    "Caller",
    "Choice",
    "Field",
    "Form",
    "Line",
    "Look",
    "Mention",
    "Person",
    "Press",
    "Reply",
    "Rights",
    "Submission",
    "Tone",
    "Upload",
    "Value",
    "line",
    "say",
]

MAX_ACTION = 90
"""Characters of a written action: Discord's custom ids hold 100, Slack's values far more."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a platform says of a person in a channel, at the moment of the command."""

    member: bool = True
    """A full member: no guest, no single-channel account."""
    moderator: bool = False
    """May manage the channel or the server (Discord), is an admin or owner (Slack)."""
    groups: frozenset[str] = frozenset()
    """Ids of roles (Discord) or user groups (Slack)."""
    only_here: bool = False
    """Moderates this channel, but not the workspace: what all channels share is not theirs to change."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks, where, and with what rights; every id comes from the platform, none from what was typed."""

    person: Person
    channel: ChannelAddress
    rights: Rights = field(default_factory=Rights)
    channel_name: str = ""
    request: str = ""
    """The platform's own name of what is asked just now, the same however often and to however many it is brought."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody handed in, or that is handed out."""

    name: str
    content: bytes


Value = str | tuple[ChannelAddress, ...] | Mention | Upload


@dataclass(frozen=True, slots=True)
class Call:
    """A command, its arguments by parameter name."""

    caller: Caller
    command: str
    """As in `definitions`: subscribe, sources add."""
    arguments: Mapping[str, Value] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what was typed for a parameter, without blanks around it; nothing when it was left out."""
        value = self.arguments.get(name, "")
        return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does.

    Written, it goes out to the platform and comes back, months later perhaps: it holds ids only, and whoever
    presses must have the right to do it then.
    """

    verb: str
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "/".join((self.verb, *self.parts))

    @classmethod
    def parse(cls, written: str) -> Action:
        verb, *parts = written.split("/")
        return cls(verb, tuple(parts))


@dataclass(frozen=True, slots=True)
class Press:
    """A button, or an entry of an alert's menu, was chosen."""

    caller: Caller
    action: Action
    message: str = ""
    """The platform's id of the message it belongs to: an alert's receipt, or that of an earlier reply."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A form came back filled in."""

    caller: Caller
    action: Action
    values: Mapping[str, Value] = field(default_factory=dict)


class Look(StrEnum):
    """How a line is set."""

    PLAIN = "plain"
    TITLE = "title"
    DIM = "dim"
    QUOTE = "quote"
    """An article's sentence, set in."""
    CODE = "code"
    """A query or a link, letter by letter."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer; marked runs are bold."""

    text: Text
    look: Look = Look.PLAIN
    url: str | None = None
    """Where the line leads, http or https."""


class Tone(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    action: Action
    tone: Tone = Tone.PLAIN
    row: int | None = None
    """Buttons of one row, counted from 0, stand side by side where the platform can; 5 to a row, 5 rows at most."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form."""

    name: str
    label: str
    kind: str = "line"
    """line, text (several lines), channels, choice or file."""
    value: str = ""
    hint: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    """(value, label)."""


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    action: Action
    fields: tuple[Field, ...]
    submit: str = "OK"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. Only the person who asked sees it, unless it is shared."""

    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    shared: bool = False
    announcement: Text = ()
    """A line that everybody in the channel sees besides: who changed what is watched here."""
    announced_in: tuple[ChannelAddress, ...] = ()
    """The channels that see it; left out, the one that the answer is given in."""
    form: Form | None = None
    """Shown instead of lines."""
    file: Upload | None = None
    replaces: bool = False
    """Takes the place of the message whose button was pressed."""
    refused: bool = False
    """It says why what was asked cannot be done; a form stays open with it, so that nothing has to be typed again."""


SILENCE = Reply()
"""Nothing is said: another newsbot answers."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A completion offered while somebody types."""

    value: str
    label: str


def line(text: str | Text, look: Look = Look.PLAIN, url: str | None = None) -> Line:
    """Return a line of plain text or of runs."""
    return Line((Run(text),) if isinstance(text, str) else text, look, url)


def say(*texts: str, **rest: object) -> Reply:
    """Return a reply of plain lines."""
    return Reply(tuple(line(text) for text in texts), **rest)  # type: ignore[arg-type]
