"""The end of a copied article: where it came from, by whom."""

import time

import pytest

from bot.domain.trailers import cut_trailer

STORY = "https://www.publisher.example/story/2018/09/10/second-summit-813662"
NEWS = "The letter was “very warm,” she said. “It is further indication of the progress we hope to make.”"
BLOG_COPY = f"""{NEWS} source: {STORY} #Headlines by: writer@publisher.example (A Writer)
Original Post: {STORY}
Original Post: {STORY}
No comments:
Post a Comment"""


@pytest.mark.parametrize("body", [BLOG_COPY, " ".join(BLOG_COPY.split()), BLOG_COPY.replace("\n", "\n\n")])
def test_the_trailer_of_a_blog_copy_is_read_and_cut_however_its_lines_are_broken(body):
    trailer = cut_trailer(body)
    assert trailer.body == NEWS
    assert trailer.url == STORY
    assert trailer.byline == "A Writer"
    assert trailer.tags == ("#Headlines",)


@pytest.mark.parametrize(
    "ending",
    [
        f"Original Post: {STORY}",
        f"Original article: {STORY}.",
        f"ORIGINAL STORY {STORY}",
        f"Read the original article at: {STORY}",
        f"source: {STORY}",
        f"Source : {STORY}",
        f"(Source: {STORY})",
        f"Quelle: {STORY}",
        f"出典：{STORY}",
        f"This article originally appeared on The Publisher ({STORY}).",
        f"This story was first published by The Publisher at {STORY}",
        f"Originally published at {STORY}.",
        f"Republished from The Publisher: {STORY}",
        f"source: {STORY} #Headlines #World by: A Writer",
        f"source: {STORY}\n3 comments:\nPost a Comment",
    ],
)
@pytest.mark.parametrize("between", [" ", "\n", "\n\n"])
def test_a_pointer_to_the_original_is_recognised_at_the_end(ending, between):
    trailer = cut_trailer(f"{NEWS}{between}{ending}")
    assert (trailer.body, trailer.url) == (NEWS, STORY)


@pytest.mark.parametrize(
    "body",
    [
        NEWS,
        f"{NEWS} See {STORY}",
        f"They gave as source: {STORY} which nobody had seen. {NEWS}",
        f"source: {STORY}\n\n{NEWS}",
        f"{NEWS} Data source: {STORY}",
        f"{NEWS} The resource: {STORY}",
        f"{NEWS}\nSource: {STORY}\nSource: https://other.example/report",
        f"{NEWS} #Trump #Kim",
        f"{NEWS} by: A Writer",
        f"{NEWS} Source: the White House, first reported on http",
        "",
    ],
)
def test_a_text_that_only_mentions_a_source_stays_untouched(body):
    trailer = cut_trailer(body)
    assert trailer.body == body
    assert trailer.url is None
    assert not trailer.tags


def test_words_before_a_trailer_that_belong_to_a_sentence_stay():
    trailer = cut_trailer(f"{NEWS} Data source: https://data.example/1\nOriginal Post: {STORY}")
    assert trailer.body == f"{NEWS} Data source: https://data.example/1"
    assert trailer.url == STORY


def test_what_can_only_mean_a_copy_outweighs_a_source():
    trailer = cut_trailer(f"{NEWS}\nSource: https://agency.example/1\nOriginal Post: {STORY}")
    assert trailer.url == STORY


def test_a_link_may_end_in_a_bracket_of_its_own():
    assert (
        cut_trailer(f"{NEWS} Source: https://wiki.example/Kim_(name)").url
        == "https://wiki.example/Kim_(name)"
    )


def test_a_byline_that_runs_on_into_prose_is_none():
    body = f"{NEWS}\nsource: {STORY} by: " + "and then it went on to say " * 8
    assert cut_trailer(body).body == body


def test_the_closing_sentence_of_wordpress_is_cut_because_it_would_match_its_sites_name_always():
    body = f"{NEWS}\n\nThe post Second summit planned appeared first on Summit Daily."
    assert cut_trailer(body).body == NEWS
    assert cut_trailer("Then the post he held appeared first on lists.").body.startswith("Then the post")
    assert cut_trailer("He read The post office appeared first on it.").body.startswith("He read")


def test_a_hostile_ending_takes_linear_time():
    start = time.process_time()
    for part in ("original source by: the post http://a ", "this article originally ran ", "#a ", "by: a source ",
                 "first posted on ", "source: http", "read the original post ", "The post "):  # fmt: skip
        for _ in range(20):
            cut_trailer(f"{part * 20_000}http")
    assert time.process_time() - start < 2
