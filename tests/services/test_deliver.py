"""Delivering: one message per delivery, at the channel's pace, and always a state that says what became of it."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.model import Claim, Held, Pending, Sent
from bot.domain.pacing import FIRST_RETRY, GIVE_UP_AFTER
from bot.errors import ChatError
from bot.services.deliver import POISONOUS_AFTER
from tests.builders import entry
from tests.services.fakes import Chat

CHANNEL = "slack:T1/C1"


@pytest.fixture
async def due(desk):
    """Put alerts into a channel; return the ids of the deliveries."""
    feed_id = await desk.follow()
    await desk.watch("kim", CHANNEL)
    printed = []

    async def alerts(count=1):
        first = len(printed)
        printed.extend(entry(str(first + n), title=f"Kim, part {first + n}") for n in range(count))
        await desk.read(feed_id, *printed)
        return await desk.waiting()

    return alerts


async def test_a_delivery_becomes_one_message_and_is_sent(desk, chat, due):
    [delivery_id] = await due()
    outcome = await desk.deliverer().deliver(delivery_id)
    assert outcome == Sent(delivery_id, "receipt 1", desk.clock.now())
    assert chat.sent == [(CHANNEL, "Kim, part 0", delivery_id)]
    assert await desk.states() == {"sent": 1}


async def test_a_delivery_that_is_sent_is_not_sent_again(desk, chat, due):
    [delivery_id] = await due()
    deliverer = desk.deliverer()
    await deliverer.deliver(delivery_id)
    assert await deliverer.deliver(delivery_id) is None
    assert len(chat.sent) == 1


async def test_of_two_workers_one_delivers(desk, chat, due):
    [delivery_id] = await due()
    outcomes = await asyncio.gather(*(desk.deliverer().deliver(delivery_id) for _ in range(2)))
    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    assert len(chat.sent) == 1


async def test_a_failure_puts_it_back_with_a_time_and_a_reason(desk, chat, due):
    [delivery_id] = await due()
    chat.trouble = [ChatError("Slack had a fault of its own (503).")]
    outcome = await desk.deliverer().deliver(delivery_id)
    assert outcome == Pending(
        delivery_id, desk.clock.now() + FIRST_RETRY, "Slack had a fault of its own (503)."
    )
    assert await desk.states() == {"pending": 1}


async def test_the_pause_that_a_platform_asks_for_is_kept_by_the_whole_channel(desk, chat, due):
    first, second = await due(2)
    chat.trouble = [ChatError("too fast", retry_after_s=65)]
    deliverer = desk.deliverer()
    asked_at = desk.clock.now()
    pause = timedelta(seconds=65)
    assert await deliverer.deliver(first) == Pending(first, asked_at + pause, "too fast")
    waiting = await deliverer.deliver(second)
    assert waiting == Pending(second, asked_at + pause, "waits for its turn in a busy channel", tried=False)
    assert chat.sent == []


@pytest.mark.parametrize("wish", [1e15, float("inf"), float("nan"), -5.0])
async def test_a_pause_that_makes_no_sense_is_bounded(desk, chat, due, wish):
    [delivery_id] = await due()
    chat.trouble = [ChatError("too many requests", retry_after_s=wish)]
    outcome = await desk.deliverer().deliver(delivery_id)
    assert isinstance(outcome, Pending)
    assert FIRST_RETRY <= outcome.due_at - desk.clock.now() <= GIVE_UP_AFTER


async def test_a_permanent_error_holds_it_with_the_reason(desk, chat, due):
    [delivery_id] = await due()
    chat.trouble = [ChatError("I'm not a member of #world. Type /invite @newsbot there.", permanent=True)]
    assert isinstance(await desk.deliverer().deliver(delivery_id), Held)
    assert await desk.reasons() == ["I'm not a member of #world. Type /invite @newsbot there."]


async def test_what_no_platform_took_for_a_day_is_held(desk, chat, due):
    [delivery_id] = await due()
    desk.clock.jump(GIVE_UP_AFTER.total_seconds())
    chat.trouble = [ChatError("Slack cannot be reached.")]
    assert await desk.deliverer().deliver(delivery_id) == Held(
        delivery_id, "not accepted for 24 hours: Slack cannot be reached."
    )


async def test_a_platform_that_is_not_set_up_keeps_it_waiting_and_says_so(desk, due):
    [delivery_id] = await due()
    outcome = await desk.deliverer(chats={}).deliver(delivery_id)
    assert isinstance(outcome, Pending)
    assert outcome.reason == (
        "newsbot is not connected to slack. Set SLACK_BOT_TOKEN in the environment, leave chat.slack.enabled on,"
        " and start newsbot again."
    )


async def test_a_platform_that_does_not_answer_is_given_up_within_the_claim(desk, chat, due):
    [delivery_id] = await due()
    chat.hangs = True
    outcome = await desk.deliverer(claim_for=timedelta(milliseconds=40)).deliver(delivery_id)
    assert isinstance(outcome, Pending)
    assert outcome.reason == "the platform did not answer in time"


async def test_messages_to_one_channel_keep_their_distance(desk, chat, due):
    chat.min_gap_s = 1.5
    times = []
    chat.trouble = [lambda: times.append(desk.clock.now())] * 3
    deliverer = desk.deliverer()
    started = desk.clock.now() + timedelta(seconds=10)
    for delivery_id in await due(3):
        await deliverer.deliver(delivery_id)
    assert [(at - started).total_seconds() for at in times] == [0.0, 1.5, 3.0]


async def test_another_channel_need_not_wait(desk, chat):
    feed_id = await desk.follow()
    await desk.watch("kim", CHANNEL)
    await desk.watch("kim", "slack:T1/C2")
    await desk.read(feed_id, entry("1", title="Kim meets Trump"))
    chat.min_gap_s = 5
    deliverer = desk.deliverer()
    for delivery_id in await desk.waiting():
        await deliverer.deliver(delivery_id)
    assert len(chat.sent) == 2
    assert max(desk.clock.slept) == 0


async def test_a_clock_that_was_set_back_does_not_silence_a_channel(desk, chat, due):
    chat.min_gap_s = 1
    deliverer = desk.deliverer()
    first, second = await due(2)
    assert isinstance(await deliverer.deliver(first), Sent)
    desk.clock.jump(-3600)
    await desk.store.upkeep.set_back(desk.clock.now(), timedelta(hours=1))
    assert isinstance(await deliverer.deliver(second), Sent)
    assert max(desk.clock.slept) <= 1


async def test_a_channel_that_is_busy_for_long_puts_it_back_and_keeps_no_place(desk, chat, due):
    chat.min_gap_s = 11
    deliverer = desk.deliverer(longest_wait=timedelta(seconds=10))
    first, second, third = await due(3)
    now = desk.clock.now()
    assert isinstance(await deliverer.deliver(first), Sent)
    for put_back in (second, third):
        reason = "waits for its turn in a busy channel"
        turn = now + timedelta(seconds=11)
        assert await deliverer.deliver(put_back) == Pending(put_back, turn, reason, tried=False)


async def test_waiting_for_a_channel_never_outlives_the_claim(desk, chat, due):
    chat.min_gap_s = 5
    deliverer = desk.deliverer(claim_for=timedelta(seconds=8))
    first, second = await due(2)
    await deliverer.deliver(first)
    assert isinstance(await deliverer.deliver(second), Pending)
    assert max(desk.clock.slept) <= 2


async def test_a_worker_that_was_suspended_does_not_send_what_others_may_have_sent(desk, chat, due):
    [delivery_id] = await due()

    class Suspended:
        settle = desk.store.outbox.settle

        async def claim(self, *asked):
            claimed = await desk.store.outbox.claim(*asked)
            desk.clock.jump(3600)
            return claimed

    outcome = await desk.deliverer(outbox=Suspended()).deliver(delivery_id)
    assert isinstance(outcome, Pending)
    assert chat.sent == []
    await desk.deliverer().deliver(delivery_id)
    assert len(chat.sent) == 1


async def test_what_newsbot_itself_fails_on_is_tried_again_and_then_held(desk, chat, due):
    [delivery_id] = await due()
    chat.trouble = [RuntimeError("a bug")] * POISONOUS_AFTER
    outcomes, deliverer = [], desk.deliverer()
    for _ in range(POISONOUS_AFTER):
        outcomes.append(await deliverer.deliver(delivery_id))
        desk.clock.jump(3600)
    assert [type(outcome) for outcome in outcomes] == [Pending] * (POISONOUS_AFTER - 1) + [Held]
    assert await desk.reasons() == ["newsbot itself failed on it (RuntimeError)"]


async def test_what_a_platform_failed_on_does_not_count_as_newsbots_own_failures(desk, chat, due):
    [delivery_id] = await due()
    deliverer = desk.deliverer()
    chat.trouble = [*[ChatError("Slack is down")] * POISONOUS_AFTER, RuntimeError("a hiccup")]
    for _ in range(POISONOUS_AFTER + 2):
        outcome = await deliverer.deliver(delivery_id)
        desk.clock.jump(3600)
    assert isinstance(outcome, Sent)


async def test_what_a_worker_says_whose_claim_has_run_out_is_not_written(desk, chat, due):
    [delivery_id] = await due()
    taken = []

    async def take_over():
        now = desk.clock.now()
        claim = Claim("the other", now, now + timedelta(minutes=2))
        taken.append(await desk.store.outbox.claim(delivery_id, claim))

    class Slow(Chat):
        async def send(self, *message):
            desk.clock.jump(121)
            await take_over()
            return "too late"

    assert await desk.deliverer(chats={"slack": Slow()}).deliver(delivery_id) is None
    assert taken[0] is not None
    assert await desk.states() == {"claimed": 1}
