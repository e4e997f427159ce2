"""The demo's publishers, asked over HTTP and read back with libraries that are not newsbot's."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import aiohttp
import feedparser
import pytest
from lxml import etree

from bot.demo.articles import PAPERS, Article, Edition
from bot.demo.newsstand import LONGEST_LIST, open_newsstand
from bot.demo.rendering import as_html

TRICKY = 'Salt & pepper <b>is</b> "not" bold ]]> ’'


@pytest.fixture
async def stand():
    async with open_newsstand() as opened:
        yield opened


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


def article(paper="meridian", **changes):
    values = {"title": TRICKY, "text": f"{TRICKY}\n\nSecond.", "link": f"{PAPERS[paper].home}a?b=1&c=2"}
    return Article(paper, **(values | changes))


async def get(http, url, **headers):
    async with http.get(url, headers=headers) as response:
        return response.status, response.headers, await response.read()


async def test_a_feed_grows_and_answers_304_only_to_who_has_the_newest_version(stand, http):
    stand.print(Edition(()), before=True)
    url = stand.urls["meridian"]
    status, first, body = await get(http, url)
    assert (status, feedparser.parse(body).entries) == (200, [])
    assert (await get(http, url, **{"If-None-Match": first["ETag"]}))[0] == 304

    stand.print(Edition((article(),)))
    status, second, body = await get(http, url, **{"If-None-Match": first["ETag"]})
    assert (status, len(feedparser.parse(body).entries)) == (200, 1)
    assert second["ETag"] != first["ETag"]
    assert stand.answers == {200: 2, 304: 1}


@pytest.mark.parametrize("paper", ["meridian", "harbourwire"])
async def test_markup_and_ampersands_survive_in_rss_and_atom(stand, http, paper):
    stand.print(Edition((article(paper, author="a@b.example (Ann & Bo)", tags=("R&D",)),)))
    _, headers, body = await get(http, stand.urls[paper])
    etree.fromstring(body)  # well-formed
    entry = feedparser.parse(body, sanitize_html=False).entries[0]
    assert PAPERS[paper].form in headers["Content-Type"]
    assert entry.title == TRICKY
    assert entry.link == f"{PAPERS[paper].home}a?b=1&c=2"
    assert entry.tags[0].term == "R&D"
    assert as_html(TRICKY) in entry.content[0].value


async def test_a_json_feed_is_json_with_html_content(stand, http):
    stand.print(Edition((article("fieldnotes", author="森田", tags=("国際",)),)))
    _, headers, body = await get(http, stand.urls["fieldnotes"])
    feed = json.loads(body)
    assert headers["Content-Type"].startswith("application/feed+json")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"][0]["title"] == TRICKY
    assert feed["items"][0]["content_html"].endswith("<p>Second.</p>")
    assert feed["items"][0]["authors"] == [{"name": "森田"}]


async def test_markup_in_a_headline_is_published_as_papers_do(stand, http):
    marked = article(title="Summit first", title_html="<em>Summit</em> first")
    stand.print(Edition((marked, article("harbourwire", title_html="<em>Summit</em> first"))))
    _, _, rss = await get(http, stand.urls["meridian"])
    _, _, atom = await get(http, stand.urls["harbourwire"])
    assert b"<title>&lt;em&gt;Summit&lt;/em&gt; first</title>" in rss
    assert b'<title type="html">&lt;em&gt;Summit&lt;/em&gt; first</title>' in atom


async def test_dates_are_relative_to_now_and_an_edit_keeps_the_first(stand, http):
    stand.print(Edition((article(age=timedelta(hours=3)),)))
    stand.print(Edition((article(age=timedelta(0), title="Corrected"),)))
    _, _, body = await get(http, stand.urls["meridian"])
    (entry,) = feedparser.parse(body).entries
    published = datetime(*entry.published_parsed[:6], tzinfo=UTC)
    assert entry.title == "Corrected"
    assert abs(datetime.now(UTC) - timedelta(hours=3) - published) < timedelta(minutes=1)


async def test_an_undated_article_has_no_date(stand, http):
    stand.print(
        Edition(tuple(article(paper, age=None) for paper in ("meridian", "harbourwire", "fieldnotes")))
    )
    for paper in ("meridian", "harbourwire"):
        _, _, body = await get(http, stand.urls[paper])
        entry = feedparser.parse(body).entries[0]
        assert "published" not in entry
        assert "updated" not in entry
    _, _, body = await get(http, stand.urls["fieldnotes"])
    assert "date_published" not in json.loads(body)["items"][0]


async def test_it_knows_when_everything_was_fetched_and_when_confirmed(stand, http):
    stand.print(Edition((article(),)), before=True)
    waiting = [asyncio.create_task(stand.fetched()), asyncio.create_task(stand.confirmed())]
    etags = {url: (await get(http, url))[1]["ETag"] for url in stand.urls.values()}
    await waiting[0]
    assert not waiting[1].done()
    assert "The Meridian" in stand.unread()
    for url, etag in etags.items():
        await get(http, url, **{"If-None-Match": etag})
    await waiting[1]
    assert stand.unread() == []


async def test_a_list_ends_somewhere_and_the_oldest_drop_out(stand, http):
    many = tuple(
        article(title=f"Number {n}", link=f"https://www.meridian.example/{n}")
        for n in range(LONGEST_LIST + 5)
    )
    stand.print(Edition(many))
    _, _, body = await get(http, stand.urls["meridian"])
    entries = feedparser.parse(body).entries
    assert (len(entries), entries[0].title, entries[-1].title) == (
        LONGEST_LIST,
        f"Number {LONGEST_LIST + 4}",
        "Number 5",
    )


async def test_its_front_page_lists_the_feeds_and_only_this_machine_can_ask(stand, http):
    _, _, body = await get(http, stand.base_url)
    assert all(url in body.decode() for url in stand.urls.values())
    assert stand.base_url.startswith("http://127.0.0.1:")
