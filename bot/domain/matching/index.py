"""Every subscription's query, arranged so that an article is read once however many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from operator import attrgetter

from bot.domain.document import TEXTS, Document
from bot.domain.evaluation import evaluate
from bot.domain.matching.combinations import Combined, combined, only_combines
from bot.domain.matching.runs import Runs, Watched
from bot.domain.matching.sightings import Sightings
from bot.domain.matching.triggers import triggers_of
from bot.domain.model import Match, SubscriptionId, TermMatch
from bot.domain.query import AnyOf, Node, Phrase, Query

Asked = Watched | tuple[Watched, ...] | Combined | Query
"""What a subscription asks for: a phrase, any of some phrases, some of them with or without others, or something that
has to be evaluated."""


class QueryIndex:
    """Finds the subscriptions that an article concerns."""

    def __init__(self) -> None:
        self._asked: dict[SubscriptionId, Asked] = {}
        self._runs = Runs()
        self._watched: dict[Phrase, Watched] = {}
        self._fields: Counter[str] = Counter(TEXTS)
        """The fields that are looked through, and for how many phrases each."""
        self._facts: defaultdict[tuple[str, object], set[SubscriptionId]] = defaultdict(set)
        """Subscriptions whose queries are worth evaluating where a fact is true."""
        self._always: set[SubscriptionId] = set()
        """Subscriptions whose queries have to be evaluated for every article."""

    def __len__(self) -> int:
        return len(self._asked)

    def add(self, subscription_id: SubscriptionId, query: Query) -> None:
        """Watch for a query, in place of the one this subscription had."""
        self.remove(subscription_id)
        phrases = _alternatives(query.root)
        if len(phrases) == 1:
            watched = self._asked[subscription_id] = self._watch(phrases[0])
            watched.alone += (subscription_id,)
        elif phrases:
            self._asked[subscription_id] = tuple(map(self._watch, phrases))
            for phrase in phrases:
                self._watched[phrase].within += (subscription_id,)
        else:
            self._asked[subscription_id] = self._combine(query) if only_combines(query.root) else query
            self._await(subscription_id, query.root)

    def remove(self, subscription_id: SubscriptionId) -> None:
        """Stop watching; an unknown id is no error."""
        asked = self._asked.pop(subscription_id, ())
        if isinstance(asked, Query):
            self._await_no_longer(subscription_id, asked.root)
        elif isinstance(asked, Combined):
            self._await_no_longer(subscription_id, asked.query.root)
            for watched in asked.combination.watched():
                watched.besides -= 1
                self._drop(watched)
        else:
            for watched in (asked,) if isinstance(asked, Watched) else asked:
                self._leave(subscription_id, watched)

    def match(self, document: Document) -> tuple[Match, ...]:
        """Return the subscriptions that match an article, each with its reasons, in order of their ids."""
        sightings = Sightings(self._runs, document, list(self._fields))
        matches: list[Match] = []
        concerned = self._always.copy()
        if self._facts:
            concerned.update(*(self._facts.get(fact, ()) for fact in _facts_of(document)))
        for watched in sightings:
            concerned.update(watched.within)
            if watched.alone and (terms := sightings.reasons(watched)):
                matches += [Match(subscription_id, terms) for subscription_id in watched.alone]
        for subscription_id in concerned:
            found = self._ask(subscription_id, sightings, document)
            if found is not None:
                matches.append(Match(subscription_id, found))
        matches.sort(key=attrgetter("subscription_id"))
        return tuple(matches)

    def _ask(
        self, subscription_id: SubscriptionId, sightings: Sightings, document: Document
    ) -> tuple[TermMatch, ...] | None:
        asked = self._asked[subscription_id]
        if isinstance(asked, Query):
            return evaluate(asked, document) if sightings.may_hold(asked.root) else None
        if isinstance(asked, Combined):
            if not asked.combination.holds(sightings.reasons):
                return None
            asked = asked.terms
        phrases = (asked,) if isinstance(asked, Watched) else asked
        return tuple(term for watched in phrases for term in sightings.reasons(watched)) or None

    # ------------------------------------------------------------ coming and going

    def _watch(self, phrase: Phrase) -> Watched:
        watched = self._watched.get(phrase)
        if watched is None:
            watched = self._runs.add(phrase)
            self._watched[watched.phrase] = watched
            self._fields.update((phrase.field,) if phrase.field else ())
        return watched

    def _combine(self, query: Query) -> Combined:
        made = combined(query, self._watch)
        for watched in made.combination.watched():
            watched.besides += 1
        return made

    def _leave(self, subscription_id: SubscriptionId, watched: Watched) -> None:
        watched.alone = tuple(other for other in watched.alone if other != subscription_id)
        watched.within = tuple(other for other in watched.within if other != subscription_id)
        self._drop(watched)

    def _drop(self, watched: Watched) -> None:
        """Forget a phrase that nobody wants."""
        if not watched.is_wanted:
            del self._watched[watched.phrase]
            self._runs.remove(watched)
            if watched.phrase.field:
                self._fields -= Counter((watched.phrase.field,))

    def _await(self, subscription_id: SubscriptionId, root: Node) -> None:
        triggers = triggers_of(root)
        if triggers is None:
            self._always.add(subscription_id)
        for trigger in triggers or ():
            if isinstance(trigger, Phrase):
                self._watch(trigger).within += (subscription_id,)
            else:
                self._facts[trigger.field, trigger.value].add(subscription_id)

    def _await_no_longer(self, subscription_id: SubscriptionId, root: Node) -> None:
        self._always.discard(subscription_id)
        for trigger in triggers_of(root) or ():
            if isinstance(trigger, Phrase):
                self._leave(subscription_id, self._watched[trigger])
            else:
                waiting = self._facts[trigger.field, trigger.value]
                waiting.discard(subscription_id)
                if not waiting:
                    del self._facts[trigger.field, trigger.value]


def _alternatives(node: Node) -> tuple[Phrase, ...]:
    """Return the phrases any of which will do, if a query asks for nothing else."""
    parts = tuple(dict.fromkeys(node.parts)) if isinstance(node, AnyOf) else (node,)
    phrases = tuple(part for part in parts if isinstance(part, Phrase))
    return phrases if len(phrases) == len(parts) else ()


def _facts_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield every fact that is true of an article, by field and value; see `evaluate`."""
    labels = document.site.split(".")
    for number in range(len(labels)):
        yield "site", ".".join(labels[number:])
    subtags = (document.language or "").lower().replace("_", "-").split("-")
    for number in range(len(subtags)):
        yield "lang", "-".join(subtags[: number + 1])
