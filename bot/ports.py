"""Every port of the program, on one page: what services need, and what adapters owe.

Contract tests in `tests/contracts` are named after the promises made here. All times are aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol, Self

from bot.domain.commands.exchange import (
    Call,
    Caller,
    Choice,
    Mention,
    Person,
    Press,
    Reply,
    Rights,
    Submission,
)
from bot.domain.message import AlertMessage
from bot.domain.model import (
    Article,
    Channel,
    ChannelAddress,
    Claim,
    ClaimedDelivery,
    DeliveryId,
    DeliveryOutcome,
    Entry,
    Feed,
    FeedId,
    FeedState,
    NamedTerm,
    Origin,
    ParsedFeed,
    PollFacts,
    PollOutcome,
    Subscription,
    SubscriptionId,
    Workspace,
    WorkspaceId,
)
from bot.domain.query.narrowing import Need
from bot.domain.query.periods import ALWAYS, Period


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the time, aware UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Request:
    """One conditional GET."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    credentials: str | None = None
    """The name of a secret; the fetcher looks it up."""
    accept: str = "*/*"


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered; `body` is decompressed bytes, empty when `not_modified`."""

    url: str
    """After redirects."""
    not_modified: bool = False
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    max_age_s: float | None = None
    """From Cache-Control or Expires."""
    moved_to: str | None = None
    """Where a chain of only permanent redirects (301, 308) led."""


class Fetcher(Protocol):
    async def fetch(self, request: Request) -> Response:
        """Ask once, politely and within every limit; raise FetchError for anything but a document or 304."""


class Source(Protocol):
    """A kind of origin, as code: how to ask and how to parse, both without I/O."""

    kind: str

    def request(self, feed: Feed) -> Request:
        """Say how to ask this feed for what is new."""

    def parse(self, body: bytes, content_type: str, url: str, known: frozenset[int]) -> ParsedFeed:
        """Read a document; leave out the entries whose fingerprint is in `known`; raise ParseError.

        May burn CPU without end on hostile input: it runs in a process that can be killed.
        """


class Parser(Protocol):
    async def parse(self, kind: str, response: Response, known: frozenset[int]) -> ParsedFeed:
        """Have the kind's Source read the body away from the event loop; raise ParseError, also on time-out."""


# ---------------------------------------------------------------- remembering


class Schedule(Protocol):
    """Feeds as things to be polled. Every method is one transaction."""

    async def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[FeedId]:
        """Take followed feeds whose `next_poll_at` has passed, most overdue first, and move it to `lease_until`.

        However many processes call, each feed is handed out once per lease.
        """

    async def feed(self, feed_id: FeedId) -> Feed:
        """Return a feed; raise NotFound."""

    async def record_state(self, feed_id: FeedId, state: FeedState) -> None:
        """Write what a poll without news (unchanged, or failed) leaves behind."""


class Newsroom(Protocol):
    """Articles, stories and matches as a poll sees them. Every method is one transaction."""

    async def listing(self, feed_id: FeedId) -> frozenset[int]:
        """Return the fingerprints of all ids remembered of a feed."""

    async def facts(self, feed_id: FeedId, entries: Sequence[Entry], keys: Sequence[str]) -> PollFacts:
        """Return what is known that bears on `entries` of this feed and on the stories under `keys`."""

    async def record_poll(self, outcome: PollOutcome) -> Sequence[DeliveryId]:
        """Write everything one poll decided, or nothing.

        Return the pending deliveries that are new: one per channel and story, however many polls race.
        Raise StaleDecision when the revision moved on, or a story key, uid or (channel, story) has been
        taken since the facts were read.
        """


class Outbox(Protocol):
    """Deliveries on their way: pending, claimed, sent, held. Every change is a compare-and-set."""

    async def due(self, now: datetime, limit: int) -> Sequence[DeliveryId]:
        """Return pending deliveries whose time has come and claimed ones whose claim has run out, oldest first."""

    async def claim(self, delivery_id: DeliveryId, claim: Claim) -> ClaimedDelivery | None:
        """Take one that is due, with its alert as the story stands now; None when it is not to be had."""

    async def settle(self, outcome: DeliveryOutcome, claim_id: str) -> bool:
        """Write what became of it; False, and nothing written, when the claim is no longer ours."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A declaration that a workspace (or, with none, every workspace) follows a feed."""

    kind: str
    url: str
    origin: Origin
    name: str | None = None
    title: str = ""
    workspaces: tuple[tuple[str, str], ...] = ()
    """(platform, external id) of those it is limited to; empty offers it to all."""
    credentials: str | None = None
    interval_s: float | None = None
    added_by: str = ""


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A feed as its followers see it."""

    feed: Feed
    origin: Origin
    name: str | None
    since: datetime
    workspaces: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A declaration that a channel watches a query."""

    channel: ChannelAddress
    query: str
    origin: Origin
    name: str | None = None
    feeds: tuple[str, ...] = ()
    """Names or URLs of the feeds it is limited to."""
    created_by: str = ""


