"""Polling: whatever a feed answers, the store knows it afterwards, and when to ask again."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import FetchError, ParseError, StaleDecision
from bot.ports import Response
from bot.services.poll import PUT_BACK, TRIES, Ending
from tests.builders import NOW, entry
from tests.services.fakes import Paper, Rival


async def test_news_becomes_articles_and_alerts(desk):
    feed_id = await desk.follow()
    await desk.watch("kim")
    report = await desk.read(feed_id, entry("1", title="Kim meets Trump"), entry("2", title="Rain"))
    assert (report.ending, report.new, report.matched, report.queued) == (Ending.NEWS, 2, 1, 1)
    assert len(await desk.waiting()) == 1


async def test_a_document_of_which_not_all_is_read_is_named_in_the_log(desk, paper):
    feed_id = await desk.follow()
    with capture_logs() as logs:
        await desk.read(feed_id, entry("1"))
        paper.cut = True
        await desk.read(feed_id, entry("1"), entry("2"))
    warnings = [(line["event"], line["read"]) for line in logs if line["log_level"] == "warning"]
    assert warnings == [("feed lists more articles than are read; the last are left out", 2)]


async def test_validators_and_body_are_remembered_for_the_next_poll(desk, paper):
    feed_id = await desk.follow()
    await desk.read(feed_id, entry("1"), etag='"a"', last_modified="Wed, 01 May 2024 12:00:00 GMT")
    await desk.read(feed_id, entry("2"))
    assert (paper.requests[1].etag, paper.requests[1].last_modified) == (
        '"a"',
        "Wed, 01 May 2024 12:00:00 GMT",
    )
    state = (await desk.store.schedule.feed(feed_id)).state
    assert (state.etag, state.last_modified) == (None, None)


async def test_a_304_ends_the_poll_and_counts_as_success(desk, paper):
    feed_id = await desk.follow()
    await desk.read(feed_id, entry("1"), etag='"a"')
    paper.answers.append(Response("https://news.example/rss", not_modified=True))
    report = await desk.poller().poll(feed_id)
    state = (await desk.store.schedule.feed(feed_id)).state
    assert report.ending is Ending.UNCHANGED
    assert (state.etag, state.failures, state.succeeded_at) == ('"a"', 0, NOW)


async def test_a_304_may_bring_new_validators(desk, paper):
    feed_id = await desk.follow()
    await desk.read(feed_id, entry("1"), etag='"a"')
    paper.answers.append(
        Response("https://news.example/rss", not_modified=True, etag='"b"', last_modified="yesterday")
    )
    await desk.poller().poll(feed_id)
    state = (await desk.store.schedule.feed(feed_id)).state
    assert (state.etag, state.last_modified) == ('"b"', "yesterday")


async def test_a_body_that_is_the_same_again_is_not_parsed_again(desk, paper):
    feed_id = await desk.follow()
    await desk.read(feed_id, entry("1"))
    paper.fault = AssertionError("it was parsed again")
    paper.answers.append(Response("https://news.example/rss", body=b"edition 1"))
    assert (await desk.poller().poll(feed_id)).ending is Ending.UNCHANGED


async def test_the_next_poll_waits_for_the_longer_of_cache_control_and_ttl(desk, paper):
    feed_id = await desk.follow()
    paper.ttl_s = 1800
    await desk.read(feed_id, entry("1"), max_age_s=900)
    assert (await desk.store.schedule.feed(feed_id)).state.next_poll_at == NOW + timedelta(minutes=30)
    await desk.read(feed_id, entry("2"), max_age_s=3600)
    assert (await desk.store.schedule.feed(feed_id)).state.next_poll_at == NOW + timedelta(hours=1)


async def test_an_unchanged_feed_keeps_its_ttl(desk, paper):
    feed_id = await desk.follow()
    paper.ttl_s = 1800
    await desk.read(feed_id, entry("1"))
    paper.answers.append(Response("https://news.example/rss", not_modified=True))
    await desk.poller().poll(feed_id)
    assert (await desk.store.schedule.feed(feed_id)).state.next_poll_at == NOW + timedelta(minutes=30)


async def test_a_feed_that_fails_says_why_and_is_asked_later_and_later(desk, paper):
    feed_id = await desk.follow()
    waits = []
    for _ in range(3):
        paper.answers.append(FetchError("the server answered 503", status=503))
        assert (await desk.poller().poll(feed_id)).ending is Ending.FAILED
        state = (await desk.store.schedule.feed(feed_id)).state
        waits.append(state.next_poll_at - desk.clock.now())
    assert waits == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
    assert (state.error, state.failures, state.failing_since) == ("the server answered 503", 3, NOW)


async def test_a_feed_that_asks_for_a_pause_gets_it(desk, paper):
    feed_id = await desk.follow()
    paper.answers.append(FetchError("too many requests", status=429, retry_after_s=7200))
    await desk.poller().poll(feed_id)
    assert (await desk.store.schedule.feed(feed_id)).state.next_poll_at == NOW + timedelta(hours=2)


async def test_a_document_that_is_no_feed_is_a_failure_and_keeps_the_old_validators(desk, paper):
    feed_id = await desk.follow()
    await desk.read(feed_id, entry("1"), etag='"good"')
    paper.fault = ParseError("this is a web page, not a feed")
    paper.print(etag='"bad"')
    assert (await desk.poller().poll(feed_id)).ending is Ending.FAILED
    state = (await desk.store.schedule.feed(feed_id)).state
    assert (state.error, state.etag) == ("this is a web page, not a feed", '"good"')


async def test_a_feed_recovers_by_itself(desk, paper):
    feed_id = await desk.follow()
    paper.answers.append(FetchError("the server answered 503"))
    await desk.poller().poll(feed_id)
    await desk.read(feed_id, entry("1"))
    state = (await desk.store.schedule.feed(feed_id)).state
    assert (state.failures, state.error, state.failing_since) == (0, None, None)


async def test_an_article_is_announced_once_however_often_it_is_listed(desk):
    feed_id = await desk.follow()
    await desk.watch("kim")
    reports = [await desk.read(feed_id, entry("1", title="Kim meets Trump")) for _ in range(3)]
    assert [report.queued for report in reports] == [1, 0, 0]


async def test_an_edit_that_first_makes_an_article_match_is_announced(desk):
    feed_id = await desk.follow()
    await desk.watch("kim")
    await desk.read(feed_id, entry("1", title="Trump meets somebody"))
    report = await desk.read(feed_id, entry("1", title="Trump meets Kim"))
    assert (report.new, report.edited, report.matched, report.queued) == (0, 1, 1, 1)


async def test_an_edit_of_an_article_that_matched_before_is_no_news(desk):
    feed_id = await desk.follow()
    await desk.watch("kim")
    await desk.read(feed_id, entry("1", title="Kim meets Trump"))
    report = await desk.read(feed_id, entry("1", title="Kim met Trump"))
    assert (report.edited, report.matched, report.queued) == (1, 0, 0)


async def test_an_edit_without_a_match_is_only_stored(desk):
    feed_id = await desk.follow()
    await desk.watch("kim")
    await desk.read(feed_id, entry("1", title="Rain"))
    assert (await desk.read(feed_id, entry("1", title="More rain"))).edited == 1


async def test_a_decision_that_went_stale_is_taken_again_on_new_facts(desk):
    feed_id = await desk.follow()
    await desk.watch("kim")
    rival = Rival(desk.store.newsroom, races=3)
    desk.paper.print(entry("1", title="Kim meets Trump"))
    report = await desk.poller(newsroom=rival).poll(feed_id)
    assert len(rival.decisions) == 4
    assert report.queued == 1


async def test_a_subscription_made_while_a_poll_decides_is_heeded(desk):
    feed_id = await desk.follow()
    poller = desk.poller()
    desk.paper.print(entry("1", title="Kim meets Trump"))
    await poller.poll(feed_id)
    await desk.watch("trump")
    desk.paper.print(entry("2", title="Trump meets Kim"))
    assert (await poller.poll(feed_id)).queued == 1


async def test_a_feed_whose_decision_never_holds_is_left_to_its_next_poll(desk):
    feed_id = await desk.follow()
    rival = Rival(desk.store.newsroom, races=TRIES)
    desk.paper.print(entry("1"))
    with pytest.raises(StaleDecision, match=f"feed {feed_id}.*{TRIES} times"):
        await desk.poller(newsroom=rival).poll(feed_id)
    assert len(rival.decisions) == TRIES
    assert (await desk.store.upkeep.stats()).articles == 0


@dataclass
class SlowPaper(Paper):
    """Answers once the gate is open; `arrived` tells that it was asked."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, request):
        self.arrived.set()
        await self.gate.wait()
        return await super().fetch(request)


