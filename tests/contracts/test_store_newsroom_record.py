"""What every store promises of writing down a poll's decision: see `bot.ports.Newsroom`."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.model import (
    EntryId,
    NewDelivery,
    NewEntry,
    NewStory,
    Span,
    StoryKey,
    TermMatch,
    Withheld,
)
from bot.errors import StaleDecision
from bot.ports import Retention
from bot.stores import open_store
from tests.builders import NOW, at, entry, match
from tests.contracts.desk import Desk, deliveries, key_of, matches

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
    return await store.archive.candidates([], None, None, 100)


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


# ---------------------------------------------------------------- stale decisions


@pytest.fixture
async def scene(desk):
    """A feed, a subscription, and the story that somebody else records first."""
    feed_id, kim, article = await desk.follow(), await desk.subscribe(), entry("first")
    return feed_id, kim, article


async def refuses(store, outcome):
    """Assert that an outcome is stale, and that nothing of it was written."""
    before = (await store.upkeep.stats(), await everything(store), await store.schedule.feed(outcome.feed_id))
    with pytest.raises(StaleDecision):
        await store.newsroom.record_poll(outcome)
    after = (await store.upkeep.stats(), await everything(store), await store.schedule.feed(outcome.feed_id))
    assert replace(before[0], size_bytes=0) == replace(after[0], size_bytes=0)
    assert before[1:] == after[1:]


async def test_record_poll_refuses_a_decision_taken_on_another_revision(desk, store, scene):
    feed_id, kim, article = scene
    outcome = await desk.telling(feed_id, article, kim)
    await desk.subscribe("summit")
    await refuses(store, outcome)


async def test_record_poll_refuses_a_decision_taken_before_the_feed_was_followed_anew(desk, store, scene):
    feed_id, kim, article = scene
    outcome = await desk.telling(feed_id, article, kim)
    await store.registry.unfollow("https://news.example/rss", at(minutes=1))
    await desk.follow(when=at(minutes=2))
    revision = (await desk.facts(feed_id)).revision
    await refuses(store, replace(outcome, revision=revision))


async def test_record_poll_refuses_a_story_key_that_has_been_taken(desk, store, scene):
    feed_id, kim, article = scene
    outcome = await desk.telling(feed_id, replace(article, uid="second"), kim)
    await desk.publish(await desk.follow(), article)
    await refuses(store, outcome)


async def test_record_poll_refuses_a_key_for_a_stored_story_that_has_been_taken(desk, store, scene):
    feed_id, _, article = scene
    await desk.publish(feed_id, article)
    record = NewEntry(entry("copy"), 1, lead=False, new_keys=(StoryKey(key_of(article)),))
    await refuses(store, await desk.outcome(feed_id, new_entries=(record,)))


async def test_record_poll_refuses_a_uid_that_has_been_taken(desk, store, scene):
    feed_id, kim, article = scene
    outcome = await desk.telling(feed_id, replace(article, url="https://x.example", key="x.example"), kim)
    await desk.publish(feed_id, article)
    await refuses(store, outcome)


async def test_record_poll_refuses_a_second_delivery_of_a_story_to_a_channel(desk, store, scene):
    feed_id, kim, article = scene
    await desk.publish(feed_id, article, kim)
    again = NewDelivery("another-id", kim.channel.id, 1, NOW)
    await refuses(store, await desk.outcome(feed_id, deliveries=(again,)))


async def test_record_poll_refuses_a_second_match_of_a_story_with_a_subscription(desk, store, scene):
    feed_id, kim, article = scene
    await desk.publish(feed_id, article, kim)
    record = NewEntry(entry("copy"), 1, lead=False)
    found = tuple(matches([kim], record.entry, 1))
    await refuses(store, await desk.outcome(feed_id, new_entries=(record,), matches=found))


async def test_record_poll_refuses_a_story_that_has_been_forgotten(desk, store, scene):
    feed_id, _, _ = scene
    record = NewEntry(entry("copy"), 7, lead=False)
    await refuses(store, await desk.outcome(feed_id, new_entries=(record,)))


async def test_a_fault_of_the_program_is_not_taken_for_a_race(desk, store):
    feed_id = await desk.follow()
    broken = entry("x", byline=None)
    with pytest.raises(Exception, match="NOT NULL") as raised:
        await desk.publish(feed_id, broken)
    assert not isinstance(raised.value, StaleDecision)
    assert (await everything(store)).articles == ()


async def test_two_polls_that_record_the_same_story_at_once_make_one_delivery(desk, store, store_url):
    feed_id, other_feed = await desk.follow(), await desk.follow("https://other.example/rss")
    kim = await desk.subscribe()
    async with open_store(store_url) as other:
        for number in range(10):
            same = entry(f"story {number}", url=f"https://news.example/{number}")
            ours = await desk.telling(feed_id, same, kim)
            theirs = await Desk(other).telling(other_feed, same, kim)
            results = await asyncio.gather(
                store.newsroom.record_poll(ours),
                other.newsroom.record_poll(theirs),
                return_exceptions=True,
            )
            assert sorted(type(result).__name__ for result in results) == ["StaleDecision", "list"]
    stats = await store.upkeep.stats()
    assert (stats.stories, stats.articles, stats.deliveries["pending"]) == (10, 10, 10)


async def test_polls_of_one_process_race_no_differently(desk, store):
    feeds = [await desk.follow(f"https://{n}.example/rss") for n in range(8)]
    kim = await desk.subscribe()
    outcomes = [await desk.telling(feed_id, entry("same"), kim) for feed_id in feeds]
    results = await asyncio.gather(*map(store.newsroom.record_poll, outcomes), return_exceptions=True)
    assert sum(isinstance(result, StaleDecision) for result in results) == 7
    assert (await store.upkeep.stats()).deliveries["pending"] == 1


async def test_a_poll_that_cannot_be_recorded_does_not_harm_those_of_the_same_moment(desk, store):
    feeds = [await desk.follow(f"https://{n}.example/rss") for n in range(4)]
    kim = await desk.subscribe()
    outcomes = [await desk.telling(feed_id, entry(f"{feed_id}"), kim) for feed_id in feeds]
    outcomes[1] = replace(outcomes[1], revision=0)
    outcomes[2] = replace(outcomes[2], new_entries=(NewEntry(entry("broken", byline=None), -1, lead=True),))
    results = await asyncio.gather(*map(store.newsroom.record_poll, outcomes), return_exceptions=True)
    assert [type(result).__name__ for result in results] == ["list", "StaleDecision", "StoreError", "list"]
    assert (await store.upkeep.stats()).deliveries["pending"] == 2


# ---------------------------------------------------------------- stories that grow


async def test_an_entry_that_leads_becomes_the_storys_lead_from_then_on(desk):
    feed_id, copy_of, original = await desk.follow(), entry("copy"), entry("original")
    await desk.publish(feed_id, copy_of)
    await desk.copy(feed_id, original, copy_of, lead=True)
    (story,) = (await desk.facts(feed_id, copy_of)).stories[key_of(copy_of)]
    assert (story.lead_key, story.title) == (original.key, original.title)


async def test_within_one_poll_the_last_entry_that_leads_wins(desk):
    feed_id, copy_of, original = await desk.follow(), entry("copy"), entry("original")
    both = (
        NewEntry(copy_of, -1, lead=True),
        NewEntry(original, -1, lead=True),
        NewEntry(entry("3"), -1, False),
    )
    await desk.publish(feed_id, copy_of, new_entries=both)
    (story,) = (await desk.facts(feed_id, copy_of)).stories[key_of(copy_of)]
    assert (story.lead_key, story.lead_entry_id) == (original.key, 2)


async def test_a_story_is_as_old_as_its_oldest_entry(desk):
    feed_id, article = await desk.follow(), entry("a", published_at=at(hours=-1))
    await desk.publish(feed_id, article)
    await desk.copy(feed_id, entry("older", published_at=at(hours=-5)), article)
    await desk.copy(feed_id, entry("newer", published_at=NOW), article)
    await desk.copy(feed_id, entry("undated", published_at=None), article)
    (story,) = (await desk.facts(feed_id, article)).stories[key_of(article)]
    assert (story.published_at, story.lead_published_at) == (at(hours=-5), at(hours=-1))


async def test_a_new_story_is_as_old_as_the_oldest_entry_of_the_poll_that_opened_it(desk):
    feed_id, older, newer = await desk.follow(), entry("a", published_at=at(hours=-5)), entry("b")
    for first, second in ((older, newer), (newer, older)):
        first = replace(first, url=f"https://{first.uid}.example", key=f"{first.uid}.example")
        both = (
            NewEntry(first, -1, lead=True),
            NewEntry(replace(second, uid=f"{first.uid}2"), -1, lead=False),
        )
        await desk.publish(feed_id, first, new_entries=both)
        (story,) = (await desk.facts(feed_id, first)).stories[key_of(first)]
        assert story.published_at == at(hours=-5)


async def test_an_article_listed_again_under_another_uid_is_remembered_without_a_second_article(desk, store):
    feed_id, article = await desk.follow(), entry("a")
    await desk.publish(feed_id, article)
    renamed = replace(article, uid="b", fingerprint=7)
    await desk.copy(feed_id, renamed, article, same_as=EntryId(1))
    assert [found.entry.uid for found in (await everything(store)).articles] == ["a"]
    assert (await desk.facts(feed_id, renamed)).known["b"].entry_id == 1
    assert await store.newsroom.listing(feed_id) == {article.fingerprint, 7}


async def test_a_match_may_join_a_story_whose_delivery_is_pending(desk):
    feed_id, kim, summit = await desk.follow(), await desk.subscribe("kim"), await desk.subscribe("summit")
    article = entry("a")
    (delivery_id,) = await desk.publish(feed_id, article, kim)
    assert await desk.copy(feed_id, entry("b"), article, summit) == []
    alert = (await desk.claimed(delivery_id)).alert
    assert [found.subscription.query for found in alert.matches] == ["kim", "summit"]
    assert [told.entry.uid for told in alert.articles] == ["a", "b"]


# ---------------------------------------------------------------- edits


async def test_an_edit_changes_the_text_that_is_shown_and_searched(desk, store):
    feed_id, article = await desk.follow(), entry("a", title="Old headline", body="Alpha beta")
    await desk.publish(feed_id, article)
    edited = entry("a", title="New headline", body="Alpha gamma", byline="Somebody", updated_at=at(hours=1))
    await desk.edit(feed_id, edited, when=at(hours=1))
    (found,) = (await store.archive.candidates([["new", "gamma"]], None, None, 9)).articles
    assert (found.entry, found.first_seen_at) == (edited, NOW)
    assert (await store.archive.candidates([["old"], ["beta"]], None, None, 9)).articles == ()


async def test_an_edit_is_known_by_its_new_fingerprint_and_keeps_its_first_date(desk, store):
    feed_id, article = await desk.follow(), entry("a", published_at=at(days=-1))
    await desk.publish(feed_id, article)
    await desk.edit(feed_id, replace(article, fingerprint=9, published_at=NOW))
    known = (await desk.facts(feed_id, article)).known["a"]
    assert (known.fingerprint, known.published_at) == (9, at(days=-1))
    assert await store.newsroom.listing(feed_id) == {9}


async def test_an_edit_that_first_makes_an_article_match_alerts(desk):
    feed_id, kim, article = await desk.follow(), await desk.subscribe(), entry("a")
    await desk.publish(feed_id, article)
    (delivery,) = deliveries([kim], StoryKey(key_of(article)), 1, NOW)
    edited = entry("a", title="Kim comes")
    (id,) = await desk.edit(feed_id, edited, kim, deliveries=(replace(delivery, updated=True),))
    alert = (await desk.claimed(id)).alert
    assert alert.updated
    assert alert.matches[0].terms == matches([kim], edited, 1)[0].match.terms


async def test_an_edit_moves_the_marks_of_earlier_matches_to_where_their_words_now_stand(desk):
    feed_id, kim = await desk.follow(), await desk.subscribe()
    article = entry("a", title="Kim meets Trump", body="Then Kim left. Kim slept.")
    (id,) = await desk.publish(feed_id, article, kim)
    await desk.edit(feed_id, entry("a", title="Update: Kim meets Trump", body="nothing"))
    (found,) = (await desk.claimed(id)).alert.matches
    assert found.terms == (TermMatch("Kim", "title", (Span(8, 11),)),)


async def test_an_edit_that_takes_the_words_away_takes_their_marks_away(desk):
    feed_id, kim, article = await desk.follow(), await desk.subscribe(), entry("a", title="Kim comes")
    (id,) = await desk.publish(feed_id, article, kim)
    await desk.edit(feed_id, entry("a", title="Nobody comes"))
    (found,) = (await desk.claimed(id)).alert.matches
    assert found.terms == (TermMatch("Kim", "title", ()),)


async def test_an_edit_of_a_pruned_article_is_remembered_by_its_fingerprint(desk, store):
    feed_id, article = await desk.follow(), entry("a")
    await desk.publish(feed_id, article, listed=(article.fingerprint,))
    await store.upkeep.prune(at(days=91), Retention(), 100)
    await desk.edit(feed_id, entry("a", title="Edited", fingerprint=9), when=at(days=91))
    assert await store.newsroom.listing(feed_id) == {9}
    assert (await everything(store)).articles == ()


# ---------------------------------------------------------------- matches and ids


async def test_a_withheld_match_is_kept_with_its_story_and_shown_to_nobody(desk):
    feed_id, kim, summit = await desk.follow(), await desk.subscribe("kim"), await desk.subscribe("summit")
    article = entry("a")
    found = (*matches([kim], article, -1), *matches([summit], article, -1, Withheld.TOO_OLD))
    (id,) = await desk.publish(feed_id, article, kim, summit, matches=found)
    assert [one.subscription.id for one in (await desk.claimed(id)).alert.matches] == [kim.id]
    assert (await desk.facts(feed_id, article)).judged == {(kim.id, 1), (summit.id, 1)}


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
