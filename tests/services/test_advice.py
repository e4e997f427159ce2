"""Advice on a query by what is stored."""

from __future__ import annotations

import pytest

from bot.services.advice import Adviser
from bot.services.lookup import Lookup
from bot.stores import open_store
from tests.builders import NOW, entry
from tests.stocked import stock


@pytest.fixture
async def store(tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/news.db", None) as store:
        yield store


async def notes(store, text, days=7, **terms):
    lookup = Lookup(store.archive, terms=terms)
    preview = await lookup.preview(text, NOW, days)
    return [(note.text, note.suggestion) for note in await Adviser(lookup).notes(text, preview, NOW)]


async def test_a_run_on_phrase_whose_words_are_found_apart_gets_its_correction(store):
    await stock(
        store, entry("1", title="Trump in Singapore", body="He met Kim at the summit. Golf followed.")
    )
    told = "No article has the words “Trump Kim summit” side by side, but some have all of them."
    assert await notes(store, "Trump Kim summit") == [(told, "Trump AND Kim AND summit")]
    assert await notes(store, "Trump Kim summit, golf") == [(told, "(Trump AND Kim AND summit), golf")]
    assert await notes(store, "title:Trump Singapore -tennis") == [
        (told.replace("Trump Kim summit", "Trump Singapore"), "title:(Trump AND Singapore) -tennis")
    ]


async def test_a_correction_that_would_be_too_long_is_left_out(store):
    await stock(store, entry("1", title="Trump in Singapore", body="He met Kim."))
    [(told, better)] = await notes(store, f"Trump Singapore, {'x' * 980}")
    assert "side by side" in told
    assert better is None


async def test_a_phrase_is_not_taken_apart_when_its_words_bring_nothing_or_make_no_query(store):
    await stock(store, entry("1", title="Trump"))
    nothing = "Nothing of the last 30 days would have matched."
    assert await notes(store, "Trump Singapore") == [(nothing, None)]
    assert await notes(store, "Singapore - !!") == [
        ("A dash between blanks excludes nothing; a minus stands directly before its word.", None)
    ]


async def test_apart_looks_at_every_phrase_of_a_search(store):
    await stock(store, entry("1", title="Trump in Singapore"))
    told = await Adviser(Lookup(store.archive)).apart("Trump Singapore", NOW)
    assert [note.suggestion for note in told] == ["Trump AND Singapore"]


async def test_nothing_in_thirty_days_is_said_but_not_of_what_came_before_the_preview(store):
    await stock(store, entry("1", title="summit"))
    assert await notes(store, "zebra") == [("Nothing of the last 30 days would have matched.", None)]
    assert await notes(store, "summit") == []


async def test_a_term_of_many_articles_is_called_common_and_offered_for_headlines(store):
    await stock(
        store, *(entry(str(n), title=f"Meeting {n}", body="A summit." if n < 9 else "") for n in range(200))
    )
    assert await notes(store, "summit") == [
        ("“summit” stands in 4% of all articles. title: finds it in headlines only.", "title:summit")
    ]
    assert await notes(store, "body:summit") == [
        ("“summit” stands in 4% of all articles. title: finds it in headlines only.", None)
    ]
    assert await notes(store, '"summit"') == []
    told = await notes(store, "summit, Meeting 7")
    assert [better for _, better in told] == ["title:summit, Meeting 7"]


async def test_more_than_twenty_alerts_a_day_are_said(store):
    await stock(store, *(entry(str(n), title=f"Summit number {n}") for n in range(30)))
    [many] = await notes(store, "summit", days=1)
    assert many == (
        "That is about 30 alerts a day. To narrow it, look in headlines only, or add AND and a word.",
        "title:(summit)",
    )
    [many] = await notes(store, "title:summit", days=1)
    assert many[1] is None
