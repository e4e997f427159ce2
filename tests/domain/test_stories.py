"""Which articles tell the same news, and by what they are recognised."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.agree import COPIES, DEFAULT_CORPUS, read, run
from bot.domain.model import FeedId
from bot.domain.stories import agree, at_home, same_article, story_keys
from tests.builders import NOW, at, entry, known_story

FULL = """The White House is planning a second summit between the two leaders, the press secretary said Monday.
The northern leader requested the meeting in a letter delivered by diplomats, she said, describing the
correspondence as very warm and very positive. The letter will not be released in full unless its author agrees.
They came face to face once before, at their highly anticipated summit in June. But relations have since
degenerated as one side has shown reluctance to surrender its arsenal. Recent concessions have smoothed the way,
among them the release of three hostages in May and the return of the remains of soldiers last month."""
SUMMARY = FULL.partition("\n")[0]
OTHER = """Crude prices rose by two per cent on Thursday after the cartel signalled that it would not raise its
output before winter. Traders in London said that stocks were lower than at any time in the past five years, and
that refiners were buying whatever they could find. The finance minister said she saw no reason to step in."""


# ---------------------------------------------------------------- the same news?


@pytest.mark.parametrize(
    "copy",
    [
        FULL,
        FULL.upper(),
        SUMMARY,
        f"{FULL[:150]}…",
        f"{SUMMARY} […] Continue reading on our site »",
        f"From our partners. {FULL} Post a Comment. Share this story with your friends.",
        FULL.replace("planning", "preparing").replace("hostages", "prisoners").replace("Monday", "on Monday"),
        " ".join(reversed(FULL.split(". "))),
    ],
)
def test_a_copy_agrees_with_its_original_whatever_its_headline(copy):
    assert agree("Second summit planned", FULL, "Leaders to meet again", copy)
    assert agree("Leaders to meet again", copy, "Second summit planned", FULL)


def test_another_text_under_the_same_headline_and_address_does_not_agree():
    assert not agree("Second summit planned for leaders", FULL, "Second summit planned for leaders", OTHER)
    assert not agree("Second summit planned for leaders", SUMMARY, "Second summit planned for leaders", OTHER)


def test_a_summary_in_the_editors_own_words_agrees_under_the_same_headline_only():
    own_words = "Diplomats delivered a very warm letter requesting another meeting between leaders, secretary said Monday"
    assert agree("Leaders plan a second summit", FULL, "Leaders plan a second summit - Publisher", own_words)
    assert not agree("Leaders plan a second summit", FULL, "Something else entirely", own_words)


def test_texts_too_short_to_tell_anything_are_judged_by_their_headlines():
    assert agree("Second summit planned", FULL, "Second summit planned", "")
    assert agree("Second summit planned", "", "SECOND SUMMIT: Planned!", "Read more")
    assert agree(
        "White House planning second summit", "", "White House planning second summit | Publisher", ""
    )
    assert not agree("Second summit planned", "", "Oil prices rise again in London", FULL)
    assert not agree("Summit", "", "Summit planned by the leaders", "")
    assert not agree("", "", "", "")


def test_a_short_teaser_agrees_where_it_stands_word_for_word():
    assert agree("Talks to come", FULL, "Second summit planned", "Recent concessions have smoothed the way")
    assert not agree("Talks to come", FULL, "Second summit planned", "Recent concessions did smooth the way")
    assert not agree("Talks to come", FULL, "Second summit planned", "Recent concessions have smoothed")


def test_scripts_without_spaces_are_compared_by_their_characters():
    text = (
        "白宫新闻秘书周一表示，白宫正在计划举行两国领导人第二次峰会。她说，北方领导人在一封信中要求举行会晤。"
    )
    other = "在石油输出国组织表示冬季之前不会增产之后，原油价格周四上涨了百分之二，伦敦的交易员说库存处于五年来最低水平。"
    assert agree("第二次峰会", text, "领导人", text[:30])
    assert not agree("第二次峰会", text, "第二次峰会", other)


def test_comparing_hostile_texts_takes_bounded_time():
    start = time.process_time()
    agree("a " * 100_000, "a b " * 1_000_000, "a " * 100_000, "b a " * 1_000_000)
    assert time.process_time() - start < 2


def test_a_corpus_of_news_is_told_apart():
    if not DEFAULT_CORPUS.exists():
        pytest.skip("no corpus at hand")
    rows = {row.case: row.agreed / row.pairs for row in run(read(DEFAULT_CORPUS)[:1500], 1000, seed=7)}
    assert rows["two articles at random"] == 0
    assert rows["another's text under one's headline"] < 0.005
    assert {case: rows[case] for case in COPIES if rows[case] < 0.95} == {}


def test_the_benchmark_reads_a_corpus_and_finds_what_agrees(tmp_path):
    lines = [{"title": "A", "body": FULL}, {"title": "B", "body": OTHER}, {"title": "C", "body": " "}]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, lines)))
    docs = read(Path(tmp_path))
    assert [doc.title for doc in docs] == ["A", "B"]
    rows = {row.case: row.agreed / row.pairs for row in run(docs, 20, seed=1) if row.pairs}
    assert rows["two articles at random"] == 0
    assert rows["itself"] == 1


# ---------------------------------------------------------------- names of a story

FEED = FeedId(7)


def test_a_story_is_known_by_the_original_then_by_its_own_link_then_by_its_text():
    keys = story_keys(
        entry(original_url="https://www.publisher.example/a", url="https://copy.example/b"), FEED
    )
    assert keys[:2] == ("url:publisher.example/a", "url:copy.example/b")
    assert keys[2].startswith("text:7:")
    assert len(keys) == 3


def test_an_entry_without_a_link_is_known_by_its_id_within_its_feed():
    keys = story_keys(entry("1", url=None, published_at=None, body="short"), FEED)
    assert len(keys) == 1
    assert keys[0].startswith("entry:7:")
    assert keys != story_keys(entry("2", url=None, published_at=None, body="short"), FEED)
    assert keys != story_keys(entry("1", url=None, published_at=None, body="short"), FeedId(8))


def test_the_same_article_under_another_id_and_link_has_the_same_text_key():
    first = entry("1", title="Second summit", published_at=NOW)
    again = entry("2", title="SECOND summit!", published_at=NOW, body="edited")
    assert story_keys(first, FEED)[-1] == story_keys(again, FEED)[-1]
    assert story_keys(first, FEED)[-1] != story_keys(again, FeedId(8))[-1]
    later = entry("2", title="Second summit", published_at=at(days=1))
    assert story_keys(first, FEED)[-1] != story_keys(later, FEED)[-1]


def test_an_undated_article_is_known_by_its_text_if_that_is_long_enough():
    undated = {"published_at": None, "title": "Second summit"}
    assert (
        story_keys(entry("1", body=FULL, **undated), FEED)[-1]
        == story_keys(entry("2", body=FULL, **undated), FEED)[-1]
    )
    assert len(story_keys(entry("1", body="Read more", **undated), FEED)) == 1


def test_every_entry_has_a_name_and_no_name_is_long():
    for made in (entry(url=None, published_at=None, body=""), entry(url="https://a.example/" + "x" * 3000)):
        keys = story_keys(made, FEED)
        assert keys
        assert max(map(len, keys)) < 600


# ---------------------------------------------------------------- listed again

MIDNIGHT = datetime(2018, 9, 10, tzinfo=UTC)
BRIEFING = {"title": "Morning briefing", "url": "https://news.example/briefing"}


def again(first, **changes):
    """Tell whether the feed lists `first` again as an item that differs in `changes`."""
    fields = {
        "title": first.title, "url": first.url, "body": first.body, "published_at": first.published_at, **changes,
    }  # fmt: skip
    return same_article(entry("another id", **fields), known_story(first))


def test_an_article_under_a_changed_id_is_the_same():
    assert again(entry(body=FULL))
    assert again(entry(body=FULL), url="https://news.example/moved", title="HEADLINE of article 1")
    assert again(entry(body=FULL), body=FULL.replace("Monday", "on Monday"))
    assert again(entry(body=FULL, published_at=None))
    assert again(entry(body=FULL, published_at=None), published_at=NOW)


def test_an_article_under_another_headline_is_another():
    first = entry(body=FULL)
    assert not again(first, title="Another headline", url="https://news.example/2")
    assert not again(first, title="Another headline", published_at=at(hours=1))
    assert not again(first, title="Another headline", body=OTHER)
    assert not again(entry(body=FULL, published_at=None), title="Another headline")
    assert not again(entry(body=FULL, published_at=MIDNIGHT), title="Another headline")
    assert not again(entry(body=FULL, url=None), title="Another headline", url=None)


def test_an_article_whose_headline_alone_was_changed_is_the_same():
    assert again(entry(body=SUMMARY), title="Another headline")


def test_an_updated_article_with_a_date_hours_later_is_the_same():
    teaser = entry(body="The leader arrived by train on Tuesday for talks.", title="Leader arrives for talks")
    assert again(teaser, published_at=at(minutes=8))
    assert not again(teaser, published_at=at(days=1))
    assert not again(teaser, published_at=at(minutes=8), url="https://news.example/2")
    assert not again(teaser, published_at=at(minutes=8), body="Something else has happened here now.")
    assert again(entry(title="Leader arrives for talks", body=""), published_at=at(minutes=8))
    assert not again(entry(title="Traffic news", body=""), published_at=at(minutes=8))


def test_a_daily_item_under_the_same_headline_and_link_is_a_new_article():
    assert not again(entry(body=FULL, **BRIEFING), published_at=at(days=1), body=OTHER)
    assert not again(entry(body="Your news.", **BRIEFING), published_at=at(days=1))
    assert not again(entry(body=FULL, **BRIEFING), body=OTHER)
    assert not again(entry(body=FULL, published_at=None, **BRIEFING), body=OTHER)


def test_a_feed_that_only_changes_its_dates_lists_the_same_article():
    assert again(entry(body=FULL, **BRIEFING), published_at=at(days=1))


def test_a_headline_and_a_day_alone_do_not_hold_two_items_together():
    photo = entry(title="Photo of the day", url="https://news.example/1", body="", published_at=MIDNIGHT)
    assert again(photo)
    assert again(photo, body="Now with words.")
    assert not again(photo, url="https://news.example/2")
    timed = entry(title="Photo of the day", url="https://news.example/1", body="", published_at=NOW)
    assert again(timed, url="https://news.example/2")
    lion = entry(title="Photo of the day", body="A lion.", published_at=NOW)
    assert not again(lion, body="A tiger.")


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (("https://www.paper.example/rss",), True),
        (("https://rss.paper.example/world",), True),
        (("https://feeds.proxy.example/paper", "https://www.paper.example/"), True),
        (("https://news.example/rss", None), False),
        (("https://otherpaper.example/rss",), False),
        (("not an address",), False),
        ((), False),
    ],
)
def test_a_feed_is_at_home_where_its_links_lead(addresses, expected):
    assert at_home("paper.example/world/1", *addresses) is expected
    assert at_home(None, *addresses) is False


def test_a_feed_of_the_whole_site_is_at_home_in_its_parts():
    assert at_home("sport.paper.example/1", "https://paper.example/rss")
