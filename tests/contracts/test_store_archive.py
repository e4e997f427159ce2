"""What every store promises of searching: see `bot.ports.Archive`."""

from __future__ import annotations

import pytest

from bot.domain.query import Every, Holds, Some
from bot.domain.query.periods import ALWAYS, Period
from bot.domain.text import index_terms
from tests.builders import NOW, at, entry

TEXTS = {
    "kim": (
        "Kim Jong-un's summit",
        "The leader of North Korea met the president. #summit, G7-summit at 9/11",
    ),
    "orsted": ("Ørsted builds été", "A wind farm's storage, in Málaga; it is O'Neill's. AT&T, C++ and U.S."),
    "cjk": ("金正恩访问北京", "김정은이 베이징을 방문했다"),
    "hindi": ("किम जोंग उन", "उत्तर कोरिया के नेता"),
    "metal": ("AND OR NOT NEAR", 'a "quoted" word* (in) ^brackets: title - 100% _x'),
}


@pytest.fixture
async def feed_id(desk):
    return await desk.follow()


@pytest.fixture
async def library(desk, feed_id):
    for uid, (title, body) in TEXTS.items():
        await desk.publish(feed_id, entry(uid, title=title, body=body))


async def find(store, need=None, workspace=None, before=None, limit=50, period=ALWAYS):
    page = await store.archive.candidates(need, workspace, before, limit, period)
    return [article.entry.uid for article in page.articles]


def holds(*words, begins=()):
    return Holds(words, tuple(begins))


def every(*words):
    return Every(tuple(map(holds, words)))


# ---------------------------------------------------------------- terms


@pytest.mark.parametrize(
    ("need", "found"),
    [
        (holds("kim"), ["kim"]),
        (holds("president", "wind"), ["orsted", "kim"]),
        (every("kim", "president"), ["kim"]),
        (every("kim", "wind"), []),
        (Some((every("kim", "wind"), every("wind", "malaga"))), ["orsted"]),
        (Every((holds("summit"), Some((holds("wind"), holds("leader"))))), ["kim"]),
        (every("orsted", "ete", "malaga"), ["orsted"]),
        (holds("o'neill"), ["orsted"]),
        (holds("neill"), []),
        (holds("tor"), []),
        (holds("jongun"), ["kim"]),
        (holds("g7summit"), ["kim"]),
        (holds("#summit"), ["kim"]),
        (holds("9/11"), ["kim"]),
        (every("at&t", "c++", "us"), ["orsted"]),
        (every("金", "正", "金正"), ["cjk"]),
        (holds("正金"), []),
        (holds("김정은"), ["cjk"]),
        (holds("किम"), ["hindi"]),
        (holds("100"), ["metal"]),
    ],
)
async def test_candidates_fill_the_need(store, library, need, found):
    assert await find(store, need) == found


@pytest.mark.parametrize(
    ("need", "found"),
    [
        (holds(begins=["pres"]), ["kim"]),
        (holds(begins=["presx"]), []),
        (holds("wind", begins=["summ", "zzz"]), ["orsted", "kim"]),
        (Every((holds(begins=["sum"]), holds("north"))), ["kim"]),
        (holds(begins=["金"]), ["cjk"]),
        (holds(begins=["o'ne"]), ["orsted"]),
    ],
)
async def test_a_prefix_finds_every_term_that_begins_so(store, library, need, found):
    assert await find(store, need) == found


async def test_every_term_of_an_article_finds_it(store, library):
    for uid, texts in TEXTS.items():
        for text in texts:
            for term in index_terms(text):
                assert uid in await find(store, holds(term)), term


async def test_without_a_need_everything_is_a_candidate(store, library):
    assert await find(store) == list(reversed(TEXTS))


@pytest.mark.parametrize(
    "term",
    [
        *('"', "*", "(", ")", "^", ":", "-", "%", "_", "'", ";", "\\", "", " ", "\0", "\t"),
        *("NEAR(a b)", "terms:kim", '" OR "kim', "kim*", "kim^2", "kim + jong", "a\0b", "kim\0", "-kim"),
        *("'; DROP TABLE entries; --", "north korea", '"*', "kim:", "k_m", "k%"),
    ],
)
async def test_metacharacters_are_literal(store, library, term):
    for need in (Holds((term,)), Holds((), (term,)), Every((holds("kim"), holds(term)))):
        assert await find(store, need) == []
    assert await find(store, Some((holds(term), Holds(("kim",), (term,))))) == ["kim"]


@pytest.mark.parametrize("operator", ["and", "or", "not", "near"])
async def test_operators_are_words(store, library, operator):
    assert "metal" in await find(store, holds(operator))


async def test_very_large_needs_can_be_asked_for(store, library):
    many = tuple(every("kim", f"w{n}") for n in range(500))
    assert await find(store, Some((*many, every("leader", "north", "korea")))) == ["kim"]
    assert await find(store, Every((Holds(tuple(f"w{n}" for n in range(500))), holds("kim")))) == []


