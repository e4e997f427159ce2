"""When to try again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import Held, Pending, PollRules
from bot.domain.pacing import answered, failed, failure_wait, poll_wait, retry_wait, settle_failure
from bot.errors import ChatError, FetchError, ParseError
from tests.builders import NOW, at, claimed, feed, state

RULES = PollRules(
    interval=timedelta(minutes=5),
    min_interval=timedelta(minutes=1),
    max_interval=timedelta(hours=6),
    jitter=0.1,
)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEW = "https://news.example/moved.xml"


# ---------------------------------------------------------------- feeds that answer


def test_a_feed_is_asked_again_after_the_interval():
    assert poll_wait(feed(), RULES, None, 0.0) == 5 * MINUTE


@pytest.mark.parametrize(
    ("wish_s", "wait"),
    [(0, 5 * MINUTE), (60, 5 * MINUTE), (1800, 30 * MINUTE), (86400, 6 * HOUR), (1e300, 6 * HOUR)],
)
def test_a_feeds_wish_makes_the_wait_longer_up_to_the_longest(wish_s, wait):
    assert poll_wait(feed(), RULES, wish_s, 0.0) == wait


def test_the_operators_own_interval_outweighs_the_feeds_wish_but_not_the_floor():
    assert poll_wait(feed(interval_s=120.0), RULES, 3600, 0.0) == 2 * MINUTE
    assert poll_wait(feed(interval_s=86400.0), RULES, None, 0.0) == 24 * HOUR
    assert poll_wait(feed(interval_s=1.0), RULES, None, 0.0) == MINUTE


def test_jitter_spreads_polls_and_never_hurries_one():
    waits = [poll_wait(feed(), RULES, None, spread) for spread in (0.0, 0.5, 0.999)]
    assert waits == sorted(set(waits))
    assert waits[0] == 5 * MINUTE
    assert waits[-1] < 5.5 * MINUTE


def test_an_answer_ends_a_failure():
    broken = feed(state=state(failures=3, error="answered 503", failing_since=at(hours=-1)))
    after = answered(broken, NOW, 5 * MINUTE, None)
    assert (after.failures, after.error, after.failing_since) == (0, None, None)
    assert (after.polled_at, after.succeeded_at, after.next_poll_at) == (NOW, NOW, at(minutes=5))


# ---------------------------------------------------------------- feeds that fail


def test_waits_double_with_each_failure_up_to_the_longest_and_recover_at_once():
    def wait(failures):
        return failure_wait(feed(state=state(failures=failures)), RULES, None, 0.0)

    assert [wait(failures) // MINUTE for failures in range(8)] == [5, 10, 20, 40, 80, 160, 320, 360]
    assert wait(10_000) == 6 * HOUR
    after = failed(feed(), ParseError("is not a feed"), NOW, wait(1))
    assert (
        poll_wait(feed(state=answered(feed(state=after), NOW, 5 * MINUTE, None)), RULES, None, 0.0)
        == 5 * MINUTE
    )


def test_a_failing_feed_is_not_asked_sooner_than_it_asked_for():
    assert failure_wait(feed(), RULES, 3600.0, 0.0) == HOUR
    assert failure_wait(feed(), RULES, 1.0, 0.0) == 5 * MINUTE
    assert failure_wait(feed(), RULES, float("nan"), 0.0) == 6 * HOUR
    assert failure_wait(feed(state=state(ttl_s=3600.0)), RULES, None, 0.0) == HOUR
    assert failure_wait(feed(interval_s=86400.0, state=state(failures=3)), RULES, None, 0.0) == 24 * HOUR


def test_a_failure_is_counted_and_remembered_since_the_first_one():
    first = failed(feed(), FetchError("answered 503"), NOW, 5 * MINUTE)
    second = failed(feed(state=first), FetchError("timed out"), at(minutes=5), 10 * MINUTE)
    assert (first.failures, first.error, first.failing_since) == (1, "answered 503", NOW)
    assert (second.failures, second.error, second.failing_since) == (2, "timed out", NOW)
    assert (second.polled_at, second.succeeded_at) == (at(minutes=5), None)
    assert second.next_poll_at == at(minutes=15)


# ---------------------------------------------------------------- feeds that move


def polled(moved_to, times, start=None):
    """Poll a feed some times; return it with the state that is left."""
    of = start or feed()
    for _ in range(times):
        of = replace(of, state=answered(of, NOW, MINUTE, moved_to))
    return of


def test_a_permanent_redirect_is_followed_directly_after_three_equal_answers():
    assert polled(NEW, 2).address == feed().url
    assert polled(NEW, 3).address == NEW


@pytest.mark.parametrize("moved_to", [None, "https://news.example/elsewhere.xml", feed().url])
def test_another_answer_in_between_starts_the_count_again(moved_to):
    interrupted = polled(moved_to, 1, polled(NEW, 2))
    assert polled(NEW, 2, interrupted).address == feed().url
    assert polled(NEW, 3, interrupted).address == NEW


@pytest.mark.parametrize("moved_to", [None, "https://news.example/further.xml"])
def test_the_new_address_is_kept_while_it_answers(moved_to):
    assert polled(moved_to, 5, polled(NEW, 3)).address == NEW


def test_a_failure_at_the_new_address_falls_back_to_the_feeds_own():
    moved = polled(NEW, 3)
    back = replace(moved, state=failed(moved, FetchError("answered 404"), NOW, MINUTE))
    assert back.address == feed().url
    assert polled(NEW, 2, back).address == feed().url


def test_a_failure_at_the_own_address_keeps_the_count():
    waiting = polled(NEW, 2)
    waiting = replace(waiting, state=failed(waiting, FetchError("timed out"), NOW, MINUTE))
    assert polled(NEW, 1, waiting).address == NEW


# ---------------------------------------------------------------- deliveries


def test_retries_double_from_five_seconds_to_half_an_hour():
    assert [retry_wait(attempts, 1.0).total_seconds() for attempts in (1, 2, 3, 9, 10, 1000)] == [
        5,
        10,
        20,
        1280,
        1800,
        1800,
    ]
    assert retry_wait(1, 0.0).total_seconds() == 5
    assert retry_wait(10, 0.0).total_seconds() == 900


def test_a_delivery_that_cannot_succeed_is_held_at_once():
    outcome = settle_failure(claimed(), ChatError("not in the channel", permanent=True), NOW, 0.0)
    assert outcome == Held(claimed().id, "not in the channel")


def test_a_delivery_that_nobody_takes_is_held_after_a_day():
    outcome = settle_failure(claimed(), ChatError("answered 503"), at(hours=24), 0.0)
    assert outcome == Held(claimed().id, "not accepted for 24 hours: answered 503")
    assert isinstance(settle_failure(claimed(), ChatError("answered 503"), at(hours=23), 0.0), Pending)


def test_another_delivery_is_tried_again_with_its_reason():
    outcome = settle_failure(claimed(attempts=2), ChatError("answered 503"), NOW, 1.0)
    assert outcome == Pending(claimed().id, at(seconds=10), "answered 503")


@pytest.mark.parametrize(
    ("asked_s", "due_s"), [(0.3, 5), (65.0, 65), (5000.0, 5000), (1e300, 86400), (-5.0, 5)]
)
def test_the_platforms_own_wait_is_honoured_even_beyond_half_an_hour(asked_s, due_s):
    outcome = settle_failure(claimed(), ChatError("rate limited", retry_after_s=asked_s), NOW, 1.0)
    assert outcome == Pending(claimed().id, at(seconds=due_s), "rate limited")