async def test_a_feed_of_a_crowded_host_is_put_back_for_moments_and_has_not_failed(desk):
    first, second = [await desk.follow(f"https://news.example/{number}") for number in range(2)]
    elsewhere = await desk.follow("https://other.example/rss")
    slow = SlowPaper()
    poller = desk.poller(fetcher=slow, parser=slow, crowd=1)
    for number in range(2):
        slow.print(entry(str(number)))
    waiting = asyncio.ensure_future(poller.poll(first))
    await slow.arrived.wait()
    report = await poller.poll(second)
    state = (await desk.store.schedule.feed(second)).state
    assert report.ending is Ending.PUT_BACK
    assert (state.next_poll_at, state.failures, state.polled_at) == (NOW + PUT_BACK, 0, None)
    slow.gate.set()
    assert (await poller.poll(elsewhere)).ending is Ending.NEWS
    assert (await waiting).ending is Ending.NEWS
    slow.print(entry("3"))
    assert (await poller.poll(second)).ending is Ending.NEWS


async def test_the_event_loop_gets_its_turn_while_many_articles_are_matched(desk):
    feed_id = await desk.follow()
    await desk.read(feed_id, *(entry(str(number), title=f"Report {number}") for number in range(60)))
    assert desk.clock.slept == [0] * 6


