"""Searches, previews and subscriptions find the same: the query decides, and the store's narrowing loses nothing."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from bot.domain.document import Document, document_of
from bot.domain.evaluation import evaluate
from bot.domain.matching import QueryIndex
from bot.domain.model import SubscriptionId
from bot.domain.query import parse_query
from bot.errors import QueryError
from bot.ports import Retention
from bot.services.lookup import Lookup
from bot.stores import open_store
from tests.builders import entry
from tests.oracle.random_cases import NOW, make_round
from tests.stocked import stock

FOREVER = timedelta(days=9999)


@pytest.fixture
async def store(tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/news.db", None) as store:
        yield store


@pytest.fixture
def numbers():
    return count()


def read(text, terms, now=None):
    try:
        return parse_query(text, terms, now=now)
    except QueryError:
        return None


def as_entry(article, number):
    url = f"https://{article.site}/{number}" if article.site else None
    return entry(
        str(number),
        title=article.title,
        body=article.body,
        url=url,
        key=str(number),
        byline=article.author,
        tags=article.tags,
        language=article.language,
        published_at=article.at,
    )


async def published(store, articles, numbers):
    """Store articles, each of a feed of its own, a day apart; return them as the store has them."""
    for days, article in enumerate(articles):
        seen, number = NOW - timedelta(days=len(articles) - days - 1), next(numbers)
        feed = f"https://{number}.example/rss"
        await stock(store, as_entry(article, number), url=feed, title=article.source, at=seen)
    page = await store.archive.candidates(None, None, None, 99)
    assert len(page.articles) == len(articles)
    return page.articles


async def searched(lookup, text, limit):
    """Return what all pages hold, as it came; each page shows it in the order of its news."""
    found, before = [], None
    while True:
        result = await lookup.search(text, limit, before, NOW)
        assert [one.at for one in result.found] == sorted((one.at for one in result.found), reverse=True)
        found += sorted(result.found, key=lambda one: -one.article.id)
        if (before := result.cursor) is None:
            return found


async def best(lookup, text, limit):
    found, skip, before = [], 0, None
    while skip is not None:
        result = await lookup.best(text, limit, skip, before, NOW)
        found += result.found
        skip, before = result.skip, result.before
    return found


def ids(found):
    return [one.article.id for one in found]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**40), limit=st.integers(1, 6))
async def test_search_preview_and_subscription_find_the_same_articles(store, numbers, seed, limit):
    cases = make_round(Random(seed))
    note(repr(cases))
    stored = await published(store, cases.articles, numbers)
    terms = dict(cases.terms)
    lookup = Lookup(store.archive, terms=terms)
    for text in cases.queries:
        query = read(text, terms, NOW)
        if query is None:
            continue
        expected = {one.id: why for one in stored if (why := evaluate(query, document_of(one))) is not None}
        found = await searched(lookup, text, limit)
        assert ids(found) == sorted(expected, reverse=True)
        assert {one.article.id: one.terms for one in found} == expected
        assert sorted(ids(await best(lookup, text, limit))) == sorted(expected)
        seen = await lookup.preview(text, NOW, days=60, samples=99)
        assert (sorted(ids(seen.samples)), seen.total) == (sorted(expected), len(expected))
        subscribed = read(text, terms)
        if subscribed is not None:
            assert reached(subscribed, stored) == expected
    await forget_everything(store)
    assert (await store.archive.candidates(None, None, None, 9)).articles == ()


def reached(query, articles):
    """Return which articles would have alerted a subscription, and why."""
    index = QueryIndex()
    index.add(SubscriptionId(1), query)
    matches = {one.id: index.match(Document.of(one.entry, one.source)) for one in articles}
    return {id: found[0].terms for id, found in matches.items() if found}


async def forget_everything(store):
    while await store.upkeep.prune(NOW + FOREVER, Retention(), 100):
        pass
