"""A reader's own articles: what a file may say, and what newsbot should make of it."""

import json

import pytest

from bot.demo.own import MAX_ARTICLES, read_articles
from bot.demo.stories import seed
from bot.errors import UserError


@pytest.fixture
def read(tmp_path):
    def reading(content, others=()):
        file = tmp_path / "mine.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return read_articles(file, others)

    return reading


@pytest.fixture
def fault(read):
    def finding(content, others=()):
        with pytest.raises(UserError) as caught:
            read(content, others)
        return str(caught.value).partition("mine.json")[2]

    return finding


def test_a_title_is_enough_and_the_matcher_says_who_should_get_it(read):
    (one,) = read([{"title": "Leaders agree on a summit"}])
    assert (one.paper, one.watched_by, one.readers_own) == ("meridian", {"diplomacy"}, True)
    assert one.link.startswith("https://")


def test_what_the_reader_expects_goes_before_what_the_matcher_says(read):
    (one,) = read([{"title": "A summit", "alerts": ["korea"]}])
    assert one.watched_by == {"korea"}
    (one,) = read([{"title": "A summit", "alerts": []}])
    assert one.watched_by == set()


def test_everything_that_an_article_may_say(read):
    (one,) = read(
        [
            {
                "title": "Kim’s letter",
                "text": "It came from Kim Jong-un.\n\nThe summit is on.",
                "link": "https://news.example/1",
                "author": "a@b.example (Ann Lee)",
                "tags": ["World"],
                "feed": "fieldnotes",
                "age": "3h",
            }
        ]
    )
    assert (one.paper, one.link, one.author, one.tags) == (
        "fieldnotes",
        "https://news.example/1",
        "a@b.example (Ann Lee)",
        ("World",),
    )
    assert one.age.total_seconds() == 3 * 3600
    assert one.watched_by == {"korea", "diplomacy"}


def test_an_age_of_null_leaves_out_the_date(read):
    assert read([{"title": "x", "age": None}])[0].age is None


def test_a_copy_that_ends_in_its_source_folds_in_either_order(read):
    link = "https://news.example/1"
    text = "Leaders agreed on a summit next month, after two days of talks by the lake."
    original = {"title": "Summit agreed", "text": text, "link": link}
    copy = {"title": "Summit agreed", "feed": "headlines", "link": "https://blog.example/9"}
    copy["text"] = f"{text} source: {link} #World by: a@b.example (Ann Lee)\nOriginal Post: {link}"
    for pair in ([original, copy], [copy, original]):
        first, second = read(pair)
        assert first.story == second.story
        assert {first.story_link, second.story_link} == {link}


def test_a_copy_of_an_article_of_the_demo_folds_into_it(read):
    copy = {
        "title": seed().title,
        "feed": "headlines",
        "text": f"{seed().text}\nOriginal Post: {seed().link}",
    }
    (one,) = read([copy], [seed()])
    assert one.story == seed().story


def test_another_text_under_the_same_link_is_another_story(read):
    link = "https://news.example/1"
    first, second = read(
        [
            {"title": "Bakers strike", "text": "Bread is short in the whole city this week.", "link": link},
            {
                "title": "Snow falls",
                "text": "Roads in the north are closed.",
                "link": link,
                "feed": "fieldnotes",
            },
        ]
    )
    assert first.story != second.story


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[{]", ", line 1: this is not JSON"),
        ({"title": "x"}, " should hold a list of articles"),
        ([], " should hold a list of articles"),
        ([{"text": "x"}], ": article 1: title is missing."),
        ([{"title": ""}], ": article 1: title should not be empty."),
        ([{"title": 7}], ": article 1: title should be text in quotes, not 7."),
        ([{"title": "x", "titel": "y"}], ": article 1: “titel” is nothing that an article has. Did you mean “title”?"),
        ([{"title": "x", "zzz": "y"}], "Known are title, text, link"),
        ([{"title": "x"}, {"title": "y", "feed": "times"}], ": article 2: feed should be politico, harbourwire"),
        ([{"title": "x", "alerts": ["sport"]}], ": article 1: alerts should be korea or diplomacy, not “sport”."),
        ([{"title": "x", "alerts": "korea"}], ": article 1: alerts should be a list in [brackets], not “korea”."),
        ([{"title": "x", "link": "news"}], ": article 1: link should be a web address"),
        ([{"title": "x", "age": "3 moons"}], ": article 1: age should be a length of time"),
        ([{"title": "x\u0007"}], ": article 1: title holds a control character"),
        ([{"title": "x", "text": "\ud800"}], ": article 1: text holds half a character"),
        ([{"title": "x" * 301}], ": article 1: title should have at most 300 characters."),
        (["x"], ": article 1 should be an object in {braces}, not “x”."),
        ([{"title": "x"}] * (MAX_ARTICLES + 1), " holds 201 articles; the demo takes 200."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_words(fault, content, said):
    assert said in fault(content)


def test_many_faults_are_told_a_few_at_a_time(fault):
    said = fault([{"text": "x"}] * 7)
    assert said.count("title is missing") == 5
    assert said.endswith("and 2 more")


def test_the_same_headline_twice_in_one_feed_is_refused(fault):
    assert ": article 2 has the headline of article 1 in the same feed." in fault(
        [{"title": "x"}, {"title": "X"}]
    )


def test_the_same_link_twice_in_one_feed_is_refused(fault):
    twice = [
        {"title": "x", "link": "https://news.example/1"},
        {"title": "y", "link": "https://news.example/1"},
    ]
    assert ": article 2 has the link of article 1 in the same feed." in fault(twice)
    taken = [{"title": "x", "feed": "politico", "link": seed().link}]
    assert f": article 1 has the link of “{seed().title}” in the same feed." in fault(taken, [seed()])


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path):
    with pytest.raises(UserError, match=r"nowhere\.json cannot be read: no such file"):
        read_articles(tmp_path / "nowhere.json", ())
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match=r"binary\.json is not text in UTF-8"):
        read_articles(tmp_path / "binary.json", ())