async def test_a_need_within_needs_within_needs_can_be_asked_for(store, library):
    need = holds("kim")
    for n in range(30):
        need = Some((Every((need, holds("north", f"w{n}"))), holds(f"x{n}")))
    assert await find(store, need) == ["kim"]


# ---------------------------------------------------------------- facts


@pytest.fixture
async def world(desk, feed_id):
    english = entry(
        "politico",
        url="https://www.eu.Politico.co.uk/a",
        byline="Anne O'Brien and 金正恩",
        tags=("North Korea", "G7-summit"),
        language="en-gb",
    )
    await desk.publish(feed_id, english)
    await desk.publish(feed_id, entry("imposter", url="https://notpolitico.co.uk/a", language="eng"))
    await desk.publish(feed_id, entry("nowhere", url=None, key="k"))


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("site:eu.politico.co.uk", ["politico"]),
        ("site:politico.co.uk", ["politico"]),
        ("site:co.uk", ["imposter", "politico"]),
        ("site:notpolitico.co.uk", ["imposter"]),
        ("site:www.eu.politico.co.uk", []),
        ("lang:en", ["politico"]),
        ("lang:en-gb", ["politico"]),
        ("lang:gb", []),
        ("author:o'brien", ["politico"]),
        ("author:正恩", ["politico"]),
        ("tag:korea", ["politico"]),
        ("tag:g7summit", ["politico"]),
        ("korea", []),
        ("anne", []),
        ("tag:anne", []),
    ],
)
async def test_facts_are_terms_of_their_own(store, world, term, found):
    assert await find(store, holds(term)) == found


async def test_an_authors_name_can_be_a_prefix(store, world):
    assert await find(store, holds(begins=["author:o'br"])) == ["politico"]
    assert await find(store, holds(begins=["o'br"])) == []


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ({"tags": ("japan",)}, "tag:japan"),
        ({"byline": "Somebody"}, "author:somebody"),
        ({"language": "de"}, "lang:de"),
        ({"url": "https://other.example/a"}, "site:other.example"),
        ({"title": "Corrected"}, "corrected"),
    ],
)
async def test_an_edit_changes_the_terms(desk, store, feed_id, said, term):
    first, second = entry("a"), entry("a", **said)
    await desk.publish(feed_id, first)
    assert await find(store, holds(term)) == []
    await desk.edit(feed_id, second)
    assert await find(store, holds(term)) == ["a"]
    await desk.edit(feed_id, first)
    assert await find(store, holds(term)) == []


# ---------------------------------------------------------------- periods


async def library_of_days(desk, feed_id, published=None):
    """One article a day, named after its day, in order of first sight."""
    for day in range(-20, 1):
        dated = at(days=day) if published is None else published(day)
        await desk.publish(feed_id, entry(str(day), title="News", published_at=dated), when=at(days=day))


@pytest.mark.parametrize("need", [None, Holds(("news",))])
async def test_a_period_leaves_out_most_of_what_came_before_or_after(desk, store, feed_id, need):
    await library_of_days(desk, feed_id)
    assert await find(store, need, period=Period(since=at(days=-2))) == ["0", "-1", "-2"]
    found = await find(store, need, period=Period(until=at(days=-15)))
    assert found[-5:] == ["-16", "-17", "-18", "-19", "-20"]
    assert len(found) <= 8
    week = await find(store, need, period=Period(at(days=-10), at(days=-7)))
    assert set(week) >= {"-8", "-9", "-10"}
    assert len(week) <= 5
    assert await find(store, need, period=Period(at(days=-7), at(days=-10))) == []


@pytest.mark.parametrize("need", [None, Holds(("news",))])
async def test_a_period_keeps_what_was_seen_long_after_it_was_published(desk, store, feed_id, need):
    await library_of_days(desk, feed_id, lambda day: at(days=-100) if day % 5 == 0 else None)
    found = await find(store, need, period=Period(until=at(days=-90)))
    assert found == ["0", "-5", "-10", "-15", "-20"]


async def test_an_article_becomes_late_and_punctual_by_edits(desk, store, feed_id):
    await desk.publish(feed_id, entry("a", published_at=at(days=-9)))
    period = Period(until=at(days=-5))
    assert await find(store, period=period) == ["a"]
    await desk.edit(feed_id, entry("a", published_at=at(hours=-1)))
    assert await find(store, period=period) == []
    await desk.edit(feed_id, entry("a", published_at=at(days=-9)))
    assert await find(store, period=period) == ["a"]


async def test_a_period_keeps_what_polls_that_overtook_each_other_stored_out_of_order(desk, store, feed_id):
    for minute in (0, 30, 10, 45, 20, 59):
        await desk.publish(feed_id, entry(str(minute), published_at=None), when=at(minutes=minute))
    assert set(await find(store, period=Period(since=at(minutes=20)))) >= {"20", "30", "45", "59"}
    assert set(await find(store, period=Period(until=at(minutes=20)))) >= {"0", "10"}


