"""When to try again: the next poll of a feed, the next try of a delivery, and what each try leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.model import (
    REDIRECT_CONFIRMATIONS,
    ClaimedDelivery,
    DeliveryOutcome,
    Feed,
    FeedState,
    Held,
    Pending,
    PollRules,
)
from bot.errors import ChatError, OutsideError

FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=30)
GIVE_UP_AFTER = timedelta(hours=24)
"""A delivery that no platform has taken for this long is held."""


# ---------------------------------------------------------------- feeds


def poll_wait(feed: Feed, rules: PollRules, wish_s: float | None, spread: float) -> timedelta:
    """Return the wait until a feed that answers is asked again.

    The operator's own interval for the feed is kept as it is. Otherwise the feed's wish (`wish_s`: the longer
    of its Cache-Control and ttl) can make the wait longer, up to `max_interval`. `spread` in [0, 1) places the
    poll within the jitter, which only ever makes the wait longer.
    """
    if feed.interval_s is not None:
        wait = timedelta(seconds=feed.interval_s)
    else:
        wait = max(rules.interval, at_most(rules.max_interval, wish_s))
    return max(wait, rules.min_interval) * (1 + rules.jitter * spread)


def failure_wait(feed: Feed, rules: PollRules, retry_after_s: float | None, spread: float) -> timedelta:
    """Return the wait after a failed poll: doubling with each failure, never beyond `max_interval`."""
    wait = poll_wait(feed, rules, feed.state.ttl_s, spread)
    doublings = min(feed.state.failures, 16)
    asked = at_most(rules.max_interval, retry_after_s)
    return max(min(wait * (1 << doublings), max(wait, rules.max_interval)), asked)


def at_most(longest: timedelta, seconds: float | None) -> timedelta:
    """Return what somebody else asked for, which may be any number, within a limit of ours."""
    # In this order, so that “not a number” gives the limit, and too large a number is never converted.
    return timedelta(seconds=max(0.0, min(longest.total_seconds(), seconds or 0.0)))


def answered(feed: Feed, now: datetime, wait: timedelta, moved_to: str | None) -> FeedState:
    """Return the state after a poll that brought an answer, new or unchanged."""
    url, count = _redirect(feed, moved_to)
    return replace(
        feed.state,
        next_poll_at=now + wait,
        redirect_url=url,
        redirect_count=count,
        failures=0,
        error=None,
        failing_since=None,
        polled_at=now,
        succeeded_at=now,
    )


def failed(feed: Feed, error: OutsideError, now: datetime, wait: timedelta) -> FeedState:
    """Return the state after a poll that failed; a feed asked at its new address goes back to its own."""
    moved = feed.address != feed.url
    return replace(
        feed.state,
        next_poll_at=now + wait,
        redirect_url=None if moved else feed.state.redirect_url,
        redirect_count=0 if moved else feed.state.redirect_count,
        failures=feed.state.failures + 1,
        error=error.reason,
        failing_since=feed.state.failing_since or now,
        polled_at=now,
    )


def _redirect(feed: Feed, moved_to: str | None) -> tuple[str | None, int]:
    """Count equal permanent redirects; once they are confirmed, the new address speaks for itself."""
    state = feed.state
    if feed.address != feed.url:
        return state.redirect_url, state.redirect_count
    if moved_to is None or moved_to == feed.url:
        return None, 0
    if moved_to != state.redirect_url:
        return moved_to, 1
    return moved_to, min(state.redirect_count + 1, REDIRECT_CONFIRMATIONS)


# ---------------------------------------------------------------- deliveries


def retry_wait(attempts: int, spread: float) -> timedelta:
    """Return the wait after the given number of attempts: 5 s doubling to 30 min, the upper half by `spread`."""
    longest = min(FIRST_RETRY * (1 << min(attempts - 1, 16)), LONGEST_RETRY)
    return max(longest * (0.5 + spread / 2), FIRST_RETRY)


def settle_failure(
    delivery: ClaimedDelivery, error: ChatError, now: datetime, spread: float
) -> DeliveryOutcome:
    """Decide what becomes of a delivery that a platform did not accept."""
    if error.permanent:
        return Held(delivery.id, error.reason)
    if now - delivery.created_at >= GIVE_UP_AFTER:
        hours = GIVE_UP_AFTER // timedelta(hours=1)
        return Held(delivery.id, f"not accepted for {hours} hours: {error.reason}")
    wait = max(retry_wait(delivery.attempts, spread), at_most(GIVE_UP_AFTER, error.retry_after_s))
    return Pending(delivery.id, now + wait, error.reason)
