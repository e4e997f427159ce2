"""What every store promises of searching: see `bot.ports.Archive`."""

from __future__ import annotations

import pytest

from bot.domain.text import words
from tests.builders import at, entry

TEXTS = {
    "kim": ("Kim Jong-un's summit", "The leader of North Korea met the president."),
    "orsted": ("Ørsted builds été", "A wind farm's storage, in Málaga; it is O'Neill's."),
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


async def find(store, *alternatives, workspace=None, before=None, limit=50):
    page = await store.archive.candidates([words(text) for text in alternatives], workspace, before, limit)
    return [article.entry.uid for article in page.articles]


# ---------------------------------------------------------------- tokens


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["kim"], ["kim"]),
        (["KIM jong UN"], ["kim"]),
        (["kim president"], ["kim"]),
        (["kim wind"], []),
        (["president", "wind"], ["orsted", "kim"]),
        (["orsted"], ["orsted"]),
        (["Ørsted ete malaga"], ["orsted"]),
        (["o'neill"], ["orsted"]),
        (["neill"], []),
        (["tor"], []),
        (["金正恩"], ["cjk"]),
        (["正恩"], ["cjk"]),
        (["किम"], ["hindi"]),
        (["100"], ["metal"]),
    ],
)
async def test_candidates_hold_all_tokens_of_at_least_one_alternative(store, library, asked, found):
    assert await find(store, *asked) == found


async def test_every_word_of_an_article_finds_it(store, library):
    for uid, texts in TEXTS.items():
        for text in texts:
            for word in words(text):
                assert uid in await find(store, word), word


async def test_without_tokens_everything_is_a_candidate(store, library):
    everything = list(reversed(TEXTS))
    assert (await find(store), await find(store, ""), await find(store, "kim", "")) == (everything,) * 3


@pytest.mark.parametrize(
    "token",
    ['"', "*", "(", ")", "^", ":", "-", "%", "_", "'", "NEAR(a b)", "title:kim", '" OR "kim', "kim*", "a\0b"],
)
async def test_metacharacters_are_literal(store, library, token):
    page = await store.archive.candidates([[token]], None, None, 9)
    assert page.articles == ()


@pytest.mark.parametrize("operator", ["and", "or", "not", "near"])
async def test_operators_are_words(store, library, operator):
    assert await find(store, operator) == ["metal"]


async def test_very_many_alternatives_can_be_asked_for(store, library):
    assert await find(store, *(f"kim w{n}" for n in range(500)), "leader north korea") == ["kim"]


# ---------------------------------------------------------------- order and pages


async def test_candidates_come_newest_first_by_first_sight(desk, store, feed_id):
    for uid, day in (("first", 3), ("second", 1), ("third", 2)):
        await desk.publish(feed_id, entry(uid, title="News", published_at=at(days=day)))
    assert await find(store, "news") == ["third", "second", "first"]


@pytest.mark.parametrize("asked", [[["news"]], []])
async def test_pages_follow_each_other_until_the_cursor_ends(desk, store, feed_id, asked):
    for n in range(5):
        await desk.publish(feed_id, entry(str(n), title="News"))
    cursor, pages = None, []
    while not pages or cursor is not None:
        page = await store.archive.candidates(asked, None, cursor, 2)
        pages.append([article.entry.uid for article in page.articles])
        cursor = page.cursor
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


async def test_what_is_published_meanwhile_does_not_disturb_the_pages(desk, store, feed_id):
    for n in range(4):
        await desk.publish(feed_id, entry(str(n), title="News"))
    page = await store.archive.candidates([["news"]], None, None, 2)
    await desk.publish(feed_id, entry("meanwhile", title="News"))
    assert await find(store, "news", before=page.cursor) == ["1", "0"]


async def test_a_page_that_is_just_full_has_no_successor(desk, store, feed_id):
    for n in range(2):
        await desk.publish(feed_id, entry(str(n), title="News"))
    assert (await store.archive.candidates([["news"]], None, None, 2)).cursor is None


# ---------------------------------------------------------------- who sees what


@pytest.fixture
async def slack(store):
    return (await store.registry.workspace("slack", "T1", at(days=-1))).id


async def test_a_workspace_sees_only_what_it_follows(desk, store, feed_id, slack):
    mine = await desk.follow("https://mine.example/rss", workspaces=(("slack", "T1"),))
    theirs = await desk.follow("https://theirs.example/rss", workspaces=(("slack", "T2"),))
    for uid, of in (("offered", feed_id), ("mine", mine), ("theirs", theirs)):
        await desk.publish(of, entry(uid, title="News"))
    assert await find(store, "news", workspace=slack) == ["mine", "offered"]
    assert await find(store, workspace=slack) == ["mine", "offered"]
    assert await find(store, "news") == ["theirs", "mine", "offered"]


async def test_a_feed_that_is_no_longer_followed_is_no_longer_seen(desk, store, feed_id, slack):
    await desk.publish(feed_id, entry("a", title="News"))
    await store.registry.unfollow("https://news.example/rss", at(days=1))
    assert await find(store, "news", workspace=slack) == []


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
