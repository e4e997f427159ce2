"""What every store promises to say before a poll decides: see `bot.ports.Newsroom`."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bot.domain.model import EntryId, KnownEntry, NewEntry, NewStory, StoryId, StoryKey, Withheld
from bot.ports import Retention
from tests.builders import NOW, at, entry
from tests.contracts.desk import key_of, matches

# ---------------------------------------------------------------- listing


async def test_listing_returns_the_fingerprints_of_all_ids_remembered_of_a_feed(desk, store):
    feed_id, other = await desk.follow(), await desk.follow("https://other.example/rss")
    articles = [entry(str(n)) for n in range(3)]
    for article in articles:
        await desk.publish(feed_id, article)
    await desk.publish(other, entry("elsewhere"))
    assert await store.newsroom.listing(feed_id) == {article.fingerprint for article in articles}


async def test_listing_of_a_feed_that_was_never_read_is_empty(desk, store):
    assert await store.newsroom.listing(await desk.follow()) == frozenset()


# ---------------------------------------------------------------- known entries


async def test_facts_know_an_entry_by_its_uid(desk):
    feed_id = await desk.follow()
    article = entry("a", published_at=at(hours=-1))
    await desk.publish(feed_id, article, when=at(seconds=5))
    known = (await desk.facts(feed_id, replace(article, title="Edited", fingerprint=7), entry("b"))).known
    assert known == {
        "a": KnownEntry(
            uid="a",
            fingerprint=article.fingerprint,
            entry_id=EntryId(1),
            story_id=StoryId(1),
            story_key=StoryKey(key_of(article)),
            first_seen_at=at(seconds=5),
            published_at=at(hours=-1),
            title=article.title,
            body=article.body,
            key=article.key,
        )
    }


async def test_facts_do_not_know_what_another_feed_calls_by_the_same_uid(desk):
    feed_id, other = await desk.follow(), await desk.follow("https://other.example/rss")
    await desk.publish(other, entry("1"))
    assert (await desk.facts(feed_id, entry("1"))).known == {}


async def test_facts_know_an_entry_whose_article_has_been_pruned_without_its_text(desk, store):
    feed_id = await desk.follow()
    article = entry("a")
    await desk.publish(feed_id, article, listed=(article.fingerprint,))
    assert await store.upkeep.prune(at(days=91), Retention(), 100) == 1
    known = (await desk.facts(feed_id, article)).known["a"]
    assert (known.entry_id, known.title, known.body) == (None, "", "")
    assert (known.fingerprint, known.story_key) == (article.fingerprint, StoryKey(key_of(article)))


# ---------------------------------------------------------------- candidate stories


async def test_facts_offer_the_stories_under_a_key_with_the_text_of_their_leads(desk):
    feed_id, other = await desk.follow(), await desk.follow("https://other.example/rss")
    article, copied = entry("a", published_at=at(hours=-2)), entry("b", published_at=at(hours=-1))
    await desk.publish(feed_id, article)
    await desk.copy(other, copied, article)
    (story,) = (await desk.facts(other, article)).stories[key_of(article)]
    assert (story.id, story.key, story.published_at) == (1, StoryKey(key_of(article)), at(hours=-2))
    assert (story.title, story.body) == (article.title, article.body)
    assert story.feed_ids == {feed_id, other}
    assert (story.lead_feed_id, story.lead_entry_id, story.lead_key) == (feed_id, 1, article.key)
    assert story.lead_published_at == at(hours=-2)


@pytest.mark.parametrize(
    ("url", "site_url", "expected"),
    [
        ("https://news.example/rss", None, True),
        ("https://proxy.example/feeds/news", "https://www.news.example/", True),
        ("https://other.example/rss", "https://other.example/", False),
    ],
)
async def test_facts_tell_whether_a_story_is_led_by_its_publishers_own_listing(desk, url, site_url, expected):
    feed_id, article = await desk.follow(url), entry("a", url="https://news.example/a")
    await desk.publish(feed_id, article, site_url=site_url)
    (story,) = (await desk.facts(feed_id, article)).stories[key_of(article)]
    assert story.lead_at_home is expected


async def test_facts_offer_at_most_eight_stories_under_one_key_the_newest_slot_last(desk):
    feed_id = await desk.follow()
    same = [entry(str(n), url="https://news.example/live") for n in range(10)]
    for article in same:
        await desk.publish(feed_id, article)
    facts = await desk.facts(feed_id, same[0])
    assert [story.key.slot for story in facts.stories[key_of(same[0])]] == list(range(2, 10))


async def test_facts_say_the_first_free_slot_of_each_key(desk):
    feed_id = await desk.follow()
    for uid in ("a", "b"):
        await desk.publish(feed_id, entry(uid, url="https://news.example/live"))
    facts = await desk.facts(feed_id, entry("c", url="https://news.example/live"), entry("d"))
    assert facts.slots == {"url:news.example/live": 2}


async def test_a_story_is_found_under_every_key_that_it_gained(desk, store):
    feed_id = await desk.follow()
    article = entry("a")
    await desk.publish(feed_id, article)
    await desk.copy(feed_id, entry("b"), article, new_keys=(StoryKey("url:gained.example/1"),))
    facts = await store.newsroom.facts(feed_id, [], ["url:gained.example/1"])
    assert [story.key for story in facts.stories["url:gained.example/1"]] == [StoryKey(key_of(article))]


async def test_a_story_without_any_stored_article_is_no_candidate_but_keeps_its_slot(desk, store):
    feed_id = await desk.follow()
    article = entry("a")
    await desk.publish(feed_id, article, listed=(article.fingerprint,))
    await store.upkeep.prune(at(days=91), Retention(), 100)
    facts = await desk.facts(feed_id, entry("b", url=article.url))
    assert facts.stories[key_of(article)] == ()
    assert facts.slots == {key_of(article): 1}


# ---------------------------------------------------------------- judged, alerted, followers, revision


async def test_facts_name_the_pairs_that_were_judged_or_alerted_of_known_and_candidate_stories(desk):
    feed_id = await desk.follow()
    kim = await desk.subscribe("kim")
    summit = await desk.subscribe("summit", "console:business")
    first, second, unrelated = entry("1"), entry("2"), entry("3")
    await desk.publish(feed_id, first, kim)
    await desk.publish(feed_id, second, summit)
    await desk.publish(feed_id, unrelated, kim, summit)
    facts = await desk.facts(feed_id, first, replace(second, uid="other id"))
    assert facts.judged == {(kim.id, 1), (summit.id, 2)}
    assert facts.alerted == {(kim.channel.id, 1), (summit.channel.id, 2)}


async def test_a_withheld_match_is_judged_but_not_alerted(desk):
    feed_id, kim, article = await desk.follow(), await desk.subscribe(), entry()
    await desk.publish(feed_id, article, kim, deliveries=())
    facts = await desk.facts(feed_id, article)
    assert (facts.judged, facts.alerted) == ({(kim.id, 1)}, frozenset())


async def test_facts_tell_what_was_withheld_from_what_was_not(desk):
    feed_id, kim, summit = await desk.follow(), await desk.subscribe("kim"), await desk.subscribe("summit")
    article = entry()
    found = (*matches([kim], article, -1), *matches([summit], article, -1, Withheld.UNDATED))
    await desk.publish(feed_id, article, kim, matches=found)
    assert (await desk.facts(feed_id, article)).withheld == {(summit.id, 1)}


async def test_an_offered_feed_is_followed_by_every_workspace_since_the_later_of_offer_and_arrival(
    desk, store
):
    slack = await store.registry.workspace("slack", "T1", at(days=-1))
    feed_id = await desk.follow()
    discord = await store.registry.workspace("discord", "G1", at(days=1))
    assert (await desk.facts(feed_id)).followers == {slack.id: NOW, discord.id: at(days=1)}


async def test_a_limited_feed_is_followed_by_its_workspaces_only(desk, store):
    await store.registry.workspace("slack", "T1", NOW)
    feed_id = await desk.follow(workspaces=(("discord", "G1"),))
    discord = await store.registry.workspace("discord", "G1", NOW)
    assert (await desk.facts(feed_id)).followers == {discord.id: NOW}


async def test_a_workspace_follows_since_its_earliest_row_that_is_not_retired(desk, store):
    await store.registry.workspace("slack", "T1", at(days=-9))
    feed_id = await desk.follow(
        name="retired", when=at(days=-3), workspaces=(("slack", "T1"), ("slack", "T2"))
    )
    await desk.follow(when=at(days=-2), workspaces=(("slack", "T1"),))
    await desk.follow(when=at(days=-1))
    await store.registry.unfollow("retired", NOW)
    slack = await store.registry.workspace("slack", "T1", NOW)
    assert (await desk.facts(feed_id)).followers[slack.id] == at(days=-2)


async def test_facts_carry_the_revision_of_subscriptions_and_follows(desk, store):
    feed_id = await desk.follow()
    first = (await desk.facts(feed_id)).revision
    await desk.subscribe()
    second = (await desk.facts(feed_id)).revision
    await desk.follow("https://other.example/rss")
    third = (await desk.facts(feed_id)).revision
    assert first < second < third == (await store.registry.changes(0)).revision


async def test_facts_of_nothing_are_empty(desk):
    facts = await desk.facts(await desk.follow())
    assert (facts.known, facts.stories, facts.slots, facts.judged) == ({}, {}, {}, frozenset())


async def test_facts_of_five_thousand_entries_are_read_in_good_time(desk, store):
    feed_id, kim = await desk.follow(), await desk.subscribe()
    many = [entry(str(n)) for n in range(5000)]
    await desk.publish(
        feed_id,
        many[0],
        new_stories=tuple(NewStory((StoryKey(key_of(one)),), NOW) for one in many),
        new_entries=tuple(NewEntry(one, -n, lead=True) for n, one in enumerate(many, 1)),
        matches=tuple(matches([kim], many[0], -1)),
    )
    started = time.process_time()
    facts = await desk.facts(feed_id, *many)
    assert time.process_time() - started < 5
    assert (len(facts.known), len(facts.stories), len(facts.slots)) == (5000, 5000, 5000)
