"""Which subscriptions an article concerns, and where in it their words stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.model import Match, Span, SubscriptionId, TermMatch
from bot.domain.query import Phrase, Query
from bot.domain.text import Words

_ALONE = SubscriptionId(0)


@dataclass(slots=True)
class _Node:
    """A step in the tree of phrases: the words that may follow, and the phrase that ends here."""

    following: dict[str, _Node] = field(default_factory=dict)
    phrase: tuple[str, ...] | None = None


class QueryIndex:
    """Every subscription's query, arranged so that an article is read once, however many there are."""

    def __init__(self) -> None:
        self._root = _Node()
        self._queries: dict[SubscriptionId, Query] = {}
        self._watchers: defaultdict[tuple[str, ...], dict[SubscriptionId, Phrase]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._queries)

    def add(self, subscription_id: SubscriptionId, query: Query) -> None:
        """Watch for a query, in place of the one this subscription had."""
        self.remove(subscription_id)
        self._queries[subscription_id] = query
        for phrase in query.phrases:
            self._watchers[phrase.words][subscription_id] = phrase
            self._plant(phrase.words)

    def remove(self, subscription_id: SubscriptionId) -> None:
        """Stop watching; an unknown id is no error."""
        query = self._queries.pop(subscription_id, None)
        spellings = query.phrases if query else ()
        for phrase in {spelling.words for spelling in spellings}:
            watchers = self._watchers[phrase]
            del watchers[subscription_id]
            if not watchers:
                del self._watchers[phrase]
                self._prune(phrase)

    def match(self, title: str, body: str) -> tuple[Match, ...]:
        """Return the subscriptions that match an article, each with its reasons, in order of their ids."""
        terms: defaultdict[SubscriptionId, list[TermMatch]] = defaultdict(list)
        for name, text in (("title", title), ("body", body)):
            for phrase, spans in self._find(text).items():
                for subscription_id, asked in self._watchers[phrase].items():
                    terms[subscription_id].append(TermMatch(asked.text, name, spans))
        return tuple(Match(subscription_id, tuple(found)) for subscription_id, found in sorted(terms.items()))

    def _find(self, text: str) -> dict[tuple[str, ...], tuple[Span, ...]]:
        """Return every watched phrase in one field, with its places."""
        read = Words(text)
        runs = _runs(self._root, read.norms)
        if not runs:
            return {}
        tokens = dict(
            read.tokens({end for first, phrase in runs for end in (first, first + len(phrase) - 1)})
        )
        found: defaultdict[tuple[str, ...], list[Span]] = defaultdict(list)
        for first, phrase in runs:
            found[phrase].append(Span(tokens[first].start, tokens[first + len(phrase) - 1].end))
        return {phrase: tuple(spans) for phrase, spans in found.items()}

    def _plant(self, phrase: tuple[str, ...]) -> None:
        node = self._root
        for word in phrase:
            node = node.following.setdefault(word, _Node())
        node.phrase = phrase

    def _prune(self, phrase: tuple[str, ...]) -> None:
        path = [self._root]
        for word in phrase:
            path.append(path[-1].following[word])
        path[-1].phrase = None
        for parent, word, node in reversed(list(zip(path, phrase, path[1:], strict=False))):
            if node.following or node.phrase:
                break
            del parent.following[word]


def match_query(query: Query, title: str, body: str) -> tuple[TermMatch, ...]:
    """Return where one query matches an article; empty when it does not."""
    index = QueryIndex()
    index.add(_ALONE, query)
    return tuple(term for match in index.match(title, body) for term in match.terms)


def _runs(root: _Node, sequence: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Return every planted phrase in a sequence of words, and the place of its first word."""
    runs = []
    opening = root.following
    for first, word in enumerate(sequence):
        node = opening.get(word)
        at = first
        while node is not None:
            if node.phrase is not None:
                runs.append((first, node.phrase))
            at += 1
            node = node.following.get(sequence[at]) if at < len(sequence) else None
    return runs