@dataclass(frozen=True, slots=True)
class TermRow:
    """A declaration of what a name stands for in a workspace."""

    workspace: WorkspaceId
    name: str
    """As `bot.domain.query.naming.read_name` gives it."""
    definition: str
    origin: Origin
    by: str = ""


@dataclass(frozen=True, slots=True)
class FileChanges:
    """What making the store agree with the config file did; every list holds names, those of terms as `@kim`."""

    added: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    """Subscriptions that say what they said, but mean something else through a term."""


@dataclass(frozen=True, slots=True)
class SubscriptionChanges:
    """Every subscription that changed after a revision, itself or through a term; inactive ones included."""

    revision: int
    changed: tuple[Subscription, ...]


_NO_TERMS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RowChange:
    """One change of a declared row."""

    at: datetime
    change: str
    """edited, retired or revived"""
    before: Mapping[str, str]
    """What was changed, as it was: of a subscription its channel, query and feeds, as people write them."""


class Registry(Protocol):
    """Workspaces, channels, and the rows that people declare. Every method is one transaction."""

    async def apply_file(
        self,
        feeds: Sequence[FeedRow],
        subscriptions: Sequence[SubscriptionRow],
        now: datetime,
        terms: Mapping[str, str] = _NO_TERMS,
    ) -> FileChanges:
        """Make the file's rows exactly these: add, edit (history kept), retire; a second call changes nothing.

        `terms` are definitions by name, defaults for every workspace. Raise ConfigError, and change nothing, when
        a query or a term could not be read then: a term that it uses is gone, or has become part of a circle.
        """

    async def try_file(
        self,
        feeds: Sequence[FeedRow],
        subscriptions: Sequence[SubscriptionRow],
        now: datetime,
        terms: Mapping[str, str] = _NO_TERMS,
    ) -> FileChanges:
        """Say what `apply_file` would do, or raise what it would raise; nothing is changed."""

    async def follow(self, row: FeedRow, now: datetime) -> FeedId:
        """Follow a feed; following it again is the same row."""

    async def unfollow(self, feed: str, now: datetime, workspace: WorkspaceId | None = None) -> None:
        """Retire a row that was not made by the file, by name, URL or id; raise NotFound or UserError.

        A `workspace` can name what it sees, and retire what is its alone; None is the operator, who may retire all.
        """

    async def feeds(self, workspace: WorkspaceId | None = None) -> Sequence[FollowedFeed]:
        """List what a workspace follows, or everything that anybody does."""

    async def subscribe(self, row: SubscriptionRow, now: datetime) -> SubscriptionId:
        """Add a subscription; the same channel and query again is the same row.

        Raise NotFound for a feed, and QueryError when the query uses a term that its workspace does not have.
        """

    async def unsubscribe(self, subscription: str, now: datetime) -> None:
        """Retire a row that was not made by the file, by name or id; raise NotFound or UserError."""

    async def subscriptions(self) -> Sequence[Subscription]:
        """List the active subscriptions."""

    async def history(self, subscription: str) -> Sequence[RowChange]:
        """Tell, oldest first, how rows came to say what they say, retired ones too, by name or id; raise NotFound."""

    async def changes(self, since: int) -> SubscriptionChanges:
        """Return what changed after revision `since`; 0 asks for everything."""

    async def terms(self, workspace: WorkspaceId) -> Sequence[NamedTerm]:
        """List by name the terms that hold in a workspace: its own, and the file's that it does not define itself."""

    async def set_term(self, row: TermRow, now: datetime) -> Sequence[Subscription]:
        """Define a name in a workspace, or define it anew, and return the subscriptions that mean something else now.

        They count as changed. Raise UserError, and change nothing, when the term would rest on itself, or when a
        term or subscription could not be read then.
        """

    async def remove_term(self, name: str, workspace: WorkspaceId, now: datetime) -> Sequence[Subscription]:
        """Take a workspace's own definition back, and return the subscriptions that mean something else now.

        That needs a default of the same name: a term that is used cannot go. Raise UserError, naming what uses it
        or that the file defines it, or NotFound.
        """

    async def workspace(self, platform: str, external_id: str, now: datetime) -> Workspace:
        """Return a workspace, made if need be."""

    async def channels(self) -> Sequence[Channel]:
        """List the channels that have an active subscription."""

    async def save_credential(
        self, name: str, secret: str, now: datetime, workspace: WorkspaceId | None = None
    ) -> None:
        """Keep a workspace's secret, or the operator's own, encrypted."""

    async def credential(self, name: str, workspace: WorkspaceId | None = None) -> str | None:
        """Return a secret to the one it belongs to, or None."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    articles: tuple[Article, ...]
    cursor: int | None
    """Pass it on for the next, older page; None at the end."""


class Archive(Protocol):
    """Stored articles, as searches and previews read them. A workspace sees only what it follows."""

    async def candidates(
        self,
        need: Need | None,
        workspace: WorkspaceId | None,
        before: int | None,
        limit: int,
        period: Period = ALWAYS,
    ) -> SearchPage:
        """Return articles that fill a need and may have become news in a period, newest first by first sight.

        A narrowing, never a loss: the caller's Query decides. Every term is plain text. No need: everything.
        `workspace=None` sees all. `before` is the last page's cursor. What a period excludes is not read, but for
        articles that were first seen long after they were published.
        """

    async def article(self, url_key: str, workspace: WorkspaceId | None) -> Article | None:
        """Return the newest article under a canonical URL."""

    async def count(self, workspace: WorkspaceId | None, since: datetime) -> int:
        """Count the articles first seen since then, near enough for shares."""


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of the store, for `status` and summaries."""

    feeds: int
    articles: int
    stories: int
    matches: int
    deliveries: Mapping[str, int]
    """By state: pending, claimed, sent, held."""
    held_reasons: Mapping[str, int]
    oldest_pending_at: datetime | None
    size_bytes: int
    schema: str
    heartbeat_at: datetime | None
    stopped_at: datetime | None = None
    """When the last program ended in good order; None while one runs, and after one was killed."""


