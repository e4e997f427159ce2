"""The nouns of the program: frozen values, no behaviour beyond naming themselves.

    places   feeds   articles   subscriptions   polls   deliveries

All times are aware UTC. Ids are the store's; a value without an id has not been stored.
"""

from bot.domain.model.articles import (
    Article,
    Entry,
    ParsedFeed,
)
from bot.domain.model.deliveries import (
    Alert,
    AlertMatch,
    Claim,
    ClaimedDelivery,
    DeliveryOutcome,
    Held,
    Pending,
    Sent,
)
from bot.domain.model.feeds import (
    REDIRECT_CONFIRMATIONS,
    Feed,
    FeedState,
    PollRules,
)
from bot.domain.model.places import (
    Channel,
    ChannelAddress,
    ChannelId,
    DeliveryId,
    EntryId,
    FeedId,
    Origin,
    StoryId,
    SubscriptionId,
    Workspace,
    WorkspaceId,
)
from bot.domain.model.polls import (
    AlertRules,
    EditedEntry,
    KnownEntry,
    KnownStory,
    NewDelivery,
    NewEntry,
    NewMatch,
    NewStory,
    PollFacts,
    PollOutcome,
    StoryKey,
    StoryRef,
    Withheld,
)
from bot.domain.model.subscriptions import (
    Match,
    NamedTerm,
    Span,
    Subscription,
    TermMatch,
)

__all__ = [
    "REDIRECT_CONFIRMATIONS",
    "Alert",
    "AlertMatch",
    "AlertRules",
    "Article",
    "Channel",
    "ChannelAddress",
    "ChannelId",
    "Claim",
    "ClaimedDelivery",
    "DeliveryId",
    "DeliveryOutcome",
    "EditedEntry",
    "Entry",
    "EntryId",
    "Feed",
    "FeedId",
    "FeedState",
    "Held",
    "KnownEntry",
    "KnownStory",
    "Match",
    "NamedTerm",
    "NewDelivery",
    "NewEntry",
    "NewMatch",
    "NewStory",
    "Origin",
    "ParsedFeed",
    "Pending",
    "PollFacts",
    "PollOutcome",
    "PollRules",
    "Sent",
    "Span",
    "StoryId",
    "StoryKey",
    "StoryRef",
    "Subscription",
    "SubscriptionId",
    "TermMatch",
    "Withheld",
    "Workspace",
    "WorkspaceId",
]
