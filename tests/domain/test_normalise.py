"""One shape for every kind of feed."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.normalise import (
    MAX_BODY,
    MAX_TAGS,
    MAX_TITLE,
    MAX_UID,
    RawEntry,
    RawLink,
    aware,
    normalise,
    unique,
)

FEED = "https://blog.example/feed"
STORY = "https://www.publisher.example/story/2018/09/10/second-summit-813662"
NEWS = "The White House is planning a second summit. Kim requested the meeting in a letter, she said."


def read(**fields):
    """Normalise an item of a feed."""
    return normalise(RawEntry(**fields), FEED)


def linked(*hrefs, rel="alternate"):
    return tuple(RawLink(href, rel) for href in hrefs)


# ---------------------------------------------------------------- text


def test_a_title_is_one_line_of_fit_text():
    assert read(title=" Second\n\tsummit\x00 \u202eplanned\ud800 ").title == "Second summit planned"


def test_a_missing_title_is_made_of_the_first_words_of_the_body():
    assert read(content="Short news.").title == "Short news."
    made = read(
        content="A rather long first sentence, without any headline, goes on until it has said everything."
    )
    assert made.title == "A rather long first sentence, without any headline, goes on until it has said…"
    assert made.body.startswith("A rather long")
    assert len(read(content="北" * 500).title) <= 81


def test_an_entry_without_any_text_is_named_after_its_host():
    assert read(links=linked(STORY)).title == "publisher.example"
    assert read(id="1").title == "Untitled"


def test_an_overlong_title_is_shortened_and_nothing_of_it_lost():
    words = " ".join(f"word{number}" for number in range(100))
    entry = read(title=words, content=NEWS)
    assert len(entry.title) <= MAX_TITLE + 1
    assert entry.title.endswith("…")
    assert entry.body == f"{words}\n\n{NEWS}"


def test_the_body_is_the_longer_of_content_and_summary():
    assert read(content=NEWS, summary=NEWS[:30]).body == NEWS
    assert read(content="Comments", summary=f"{NEWS} Comments").body == f"{NEWS} Comments"
    assert read(content=f"  {NEWS}", summary=NEWS[:40].replace(" ", "\n") + " […]").body == NEWS


def test_what_only_the_summary_says_is_kept_in_front():
    assert read(content=NEWS, summary="Talks in Hanoi").body == f"Talks in Hanoi\n\n{NEWS}"


def test_a_headline_repeated_at_the_head_of_the_body_is_told_once():
    assert read(title="Second summit", content=f"SECOND  summit\n\n{NEWS}").body == NEWS
    assert read(title="Second summit", content="Second summit").body == ""
    assert read(title="The White House", content=NEWS).body == NEWS


def test_control_characters_and_half_surrogates_never_reach_the_store():
    body = read(content="a\x00b\x1f\ud800c\n\nd\te\u202e f é").body
    assert body == "abc\n\nd\te f é"


def test_a_body_has_an_end():
    assert len(read(content="word " * MAX_BODY).body) <= MAX_BODY


# ---------------------------------------------------------------- links and ids


def test_the_own_link_is_clean_and_has_its_key():
    entry = read(links=linked("/2018/09/second.html?utm_source=rss&m=1#more"))
    assert entry.url == "https://blog.example/2018/09/second.html?m=1"
    assert entry.key == "blog.example/2018/09/second.html"


def test_the_link_that_a_feed_proxy_replaced_is_preferred():
    links = (*linked("https://feedproxy.example/~r/x/~3/1"), *linked(STORY, rel="origlink"))
    assert read(links=links).url == STORY
    assert read(links=(*linked(STORY), *linked("mailto:x", rel="origlink"))).url == STORY


def test_a_page_is_preferred_to_other_forms_of_the_article_and_to_its_enclosure():
    other = RawLink("https://blog.example/1.json", "alternate", "application/json")
    sound = RawLink("https://blog.example/1.mp3", "enclosure", "audio/mpeg")
    own = RawLink("https://blog.example/feed/1", "self")
    page = RawLink("https://blog.example/1", "", "text/html")
    assert read(links=(own, sound, other, page)).url == page.href
    assert read(links=(own, sound, other)).url == other.href
    assert read(links=(own, sound), id="https://blog.example/?p=1").url == "https://blog.example/?p=1"
    assert read(links=(own, sound), id="tag:1").url == sound.href
    assert read(links=(own,), id="tag:1").url is None


def test_a_place_in_a_page_is_kept_where_the_feed_makes_it_the_articles_identity():
    note = "https://notes.example/all#one"
    assert read(id=note, links=linked(note)).url == note
    assert read(id="1", links=linked(note)).url == "https://notes.example/all"
    assert read(id=f"{note}=x", links=linked(f"{note}=x")).url == "https://notes.example/all"


def test_the_feeds_own_id_is_the_uid():
    assert read(id=" tag:blog.example,2018:1 ", links=linked(STORY)).uid == "tag:blog.example,2018:1"


def test_a_very_long_id_is_hashed():
    a, b = read(id="x" * 5000 + "a"), read(id="x" * 5000 + "b")
    assert len(a.uid) <= MAX_UID
    assert a.uid != b.uid


def test_without_an_id_link_headline_and_day_identify_an_article():
    monday = datetime(2018, 9, 10, 6, tzinfo=UTC)

    def uid(**fields):
        given = {"title": "Morning briefing", "links": linked(STORY), "published": monday, **fields}
        return read(**given).uid

    assert uid() == uid(content="edited", published=monday + timedelta(hours=1))
    assert uid() == uid(links=linked(f"{STORY}?utm_source=rss"))
    assert uid() != uid(published=monday + timedelta(days=1))
    assert uid() != uid(title="Evening briefing")
    assert uid() != uid(links=linked(f"{STORY}/2"))


def test_without_an_id_and_a_link_or_a_headline_the_text_identifies_it():
    assert read(title="Note", content="one").uid != read(title="Note", content="two").uid
    assert read(links=linked(STORY), content="one").uid != read(links=linked(STORY), content="two").uid


def test_one_of_the_entries_with_a_uid_is_kept_the_first():
    new = read(id="1", title="Second summit", links=linked(STORY), content="new")
    old = read(id="1", title="Second  SUMMIT", links=linked(STORY), content="old")
    assert unique([new, old]) == (new,)


def test_articles_that_a_feed_gives_one_id_are_all_kept():
    entries = [read(id="0", title=f"Article {n}", links=linked(f"{STORY}/{n}")) for n in range(3)]
    kept = unique([*entries, *entries])
    assert [entry.title for entry in kept] == ["Article 0", "Article 1", "Article 2"]
    assert len({entry.uid for entry in kept}) == 3
    assert unique(entries) == kept
    assert len(unique([read(id="0", content="one"), read(id="0", content="two")])) == 2


# ---------------------------------------------------------------- originals

BLOG_COPY = f"""{NEWS} source: {STORY} #Headlines by: writer@publisher.example (A Writer)
Original Post: {STORY}
Original Post: {STORY}
No comments:
Post a Comment"""


def test_a_blog_copy_points_at_its_original_and_names_its_writer():
    entry = read(
        id="tag:blogger.example,1999:post-1",
        title="Second summit",
        content=BLOG_COPY,
        links=linked("https://headlines.example/2018/09/second.html"),
        authors=("Blog Owner",),
        tags=("World", "headlines"),
    )
    assert entry.body == NEWS
    assert entry.url == "https://headlines.example/2018/09/second.html"
    assert entry.original_url == STORY
    assert entry.original_key == "publisher.example/story/2018/09/10/second-summit-813662"
    assert entry.byline == "A Writer"
    assert entry.tags == ("Headlines", "World")


def test_an_article_that_points_at_itself_is_no_copy():
    entry = read(content=f"{NEWS} Original Post: {STORY}?utm_source=rss", links=linked(f"{STORY}/amp"))
    assert entry.original_url is None
    assert entry.original_key is None
    assert entry.body == NEWS


@pytest.mark.parametrize(
    "pointer", ["https://publisher.example/", "mailto:x@publisher.example", "/only/a/path"]
)
def test_only_an_article_elsewhere_is_an_original(pointer):
    assert read(canonical_urls=(pointer,), links=linked("https://blog.example/1")).original_url is None


def test_a_canonical_or_via_link_to_another_site_points_at_the_original():
    own = linked("https://blog.example/1")
    assert read(links=own, canonical_urls=(STORY,)).original_url == STORY
    assert read(links=(*own, *linked(STORY, rel="via"))).original_url == STORY
    assert read(links=(*own, *linked(STORY, rel="canonical"))).original_url == STORY
    assert read(links=own, canonical_urls=("https://blog.example/other",)).original_url is None
    assert read(id="1", canonical_urls=(STORY,)).original_url == STORY


def test_what_the_text_says_counts_before_what_its_links_say():
    entry = read(
        content=f"{NEWS} source: {STORY}", canonical_urls=("https://agency.example/1",), links=linked(FEED)
    )
    assert entry.original_url == STORY


# ---------------------------------------------------------------- the rest


def test_authors_become_a_byline():
    assert (
        read(authors=("writer@publisher.example (A Writer)", "By B Writer")).byline == "A Writer and B Writer"
    )


def test_tags_are_different_few_and_short():
    tags = ("#World", "world", " North\nKorea ", "", "x" * 500, "https://schema.example/kind#post", "##")
    assert read(tags=tags).tags == ("World", "North Korea")
    assert len(read(tags=tuple(f"tag {n}" for n in range(100))).tags) == MAX_TAGS


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        ("en_US", "en-us"),
        (" DE ", "de"),
        ("zh-Hant-TW", "zh-hant-tw"),
        ("english, of course", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_is_a_lower_case_tag(published, kept):
    assert read(language=published).language == kept


def test_an_image_is_an_absolute_web_address():
    assert read(image_url="/kim.jpg?w=600").image_url == "https://blog.example/kim.jpg?w=600"
    assert read(image_url="data:image/png;base64,x").image_url is None
    assert read().image_url is None


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        (datetime.fromisoformat("2018-09-10T12:00"), datetime(2018, 9, 10, 12, tzinfo=UTC)),
        (
            datetime(2018, 9, 10, 12, tzinfo=timezone(timedelta(hours=2))),
            datetime(2018, 9, 10, 10, tzinfo=UTC),
        ),
        (datetime(2090, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
        (datetime(1, 1, 1, tzinfo=UTC), None),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), None),
        (datetime(9999, 12, 31, tzinfo=UTC), None),
        (None, None),
    ],
)
def test_a_time_is_aware_utc_or_none(published, kept):
    assert aware(published) == kept
    assert read(published=published).published_at == kept


def test_an_entry_that_only_says_when_it_was_updated_was_published_then():
    updated = datetime(2018, 9, 10, 12, tzinfo=UTC)
    entry = read(updated=updated)
    assert (entry.published_at, entry.updated_at) == (updated, updated)
    assert read(published=datetime(2018, 9, 9, tzinfo=UTC), updated=updated).published_at.day == 9


def test_the_fingerprint_is_passed_on():
    assert read(fingerprint=42).fingerprint == 42


TEXT = st.text(max_size=60) | st.sampled_from(
    ["source: https://a.example/x", "by: x@y.example (Z)", "#Tag", "https://"]
)


@given(
    st.builds(
        RawEntry,
        id=st.none() | TEXT,
        title=TEXT,
        summary=TEXT,
        content=st.lists(TEXT).map("\n\n".join),
        links=st.lists(st.builds(RawLink, TEXT, st.sampled_from(["", "via", "origlink", "self"]))).map(tuple),
        authors=st.lists(TEXT).map(tuple),
        tags=st.lists(TEXT).map(tuple),
        published=st.none() | st.datetimes(),
    )
)
def test_whatever_a_feed_holds_becomes_an_entry_that_can_be_stored(raw):
    entry = normalise(raw, FEED)
    assert entry.uid
    assert entry.title
    for text in (entry.uid, entry.title, entry.body, entry.byline, *entry.tags, entry.url or ""):
        assert "\x00" not in text.encode().decode()
    assert entry == normalise(raw, FEED)
    assert "@y.example" not in entry.byline


def test_a_hostile_entry_takes_linear_time():
    start = time.process_time()
    for part in ("a@", "<", "source: http", "\u202e", "\n", "#", "% ", "é "):
        long = part * 100_000
        read(
            id=long, title=long, summary=long, content=long, links=linked(long), authors=(long,), tags=(long,)
        )
    assert time.process_time() - start < 3
