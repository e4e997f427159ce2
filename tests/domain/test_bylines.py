"""Who wrote it, in every form in which feeds say so."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bylines import MAX_NAME, byline


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        ("Quint Forgey", "Quint Forgey"),
        ("qforgey@politico.example (Quint Forgey)", "Quint Forgey"),
        ("Quint Forgey <qforgey@politico.example>", "Quint Forgey"),
        ("Quint Forgey (qforgey@politico.example)", "Quint Forgey"),
        ("Quint Forgey (mailto:qforgey@politico.example)", "Quint Forgey"),
        ("qforgey@politico.example Quint Forgey", "Quint Forgey"),
        ("Forgey, Quint <qforgey@politico.example>", "Forgey, Quint"),
        ("By Quint Forgey", "Quint Forgey"),
        ("by: Quint Forgey", "Quint Forgey"),
        ("Written by Quint Forgey", "Quint Forgey"),
        ("Byron Smith", "Byron Smith"),
        ("<a href='https://x.example'>Quint Forgey</a>", "Quint Forgey"),
        ("Quint&nbsp;Forgey &amp; Team", "Quint Forgey & Team"),
        ("Quint Forgey https://x.example/author", "Quint Forgey"),
        ("  Quint\n Forgey\u202e ", "Quint Forgey"),
        ("(Quint Forgey)", "Quint Forgey"),
        ("Daniel Gillmor (dkg)", "Daniel Gillmor (dkg)"),
        ("herman (hidden)", "herman"),
        ("hidden (herman)", "herman"),
        ("none@none.example (AFP | Reuters)", "AFP | Reuters"),
        ("quint [at] politico [dot] example (Quint)", "Quint"),
        ("quint at politico dot example (Quint)", "Quint"),
        ("/u/quint", "u/quint"),
        ("@quint", "@quint"),
        ("Space.com Staff", "Space.com Staff"),
        ("Jane (", "Jane ("),
        ("金正恩", "金正恩"),
    ],
)
def test_a_name_is_shown_clean(author, shown):
    assert byline([author]) == shown


def test_capitals_stay_since_nobody_can_tell_a_name_from_an_agency():
    assert byline(["BY JANE DOE"]) == "JANE DOE"
    assert byline(["AFP"]) == "AFP"


@pytest.mark.parametrize(
    "author",
    [
        "",
        "qforgey@politico.example",
        "<qforgey@politico.example>",
        "&lt;qforgey@politico.example&gt;",
        "noreply@blogger.com (Unknown)",
        "user (user@mail.example)",
        "quint at politico dot example",
        "quint＠politico.example",
        "quint%40politico.example",
        "https://x.example/author/quint",
        "www.x.example",
        "admin",
        "Unknown",
        "()",
        "—",
        "By",
    ],
)
def test_an_address_a_link_or_nobody_is_not_shown(author):
    assert byline([author]) == ""


def test_several_authors_are_joined_as_a_sentence_would():
    assert byline(["Jane Doe", "John Roe"]) == "Jane Doe and John Roe"
    assert byline(["A. Doe", "B. Roe", "C. Poe"]) == "A. Doe, B. Roe and C. Poe"
    assert byline(["Jane Doe", "jane doe", "x@y.example"]) == "Jane Doe"
    assert byline(["Jane Doe; John Roe"]) == "Jane Doe and John Roe"
    assert byline(["a@x.example (Jane Doe), b@x.example (John Roe)"]) == "Jane Doe and John Roe"
    assert byline(["Jane Doe, John Roe and Rick Poe"]) == "Jane Doe, John Roe and Rick Poe"


def test_many_authors_are_counted_and_a_long_name_is_cut():
    assert byline([f"Author {letter}" for letter in "ABCDEFG"]) == "Author A, Author B and 5 others"
    assert len(byline(["name " * 100])) <= MAX_NAME + 1


@given(st.lists(st.text(max_size=60).map(lambda text: f"{text} secret@mail.example {text}")))
def test_an_address_is_never_shown(authors):
    assert "secret@mail" not in byline(authors)


def test_hostile_authors_take_linear_time():
    start = time.process_time()
    for author in ("a@" + "a." * 30_000 + "!", "<" * 60_000, "(" * 60_000, "a at " * 20_000, "&" * 60_000):
        byline([author])
    assert time.process_time() - start < 1
