"""`newsbot search` and `newsbot preview` with a real database."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.cli import archive
from bot.cli.output import Output
from bot.domain.query import parse_query
from bot.services.lookup import Preview
from tests.builders import NOW, entry
from tests.stocked import stock

KIM = "North Korean leader Kim Jong Un said so. Others did not."


@pytest.fixture
def stocked(shell, stored):
    now = datetime.now(UTC).replace(hour=0, minute=0, second=1)  # the same day whenever the test runs
    stored(
        lambda store: stock(
            store,
            entry("1", title="Old summit", body="", published_at=now - timedelta(days=1)),
            entry("2", title="Second summit", body=KIM, url="https://news.example/2", published_at=now),
            entry("3", title="Weather", url=None, key=None, published_at=now),
            title="The Wire",
            at=now,
        )
    )
    return shell


def test_a_search_shows_headline_source_sentence_and_link(stocked):
    lines = stocked("search", "Kim", "Jong", "Un").out.splitlines()
    assert lines[0] == " 1 article with the phrase “Kim Jong Un”, newest first"
    assert lines[1].endswith(" ago  Second summit · The Wire")
    assert lines[2:] == [
        " " * 15 + "North Korean leader «Kim Jong Un» said so.",
        " " * 15 + "https://news.example/2",
    ]


def test_a_search_goes_on_with_the_next_page(stocked):
    first = stocked("search", "summit", "--limit", "1").out.splitlines()
    assert first[0] == " The newest 1 article with the word “summit”, newest first"
    before = first[-1].split()[-1]
    assert first[-1] == f" Older ones: the same with --before {before}"
    assert "Old «summit»" in stocked("search", "summit", "--limit", "1", "--before", before).out


def test_a_search_as_data(stocked):
    data = stocked("search", "summit", "--json").data
    assert [article["title"] for article in data["articles"]] == ["Second summit", "Old summit"]
    assert data["next"] is None
    newest = data["articles"][0]
    assert (newest["source"], newest["url"], newest["matched"]) == (
        "The Wire",
        "https://news.example/2",
        ["summit"],
    )


def test_a_search_that_finds_nothing_says_where_it_looked(stocked):
    assert stocked("search", "zebra").out == (
        " No article with the word “zebra”. Searched 3 articles of 1 feed.\n"
    )


def test_a_preview_counts_per_day_and_shows_examples(stocked):
    lines = stocked("preview", "Kim Jong Un, summit", "--days", "2").out.splitlines()
    assert lines[0] == " 2 stories with the phrase “Kim Jong Un” or the word “summit” in the last 2 days"
    assert lines[1] == "   1 with “Kim Jong Un”, 2 with “summit”"
    assert [line.split()[-2:] for line in lines[2:4]] == [["1", "▇"], ["1", "▇"]]
    assert "Second «summit» · The Wire" in lines[4]


def test_a_preview_of_nothing_shows_empty_days(stocked):
    lines = stocked("preview", "zebra", "--days", "1").out.splitlines()
    assert lines[0] == " 0 stories with the word “zebra” today"
    assert lines[1].endswith(" 0")
    assert lines[2:] == [" Note: Nothing of the last 30 days would have matched."]


def test_a_preview_that_could_not_read_everything_says_so():
    stream = io.StringIO()
    days = {date(2024, 5, 1): 1}
    seen = Preview(parse_query("summit"), NOW, days, {"summit": 1}, (), looked_at=50_000, complete=False)
    archive._show_preview(Output(stream, fancy=False, width=None), seen)
    assert (
        stream.getvalue().splitlines()[1] == " Counted over the newest 50,000 articles with these words only."
    )


def test_a_preview_as_data(stocked):
    data = stocked("preview", "summit", "--days", "2", "--samples", "1", "--json").data
    assert data["stories"] == 2
    assert list(data["days"].values()) == [1, 1]
    assert data["means"] == "the word “summit”"
    assert len(data["samples"]) == 1
    assert data["complete"] is True


async def test_the_reader_of_a_pipe_may_leave_early(shell):
    process = await shell.start("preview", "zebra", "--days", "365")
    process.stdout.feed_eof()
    process.stdout._transport.close()
    assert await process.wait() == 1
    assert b"Traceback" not in await process.stderr.read()


@pytest.mark.parametrize("command", ["search", "preview"])
def test_before_anything_is_stored_that_is_what_is_said(shell, command):
    said = shell(command, "summit")
    assert said.code == 0
    assert said.out.startswith(" No articles are stored yet: newsbot run reads the feeds")


def test_of_a_long_query_only_what_is_near_the_fault_is_shown(shell):
    said = shell("search", "kim " * 2500 + "end")
    assert said.code == 1
    said_, shown, caret = said.err.splitlines()
    assert said_.startswith("I can't read this query. This query has 10,003 characters; 1,000 is the limit.")
    assert shown == f"  …{'kim ' * 30}…"
    assert caret == " " * 63 + "^"


def test_a_page_that_cannot_be_is_refused(shell):
    assert shell("search", "summit", "--before", "9" * 30).code == 2


def test_of_an_empty_query_there_is_nothing_to_show(shell):
    assert shell("search", " ").err.count("\n") == 1


def test_the_best_come_first_when_asked_for(stocked):
    lines = stocked("search", "Kim Jong Un, summit", "--best").out.splitlines()
    assert lines[0].endswith(", best first")
    assert "--before" not in lines[-1]


def test_a_search_may_be_limited_in_time_and_a_fault_in_it_is_shown(stocked):
    assert "Old «summit»" in stocked("search", "summit", "before:1h").out
    assert "Old" not in stocked("search", "summit", "after:1h").out
    said = stocked("search", "summit after:soon")
    assert said.code == 1
    assert "is not a time" in said.err


def test_a_search_for_a_phrase_whose_words_stand_apart_offers_them(stocked):
    lines = stocked("search", "Second Kim").out.splitlines()
    assert lines[1:] == [
        " Note: No article has the words “Second Kim” side by side, but some have all of them.",
        "       Try:  Second AND Kim",
    ]
    data = stocked("search", "Second Kim", "--json").data
    assert [note["suggestion"] for note in data["notes"]] == ["Second AND Kim"]


def test_a_preview_gives_advice(stocked):
    assert (
        " Note: “UN” also finds the word “un”. =UN finds it only in capitals."
        in stocked("preview", "UN, Kim").out
    )
    assert stocked("preview", "UN, Kim", "--json").data["notes"][0]["suggestion"] == "=UN, Kim"
