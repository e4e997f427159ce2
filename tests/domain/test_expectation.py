"""What a source will bring, judged by what it lists."""

from __future__ import annotations

from bot.domain.expectation import MOST, expectation
from bot.domain.model import SubscriptionId
from tests.builders import NOW, at, entry, subscription


def told(entries, *watching):
    return str(expectation(entries, "News", watching, NOW))


def test_subscriptions_that_are_paused_limited_or_cannot_be_read_expect_nothing():
    paused = subscription("headline", active=False)
    limited = subscription("headline", id=SubscriptionId(2), feeds=frozenset({7}))
    broken = subscription('"headline', id=SubscriptionId(3))
    assert (
        told([entry()], paused, limited, broken)
        == "None of what it lists now would have brought an alert here."
    )


def test_a_channel_that_watches_twice_is_alerted_once():
    watching = [subscription("headline"), subscription("article", id=SubscriptionId(2))]
    assert told([entry()], *watching) == "+1 alert a day."


def test_a_feed_that_lists_very_much_is_judged_by_its_newest():
    many = [entry(str(n), published_at=at(minutes=-n)) for n in range(MOST + 100)]
    assert expectation(many, "News", [subscription("headline")], NOW).alerts == MOST
    undated = [entry(str(n), published_at=None) for n in range(MOST + 100)]
    assert told(undated, subscription("headline")) == f"{MOST} alerts from what it lists now."
