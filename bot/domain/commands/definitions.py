"""Every command, defined once: Discord's menus, Slack's and the console's parsing, the help and the docs follow.

To add one: a Command here and a function of the same name in `bot.services.commands`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a parameter takes."""

    QUERY = "query"
    TEXT = "text"
    URL = "url"
    CHANNELS = "channels"
    """One or more channels of this workspace; left out: the one it is typed in."""
    FEEDS = "feeds"
    """Names or addresses of followed feeds, separated by commas."""
    SUBSCRIPTION = "subscription"
    """A subscription of this workspace, by its number, name or query."""
    MENTION = "mention"
    CHOICE = "choice"
    FILE = "file"


class Need(StrEnum):
    """What it takes to use a command."""

    NOTHING = "nothing"
    MANAGE = "manage"
    """May manage the subscriptions of the channels concerned."""
    EDIT = "edit"
    """May manage what the whole workspace shares: sources, terms, who may do what."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: Kind
    summary: str
    """At most 100 characters."""
    required: bool = False
    choices: tuple[str, ...] = ()
    completes: bool = False
    """Offers completions while it is typed."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command; the first parameter takes what is typed, the others are options in Slack and the console."""

    name: str
    """One word, or a group and a word: sources add."""
    summary: str
    """At most 100 characters, no full stop."""
    parameters: tuple[Parameter, ...] = ()
    need: Need = Need.NOTHING
    examples: tuple[str, ...] = ()

    @property
    def group(self) -> str | None:
        group, _, word = self.name.rpartition(" ")
        return group if word and group else None


_QUERY = Parameter("query", Kind.QUERY, "What to look for: Kim Jong Un, summit", required=True)
_CHANNELS = Parameter("in", Kind.CHANNELS, "Channels; this one if left out")
_SUBSCRIPTION = Parameter("subscription", Kind.SUBSCRIPTION, "Which one", required=True, completes=True)
_FEEDS = Parameter("feeds", Kind.FEEDS, "Only these sources, separated by commas", completes=True)
_MENTION = Parameter("mention", Kind.MENTION, "A role, group or person to call with each alert")

COMMANDS: tuple[Command, ...] = (
    Command(
        "subscribe",
        "Watch for words in a channel",
        (
            Parameter("query", Kind.QUERY, "What to watch for: Kim Jong Un, summit; nothing opens a form"),
            _CHANNELS,
            _FEEDS,
            _MENTION,
        ),
        Need.MANAGE,
        ("subscribe Kim Jong Un, summit", 'subscribe "trade war" -golf --in #world --feeds BBC,Reuters'),
    ),
    Command("subscriptions", "What is watched here", (_CHANNELS,), examples=("subscriptions",)),
    Command("unsubscribe", "Stop watching for something", (_SUBSCRIPTION,), Need.MANAGE, ("unsubscribe 12",)),
    Command("pause", "Stop a subscription for a while", (_SUBSCRIPTION,), Need.MANAGE, ("pause summit",)),
    Command("resume", "Start a paused subscription again", (_SUBSCRIPTION,), Need.MANAGE, ("resume summit",)),
    Command(
        "edit",
        "Change what a subscription watches for",
        (
            _SUBSCRIPTION,
            Parameter("query", Kind.QUERY, "The new words; left out, a form opens"),
            _FEEDS,
            _MENTION,
        ),
        Need.MANAGE,
        ("edit 12 --query Kim Jong Un -golf",),
    ),
    Command(
        "copy",
        "Copy all subscriptions of one channel to another",
        (
            Parameter("from", Kind.CHANNELS, "The channel to copy from", required=True),
            Parameter("to", Kind.CHANNELS, "The channel to copy to", required=True),
        ),
        Need.MANAGE,
        ("copy #world #europe",),
    ),
    Command("search", "Find articles, newest first", (_QUERY,), examples=("search Kim Jong Un after:2d",)),
    Command("preview", "What a query would have found lately", (_QUERY,), examples=("preview summit -G7",)),
    Command("where", "Which channels watch for something", (_QUERY,), examples=("where summit",)),
    Command(
        "why",
        "Why an article was posted, or was not",
        (Parameter("url", Kind.URL, "The article's link", required=True), _CHANNELS),
        examples=("why https://www.politico.com/story",),
    ),
    Command("sources list", "The news sources that are read here", examples=("sources list",)),
    Command(
        "sources add",
        "Read another news source",
        (Parameter("url", Kind.URL, "The address of a feed, or of a page that has one", required=True),),
        Need.EDIT,
        ("sources add bbc.com/news",),
    ),
    Command(
        "sources remove",
        "Stop reading a source",
        (Parameter("source", Kind.FEEDS, "Its name or address", required=True, completes=True),),
        Need.EDIT,
        ("sources remove BBC",),
    ),
    Command(
        "sources test",
        "Read a source once and show what it has",
        (Parameter("url", Kind.URL, "Its address", required=True),),
        examples=("sources test bbc.com/news",),
    ),
    Command("sources health", "Which sources answer, and which do not", examples=("sources health",)),
    Command("terms list", "The named parts of queries, such as @kim", examples=("terms list",)),
    Command(
        "terms set",
        "Give a part of queries a name",
        (
            Parameter("name", Kind.TEXT, "Its name: kim is used as @kim", required=True, completes=True),
            Parameter("query", Kind.QUERY, "What it stands for", required=True),
        ),
        Need.EDIT,
        ('terms set kim "Kim Jong Un", 김정은, 金正恩',),
    ),
    Command(
        "terms remove",
        "Take a name away",
        (Parameter("name", Kind.TEXT, "Its name", required=True, completes=True),),
        Need.EDIT,
        ("terms remove kim",),
    ),
    Command(
        "export",
        "Get the sources (OPML) or the subscriptions as a file",
        (Parameter("what", Kind.CHOICE, "sources or subscriptions", choices=("sources", "subscriptions")),),
        examples=("export subscriptions",),
    ),
    Command(
        "import",
        "Take sources (OPML) or subscriptions from a file",
        (Parameter("file", Kind.FILE, "The file", required=True),),
        Need.EDIT,
        ("import",),
    ),
    Command(
        "access",
        "Say who may manage subscriptions here",
        (
            Parameter(
                "who",
                Kind.CHOICE,
                "members, moderators (admins), or groups",
                choices=("members", "moderators", "groups"),
            ),
            Parameter("groups", Kind.MENTION, "The role or user group, for groups"),
        ),
        Need.EDIT,
        ("access moderators",),
    ),
    Command(
        "buttons",
        "Show buttons under a channel’s alerts, or no longer",
        (
            Parameter("wanted", Kind.CHOICE, "on or off", required=True, choices=("on", "off")),
            _CHANNELS,
        ),
        Need.MANAGE,
        ("buttons on",),
    ),
    Command("status", "What is pending and held here, and which settings hold", examples=("status",)),
    Command(
        "help",
        "What newsbot can do, with examples",
        (Parameter("command", Kind.TEXT, "A command"),),
        examples=("help subscribe",),
    ),
)


def command_named(name: str) -> Command | None:
    """Return a command by its whole name."""
    return next((command for command in COMMANDS if command.name == name), None)