@dataclass(frozen=True, slots=True)
class Retention:
    articles_s: float = 90 * 86400.0
    ids_s: float = 90 * 86400.0
    """Beyond the day on which the feed last listed the id."""
    deliveries_s: float = 30 * 86400.0


class Upkeep(Protocol):
    """Keeping the store small, safe and known."""

    async def prune(self, now: datetime, retention: Retention, batch: int) -> int:
        """Delete at most about `batch` rows past their time in one transaction; return how many. 0 means done."""

    async def stats(self) -> Stats:
        """Count everything."""

    async def beat(self, now: datetime) -> datetime | None:
        """Record that a running program is alive; return the sign of life before this one."""

    async def set_back(self, now: datetime, by: timedelta) -> None:
        """Have what a clock that was ahead by so much has put off come that much sooner, but not before now.

        This is for polls and pending deliveries; a claim is left to end when it was to end.
        """

    async def rest(self, now: datetime) -> None:
        """Record that the program ends in good order: until the next beat none is running."""

    async def backup(self, file: str) -> None:
        """Write a consistent copy while the program runs; raise UserError when the file exists."""


class Store(Protocol):
    """What newsbot remembers, by topic."""

    schedule: Schedule
    newsroom: Newsroom
    outbox: Outbox
    registry: Registry
    archive: Archive
    upkeep: Upkeep


# ---------------------------------------------------------------- passing on


class Queue(Protocol):
    """A bell, never the truth: it carries ids, may lose them and may ring twice."""

    async def put(self, topic: str, *ids: str) -> None:
        """Ring for each id; an id that already waits is not added again."""

    def take(self, topic: str) -> AbstractAsyncContextManager[str]:
        """Wait for an id and hold it; leaving the block without an error acknowledges it."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of `newsbot check`."""

    subject: str
    ok: bool
    detail: str
    remedy: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class ChatAdapter(Protocol):
    """A chat platform, entered as an async context manager before it is used."""

    platform: str
    min_gap_s: float
    """The least time between two messages to one channel."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exc_info: object) -> None: ...

    async def send(self, channel: ChannelAddress, message: AlertMessage, delivery_id: DeliveryId) -> str:
        """Post exactly one message and return the platform's id of it; raise ChatError.

        Sending again under the same delivery id is folded into one message where the platform can.
        """

    async def check(self, channels: Sequence[ChannelAddress]) -> Sequence[CheckResult]:
        """Try the token and each channel without posting; name what is missing and the remedy."""


class Desk(Protocol):
    """Where a chat platform brings what people say. It never raises: what went wrong is a Reply in plain words."""

    async def run(self, call: Call) -> Reply:
        """Carry out a command."""

    async def press(self, press: Press) -> Reply:
        """Do what a button or a menu entry stands for, if whoever chose it may."""

    async def submit(self, submission: Submission) -> Reply:
        """Take a form that came back filled in."""

    async def complete(self, call: Call, parameter: str, typed: str) -> Sequence[Choice]:
        """Offer at most 25 completions of what is being typed."""

    async def gone(self, platform: str, workspace: str, channel: str | None, reason: str) -> None:
        """Pause what is watched in a place that newsbot was removed from, or that is no more."""

    async def back(self, platform: str, workspace: str, channel: str | None) -> None:
        """Revive what `gone` paused."""


class Listener(Protocol):
    """A chat platform that also hears what people say: a ChatAdapter that serves."""

    async def serve(self, desk: Desk) -> None:
        """Listen for commands until cancelled; a connection that is lost is made again."""

    async def visible(self, person: Person, channels: Sequence[ChannelAddress]) -> frozenset[ChannelAddress]:
        """Return those of some channels that a person can see."""

    async def rights(self, person: Person, channel: ChannelAddress) -> Rights:
        """Return what a person may do in a channel, as the platform says it now; raise ChatError."""

    async def may_mention(self, caller: Caller, channel: ChannelAddress, mention: Mention) -> bool:
        """Say whether a person could make this mention in a channel themselves."""
