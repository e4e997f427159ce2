"""Every port of the program, by topic: what services need, and what adapters owe.

Contract tests in `tests/contracts` are named after the promises made here. All times are aware UTC.
"""

from bot.ports.archive import Archive, SearchPage
from bot.ports.chat import ChatAdapter, CheckResult, Desk, Listener
from bot.ports.clock import Clock
from bot.ports.declared import (
    FeedRow,
    FileChanges,
    FollowedFeed,
    RowChange,
    SubscriptionChanges,
    SubscriptionEdit,
    SubscriptionRow,
    TermRow,
)
from bot.ports.frontdesk import Frontdesk
from bot.ports.hooks import Answer, Hook, Posted
from bot.ports.newsroom import Newsroom, Schedule
from bot.ports.outbox import Outbox
from bot.ports.queue import Queue
from bot.ports.reading import Fetcher, Parser, Request, Response, Source
from bot.ports.registry import Registry
from bot.ports.standing import Backlog, ChannelStatus, FeedHealth, Usage, WorkspaceStatus
from bot.ports.store import Store
from bot.ports.upkeep import Retention, Stats, Upkeep

__all__ = [
    "Answer",
    "Archive",
    "Backlog",
    "ChannelStatus",
    "ChatAdapter",
    "CheckResult",
    "Clock",
    "Desk",
    "FeedHealth",
    "FeedRow",
    "Fetcher",
    "FileChanges",
    "FollowedFeed",
    "Frontdesk",
    "Hook",
    "Listener",
    "Newsroom",
    "Outbox",
    "Parser",
    "Posted",
    "Queue",
    "Registry",
    "Request",
    "Response",
    "Retention",
    "RowChange",
    "Schedule",
    "SearchPage",
    "Source",
    "Stats",
    "Store",
    "SubscriptionChanges",
    "SubscriptionEdit",
    "SubscriptionRow",
    "TermRow",
    "Upkeep",
    "Usage",
    "WorkspaceStatus",
]
