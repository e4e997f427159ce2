"""What every store promises of writing down a poll's decision: see `bot.ports.Newsroom`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.model import (
    NewEntry,
    NewStory,
    Span,
    StoryKey,
    TermMatch,
    Withheld,
)
from bot.errors import StaleDecision
from bot.ports import Retention
from tests.builders import NOW, at, entry, match
from tests.contracts.desk import deliveries, key_of, matches

COMPLETE = entry(
    "tag:politico.example,2018:1",
    title="White House planning second Trump–Kim summit",
    body="First paragraph.\n\nSecond paragraph, with 김정은 and Ørsted.",
    url="https://politico.example/story?id=1",
    original_url="https://origin.example/story",
    byline="Quint Forgey",
    tags=("Headlines", "Ásia"),
    language="en-US",
    image_url="https://politico.example/picture.jpg",
    published_at=at(hours=-1, microseconds=1),
    updated_at=at(minutes=-1),
    fingerprint=2**63 - 1,
)


async def everything(store):
    return await store.archive.candidates(None, None, None, 100)


# ---------------------------------------------------------------- everything


async def test_record_poll_keeps_every_word_of_an_article(desk, store):
    feed_id = await desk.follow()
    await desk.publish(feed_id, COMPLETE, when=at(seconds=1))
    (article,) = (await everything(store)).articles
    assert article.entry == COMPLETE
    assert (article.feed_id, article.first_seen_at) == (feed_id, at(seconds=1))


async def test_record_poll_keeps_an_article_that_says_next_to_nothing(desk, store):
    bare = entry("x", title="", body="", url=None, published_at=None)
    await desk.publish(await desk.follow(), bare)
    (article,) = (await everything(store)).articles
    assert article.entry == bare


async def test_record_poll_writes_the_state_and_what_the_feed_says_of_itself(desk, store):
    feed_id = await desk.follow()
    state = replace((await store.schedule.feed(feed_id)).state, etag="new", caught_up=True, failures=0)
    said = {"title": "The Example", "site_url": "https://x.example/", "icon_url": "https://x.example/i.png"}
    await desk.publish(feed_id, entry(), state=state, **said)
    feed = await store.schedule.feed(feed_id)
    assert (feed.title, feed.state) == ("The Example", state)
    (article,) = (await everything(store)).articles
    assert (article.source, article.icon_url) == ("The Example", "https://x.example/i.png")


async def test_a_document_that_says_nothing_of_itself_leaves_what_was_known(desk, store):
    feed_id = await desk.follow()
    await desk.publish(feed_id, entry("1"), title="The Example", icon_url="https://x.example/i.png")
    await desk.publish(feed_id, entry("2"))
    newest = (await everything(store)).articles[0]
    assert (newest.source, newest.icon_url) == ("The Example", "https://x.example/i.png")


async def test_a_title_that_somebody_gave_a_feed_stands_before_its_own(desk, store):
    feed_id = await desk.follow(title="Given")
    await desk.publish(feed_id, entry(), title="Published")
    assert (await store.schedule.feed(feed_id)).title == "Given"
    assert (await everything(store)).articles[0].source == "Given"


async def test_an_article_of_a_feed_without_a_title_comes_from_its_host(desk, store):
    await desk.publish(await desk.follow("https://www.paper.example/rss"), entry())
    assert (await everything(store)).articles[0].source == "paper.example"


async def test_record_poll_returns_the_pending_deliveries_that_are_new(desk):
    feed_id = await desk.follow()
    kim, same_channel = await desk.subscribe("kim"), await desk.subscribe("summit")
    elsewhere = await desk.subscribe("kim", "slack:T1/C1")
    article = entry()
    new = await desk.publish(feed_id, article, kim, same_channel, elsewhere)
    assert new == [one.id for one in deliveries([kim, elsewhere], StoryKey(key_of(article)), -1, NOW)]


async def test_record_poll_does_not_return_held_deliveries_but_keeps_them_with_their_reason(desk, store):
    feed_id, kim, article = await desk.follow(), await desk.subscribe(), entry()
    (pending,) = deliveries([kim], StoryKey(key_of(article)), -1, NOW)
    held = replace(pending, held="one of 60 at once")
    assert await desk.publish(feed_id, article, kim, deliveries=(held,)) == []
    assert await store.outbox.due(at(days=1), 10) == []
    assert (await store.upkeep.stats()).held_reasons == {"one of 60 at once": 1}


async def test_a_poll_without_news_is_recorded_too(desk, store):
    feed_id = await desk.follow()
    assert await store.newsroom.record_poll(await desk.outcome(feed_id)) == []
    assert (await store.schedule.feed(feed_id)).state.caught_up


# ---------------------------------------------------------------- matches and ids


async def test_a_withheld_match_is_kept_with_its_story_and_shown_to_nobody(desk):
    feed_id, kim, summit = await desk.follow(), await desk.subscribe("kim"), await desk.subscribe("summit")
    article = entry("a")
    found = (*matches([kim], article, -1), *matches([summit], article, -1, Withheld.TOO_OLD))
    (id,) = await desk.publish(feed_id, article, kim, summit, matches=found)
    assert [one.subscription.id for one in (await desk.claimed(id)).alert.matches] == [kim.id]
    assert (await desk.facts(feed_id, article)).judged == {(kim.id, 1), (summit.id, 1)}


async def test_a_match_that_was_withheld_gives_way_to_one_that_is_not(desk, store):
    feed_id, kim = await desk.follow(), await desk.subscribe()
    first, second = entry("1"), entry("2", title="Kim again")
    await desk.publish(feed_id, first, matches=tuple(matches([kim], first, -1, Withheld.UNDATED)))
    (found,) = matches([kim], second, 1)
    key = StoryKey(key_of(first))
    again = await desk.outcome(
        feed_id,
        new_entries=(NewEntry(second, 1, lead=False),),
        matches=(replace(found, again=True),),
        deliveries=tuple(deliveries([kim], key, 1, NOW)),
    )
    (id,) = await store.newsroom.record_poll(again)
    (shown,) = (await desk.claimed(id)).alert.matches
    assert (shown.subscription.id, shown.entry_id) == (kim.id, 2)
    assert (await desk.facts(feed_id, first)).withheld == frozenset()


async def test_a_match_that_others_have_released_meanwhile_is_not_released_twice(desk, store):
    feed_id, kim = await desk.follow(), await desk.subscribe()
    first, second = entry("1"), entry("2", title="Kim again")
    await desk.publish(feed_id, first, kim)
    (found,) = matches([kim], second, 1)
    late = await desk.outcome(
        feed_id, new_entries=(NewEntry(second, 1, lead=False),), matches=(replace(found, again=True),)
    )
    with pytest.raises(StaleDecision):
        await store.newsroom.record_poll(late)


async def test_a_match_keeps_every_term_with_every_place(desk):
    feed_id, kim = await desk.follow(), await desk.subscribe()
    article = entry("a", title="Kim – Kim", body="金正恩 sagt “nein”")
    terms = (
        TermMatch("“Kim”", "title", (Span(0, 3), Span(6, 9))),
        TermMatch("金正恩", "body", (Span(0, 3),)),
    )
    found = replace(
        matches([kim], article, -1)[0],
        match=replace(match("Kim", "Kim"), subscription_id=kim.id, terms=terms),
    )
    (id,) = await desk.publish(feed_id, article, kim, matches=(found,))
    assert (await desk.claimed(id)).alert.matches[0].terms == terms


async def test_ids_of_articles_rise_in_the_order_of_the_document_and_are_never_given_again(desk, store):
    feed_id = await desk.follow()
    articles = [entry(uid) for uid in "abc"]
    keys = [NewStory((StoryKey(key_of(one)),), NOW) for one in articles]
    new = [NewEntry(one, -n, lead=True) for n, one in enumerate(articles, 1)]
    await desk.publish(feed_id, articles[0], new_stories=tuple(keys), new_entries=tuple(new))
    assert [one.id for one in (await everything(store)).articles] == [3, 2, 1]
    while await store.upkeep.prune(at(days=500), Retention(), 100):
        pass
    await desk.publish(feed_id, entry("d"), when=at(days=500))
    assert [one.id for one in (await everything(store)).articles] == [4]


async def test_listed_marks_the_ids_that_the_feed_still_lists(desk, store):
    feed_id, kept, dropped = await desk.follow(), entry("kept"), entry("dropped")
    for article in (kept, dropped):
        await desk.publish(feed_id, article, listed=(article.fingerprint,))
    state = replace((await store.schedule.feed(feed_id)).state, listed_at=at(days=50), caught_up=True)
    await store.newsroom.record_poll(
        await desk.outcome(feed_id, at(days=50), listed=(kept.fingerprint,), state=state)
    )
    while await store.upkeep.prune(at(days=120), Retention(), 100):
        pass
    assert await store.newsroom.listing(feed_id) == {kept.fingerprint}
