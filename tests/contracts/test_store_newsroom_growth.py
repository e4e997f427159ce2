"""What every store promises of stories that grow and articles that are edited: see `bot.ports.Newsroom`."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.model import (
    EntryId,
    NewEntry,
    Span,
    StoryKey,
    TermMatch,
)
from bot.domain.query import Every, Holds
from bot.ports import Retention
from tests.builders import NOW, at, entry
from tests.contracts.desk import deliveries, key_of, matches


async def everything(store):
    return await store.archive.candidates(None, None, None, 100)


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
    new = Every((Holds(("new",)), Holds(("gamma",)), Holds(("author:somebody",))))
    (found,) = (await store.archive.candidates(new, None, None, 9)).articles
    assert (found.entry, found.first_seen_at) == (edited, NOW)
    assert (await store.archive.candidates(Holds(("old", "beta")), None, None, 9)).articles == ()


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
