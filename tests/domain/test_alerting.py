"""What one poll means for every channel."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.alerting import Reading, dated, decide, delivery_id, newly, told_apart
from bot.domain.folding import keys_to_look_up
from bot.domain.model import (
    AlertRules,
    Channel,
    ChannelAddress,
    ChannelId,
    Entry,
    EntryId,
    Feed,
    FeedId,
    FeedState,
    KnownEntry,
    KnownStory,
    Match,
    ParsedFeed,
    PollFacts,
    StoryId,
    StoryKey,
    Subscription,
    SubscriptionId,
    Withheld,
    WorkspaceId,
)

NOW = datetime(2018, 9, 10, 20, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BODY = (
    "The White House is planning a second summit between President Trump and North Korean leader Kim Jong Un."
)


def channel(number=1, workspace=1):
    return Channel(
        ChannelId(number), WorkspaceId(workspace), ChannelAddress("slack", f"T{workspace}", f"C{number}")
    )


def subscription(number=1, **changes):
    values = {"channel": channel(), "query": "summit", "created_at": NOW - 10 * HOUR} | changes
    return Subscription(id=SubscriptionId(number), **values)


def entry(uid="a", **changes):
    values = {
        "title": f"Headline {uid}",
        "body": f"{BODY} {uid}",
        "url": f"https://example.org/{uid}",
        "key": f"example.org/{uid}",
        "published_at": NOW - HOUR / 2,
        "fingerprint": hash(uid) & 0xFFFF,
    } | changes
    return Entry(uid=uid, **values)


FEED = Feed(FeedId(7), "feed", "https://example.org/rss", FeedState(NOW, caught_up=True))


def read(*entries, feed=FEED, subscriptions=None, facts=None, matching=None):
    """Return the outcome of a poll in which every subscription matches the entries named (all by default)."""
    subscriptions = subscriptions or (subscription(),)
    facts = facts or PollFacts(revision=3, followers={WorkspaceId(1): NOW - 10 * HOUR})
    matches = {
        one.uid: [Match(sub.id, ()) for sub in subscriptions]
        for one in entries
        if matching is None or one.uid in matching
    }
    reading = Reading(
        feed,
        feed.state,
        ParsedFeed(dated(entries, NOW), tuple(one.fingerprint for one in entries)),
        facts,
        {sub.id: sub for sub in subscriptions},
        matches,
    )
    return decide(reading, AlertRules(), NOW)


def known_story(**changes):
    values = {
        "id": StoryId(5),
        "key": StoryKey("url:example.org/a"),
        "published_at": NOW - HOUR,
        "title": "Headline a",
        "body": BODY,
        "feed_ids": frozenset({FeedId(8)}),
        "lead_feed_id": FeedId(8),
        "lead_entry_id": EntryId(50),
        "lead_key": "example.org/a",
    } | changes
    return KnownStory(**values)


def facts_with(story, **changes):
    values = {
        "revision": 3,
        "followers": {WorkspaceId(1): NOW - 10 * HOUR},
        "stories": {story.key.key: (story,)},
        "slots": {story.key.key: story.key.slot + 1},
    } | changes
    return PollFacts(**values)


def withheld(outcome):
    return [match.withheld for match in outcome.matches]


# ---------------------------------------------------------------- an ordinary poll


def test_a_new_article_that_matches_becomes_one_delivery_after_the_gathering_time():
    outcome = read(entry())
    (delivery,) = outcome.deliveries
    assert (delivery.channel_id, delivery.story, delivery.updated, delivery.held) == (1, -1, False, None)
    assert delivery.due_at == NOW + AlertRules().gather
    assert withheld(outcome) == [None]
    assert outcome.revision == 3
    assert outcome.state.caught_up
    assert outcome.state.new_entry_at == NOW


def test_an_article_that_matches_nothing_is_stored_and_not_delivered():
    outcome = read(entry(), matching=())
    assert len(outcome.new_entries) == 1
    assert outcome.deliveries == ()


def test_two_subscriptions_of_one_channel_give_one_delivery_with_both_reasons():
    outcome = read(entry(), subscriptions=(subscription(1), subscription(2)))
    assert len(outcome.deliveries) == 1
    assert [match.match.subscription_id for match in outcome.matches] == [1, 2]


def test_two_channels_get_a_delivery_each():
    subscriptions = (subscription(1), subscription(2, channel=channel(2)))
    outcome = read(entry(), subscriptions=subscriptions)
    assert {delivery.channel_id for delivery in outcome.deliveries} == {1, 2}
    assert len({delivery.id for delivery in outcome.deliveries}) == 2


def test_a_workspace_that_does_not_follow_the_feed_sees_nothing():
    outcome = read(entry(), subscriptions=(subscription(channel=channel(2, workspace=2)),))
    assert outcome.matches == ()


@pytest.mark.parametrize(("feeds", "count"), [({7}, 1), ({8}, 0)])
def test_a_subscription_limited_to_feeds_sees_only_those(feeds, count):
    outcome = read(entry(), subscriptions=(subscription(feeds=frozenset(map(FeedId, feeds))),))
    assert len(outcome.deliveries) == count


def test_a_delivery_id_is_short_ascii_and_the_same_every_time():
    one = delivery_id(channel(), StoryKey("url:x"))
    assert one == delivery_id(channel(), StoryKey("url:x"))
    assert one != delivery_id(channel(), StoryKey("url:x", 1))
    assert one.isascii()
    assert len(one) <= 25


@pytest.mark.parametrize(("age", "listed"), [(None, True), (timedelta(days=2), True), (HOUR, False)])
def test_listed_ids_are_marked_once_a_day(age, listed):
    state = replace(FEED.state, listed_at=None if age is None else NOW - age)
    outcome = read(entry(), feed=replace(FEED, state=state))
    assert (outcome.listed is not None) == listed
    assert outcome.state.listed_at == (NOW if listed else NOW - HOUR)


# ---------------------------------------------------------------- what counts as news


FIRST = replace(FEED, state=FeedState(NOW, caught_up=False))


@pytest.mark.parametrize(
    ("published", "verdict"),
    [
        (NOW - 11 * HOUR, Withheld.BEFORE_FOLLOWING),
        (NOW - 9 * HOUR, None),
        (None, Withheld.UNDATED),
        (NOW + HOUR, Withheld.UNDATED),
    ],
)
def test_a_first_poll_alerts_only_what_was_published_since(published, verdict):
    outcome = read(entry(published_at=published), feed=FIRST)
    assert withheld(outcome) == [verdict]
    assert len(outcome.deliveries) == (verdict is None)
    assert outcome.state.caught_up


def test_a_first_poll_counts_from_the_later_of_follow_and_subscription():
    late = subscription(created_at=NOW - 5 * HOUR)
    assert withheld(read(entry(published_at=NOW - 6 * HOUR), feed=FIRST, subscriptions=(late,))) == [
        Withheld.BEFORE_FOLLOWING
    ]


def test_after_a_restore_nothing_of_the_gap_is_announced():
    restored = replace(FIRST, state=replace(FIRST.state, quiet_before=NOW - HOUR))
    assert withheld(read(entry(published_at=NOW - 2 * HOUR), feed=restored)) == [Withheld.BEFORE_FOLLOWING]
    assert withheld(read(entry(published_at=NOW - HOUR / 2), feed=restored)) == [None]


@pytest.mark.parametrize(
    ("published", "verdict"),
    [(NOW - 49 * HOUR, Withheld.TOO_OLD), (NOW - 47 * HOUR, None), (None, None), (NOW + HOUR, None)],
)
def test_later_an_old_article_is_stored_but_not_alerted(published, verdict):
    outcome = read(entry(published_at=published))
    assert withheld(outcome) == [verdict]
    assert len(outcome.new_entries) == 1


def test_a_flood_posts_the_newest_and_holds_the_others_with_a_reason():
    entries = [entry(f"e{n}", published_at=NOW - n * HOUR / 100) for n in range(30)]
    entries = [replace(one, body=f"{one.uid} " * 30) for one in entries]
    outcome = read(*entries)
    held = [delivery for delivery in outcome.deliveries if delivery.held]
    assert (len(outcome.deliveries), len(held)) == (30, 10)
    assert "one of 30 alerts at once" in held[0].held
    assert {delivery.story for delivery in held} == set(range(-21, -31, -1))


# ---------------------------------------------------------------- stories


def test_two_feeds_with_the_same_article_fold_into_one_story():
    outcome = read(entry(), facts=facts_with(known_story()))
    assert outcome.new_stories == ()
    assert [one.story for one in outcome.new_entries] == [5]
    assert outcome.deliveries[0].story == 5


def test_a_channel_that_had_the_story_does_not_get_it_again():
    facts = facts_with(known_story(), alerted=frozenset({(ChannelId(1), StoryId(5))}))
    outcome = read(entry(), facts=facts)
    assert len(outcome.matches) == 1
    assert outcome.deliveries == ()


def test_a_subscription_that_was_judged_with_a_story_is_not_judged_again():
    facts = facts_with(known_story(), judged=frozenset({(SubscriptionId(1), StoryId(5))}))
    assert read(entry(), facts=facts).matches == ()


WITHHELD = frozenset({(SubscriptionId(1), StoryId(5))})


@pytest.mark.parametrize(
    ("published", "alerts"), [(NOW - HOUR, 1), (NOW - 11 * HOUR, 0)], ids=["since followed", "before"]
)
def test_what_the_first_poll_of_another_feed_withheld_is_news_where_it_was_published_since(published, alerts):
    story = known_story(published_at=published, lead_at_home=True)
    outcome = read(entry(), facts=facts_with(story, judged=WITHHELD, withheld=WITHHELD))
    assert len(outcome.deliveries) == alerts
    assert [match.again for match in outcome.matches] == [True] * alerts


def test_what_was_withheld_is_released_once():
    facts = facts_with(known_story(), judged=WITHHELD, withheld=WITHHELD)
    outcome = read(entry(), entry("b", title="Headline a", key="example.org/a"), facts=facts)
    assert (len(outcome.matches), len(outcome.deliveries)) == (1, 1)


def test_a_copy_of_an_old_story_is_old():
    story = known_story(published_at=NOW - 60 * HOUR, lead_at_home=True)
    assert withheld(read(entry(), facts=facts_with(story))) == [Withheld.TOO_OLD]


OTHERS = Feed(FeedId(9), "feed", "https://wire.example/rss", FeedState(NOW, caught_up=True))


def test_an_old_date_that_others_gave_does_not_make_the_publishers_own_article_old():
    story = known_story(published_at=NOW - 60 * HOUR)
    outcome = read(entry(), facts=facts_with(story))
    assert withheld(outcome) == [None]
    assert outcome.new_entries[0].lead


def test_a_new_date_that_others_give_does_not_make_an_old_article_new():
    for at_home in (True, False):
        story = known_story(published_at=NOW - 60 * HOUR, lead_at_home=at_home)
        outcome = read(entry(), feed=OTHERS, facts=facts_with(story))
        assert withheld(outcome) == [Withheld.TOO_OLD]
        assert not outcome.new_entries[0].lead


def test_what_others_gave_an_old_date_is_released_by_the_publishers_own_listing():
    pair = frozenset({(SubscriptionId(1), StoryId(5))})
    story = known_story(published_at=NOW - 60 * HOUR)
    outcome = read(entry(), facts=facts_with(story, judged=pair, withheld=pair))
    assert [match.again for match in outcome.matches] == [True]
    assert len(outcome.deliveries) == 1


def test_another_text_under_the_same_address_is_another_story():
    story = known_story(
        title="Golf results", body="Nothing but golf was played on Sunday by many old men in hats."
    )
    outcome = read(entry(), facts=facts_with(story))
    (new,) = outcome.new_stories
    assert new.keys[0] == StoryKey("url:example.org/a", 1)
    assert outcome.deliveries[0].story == -1


OWN_WORDS = (
    "Diplomats spent weeks on preparations whose outcome nobody in the capital dared to predict this morning."
)


@pytest.mark.parametrize(
    ("changes", "stories"),
    [
        ({}, 0),
        ({"published_at": NOW - 20 * HOUR}, 1),
        ({"published_at": None}, 1),
        ({"title": "Four words but others"}, 1),
    ],
)
def test_one_page_under_one_headline_is_one_story_in_whatever_words_its_feeds_describe_it(changes, stories):
    story = known_story(title="Leaders plan another summit", lead_published_at=NOW - HOUR)
    own = {"title": "Leaders plan another summit", "body": OWN_WORDS} | changes
    assert len(read(entry(**own), facts=facts_with(story)).new_stories) == stories


def test_one_page_under_a_headline_that_says_little_is_not_one_story():
    story = known_story(title="Morning briefing", lead_published_at=NOW - HOUR)
    assert (
        len(read(entry(title="Morning briefing", body=OWN_WORDS), facts=facts_with(story)).new_stories) == 1
    )


def copy(**changes):
    values = {
        "original_url": "https://example.org/a",
        "original_key": "example.org/a",
        "title": "Blog: Headline a",
    }
    return entry("copy", body=BODY, **(values | changes))


def test_a_copy_folds_into_its_original():
    outcome = read(copy(), facts=facts_with(known_story()))
    (one,) = outcome.new_entries
    assert (one.story, one.lead) == (5, False)
    assert StoryKey("url:example.org/copy") in one.new_keys


def test_a_copy_that_comes_first_gives_way_to_its_original():
    story = known_story(title="Blog: Headline a", lead_key="blog.example/copy")
    outcome = read(entry(), facts=facts_with(story))
    (one,) = outcome.new_entries
    assert (one.story, one.lead) == (5, True)


def test_a_copy_with_a_false_old_date_does_not_make_its_original_old():
    story = known_story(lead_key="blog.example/copy", published_at=NOW - 60 * HOUR)
    assert withheld(read(entry(), facts=facts_with(story))) == [None]


@pytest.mark.parametrize("copy_first", [True, False])
def test_copy_and_original_in_one_poll_fold_in_either_order(copy_first):
    entries = [copy(), entry()] if copy_first else [entry(), copy()]
    outcome = read(*entries)
    assert len(outcome.new_stories) == 1
    assert len(outcome.deliveries) == 1
    lead = [one.entry.uid for one in outcome.new_entries if one.lead][-1]
    assert lead == "a"


def test_an_article_listed_again_under_another_id_is_the_same_article():
    story = known_story(lead_feed_id=FEED.id, lead_published_at=NOW - HOUR / 2)
    outcome = read(entry("b", title="Headline a", url=None, key="example.org/a"), facts=facts_with(story))
    (one,) = outcome.new_entries
    assert (one.story, one.same_as, one.lead) == (5, 50, False)


def test_a_headline_that_is_corrected_under_another_id_is_an_edit():
    story = known_story(lead_feed_id=FEED.id, lead_published_at=NOW - HOUR / 2)
    corrected = entry("b", title="A better headline", key="example.org/a")
    outcome = read(corrected, facts=facts_with(story))
    assert [(one.entry_id, one.entry) for one in outcome.edited] == [(50, corrected)]
    assert [delivery.updated for delivery in outcome.deliveries] == [True]
    assert read(replace(corrected, title="Headline a"), facts=facts_with(story)).edited == ()


def test_headlines_side_by_side_under_one_link_are_articles_of_their_own():
    one = entry("a", title="One headline", body="Read the full story on our website.")
    other = replace(one, uid="b", title="Another entirely", fingerprint=99)
    assert len(read(one, other).new_stories) == 2


def test_an_article_listed_again_is_no_news_to_a_subscription_made_since():
    story = known_story(lead_feed_id=FEED.id, lead_published_at=NOW - HOUR / 2)
    late = subscription(created_at=NOW - HOUR / 4)
    outcome = read(
        entry("b", title="Headline a", key="example.org/a"), facts=facts_with(story), subscriptions=(late,)
    )
    assert withheld(outcome) == [Withheld.BEFORE_FOLLOWING]


def test_a_daily_article_under_one_link_is_new_every_day():
    story = known_story(lead_feed_id=FEED.id, lead_published_at=NOW - 25 * HOUR)
    outcome = read(entry("b", title="Headline a", key="example.org/a"), facts=facts_with(story))
    assert len(outcome.new_stories) == 1


# ---------------------------------------------------------------- edits


def known_entry(**changes):
    values = {
        "uid": "a",
        "fingerprint": 1,
        "entry_id": EntryId(50),
        "story_id": StoryId(5),
        "story_key": StoryKey("url:example.org/a"),
        "first_seen_at": NOW - HOUR,
        "published_at": NOW - HOUR,
    } | changes
    return KnownEntry(**values)


def edit(old, **changes):
    facts = PollFacts(3, {WorkspaceId(1): NOW - 10 * HOUR}, known={"a": old}, **changes)
    return read(entry(fingerprint=2), facts=facts)


def test_an_edit_that_first_makes_an_article_match_alerts_once_and_says_updated():
    outcome = edit(known_entry())
    assert outcome.new_entries == ()
    assert [one.entry_id for one in outcome.edited] == [50]
    assert [(delivery.story, delivery.updated) for delivery in outcome.deliveries] == [(5, True)]
    assert outcome.state.new_entry_at is None


def test_an_edit_of_a_story_that_has_alerted_changes_nothing_for_the_channel():
    assert edit(known_entry(), judged=frozenset({(SubscriptionId(1), StoryId(5))})).deliveries == ()


def test_an_edit_releases_what_was_withheld_if_it_was_published_since():
    assert len(edit(known_entry(), judged=WITHHELD, withheld=WITHHELD).deliveries) == 1
    early = known_entry(published_at=NOW - 11 * HOUR)
    assert edit(early, judged=WITHHELD, withheld=WITHHELD).deliveries == ()


def test_an_article_whose_link_was_edited_is_known_by_the_new_one_too():
    key = StoryKey("url:example.org/a")
    assert edit(known_entry(key="example.org/old")).edited[0].new_keys == (key,)
    assert edit(known_entry(key="example.org/a")).edited[0].new_keys == ()
    again = facts_with(known_story(), known={"a": known_entry(key="example.org/old")})
    assert read(entry(fingerprint=2), facts=again).edited[0].new_keys == ()


def test_an_edit_of_an_old_article_does_not_alert():
    assert withheld(edit(known_entry(published_at=NOW - 60 * HOUR))) == [Withheld.TOO_OLD]


def test_an_edit_of_an_undated_article_counts_from_when_it_was_first_seen():
    old = known_entry(published_at=None, first_seen_at=NOW - 60 * HOUR)
    assert withheld(edit(old)) == [Withheld.TOO_OLD]


def test_an_entry_that_is_known_and_unchanged_is_left_alone():
    outcome = edit(known_entry(fingerprint=2))
    assert (outcome.edited, outcome.new_entries) == ((), ())


def test_only_subscriptions_that_the_old_text_did_not_match_are_new():
    before = (Match(SubscriptionId(1), ()),)
    now = (Match(SubscriptionId(1), ()), Match(SubscriptionId(2), ()))
    assert newly(now, before) == (now[1],)


def test_the_keys_of_all_entries_are_looked_up_once_each():
    keys = keys_to_look_up([entry("a"), entry("a"), entry("b")], FEED.id)
    assert len(keys) == len(set(keys))
    assert {"url:example.org/a", "url:example.org/b"} <= set(keys)


# ---------------------------------------------------------------- ids that feeds use again


OTHER = "Nothing but golf was played on Sunday by many old men in hats, who went home in the evening."


def told(new, **old):
    old_entry = known_entry(**({"key": "example.org/old", "title": "Golf", "body": OTHER} | old))
    return told_apart(ParsedFeed((new,), listed=()), {"a": old_entry})


def test_another_article_under_a_known_id_is_new():
    (one,) = told(entry())
    assert one.uid != "a"
    assert one == replace(entry(), uid=one.uid)


@pytest.mark.parametrize(
    "old",
    [
        {"key": "example.org/a"},
        {"key": None},
        {"published_at": None},
        {"published_at": NOW},
        {"title": "Headline a", "body": f"{BODY} a"},
    ],
)
def test_an_edit_keeps_its_id(old):
    assert told(entry(), **old)[0].uid == "a"


def test_an_article_without_link_or_date_or_past_keeps_its_id():
    assert told(entry(key=None))[0].uid == "a"
    assert told(entry(published_at=None))[0].uid == "a"
    assert told(entry("b"))[0].uid == "b"


def test_an_article_beside_another_under_the_same_id_is_new():
    old = known_entry(title="Golf", published_at=None)
    for new in (entry(published_at=None), entry(key="example.org/a", title="Another headline")):
        (one,) = told_apart(ParsedFeed((new,), listed=(1, 2)), {"a": old})
        assert one.uid != "a"
    golf = ParsedFeed((entry(title="GOLF"),), listed=(1, 2))
    (edit,) = told_apart(golf, {"a": replace(old, key="example.org/a")})
    assert edit.uid == "a"


def told_under_an_id_of_many(new, **old):
    old_entry = known_entry(**({"key": "example.org/a", "title": "Golf", "body": OTHER} | old))
    return told_apart(ParsedFeed((new,), listed=(), repeated=("a",)), {"a": old_entry})[0].uid


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (entry(published_at=None), {"key": "example.org/old"}),
        (entry(published_at=None, key=None), {"key": None}),
        (entry(published_at=None), {}),
    ],
    ids=["another link", "no links", "one link for everything"],
)
def test_under_an_id_of_many_another_article_is_new_though_the_old_one_has_left(new, old):
    assert told_under_an_id_of_many(new, **old) != "a"


@pytest.mark.parametrize("new", [entry(title="GOLF"), entry(title="More golf", body=OTHER)])
def test_under_an_id_of_many_an_edit_is_an_edit(new):
    assert told_under_an_id_of_many(new) == "a"
