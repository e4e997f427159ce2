import pytest

from bot.domain.query import lint


def notes(text: str, **terms: str) -> list[tuple[str, str | None]]:
    return [(note.text, note.suggestion) for note in lint(text, terms)]


@pytest.mark.parametrize(
    ("typed", "says", "suggestion"),
    [
        ("Iran or Iraq", "“or” in small letters is a word of the phrase", "Iran OR Iraq"),
        ("Iran Or Iraq", "as an operator it is OR", "Iran OR Iraq"),
        ("Kim and Trump", "as an operator it is AND", "Kim AND Trump"),
        ("Kim not golf", "as an operator it is NOT", "Kim NOT golf"),
        ("missile near/5 test", "as an operator it is NEAR/5", "missile NEAR/5 test"),
        ("summit, UN", "“UN” also finds the word “un”. =UN finds it only in capitals.", "summit, =UN"),
        ("title:US", "“US” also finds the word “us”", "title:=US"),
        ("Jobs", "“Jobs” also finds “job” and “jobs”. If it is a name", "=Jobs"),
        ("Apples", "“Apples” also finds “apple” and “apples”", "=Apples"),
        ("Queens", "“Queens” also finds “queen” and “queens”", "=Queens"),
        ("a, b -c", "“-c” belongs to “b” only", "(a, b) -c"),
        (
            "Kim Jong Un, North Korea -golf",
            "“-golf” belongs to “North Korea” only",
            "(Kim Jong Un, North Korea) -golf",
        ),
        ("a\nb -c -d", "“-c -d” belongs to “b” only", "(a\nb) -c -d"),
        ("a OR b NOT c", "“NOT c” belongs to “b” only", "(a OR b) NOT c"),
        ("Kim - golf", "A dash between blanks excludes nothing", "Kim -golf"),
        ('"Kim Jong Un"-golf', "excludes only with a blank before it", '"Kim Jong Un" -golf'),
        ("(a, b)-c", "excludes only with a blank before it", "(a, b) -c"),
        ("Kim; Trump", "“;” separates nothing", "Kim, Trump"),
        ("Kim || Trump", "“||” separates nothing", "Kim, Trump"),
        ("#summit", "“#summit” finds only the hashtag", "summit"),
    ],
)
def test_a_query_that_may_mean_something_else_gets_a_note_with_a_ready_correction(typed, says, suggestion):
    [(text, better)] = notes(typed)
    assert says in text
    assert better == suggestion


@pytest.mark.parametrize(
    "typed",
    [
        "Kim Jong Un, summit",
        "Iran OR Iraq",
        "or",
        "NATO",
        "=UN",
        '"UN"',
        "Gates",
        "summits",
        "Kim -golf",
        "(a, b) -c",
        "a -c, b -c",
        "a, -c AND b",
        "AT&T",
        "C#",
        "tag:UN, Kim",
        "Kim AND (Trump -golf)",
    ],
)
def test_a_query_that_says_what_it_means_gets_no_note(typed):
    assert notes(typed) == []


def test_a_correction_that_could_not_be_read_itself_is_left_out():
    [(text, better)] = notes("missile near/60 test")
    assert "as an operator it is NEAR/60" in text
    assert better is None