# ---------------------------------------------------------------- what feeds do


@pytest.mark.parametrize("link", ["https://news.example/1", "https://news.example/moved"])
async def test_an_article_dated_in_the_future_may_be_listed_again_under_another_id(desk, link):
    feed_id = await desk.follow()
    await desk.watch("kim")
    ahead = {
        "title": "Kim speaks",
        "body": "word " * 20,
        "published_at": desk.clock.now() + timedelta(hours=1),
    }
    await desk.read(feed_id)
    await desk.read(feed_id, entry("1", url="https://news.example/1", **ahead))
    report = await desk.read(feed_id, entry("2", url=link, **ahead), entry("3", title="Kim goes home"))
    assert (report.new, report.queued) == (2, 1)


async def test_an_article_that_a_feed_just_followed_lists_first_is_announced_by_the_feed_followed_longer(
    desk,
):
    old = await desk.follow("https://old.example/rss")
    await desk.watch("kim")
    await desk.read(old)
    desk.clock.jump(600)
    article = {
        "url": "https://news.example/kim",
        "title": "Kim speaks",
        "body": "",
        "published_at": desk.clock.now(),
    }
    desk.clock.jump(60)
    new = await desk.follow("https://new.example/rss")
    assert (await desk.read(new, entry("n", **article))).queued == 0
    assert (await desk.read(old, entry("o", **article))).queued == 1
    assert (await desk.read(new, entry("n2", **article))).queued == 0


async def test_a_feed_that_changes_all_ids_tells_a_new_subscription_nothing_of_before(desk):
    feed_id = await desk.follow()
    await desk.read(feed_id)
    articles = [{"title": f"Kim, part {n}", "url": f"https://news.example/{n}", "body": ""} for n in range(3)]
    await desk.read(feed_id, *(entry(f"old {n}", **one) for n, one in enumerate(articles)))
    desk.clock.jump(600)
    await desk.watch("kim")
    report = await desk.read(feed_id, *(entry(f"new {n}", **one) for n, one in enumerate(articles)))
    assert (report.new, report.queued) == (3, 0)


async def test_a_feed_with_new_ids_and_dates_in_every_edition_announces_its_articles_once(desk):
    feed_id = await desk.follow()
    await desk.watch("kim")
    await desk.read(feed_id)
    queued = []
    for edition in range(3):
        desk.clock.jump(300)
        made = {"title": "Kim arrives for talks", "url": "https://news.example/1", "body": ""}
        report = await desk.read(feed_id, entry(f"{edition}", published_at=desk.clock.now(), **made))
        queued.append(report.queued)
    assert queued == [1, 0, 0]


async def test_an_article_whose_link_was_edited_is_not_announced_again_by_another_feed(desk):
    first, second = await desk.follow(), await desk.follow("https://other.example/rss")
    await desk.watch("kim")
    await desk.read(first)
    await desk.read(second)
    made = {"title": "Kim arrives for talks", "body": ""}
    await desk.read(first, entry("1", url="https://news.example/old-name", **made))
    await desk.read(first, entry("1", url="https://news.example/new-name", **made))
    assert (await desk.read(second, entry("2", url="https://news.example/new-name", **made))).queued == 0
