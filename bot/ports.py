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
    Press,
    Reply,
    Rights,
    Submission,
)
from bot.domain.message import AlertMessage
from bot.domain.model import (
    Access,
    Article,
    Channel,
    ChannelAddress,
    Claim,
    ClaimedDelivery,
    DeliveryId,
    DeliveryOutcome,
    Draft,
    DraftId,
    Entry,
    Feed,
    FeedId,
    FeedState,
    Mention,
    Mute,
    NamedTerm,
    Origin,
    ParsedFeed,
    Person,
    PollFacts,
    PollOutcome,
    PostedAlert,
    StoryId,
    Subscription,
    SubscriptionId,
    Trace,
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
    added_by: str = ""


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A declaration that a channel watches a query."""

    channel: ChannelAddress
    query: str
    origin: Origin
    name: str | None = None
    feeds: tuple[str, ...] = ()
    """Names or URLs of the feeds it is limited to; one made in a chat can name those that its workspace follows."""
    created_by: str = ""
    created_by_id: str = ""
    """The platform's id of the person, if it is made in a chat."""
    mention: Mention | None = None
    channel_name: str = ""
    """As the chat shows it; left out, it stays as it was."""


@dataclass(frozen=True, slots=True)
class SubscriptionEdit:
    """What a subscription is to say from now on; it is what it said, but for what is to change."""

    query: str
    feeds: tuple[str, ...] = ()
    """Names or URLs, as in `Subscription.feeds_named`."""
    mention: Mention | None = None


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
    """edited, paused, resumed, retired or revived"""
    before: Mapping[str, str]
    """What was changed, as it was: of a subscription its channel, query, feeds and mention, as people write them."""
    by: str = ""
    """The name of the person who changed it in a chat."""


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
        """Add a subscription; the same channel and query again is the same row, active again if it was paused.

        Raise NotFound for a feed, and QueryError when the query uses a term that its workspace does not have.
        """

    async def unsubscribe(self, subscription: str, now: datetime) -> None:
        """Retire a row that was not made by the file, by name or id; raise NotFound or UserError."""

    async def subscriptions(
        self,
        workspace: WorkspaceId | None = None,
        channel: ChannelAddress | None = None,
        *,
        paused: bool = False,
    ) -> Sequence[Subscription]:
        """List the active subscriptions, oldest first, of everybody or of one place; with `paused`, paused ones too."""

    async def subscription(self, id: SubscriptionId, workspace: WorkspaceId) -> Subscription:
        """Return an active or paused subscription of a workspace; raise NotFound."""

    async def edit(
        self, id: SubscriptionId, workspace: WorkspaceId, edit: SubscriptionEdit, by: Person, now: datetime
    ) -> Subscription:
        """Change what a workspace's subscription says, and return it; a paused one stays paused.

        Raise NotFound, also for a feed, QueryError for a term, and UserError for one that the file declares, or when
        its channel watches that query already.
        """

    async def pause(
        self, id: SubscriptionId, workspace: WorkspaceId, by: Person, now: datetime, reason: str = ""
    ) -> Subscription:
        """Have a workspace's subscription match nothing until it is resumed; raise NotFound.

        One that somebody has paused stays as they have paused it. One that the file declares stays paused over
        restarts, until the file says something else of it.
        """

    async def resume(
        self, id: SubscriptionId, workspace: WorkspaceId, by: Person, now: datetime
    ) -> Subscription:
        """Have a workspace's paused subscription match again, whoever paused it; raise NotFound."""

    async def retire(
        self, id: SubscriptionId, workspace: WorkspaceId, by: Person, now: datetime
    ) -> Subscription:
        """Take a workspace's subscription out of use; raise NotFound, and UserError for one that the file declares."""

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


# ---------------------------------------------------------------- talking


@dataclass(frozen=True, slots=True)
class Usage:
    """What a workspace has taken of its quotas."""

    feeds: int
    """That it follows by itself: neither the file's nor offered to all."""
    subscriptions: int
    """Active and paused, but for the file's."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Deliveries of a channel that wait, or are held, for one reason."""

    reason: str
    """In words; empty for those that only wait for their time."""
    count: int
    oldest_at: datetime
    """When the oldest was decided."""
    newest: DeliveryId
    """By which `requeue` finds them all."""


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    channel: Channel
    pending: tuple[Backlog, ...] = ()
    """Those that are being sent among them; the largest first."""
    held: tuple[Backlog, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkspaceStatus:
    """How things stand in a workspace."""

    channels: tuple[ChannelStatus, ...]
    """Those that watch something, or have deliveries pending or held."""
    active: int
    """Subscriptions."""
    paused: int
    feeds: int
    """That it follows, offered ones too."""
    polled_at: datetime | None
    """When the last of them was read, or failed to be."""
    failing: tuple[FollowedFeed, ...]
    """Those whose last poll failed, the longest failing first."""


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed of a workspace, and how much it brings; how it fares is in its FeedState."""

    followed: FollowedFeed
    articles: int
    """First seen in the days that were asked for."""
    per_day: float
    """Of the time that it has been read."""


class Frontdesk(Protocol):
    """What commands in chats need besides the Registry. Every method is one transaction.

    Ids come from people: one that is not of the given workspace is NotFound, like one that never was.
    """

    async def save_draft(self, draft: Draft, workspace: WorkspaceId) -> DraftId:
        """Keep a draft of a workspace until it is taken or expires."""

    async def draft(self, id: DraftId, workspace: WorkspaceId, now: datetime) -> Draft:
        """Return a draft and leave it; raise NotFound for one that was taken or has expired."""

    async def take_draft(self, id: DraftId, workspace: WorkspaceId, now: datetime) -> Draft:
        """Return a draft to one caller only, however many ask at once; raise NotFound to the others."""

    async def mute(self, alert: DeliveryId, workspace: WorkspaceId, until: datetime, by: Person) -> Mute:
        """Have the channel of an alert hear nothing more of its story until then; raise NotFound.

        What is recorded or claimed meanwhile is held: “muted by NAME until TIME”. Muting again sets another time.
        """

    async def unmute(self, alert: DeliveryId, workspace: WorkspaceId) -> None:
        """End a mute, if there is one; raise NotFound for the alert. What was held stays held."""

    async def mutes(self, workspace: WorkspaceId, now: datetime) -> Sequence[Mute]:
        """List the mutes that hold in a workspace, the first to end first."""

    async def access(self, workspace: WorkspaceId) -> Access | None:
        """Return who may manage subscriptions, or None where the platform's default holds."""

    async def set_access(self, workspace: WorkspaceId, access: Access | None) -> None:
        """Choose who may manage subscriptions; None goes back to the platform's default."""

    async def alert(self, id: DeliveryId, workspace: WorkspaceId, now: datetime) -> PostedAlert:
        """Return an alert; raise NotFound, also when its article is no longer stored."""

    async def alert_by_message(self, channel: ChannelAddress, receipt: str, now: datetime) -> PostedAlert:
        """Return the alert that a message in a channel is; raise NotFound as `alert` does."""

    async def alerts_of(self, story: StoryId, workspace: WorkspaceId, now: datetime) -> Sequence[PostedAlert]:
        """Return the alerts of a story, one for each channel of a workspace that has one, whatever their state."""

    async def trace(self, url_key: str, workspace: WorkspaceId, now: datetime) -> Trace | None:
        """Tell what became of the newest article under a canonical URL, its own or its original's.

        None when the workspace sees no such article.
        """

    async def requeue(
        self, id: DeliveryId, workspace: WorkspaceId, now: datetime, *, alike: bool = False
    ) -> Sequence[DeliveryId]:
        """Make a held delivery pending again, as if it had just been decided; return the ids.

        With `alike`, also those that its channel holds for the same reason and that are younger than 24 h. Raise
        NotFound, and UserError when it is not held.
        """

    async def usage(self, workspace: WorkspaceId) -> Usage:
        """Count what quotas limit."""

    async def status(self, workspace: WorkspaceId) -> WorkspaceStatus:
        """Say how things stand."""

    async def health(self, workspace: WorkspaceId, now: datetime, days: int = 7) -> Sequence[FeedHealth]:
        """List the feeds that a workspace follows, oldest first, with what they brought lately."""

    async def pause_place(
        self, platform: str, workspace: str, channel: str | None, reason: str, now: datetime
    ) -> Sequence[Subscription]:
        """Pause what is watched in a workspace or channel that newsbot has left; return the subscriptions.

        Ids are the platform's; an unknown place has none. Its pending deliveries are held with the reason. What
        somebody has paused stays as it was.
        """

    async def revive_place(
        self, platform: str, workspace: str, channel: str | None, now: datetime
    ) -> Sequence[Subscription]:
        """Resume just what `pause_place` has paused there; return the subscriptions.

        What it held is pending again, if younger than 24 h. Coming back to a workspace does not revive a channel
        that was left by itself; coming back to a channel does, however it was left.
        """


# ---------------------------------------------------------------- keeping


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
    deliveries_s: float = 90 * 86400.0
    """After it was sent or held; the buttons of an alert work as long."""


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
    frontdesk: Frontdesk


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
