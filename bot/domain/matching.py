"""Which subscriptions an article concerns: every query arranged so that an article is read once."""

from __future__ import annotations

from collections import defaultdict

from bot.domain.document import TEXTS, Document
from bot.domain.evaluation import evaluate
from bot.domain.model import Match, SubscriptionId
from bot.domain.query import AllOf, AnyOf, Near, Node, Phrase, Query


class QueryIndex:
    """Every subscription's query, found by a word that an article must hold to match it."""

    def __init__(self) -> None:
        self._queries: dict[SubscriptionId, Query] = {}
        self._watched: defaultdict[str, set[SubscriptionId]] = defaultdict(set)
        self._always: set[SubscriptionId] = set()

    def __len__(self) -> int:
        return len(self._queries)

    def add(self, subscription_id: SubscriptionId, query: Query) -> None:
        """Watch for a query, in place of the one this subscription had."""
        self.remove(subscription_id)
        self._queries[subscription_id] = query
        triggers = _triggers(query.root)
        if triggers is None:
            self._always.add(subscription_id)
        for word in triggers or ():
            self._watched[word].add(subscription_id)

    def remove(self, subscription_id: SubscriptionId) -> None:
        """Stop watching; an unknown id is no error."""
        query = self._queries.pop(subscription_id, None)
        if query is None:
            return
        self._always.discard(subscription_id)
        for word in _triggers(query.root) or ():
            self._watched[word].discard(subscription_id)
            if not self._watched[word]:
                del self._watched[word]

    def match(self, document: Document) -> tuple[Match, ...]:
        """Return the subscriptions that match an article, each with its reasons, in order of their ids."""
        candidates = set(self._always)
        for field in TEXTS:
            read = document.words(field)
            for word in self._watched.keys() & {*read.norms, *(other.norm for other in read.others)}:
                candidates |= self._watched[word]
        found = ((number, evaluate(self._queries[number], document)) for number in sorted(candidates))
        return tuple(Match(number, terms) for number, terms in found if terms is not None)


def _triggers(node: Node) -> frozenset[str] | None:
    """Return words of title and body of which a match must hold one; None when there are no such words."""
    match node:
        case Phrase() if node.field in (None, *TEXTS):
            rarest = [
                max(spelling, key=lambda word: min(map(len, word.forms), default=0))
                for spelling in node.spellings
            ]
            return (
                None
                if any(word.prefix for word in rarest)
                else frozenset().union(*(word.forms for word in rarest))
            )
        case Near():
            return _triggers(node.left)
        case AnyOf(parts):
            each = [_triggers(part) for part in parts]
            return (
                None if None in each else frozenset().union(*(found for found in each if found is not None))
            )
        case AllOf(parts):
            known = [found for part in parts if (found := _triggers(part)) is not None]
            return min(known, key=len) if known else None
        case _:
            return None
