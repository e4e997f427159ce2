"""Searching what is stored, and previewing what a query would have found."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest

from bot.domain.message import Run
from bot.errors import QueryError
from bot.services import lookup
from bot.services.lookup import Lookup
from bot.stores import open_store
from tests.builders import NOW, at, entry
from tests.stocked import stock

KIM = "North Korean leader Kim Jong Un spoke. Nobody else did."


@pytest.fixture
async def store(tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/news.db", None) as store:
        yield store


def titles(found):
    return [one.article.entry.title for one in found]


async def test_a_search_finds_the_newest_first_and_marks_the_words(store):
    await stock(
        store, entry("1", title="Old summit", body="x"), entry("2", title="Report", body=KIM), entry("3")
    )
    await stock(store, entry("4", title="Kim, Jong and Un"), url="https://other.example/rss")
    result = await Lookup(store.archive).search("Kim Jong Un, summit")
    assert titles(result.found) == ["Report", "Old summit"]
    assert result.cursor is None
    report, old = result.found
    assert report.headline == (Run("Report"),)
    assert Run("Kim Jong Un", marked=True) in report.excerpt
    assert old.headline == (Run("Old "), Run("summit", marked=True))


async def test_a_search_goes_on_where_it_stopped(store):
    await stock(store, *(entry(str(n), title=f"summit {n}") for n in range(5)))
    first = await Lookup(store.archive).search("summit", limit=2)
    second = await Lookup(store.archive).search("summit", limit=2, before=first.cursor)
    third = await Lookup(store.archive).search("summit", limit=2, before=second.cursor)
    assert [titles(page.found) for page in (first, second, third)] == [
        ["summit 4", "summit 3"],
        ["summit 2", "summit 1"],
        ["summit 0"],
    ]
    assert third.cursor is None


async def test_a_search_reads_page_after_page_until_it_has_enough(store):
    scattered = [
        entry(str(n), title="Jong Kim Un" if n else "Kim Jong Un") for n in range(lookup.PAGE * 2)
    ]  # the archive offers all of them: only the first is the phrase
    await stock(store, *scattered)
    result = await Lookup(store.archive).search("Kim Jong Un", limit=1)
    assert titles(result.found) == ["Kim Jong Un"]


async def test_a_search_with_nothing_to_find_ends(store):
    await stock(store, entry("1"))
    result = await Lookup(store.archive).search("zebra")
    assert (result.found, result.cursor) == ((), None)


async def test_a_search_says_what_is_wrong_with_its_words(store):
    with pytest.raises(QueryError):
        await Lookup(store.archive).search(",")


@pytest.mark.parametrize(
    "text", ['"', "*", "NEAR(", "a^b:c -d", "100%_sure", "'; DROP TABLE entries; --", "OR(x)"]
)
async def test_signs_that_mean_something_to_databases_mean_nothing_here(store, text):
    await stock(store, entry("1", title="100% sure or a b c d near drop table entries x"))
    with suppress(QueryError):  # a sign alone holds no word
        await Lookup(store.archive).search(text)
    assert (await store.upkeep.stats()).articles == 1


async def test_a_workspace_sees_only_what_it_follows(store):
    workspace = await store.registry.workspace("slack", "T1", NOW)
    feed_id = await stock(store, entry("1", title="summit"))
    assert len((await Lookup(store.archive, workspace.id).search("summit")).found) == 1
    await store.registry.unfollow(str(feed_id), NOW)
    assert (await Lookup(store.archive, workspace.id).search("summit")).found == ()
    assert len((await Lookup(store.archive).search("summit")).found) == 1


async def test_a_search_that_looked_at_its_limit_says_where_to_go_on(store):
    scattered = [entry(str(n), title="Jong Kim Un" if n else "Kim Jong Un") for n in range(9)]
    await stock(store, *scattered)
    looking = Lookup(store.archive, most_read=5)
    first = await looking.search("Kim Jong Un")
    assert (first.found, first.cursor) == ((), 5)
    second = await looking.search("Kim Jong Un", before=first.cursor)
    assert (titles(second.found), second.cursor) == (["Kim Jong Un"], None)


async def test_a_search_understands_dates(store):
    for day in (-9, -5, -1):
        await stock(store, entry(str(day), title=f"summit {day}", published_at=at(days=day)), at=at(days=day))
    looking = Lookup(store.archive)
    assert titles((await looking.search("summit after:6d", now=NOW)).found) == ["summit -1", "summit -5"]
    assert titles((await looking.search("summit before:4d", now=NOW)).found) == ["summit -5", "summit -9"]
    either = await looking.search("(summit after:2d), (summit before:8d)", now=NOW)
    assert titles(either.found) == ["summit -1", "summit -9"]
    with pytest.raises(QueryError):
        await looking.search("summit after:6d")


async def test_a_search_understands_the_names_of_terms(store):
    await stock(store, entry("1", title="Kim Jong Un"), entry("2", title="Kim"))
    looking = Lookup(store.archive, terms={"kim": '"Kim Jong Un", 김정은'})
    assert titles((await looking.search("@kim")).found) == ["Kim Jong Un"]


# ---------------------------------------------------------------- best first


async def test_the_best_article_comes_first_and_of_equals_the_newest(store):
    await stock(
        store,
        entry("1", title="A summit on the summit", body="The summit was a summit."),
        entry("2", title="Report", body="A summit. " + "Nothing else. " * 40),
        entry("3", title="Twin", body="A summit."),
        entry("4", title="Twin", body="A summit."),
        entry("5", title="Something else"),
    )
    result = await Lookup(store.archive).best("summit")
    assert [one.article.entry.uid for one in result.found] == ["1", "4", "3", "2"]
    assert (result.skip, result.since) == (None, None)


async def test_the_best_come_in_pages_that_new_articles_do_not_disturb(store):
    await stock(store, *(entry(str(n), title="summit " * n) for n in range(1, 6)))
    looking = Lookup(store.archive)
    first = await looking.best("summit", limit=2)
    await stock(store, entry("new", title="summit " * 20))
    second = await looking.best("summit", limit=2, skip=first.skip, before=first.before)
    third = await looking.best("summit", limit=2, skip=second.skip, before=second.before)
    pages = [[one.article.entry.uid for one in page.found] for page in (first, second, third)]
    assert pages == [["5", "4"], ["3", "2"], ["1"]]
    assert third.skip is None


async def test_the_best_are_looked_for_among_the_newest(store):
    await stock(store, entry("old", title="summit summit summit"), at=at(days=-3))
    await stock(store, *(entry(str(n), title="a summit") for n in range(lookup.WINDOW)))
    result = await Lookup(store.archive).best("summit", limit=lookup.WINDOW)
    assert len(result.found) == lookup.WINDOW
    assert "old" not in {one.article.entry.uid for one in result.found}
    assert result.since == NOW
    other = await Lookup(store.archive).best("summit NOT a")
    assert (titles(other.found), other.since) == (["summit summit summit"], None)


async def test_the_best_are_looked_for_among_as_many_as_are_read_at_most(store):
    await stock(store, entry("old", title="summit", published_at=None), at=at(days=-3))
    await stock(store, *(entry(str(n), title="a summit") for n in range(3)))
    result = await Lookup(store.archive, most_graded=3).best("summit NOT a")
    assert (result.found, result.since) == ((), NOW)


async def test_the_best_of_nothing_is_nothing(store):
    result = await Lookup(store.archive).best("summit")
    assert (result.found, result.skip, result.before, result.since) == ((), None, None, None)


# ---------------------------------------------------------------- preview


async def test_a_preview_counts_stories_by_day_and_by_term(store):
    await stock(
        store,
        entry("1", title="summit of yesterday", published_at=at(days=-1)),
        entry("2", title="Kim at the summit", published_at=at(hours=-1)),
        entry("3", title="Kim alone", published_at=at(hours=-2)),
        entry("4", title="a mountain"),
    )
    seen = await Lookup(store.archive).preview("Kim, summit, zebra", NOW, days=3)
    assert seen.days == {date(2024, 4, 29): 0, date(2024, 4, 30): 1, date(2024, 5, 1): 2}
    assert seen.terms == {"Kim": 2, "summit": 2, "zebra": 0}
    assert seen.total == 3
    assert titles(seen.samples) == ["Kim at the summit", "Kim alone", "summit of yesterday"]
    assert seen.complete


async def test_a_preview_counts_a_story_once_however_many_tell_it(store):
    one = entry("1", title="summit", url="https://a.example/x")
    await stock(store, one, entry("2", title="summit Kim", url="https://a.example/x"))
    seen = await Lookup(store.archive).preview("summit, Kim", NOW)
    assert seen.total == 1
    assert seen.terms == {"summit": 1, "Kim": 1}
    assert len(seen.samples) == 1


async def test_a_preview_leaves_out_what_was_published_or_seen_before_its_days(store):
    await stock(store, entry("1", title="summit"), at=at(days=-9))
    await stock(store, entry("2", title="summit again", published_at=at(days=-8)))
    assert (await Lookup(store.archive).preview("summit", NOW, days=7)).total == 0


async def test_an_undated_or_future_article_counts_on_the_day_it_was_seen(store):
    await stock(
        store,
        entry("1", title="summit", published_at=None),
        entry("2", title="summit", published_at=at(days=3)),
    )
    seen = await Lookup(store.archive).preview("summit", NOW, days=1)
    assert seen.days == {NOW.date(): 2}


async def test_a_preview_shows_as_many_samples_as_asked_for(store):
    await stock(store, *(entry(str(n), title=f"summit {n}") for n in range(4)))
    seen = await Lookup(store.archive).preview("summit", NOW, samples=2)
    assert (len(seen.samples), seen.total, seen.looked_at) == (2, 4, 4)


async def test_a_preview_reads_no_more_than_its_limit_and_says_so(store):
    class Endless:
        """An archive that always has more."""

        async def candidates(self, need, workspace, before, limit, period):
            page = await store.archive.candidates(need, workspace, None, limit, period)
            return type(page)(page.articles, cursor=1)

    await stock(store, *(entry(str(n), title="summit") for n in range(lookup.PAGE)))
    seen = await Lookup(Endless(), most_read=500).preview("summit", NOW)
    assert not seen.complete
    assert seen.looked_at == 500


async def test_a_lookup_that_is_limited_to_feeds_finds_only_their_articles(store):
    await stock(store, entry("1", title="A summit"))
    other = await stock(store, entry("2", title="Another summit"), url="https://other.example/rss")
    looking = Lookup(store.archive, feeds=frozenset({other}))
    assert titles((await looking.search("summit", now=NOW)).found) == ["Another summit"]
    assert (await looking.preview("summit", NOW)).total == 1


async def test_what_a_source_listed_out_of_order_is_shown_in_the_order_of_its_news(store):
    ages = {"first": 30, "second": 2, "third": 50}
    await stock(
        store,
        *(
            entry(name, title=f"summit {name}", published_at=NOW - timedelta(hours=age))
            for name, age in ages.items()
        ),
    )
    looking, newest = Lookup(store.archive), ["summit second", "summit first", "summit third"]
    assert titles((await looking.search("summit")).found) == newest
    assert titles((await looking.preview("summit", NOW, samples=2)).samples) == newest[:2]
