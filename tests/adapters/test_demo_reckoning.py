"""What the demo expects of newsbot, reckoned from what its newsstand printed."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest

from bot.demo.articles import Article
from bot.demo.newsstand import Printed
from bot.demo.programme import later, live
from bot.demo.reckoning import Counts, compare, expect
from bot.demo.stories import opening, seed, seed_copy
from bot.demo.witness import Seen
from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.message import AlertMessage, Run
from bot.domain.query import parse_query

SUMMIT = Article(
    "meridian",
    "A summit",
    "It ends.",
    "https://www.meridian.example/1",
    author="Ann Lee",
    tags=("World",),
    watched_by=frozenset({"diplomacy"}),
)


def printed(*articles, before=False):
    return [Printed(article, before) for article in articles]


def counts(expected, **changes):
    return replace(expected.counts, **changes)


def alert(article, channel="diplomacy", **changes):
    message = AlertMessage(
        headline=(Run(article.title, marked=True),),
        source="x",
        url=article.story_link,
        byline="Ann Lee",
        tags=article.tags,
    )
    return Seen(channel, replace(message, **changes))


def differences(expected, seen, **changes):
    return compare(expected, counts(expected, **changes), seen)


def test_an_article_is_counted_and_due_in_the_channels_that_watch_for_it():
    expected = expect(printed(SUMMIT), feeds=1)
    assert expected.counts == Counts(feeds=1, articles=1, folded=0, matches=1, alerts=1)
    assert [(due.channel, due.link, due.updated) for due in expected.due] == [
        ("diplomacy", SUMMIT.link, False)
    ]
    assert differences(expected, [alert(SUMMIT)]) == ()


@pytest.mark.parametrize(
    "old",
    [
        printed(SUMMIT, before=True),
        printed(replace(SUMMIT, age=None), before=True),
        printed(replace(SUMMIT, age=timedelta(days=4))),
    ],
    ids=["there before", "there before and undated", "too old"],
)
def test_what_is_no_news_matches_but_is_not_due(old):
    expected = expect(old, feeds=1)
    assert (expected.counts.matches, expected.counts.quiet, expected.due) == (1, 1, ())


def test_a_copy_is_an_article_but_no_second_story_in_either_order():
    for pair in (printed(seed(), seed_copy()), printed(seed_copy(), seed())):
        expected = expect(pair, feeds=2)
        assert expected.counts == Counts(feeds=2, articles=2, folded=1, matches=2, alerts=2)
        assert {(due.channel, due.link, due.byline) for due in expected.due} == {
            ("korea", seed().link, "Quint Forgey"),
            ("diplomacy", seed().link, "Quint Forgey"),
        }


def test_only_a_copy_that_came_first_must_be_named():
    assert expect(printed(seed_copy(), seed()), 2).due[0].also_at == ("headlines.example",)
    assert expect(printed(seed(), seed_copy()), 2).due[0].also_at == ()


def test_an_edit_is_no_second_article_and_alerts_only_when_it_first_matches():
    before = replace(SUMMIT, title="A meeting", watched_by=frozenset())
    late = expect(printed(before, SUMMIT), feeds=1)
    assert (late.counts.articles, [due.updated for due in late.due]) == (1, [True])
    again = expect(printed(SUMMIT, replace(SUMMIT, text="It went on.")), feeds=1)
    assert (again.counts.articles, [due.updated for due in again.due]) == (1, [False])


def test_a_lost_alert_is_named():
    assert differences(expect(printed(SUMMIT), 1), [], alerts=0) == (
        "#diplomacy did not get “A summit” (meridian.example/1)",
        "alerts: 0 counted, 1 published",
    )


def test_an_alert_that_comes_twice_or_in_the_wrong_channel_is_named():
    expected = expect(printed(SUMMIT), 1)
    assert differences(expected, [alert(SUMMIT), alert(SUMMIT)]) == (
        "#diplomacy got “A summit” (meridian.example/1) 2 times",
    )
    assert differences(expected, [alert(SUMMIT), alert(SUMMIT, "korea")]) == (
        "#korea got “A summit” (meridian.example/1), which nothing in it calls for",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"url": "http://meridian.example/1"},
            "links to http://meridian.example/1, not to https://www.merid",
        ),
        ({"byline": "ann@lee.example"}, "is signed “ann@lee.example”, not “Ann Lee”"),
        ({"tags": ()}, "is tagged [], not ['World']"),
        ({"headline": (Run("A summit"),)}, "marks none of its words"),
        ({"updated": True}, "is marked as updated"),
    ],
)
def test_an_alert_that_tells_it_otherwise_is_named(changes, said):
    (difference,) = differences(expect(printed(SUMMIT), 1), [alert(SUMMIT, **changes)])
    assert difference.startswith("“A summit” in #diplomacy ")
    assert said in difference


def test_a_copy_that_is_not_named_is_a_difference():
    expected = expect(printed(seed_copy(), seed()), 2)
    seen = [alert(seed(), channel, byline="Quint Forgey") for channel in ("korea", "diplomacy")]
    assert differences(expected, seen) == tuple(
        f"“{seed().title}” in #{channel} does not say that headlines.example carries it too"
        for channel in ("korea", "diplomacy")
    )


@pytest.mark.parametrize("name", ["feeds", "articles", "folded", "matches"])
def test_every_wrong_count_is_named(name):
    expected = expect(printed(SUMMIT), 1)
    assert differences(expected, [alert(SUMMIT)], **{name: 9}) == (
        f"{name}: 9 counted, {getattr(expected.counts, name)} published",
    )


def test_a_readers_own_article_is_held_to_link_and_count_only():
    own = replace(SUMMIT, readers_own=True, link=f"{SUMMIT.link}?utm_source=x")
    assert differences(expect(printed(own), 1), [alert(SUMMIT, byline="?", tags=("?",))]) == ()


def test_the_programme_says_of_every_article_what_the_matcher_finds():
    editions = (opening(), *live(), *islice(later(), 40))
    for article in (article for edition in editions for article in edition.articles):
        found = {
            channel
            for channel, query in {"korea": "Kim Jong Un", "diplomacy": "summit"}.items()
            if (evaluate(parse_query(query), Document(article.title, article.text)) or ())
        }
        assert found == article.watched_by, article.title