@pytest.mark.parametrize("need", [None, Holds(("news",))])
@pytest.mark.parametrize("period", [ALWAYS, Period(at(days=-18)), Period(None, at(days=-6))])
async def test_the_pages_of_a_period_hold_what_one_large_page_holds(desk, store, feed_id, need, period):
    await library_of_days(desk, feed_id, lambda day: at(days=-50) if day % 3 == 0 else None)
    cursor, paged = None, []
    while True:
        page = await store.archive.candidates(need, None, cursor, 2, period)
        paged += [article.entry.uid for article in page.articles]
        if (cursor := page.cursor) is None:
            break
    assert paged == await find(store, need, period=period)
    assert len(paged) > 5


async def test_a_period_in_an_empty_store_holds_nothing(store):
    assert await find(store, period=Period(at(days=-1), NOW)) == []


# ---------------------------------------------------------------- order and pages


async def test_candidates_come_newest_first_by_first_sight(desk, store, feed_id):
    for uid, day in (("first", 3), ("second", 1), ("third", 2)):
        await desk.publish(feed_id, entry(uid, title="News", published_at=at(days=day)))
    assert await find(store, holds("news")) == ["third", "second", "first"]


@pytest.mark.parametrize("need", [Holds(("news",)), None])
async def test_pages_follow_each_other_until_the_cursor_ends(desk, store, feed_id, need):
    for n in range(5):
        await desk.publish(feed_id, entry(str(n), title="News"))
    cursor, pages = None, []
    while not pages or cursor is not None:
        page = await store.archive.candidates(need, None, cursor, 2)
        pages.append([article.entry.uid for article in page.articles])
        cursor = page.cursor
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


async def test_what_is_published_meanwhile_does_not_disturb_the_pages(desk, store, feed_id):
    for n in range(4):
        await desk.publish(feed_id, entry(str(n), title="News"))
    page = await store.archive.candidates(holds("news"), None, None, 2)
    await desk.publish(feed_id, entry("meanwhile", title="News"))
    assert await find(store, holds("news"), before=page.cursor) == ["1", "0"]


async def test_a_page_that_is_just_full_has_no_successor(desk, store, feed_id):
    for n in range(2):
        await desk.publish(feed_id, entry(str(n), title="News"))
    assert (await store.archive.candidates(holds("news"), None, None, 2)).cursor is None


# ---------------------------------------------------------------- who sees what


@pytest.fixture
async def slack(store):
    return (await store.registry.workspace("slack", "T1", at(days=-1))).id


async def test_a_workspace_sees_only_what_it_follows(desk, store, feed_id, slack):
    mine = await desk.follow("https://mine.example/rss", workspaces=(("slack", "T1"),))
    theirs = await desk.follow("https://theirs.example/rss", workspaces=(("slack", "T2"),))
    for uid, of in (("offered", feed_id), ("mine", mine), ("theirs", theirs)):
        await desk.publish(of, entry(uid, title="News"))
    assert await find(store, holds("news"), workspace=slack) == ["mine", "offered"]
    assert await find(store, workspace=slack) == ["mine", "offered"]
    assert await find(store, holds("news")) == ["theirs", "mine", "offered"]


async def test_a_feed_that_is_no_longer_followed_is_no_longer_seen(desk, store, feed_id, slack):
    await desk.publish(feed_id, entry("a", title="News"))
    await store.registry.unfollow("https://news.example/rss", at(days=1))
    assert await find(store, holds("news"), workspace=slack) == []


# ---------------------------------------------------------------- one article


async def test_article_returns_the_newest_under_a_canonical_url(desk, store, feed_id):
    for uid in ("old", "new"):
        await desk.publish(feed_id, entry(uid, url="https://www.news.example/live?utm_source=x"))
    await desk.publish(feed_id, entry("other"))
    found = await store.archive.article("news.example/live", None)
    assert (found.entry.uid, found.feed_id) == ("new", feed_id)


async def test_article_returns_none_for_what_is_not_stored_or_not_seen(desk, store, slack):
    theirs = await desk.follow("https://theirs.example/rss", workspaces=(("slack", "T2"),))
    await desk.publish(theirs, entry("a", url="https://theirs.example/a"))
    assert await store.archive.article("nowhere.example/", None) is None
    assert await store.archive.article("theirs.example/a", slack) is None
    assert await store.archive.article("theirs.example/a", None) is not None


# ---------------------------------------------------------------- counting


async def test_articles_are_counted_from_a_moment_on_as_their_workspace_sees_them(desk, feed_id, library):
    limited = await desk.follow("https://private.example/rss", workspaces=(("slack", "T9"),))
    await desk.publish(limited, entry("private"), when=at(days=2))
    seen_by = (await desk.store.registry.workspace("console", "", NOW)).id
    assert await desk.store.archive.count(None, at(days=-1)) == len(TEXTS) + 1
    assert await desk.store.archive.count(None, at(days=1)) == 1
    assert await desk.store.archive.count(seen_by, at(days=-1)) == len(TEXTS)
