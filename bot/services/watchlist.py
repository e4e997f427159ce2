"""Every active subscription in memory, in step with the store by its revision."""

from __future__ import annotations

import gc
from typing import Final

import structlog

from bot.domain.document import Document
from bot.domain.matching import QueryIndex
from bot.domain.model import Match, Subscription, SubscriptionId
from bot.domain.query import parse_query
from bot.errors import QueryError
from bot.ports import Registry

log = structlog.get_logger(__name__)

MANY: Final = 1_000
"""Subscriptions that come at once from which on they are put out of the garbage collector's sight: they stay, and to
go through 100,000 of them now and then would stop everything else for a tenth of a second."""


class Watchlist:
    """Answers which subscriptions an article concerns; reads from the store only what changed."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._index = QueryIndex()
        self._subscriptions: dict[SubscriptionId, Subscription] = {}
        self.revision = 0

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, subscription_id: SubscriptionId) -> Subscription:
        return self._subscriptions[subscription_id]

    async def reach(self, revision: int) -> None:
        """Catch up with the store when it is ahead."""
        if self.revision < revision:
            changes = await self._registry.changes(self.revision)
            if changes.revision <= self.revision:
                return  # another poll read meanwhile what is newer; this would bring back what has changed since
            for subscription in changes.changed:
                self._take(subscription)
            self.revision = changes.revision
            if len(changes.changed) >= MANY:
                gc.freeze()

    def match(self, document: Document) -> tuple[Match, ...]:
        """Return the matches of all active subscriptions with one article."""
        return self._index.match(document)

    def _take(self, subscription: Subscription) -> None:
        self._index.remove(subscription.id)
        self._subscriptions.pop(subscription.id, None)
        if not subscription.active:
            return
        try:
            query = parse_query(subscription.query, subscription.terms)
        except QueryError as error:
            log.error("subscription cannot be read", subscription=subscription.id, reason=str(error))
            return
        self._index.add(subscription.id, query)
        self._subscriptions[subscription.id] = subscription
